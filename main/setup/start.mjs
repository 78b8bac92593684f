import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findElectron } from './electron.mjs';
import { build, prepare, root, say } from './prepare.mjs';

prepare('start');
build();

const args = process.argv.slice(2);
const asRoot = process.getuid?.() === 0;
const hasDisplay = Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
const choosesShell = args.some((arg) => arg.startsWith('--shell'));

/** @returns {Promise<{ command: string, args: string[], env?: NodeJS.ProcessEnv }>} */
async function choose() {
  const serve = { command: process.execPath, args: [join(root, 'out/main/serve.cjs')] };
  if (choosesShell) return serve;
  if (!hasDisplay) {
    say('no display here: open the address below in a browser');
    return { ...serve, args: [...serve.args, '--shell', 'none'] };
  }
  const chromium = { ...serve, args: [...serve.args, '--shell', 'chromium'] };
  if (asRoot) {
    say('started as root, where Electron refuses its sandbox: using the Chromium shell');
    return chromium;
  }
  const electron = await findElectron();
  if ('path' in electron) {
    // The PC/SC addon in node_modules is compiled for Node, so that is what runs the driver hosts here.
    return { command: electron.path, args: [root], env: { FORHAL_NODE: process.execPath } };
  }
  say(`${electron.reason}: using the Chromium shell`);
  return chromium;
}

const shell = await choose();
const kiosk = spawn(shell.command, [...shell.args, ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...shell.env },
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => kiosk.kill(signal));
}
kiosk.once('error', (error) => {
  process.stderr.write(`forhal: could not start: ${error.message}\n`);
  process.exitCode = 1;
});
kiosk.once('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
});
