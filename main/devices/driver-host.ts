import { hostMethods, type HostFamily } from '../../drivers/protocol.js';
import type { Clock } from '../clock.js';
import { type CallEnd, type EventReceiver, HostConnection, type HostMethodShape } from './host-connection.js';
import type { HostProcess } from './host-launcher.js';

/** What the supervision of hosts has to tell the log. */
export type DeviceLogEvent =
  | { readonly event: 'host-started'; readonly family: HostFamily; readonly pid: number | undefined }
  | {
      readonly event: 'host-exited';
      readonly family: HostFamily;
      readonly code: number | null;
      readonly signal: string | null;
      /** `stopped` by us, `leaving` by its own announcement, or `unexpected`. */
      readonly reason: 'stopped' | 'leaving' | 'unexpected';
    }
  /** It did not answer in time and is killed. */
  | { readonly event: 'host-hung'; readonly family: HostFamily }
  /** A message from it did not have its shape; it was not looked at further. */
  | { readonly event: 'host-message-refused'; readonly family: HostFamily };

export type HostState = 'starting' | 'running' | 'restarting';

export interface DriverHostOptions {
  readonly family: HostFamily;
  readonly launch: () => HostProcess;
  /** What the family's hosts send, by name. */
  readonly events: ReadonlyMap<string, EventReceiver>;
  readonly onStateChange: (state: HostState) => void;
  readonly log: (event: DeviceLogEvent) => void;
  readonly clock: Clock;
}

/** A new host has to answer within this time, ms. */
const startDeadlineMs = 10_000;
/** A running host is asked whether it still answers this often, and has to within this time, ms. */
const pingEveryMs = 3000;
const pingDeadlineMs = 8000;
/** Waits before the first, second … new start in a row, ms. */
const restartDelaysMs = [250, 500, 1000, 2000, 5000, 10_000] as const;
const longestRestartDelayMs = 10_000;
/** A host that ran for so long has earned a quick restart again, ms. */
const stableAfterMs = 30_000;
/** How long a call waits for a host that is just being replaced, ms. */
const readyDeadlineMs = 5000;
/** From asking a host to stop, or its announcement to leave, to killing it, ms. */
const exitGraceMs = 1000;

const ping = { name: 'ping', output: hostMethods.ping.output };

interface Life {
  readonly process: HostProcess;
  readonly connection: HostConnection;
  readonly startedAt: number;
  readonly exited: Promise<void>;
  cancelTimer: () => void;
  leaving: boolean;
}

/** Keeps one driver host of a family alive: starts it, watches it, replaces it. It knows the family by its name only. */
export class DriverHost {
  readonly #options: DriverHostOptions;
  readonly #waiting = new Set<() => void>();
  #life: Life | undefined;
  #state: HostState = 'starting';
  #restarts = 0;
  #stopped = false;
  #cancelRestart = (): void => undefined;

  constructor(options: DriverHostOptions) {
    this.#options = options;
    this.#launch();
  }

  get state(): HostState {
    return this.#state;
  }

  /** Waits for a running host first; a host that does not answer by the deadline is replaced. Never rejects. */
  async call<Output>(
    method: HostMethodShape<Output>,
    input: unknown,
    deadlineMs: number,
  ): Promise<CallEnd<Output>> {
    await this.#untilRunning();
    const life = this.#life;
    if (life === undefined || this.#state !== 'running') return { kind: 'no-host' };
    const end = await life.connection.call(method, input, deadlineMs);
    if (end.kind === 'timed-out') this.#killHung(life);
    if (end.kind === 'malformed') {
      this.#options.log({ event: 'host-message-refused', family: this.#options.family });
      life.process.kill('SIGKILL');
    }
    return end;
  }

  /** Kills the host because nothing moves any more; a new one follows. */
  replace(): void {
    if (this.#life !== undefined) this.#killHung(this.#life);
  }

  /** The host has said that it leaves: it gets a moment to do so. */
  expectExit(): void {
    const life = this.#life;
    if (life === undefined) return;
    life.leaving = true;
    life.cancelTimer();
    life.cancelTimer = this.#options.clock.after(exitGraceMs, () => life.process.kill('SIGKILL'));
  }

  /** Asks the host to end, then kills it. No new one follows. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRestart();
    this.#wake();
    const life = this.#life;
    if (life === undefined) return;
    life.process.kill('SIGTERM');
    life.cancelTimer();
    life.cancelTimer = this.#options.clock.after(exitGraceMs, () => life.process.kill('SIGKILL'));
    await life.exited;
  }

  #launch(): void {
    const { family, launch, events, log, clock } = this.#options;
    const process = launch();
    const connection = new HostConnection(
      process,
      events,
      () => log({ event: 'host-message-refused', family }),
      clock,
    );
    const life: Life = {
      process,
      connection,
      startedAt: clock.now(),
      exited: new Promise((resolve) => process.onExit(() => resolve())),
      cancelTimer: () => undefined,
      leaving: false,
    };
    this.#life = life;
    process.onExit((code, signal) => this.#onExit(life, code, signal));
    log({ event: 'host-started', family, pid: process.pid });
    void this.#watch(life);
  }

  async #watch(life: Life): Promise<void> {
    const first = await life.connection.call(ping, null, startDeadlineMs);
    if (first.kind === 'answer' && this.#life === life && !this.#stopped) this.#become('running');
    this.#pingAgain(life, first);
  }

  #pingAgain(life: Life, last: CallEnd<null>): void {
    if (this.#life !== life || life.leaving || this.#stopped) return;
    if (last.kind !== 'answer') {
      this.#killHung(life);
      return;
    }
    life.cancelTimer = this.#options.clock.after(pingEveryMs, () => {
      void life.connection.call(ping, null, pingDeadlineMs).then((end) => this.#pingAgain(life, end));
    });
  }

  #killHung(life: Life): void {
    if (this.#life !== life) return;
    this.#options.log({ event: 'host-hung', family: this.#options.family });
    life.process.kill('SIGKILL');
  }

  #onExit(life: Life, code: number | null, signal: string | null): void {
    const { family, log, clock } = this.#options;
    life.cancelTimer();
    this.#life = undefined;
    const reason = this.#stopped ? 'stopped' : life.leaving ? 'leaving' : 'unexpected';
    log({ event: 'host-exited', family, code, signal, reason });
    if (this.#stopped) return;
    this.#become('restarting');
    if (clock.now() - life.startedAt >= stableAfterMs) this.#restarts = 0;
    const delay = restartDelaysMs[this.#restarts] ?? longestRestartDelayMs;
    this.#restarts++;
    this.#cancelRestart = clock.after(delay, () => this.#launch());
  }

  #become(state: HostState): void {
    this.#state = state;
    this.#options.onStateChange(state);
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }

  #untilRunning(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#state !== 'running' && !this.#stopped) return;
        cancel();
        this.#waiting.delete(look);
        resolve();
      };
      const cancel = this.#options.clock.after(readyDeadlineMs, () => {
        this.#waiting.delete(look);
        resolve();
      });
      this.#waiting.add(look);
      look();
    });
  }
}
