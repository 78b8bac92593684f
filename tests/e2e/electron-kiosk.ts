import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

const root = join(import.meta.dirname, '../..');
/** Electron refuses its sandbox to root, and the kiosk is not to run as root: then this user is made for it. */
const userName = 'forhal-test';

/** Electron's executable, or why there is none to test with. */
export function findElectron(): { readonly path: string } | { readonly missing: string } {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const path = join(override ?? join(root, 'node_modules/electron/dist'), 'electron');
  if (!existsSync(path)) return { missing: `no Electron at ${path}: set ELECTRON_OVERRIDE_DIST_PATH` };
  if (!existsSync(join(root, 'out/main/index.cjs'))) return { missing: 'the kiosk is not built' };
  return { path };
}

/** What an old Electron's Node 16 lacks and the logging library asks for at start. Newer ones are left as they are. */
const lentToNode16 = `
  const none = { hasSubscribers: false, traceSync: (work, _context, self, ...args) => work.apply(self, args) };
  require('node:diagnostics_channel').tracingChannel ??= () => none;
`;

const unbundled = [
  'libsql',
  '@libsql',
  '@neon-rs',
  'detect-libc',
  '@napi-rs',
  'serialport',
  '@serialport',
  'debug',
  'ms',
  'node-gyp-build',
];

export interface ElectronKiosk {
  readonly electron: ElectronApplication;
  readonly page: Page;
  readonly dataFolder: string;
  /** The events in the log so far, one line of JSON each. */
  log(): string[];
  close(): Promise<void>;
}

/**
 * Starts the built kiosk in Electron with its sandbox on, as an unprivileged user and without a screen where there is
 * none. `settings` as an operator would write them.
 */
export async function startElectronKiosk(executable: string, settings: object = {}): Promise<ElectronKiosk> {
  const folder = mkdtempSync(join(tmpdir(), 'forhal-electron-'));
  chmodSync(folder, 0o755);
  // A folder of its own, since the checkout may be closed to that user.
  cpSync(join(root, 'out'), join(folder, 'out'), { recursive: true });
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
  // What is not bundled: native addons, and what they load.
  for (const name of unbundled) {
    const from = join(root, 'node_modules', name);
    if (existsSync(from))
      cpSync(from, join(folder, 'node_modules', name), { recursive: true, dereference: true });
  }
  writeFileSync(join(folder, 'node16.cjs'), lentToNode16);
  const home = join(folder, 'home');
  const dataFolder = join(home, 'data');
  await mkdir(dataFolder, { recursive: true });
  writeFileSync(join(dataFolder, 'settings.json'), JSON.stringify(settings));
  const user = process.getuid?.() === 0 ? makeUser() : undefined;
  for (const owned of user === undefined ? [] : [home, dataFolder]) {
    await chown(owned, user?.uid ?? 0, user?.gid ?? 0);
  }
  const starter = join(folder, 'start.sh');
  const parts = [
    'exec',
    ...(user === undefined ? [] : ['runuser', '-u', userName, '--']),
    ...['env', `HOME=${quoted(home)}`, `TMPDIR=/tmp`],
    ...(process.env['DISPLAY'] === undefined
      ? ['xvfb-run', '-a', '-s', quoted('-screen 0 1080x1920x24')]
      : []),
    quoted(executable),
    '"$@"',
  ];
  writeFileSync(starter, `#!/bin/sh\n${parts.join(' ')}\n`, { mode: 0o755 });

  const electron = await _electron.launch({
    executablePath: starter,
    chromiumSandbox: true,
    cwd: folder,
    args: [
      '-r',
      join(folder, 'node16.cjs'),
      '--disable-gpu',
      folder,
      '--chips',
      'demo',
      '--data',
      dataFolder,
    ],
    timeout: 30_000,
  });
  const page = await electron.firstWindow();
  return {
    electron,
    page,
    dataFolder,
    log: () => readFileSync(join(dataFolder, 'logs/forhal.log'), 'utf8').trim().split('\n'),
    close: async () => {
      await electron.close().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

function makeUser(): { readonly uid: number; readonly gid: number } {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, userName], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    id('-u');
  } catch {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', userName]);
  }
  return { uid: id('-u'), gid: id('-g') };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
