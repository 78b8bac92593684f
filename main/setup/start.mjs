import { join } from 'node:path';
import { findElectron } from './electron.mjs';
import { build, prepare, root, say } from './prepare.mjs';
import { supervise } from './supervise.mjs';

prepare('start');
build();

const args = process.argv.slice(2);
const asRoot = process.getuid?.() === 0;
const hasDisplay = Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
const choosesShell = args.some((arg) => arg.startsWith('--shell'));

const serve = [join(root, 'out/main/serve.cjs')];

/** @returns {Promise<{ shell: import('./supervise.mjs').Shell, otherwise?: import('./supervise.mjs').Shell }>} */
async function choose() {
  /** @param {readonly string[]} shellArgs */
  const node = (shellArgs) => ({ command: process.execPath, args: [...serve, ...shellArgs, ...args] });
  if (choosesShell) return { shell: node([]) };
  if (!hasDisplay) {
    say('no display here: open the address below in a browser');
    return { shell: node(['--shell', 'none']) };
  }
  const chromium = node(['--shell', 'chromium']);
  if (asRoot) {
    say('started as root, where Electron refuses its sandbox: using the Chromium shell');
    return { shell: chromium };
  }
  const electron = await findElectron();
  if ('path' in electron) {
    say('opening Electron; it has no server, so there is no address to print');
    if (args.some((arg) => arg.startsWith('--port')))
      say('--port is for the Chromium shell: it does nothing here');
    return {
      // The PC/SC addon in node_modules is compiled for Node, so that is what runs the driver hosts here.
      shell: {
        command: electron.path,
        args: [root, ...args],
        env: { FORHAL_NODE: process.execPath, FORHAL_SUPERVISED: '1' },
      },
      otherwise: chromium,
    };
  }
  say(`${electron.reason}: using the Chromium shell`);
  return { shell: chromium };
}

const { shell, otherwise } = await choose();
process.exitCode = await supervise(shell, { cwd: root, say, otherwise });
