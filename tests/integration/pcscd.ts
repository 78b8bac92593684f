import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const pcscdPath = '/usr/sbin/pcscd';
const vpcdDriver = '/usr/lib/pcsc/drivers/serial/libifdvpcd.so';

/** A mount namespace of our own; who is not root gets it in a user namespace of their own. */
const namespace = process.getuid?.() === 0 ? '-m' : '-Urm';

/**
 * Why no PC/SC daemon of our own can be had here; `undefined` when it can. Throws instead where CI is set: there the
 * tests that need it must not be left out unnoticed.
 */
export function whyNoPcscd(): string | undefined {
  const reason = lookForPcscd();
  if (reason !== undefined && process.env['CI'] === 'true') throw new Error(`Tests are left out: ${reason}`);
  return reason;
}

function lookForPcscd(): string | undefined {
  if (!existsSync(pcscdPath)) return 'pcscd is not installed';
  if (!existsSync(vpcdDriver)) return 'vsmartcard-vpcd is not installed';
  const tried = spawnSync('unshare', [namespace, 'sh', '-c', 'mount -t tmpfs tmpfs /run']);
  return tried.status === 0 ? undefined : 'a mount namespace of our own needs root here';
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Looks every 20 ms until `look` finds something, for so long. */
export async function eventually<Value>(
  what: string,
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  deadlineMs = 10_000,
): Promise<Value> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`did not happen within ${deadlineMs} ms: ${what}`);
    await sleep(20);
  }
}

/**
 * A PC/SC daemon of our own, with two virtual readers. It does not disturb one that runs: its socket lies in a folder
 * of its own (a mount namespace puts it in the place that is compiled into the daemon), its readers on other ports.
 */
export class TestPcscd {
  readonly #folder = mkdtempSync(join(tmpdir(), 'forhal-pcscd-'));
  readonly firstPort: number;
  #daemon: ChildProcess | undefined;

  /**
   * Virtual readers listen on `firstPort` and the port after it: below the ports that the system hands out by itself,
   * which begin at 32,768.
   */
  constructor(firstPort = 21_000 + (process.pid % 500) * 2) {
    this.firstPort = firstPort;
    mkdirSync(join(this.#folder, 'run'));
    mkdirSync(join(this.#folder, 'readers'));
    const port = `0x${firstPort.toString(16).toUpperCase()}`;
    writeFileSync(
      join(this.#folder, 'readers', 'vpcd'),
      `FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:${port}\nLIBPATH ${vpcdDriver}\nCHANNELID ${port}\n`,
    );
  }

  /** For PCSCLITE_CSOCK_NAME: the socket is there while the daemon runs. */
  get socket(): string {
    return join(this.#folder, 'run', 'pcscd.comm');
  }

  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, PCSCLITE_CSOCK_NAME: this.socket };
  }

  async start(): Promise<void> {
    const script =
      'mount -t tmpfs tmpfs /run && mkdir /run/pcscd && mount --bind "$0/run" /run/pcscd && ' +
      'exec "$1" --foreground -c "$0/readers"';
    const args = [namespace, 'sh', '-c', script, this.#folder, pcscdPath];
    const daemon = spawn('unshare', args, { stdio: 'ignore' });
    this.#daemon = daemon;
    daemon.on('error', () => undefined);
    await eventually('pcscd takes connections', () => answers(this.socket));
    await eventually('the virtual reader takes a card', () => listens(this.firstPort));
  }

  /** As when it crashes. */
  async kill(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    this.#daemon = undefined;
    const gone = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGKILL');
    await gone;
    rmSync(this.socket, { force: true });
    rmSync(join(this.#folder, 'run', 'pcscd.pid'), { force: true });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/** Whether somebody listens on this port, without inserting a card by connecting to it. */
async function listens(port: number): Promise<boolean> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  return rows.some((row) => {
    const [, local, , state] = row.trim().split(/\s+/);
    return local?.endsWith(wanted) === true && state === '0A';
  });
}
