import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { HeartbeatWatch } from './heartbeat-watch.js';

export interface ChromiumShellOptions {
  /** Address of the page, with its token. */
  readonly address: string;
  /** Chromium's executable. */
  readonly executable: string;
  readonly asRoot: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly onHeartbeat: (listener: () => void) => () => void;
}

export interface Shell {
  stop(): Promise<void>;
}

/** Waits before the first, second … new start in a row, ms. */
const restartDelaysMs = [500, 1000, 2000, 5000, 10_000] as const;
const longestRestartDelayMs = 10_000;
/** A browser that ran for so long has earned a quick restart again, ms. */
const stableAfterMs = 60_000;
/** From asking the browser to end to killing it, ms. */
const exitGraceMs = 3000;

/** Debian's Chromium, or the one that `CHROMIUM` names; `undefined` where there is none. */
export function findChromium(environment: Readonly<NodeJS.ProcessEnv>): string | undefined {
  return [environment['CHROMIUM'], '/usr/bin/chromium'].find((path) => path !== undefined && runs(path));
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What keeps a visitor inside the page and the browser off the network. */
export function chromiumArguments(address: string, profile: string, asRoot: boolean): string[] {
  return [
    '--kiosk',
    `--app=${address}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--noerrdialogs',
    // A dump of a page that crashed would hold what was typed into it.
    '--disable-breakpad',
    '--incognito',
    '--disable-pinch',
    '--overscroll-history-navigation=0',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-extensions',
    '--disable-dev-tools',
    '--disable-translate',
    '--disable-save-password-bubble',
    '--disable-session-crashed-bubble',
    '--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication',
    '--disable-renderer-backgrounding',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--password-store=basic',
    ...(asRoot ? ['--no-sandbox'] : []),
  ];
}

/** Shows the page in the system's Chromium and keeps it there: a browser that ends or falls silent is started anew. */
export function startChromiumShell(options: ChromiumShellOptions): Shell {
  return new ChromiumShell(options);
}

class ChromiumShell implements Shell {
  readonly #options: ChromiumShellOptions;
  readonly #watch: HeartbeatWatch;
  readonly #stopHearing: () => void;
  #stopping = false;
  #browser: ChildProcess | undefined;
  #cancelRestart: () => void = () => undefined;
  #failures = 0;
  #life: Promise<void>;

  constructor(options: ChromiumShellOptions) {
    this.#options = options;
    const { log, asRoot, clock, onHeartbeat } = options;
    if (asRoot) log.write('shell.sandbox-off', { why: 'root' });
    this.#watch = new HeartbeatWatch(
      clock,
      (silentMs) => {
        log.write('shell.page-silent', { silentMs });
        this.#browser?.kill('SIGKILL');
      },
      (afterMs) => log.write('shell.page-alive', { afterMs }),
    );
    this.#stopHearing = onHeartbeat(() => {
      if (this.#browser !== undefined) this.#watch.beat();
    });
    this.#life = this.#live();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopHearing();
    this.#watch.stop();
    this.#cancelRestart();
    this.#browser?.kill('SIGTERM');
    const cancelKill = this.#options.clock.after(exitGraceMs, () => this.#browser?.kill('SIGKILL'));
    await this.#life;
    cancelKill();
  }

  async #live(): Promise<void> {
    const { clock, log } = this.#options;
    try {
      await this.#showOnce();
    } catch (error) {
      // A disk that is full, for one, can have no profile until someone makes room.
      log.write('shell.browser-not-started', {
        code: error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
      });
    }
    if (this.#isStopping()) return;
    const delay = restartDelaysMs[this.#failures] ?? longestRestartDelayMs;
    this.#failures += 1;
    this.#cancelRestart = clock.after(delay, () => {
      this.#life = this.#live();
    });
  }

  /** One life of the browser: a fresh profile, gone with it. */
  async #showOnce(): Promise<void> {
    const { address, executable, asRoot, clock, log } = this.#options;
    const profile = await mkdtemp(join(tmpdir(), 'forhal-chromium-'));
    try {
      if (this.#stopping) return;
      const startedAt = clock.now();
      const browser = spawn(executable, chromiumArguments(address, profile, asRoot), { stdio: 'ignore' });
      this.#browser = browser;
      log.write('shell.browser-started', { pid: browser.pid });
      this.#watch.opened();
      const end = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
        browser.once('exit', (code, signal) => resolve({ code, signal }));
        browser.once('error', () => resolve({ code: null, signal: null }));
      });
      this.#browser = undefined;
      this.#watch.stop();
      log.write('shell.browser-ended', end);
      if (clock.now() - startedAt > stableAfterMs) this.#failures = 0;
    } finally {
      // Its last children may still be writing; what they leave costs space and nothing else.
      await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }).catch(
        () => undefined,
      );
    }
  }

  #isStopping(): boolean {
    return this.#stopping;
  }
}
