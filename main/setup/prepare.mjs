// What `npm start`, `npm test` and the other commands need before any dependency is installed: plain Node, no import
// from node_modules. Each step looks first and acts only where something is missing.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const oldestNode = [20, 19];
/** Packages that can be left out may take so long to come, ms. */
const aptMs = 180_000;

/** Debian packages by what needs them. */
const packages = {
  /** Compiles the PC/SC addon, runs the card service and the window, speaks the calls. */
  start: [
    'build-essential',
    'python3',
    'pkg-config',
    'libpcsclite-dev',
    'pcscd',
    'chromium',
    'chromium-sandbox',
    'espeak-ng',
  ],
  /**
   * Virtual readers for the real card service, a screen for machines without one, independent peers for certificates
   * and FIDO keys, a database server, pseudo-terminals for printers, readers of QR codes and of print.
   */
  test: [
    'vsmartcard-vpcd',
    'xvfb',
    'xauth',
    'openssl',
    'util-linux',
    'postgresql',
    'socat',
    'python3-fido2',
    'python3-pyscard',
    'zbar-tools',
    'tesseract-ocr',
    'tesseract-ocr-ara',
  ],
  /** Boots a kernel with USB sockets of its own; an independent FIDO client. */
  lab: [
    'qemu-system-x86',
    'busybox-static',
    'cpio',
    'kmod',
    'udev',
    'libccid',
    'pcscd',
    'util-linux',
    'python3-fido2',
  ],
};

/** @param {string} text */
export function say(text) {
  process.stdout.write(`forhal: ${text}\n`);
}

/**
 * Ends the command with a message that says what to do.
 * @param {string} text
 * @returns {never}
 */
export function stop(text) {
  process.stderr.write(`forhal: ${text}\n`);
  process.exit(1);
}

/**
 * Runs a command in the project's root and ends with its failure.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  if (error) stop(`${command} could not be started: ${error.message}`);
  if (status !== 0) stop(`"${[command, ...args].join(' ')}" failed (exit status ${String(status)})`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = oldestNode;
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    stop(`Node ${oldestNode.join('.')} or newer is needed; this is ${process.versions.node}`);
  }
}

/** @param {readonly string[]} names */
function missingPackages(names) {
  const { stdout, error } = spawnSync(
    'dpkg-query',
    ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names],
    {
      encoding: 'utf8',
    },
  );
  if (error) return undefined;
  const installed = new Set(stdout.split('\n').flatMap((line) => line.match(/^(\S+) installed$/)?.[1] ?? []));
  return names.filter((name) => !installed.has(name));
}

/** @param {readonly string[]} names */
function installPackages(names) {
  const missing = missingPackages(names);
  if (missing === undefined) {
    say(`this is not a Debian system; make sure that these are installed: ${names.join(' ')}`);
    return;
  }
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    stop(
      `Debian packages are missing. Install them once with\n\n  sudo apt-get install -y ${missing.join(' ')}\n`,
    );
  }
  say(`installing Debian packages: ${missing.join(' ')}`);
  const apt = { DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '-qq'], apt);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], apt);
}

/**
 * Installs what is missing for a purpose that can be left out; what is missing then.
 * @param {'lab'} purpose
 * @returns {readonly string[]}
 */
export function installWherePossible(purpose) {
  const missing = missingPackages(packages[purpose]) ?? packages[purpose];
  if (missing.length === 0 || process.getuid?.() !== 0) return missing;
  say(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [
    ['update', '-qq'],
    ['install', '-y', '-qq', '--no-install-recommends', ...missing],
  ]) {
    spawnSync('apt-get', args, { cwd: root, stdio: 'inherit', env, timeout: aptMs });
  }
  return missingPackages(missing) ?? missing;
}

/**
 * Whether `stamp` holds `content`; writes nothing.
 * @param {string} stamp
 * @param {string} content
 */
function isStamped(stamp, content) {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === content;
}

function installDependencies() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  // The PC/SC addon is compiled for one Node ABI.
  const content = `${lock} ${process.platform} ${process.arch} ${process.versions.modules}\n`;
  const stamp = join(root, 'node_modules', '.forhal-installed');
  if (isStamped(stamp, content)) return;
  say('installing npm dependencies (npm ci)');
  // The headers that came with this Node spare a download where they are there.
  const headers = resolve(dirname(process.execPath), '..');
  const local = existsSync(join(headers, 'include/node/node.h')) ? { npm_config_nodedir: headers } : {};
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], local);
  writeFileSync(stamp, content);
}

/**
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  return readdirSync(path, { withFileTypes: true })
    .flatMap((entry) => {
      const at = join(path, entry.name);
      return entry.isDirectory() ? filesBelow(at) : [at];
    })
    .sort();
}

/** Builds main, driver host, preload and renderer when a source has changed since the last build. */
export function build() {
  const sources = ['main', 'drivers', 'renderer'].flatMap((folder) => filesBelow(join(root, folder)));
  const digest = createHash('sha256');
  for (const file of [
    ...sources,
    ...['electron.config.ts', 'package-lock.json'].map((name) => join(root, name)),
  ]) {
    digest.update(file).update('\0').update(readFileSync(file)).update('\0');
  }
  const content = `${digest.digest('hex')}\n`;
  const stamp = join(root, 'out', '.built');
  if (isStamped(stamp, content)) return;
  say('building');
  run(process.execPath, [
    join(root, 'node_modules/electron-vite/bin/electron-vite.js'),
    'build',
    '-c',
    'electron.config.ts',
    '--logLevel',
    'warn',
  ]);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, content);
}

/**
 * All set-up for one command: Node's version, Debian packages, npm dependencies.
 * @param {'start' | 'test'} purpose
 */
export function prepare(purpose) {
  checkNode();
  installPackages(purpose === 'test' ? [...packages.start, ...packages.test] : packages.start);
  installDependencies();
}
