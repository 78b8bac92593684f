// Finds Electron's binary, or has it downloaded where its site can be reached.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { root, say } from './prepare.mjs';

/** Long enough for a slow line, short enough that a start without internet is not held up. */
const reachDeadlineMs = 1500;
/** A download that takes longer has stalled: the visitor gets the other shell. */
const downloadDeadlineMs = 60_000;

function installedElectron() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = override ? join(override, 'electron') : join(root, 'node_modules/electron/dist/electron');
  return existsSync(path) ? path : undefined;
}

/**
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canReach(host) {
  return new Promise((settle) => {
    const socket = connect({ host, port: 443 });
    /** @param {boolean} answer */
    const finish = (answer) => {
      socket.destroy();
      settle(answer);
    };
    socket.setTimeout(reachDeadlineMs, () => finish(false));
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

/**
 * Path of Electron's executable, or why there is none.
 * @returns {Promise<{ path: string } | { reason: string }>}
 */
export async function findElectron() {
  const installed = installedElectron();
  if (installed !== undefined) return { path: installed };
  const mirror = process.env.ELECTRON_MIRROR ?? 'https://github.com/';
  if (!URL.canParse(mirror) || !(await canReach(new URL(mirror).hostname))) {
    return { reason: "Electron's binary is not installed and its download site cannot be reached" };
  }
  say("downloading Electron's binary");
  spawnSync(process.execPath, [join(root, 'node_modules/electron/install.js')], {
    stdio: 'inherit',
    timeout: downloadDeadlineMs,
  });
  const downloaded = installedElectron();
  return downloaded === undefined
    ? { reason: "Electron's binary could not be downloaded" }
    : { path: downloaded };
}
