// Runs the kiosk for as long as it wants to run: passes signals on and starts it anew when it asks for that.
import { spawn } from 'node:child_process';

/** Exit status with which the kiosk asks to be started anew. */
const startAnewStatus = 75;
/** So many new starts within so long, ms; more would change nothing. */
const startsAllowed = 5;
const startsWindowMs = 10 * 60_000;
/** Waits before the first, second … of them, ms. */
const delaysMs = [500, 2000, 5000, 15_000, 30_000];
/** Electron that ends within so long has not shown a page, ms. */
const earlyMs = 5000;
/** Ends that another shell would not change: in order, a wrong command line (EX_USAGE), already running (EX_UNAVAILABLE). */
const finalStatuses = [0, 64, 69];

/** Decides whether the kiosk is started anew. */
export class Restarts {
  #now;
  /** @type {number[]} */
  #at = [];

  /** @param {() => number} now monotonic, ms */
  constructor(now) {
    this.#now = now;
  }

  /**
   * Wait before the next start, ms; `undefined` after too many.
   * @returns {number | undefined}
   */
  next() {
    const now = this.#now();
    this.#at = this.#at.filter((time) => now - time < startsWindowMs);
    if (this.#at.length >= startsAllowed) return undefined;
    this.#at.push(now);
    return delaysMs[this.#at.length - 1];
  }
}

/** @typedef {{ command: string, args: readonly string[], env?: NodeJS.ProcessEnv }} Shell */

/**
 * Runs a shell, or `otherwise` where the first ends at once with a failure; settles with the exit status.
 * @param {Shell} first
 * @param {{ cwd: string, say: (text: string) => void, otherwise?: Shell | undefined }} options
 * @returns {Promise<number>}
 */
export async function supervise(first, { cwd, say, otherwise }) {
  let shell = first;
  let stopped = false;
  /** @type {(signal: NodeJS.Signals) => void} */
  let pass = () => undefined;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      stopped = true;
      pass(signal);
    });
  }
  const restarts = new Restarts(() => performance.now());
  for (;;) {
    const startedAt = performance.now();
    /** @type {{ status: number, how: string }} */
    const { status, how } = await new Promise((settle) => {
      const { command, args, env } = shell;
      const kiosk = spawn(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } });
      pass = (signal) => kiosk.kill(signal);
      kiosk.once('error', (error) => settle({ status: 1, how: error.message }));
      kiosk.once('exit', (code, signal) => {
        const ended = signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1;
        settle({ status: code ?? ended, how: signal ?? `exit status ${String(code)}` });
      });
    });
    if (isStopped()) return status === startAnewStatus ? 0 : status;
    if (status === startAnewStatus) {
      const delay = restarts.next();
      if (delay === undefined) {
        say('the kiosk asked to be started anew too often: something is wrong here; its log says what');
        return 1;
      }
      say('starting the kiosk anew');
      await new Promise((go) => {
        const timer = setTimeout(go, delay);
        pass = () => {
          clearTimeout(timer);
          go(undefined);
        };
      });
      if (isStopped()) return 0;
    } else if (
      otherwise !== undefined &&
      shell === first &&
      !finalStatuses.includes(status) &&
      performance.now() - startedAt < earlyMs
    ) {
      say(`Electron ended at once (${how}): using the Chromium shell`);
      shell = otherwise;
    } else {
      if (how !== `exit status ${status}` && status !== 0) say(`the kiosk ended: ${how}`);
      return status;
    }
  }

  function isStopped() {
    return stopped;
  }
}
