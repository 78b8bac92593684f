import type { Clock } from '../clock.js';
import type { DriverHost } from './driver-host.js';
import type { HostMethodShape } from './host-connection.js';
import type { HostGone } from './types.js';
import { Watchdog } from './watchdog.js';

/** One call of a host that may take long, tells how it gets on, and can be cancelled. */
export interface HostRun<Outcome> {
  readonly method: HostMethodShape<Outcome>;
  readonly input: unknown;
  readonly deadlineMs: number;
  /** From the start to the first sign of life, ms. */
  readonly newsMs: number;
  readonly signal: AbortSignal;
  /** Aborted: the run ends with what is known by then, which `call` asks the host for. */
  readonly finish?: {
    readonly signal: AbortSignal;
    readonly call: HostMethodShape<null>;
    /** From the start until it is finished by itself, ms. */
    readonly afterMs: number;
  };
  /** The answer in place of one that is no longer given. */
  readonly cancelled: Outcome;
  /**
   * Begins to hear the events of this run; returns the way to stop that. With `alive` each sign of life gives the run so
   * many ms more.
   */
  readonly listen?: (alive: (ms: number) => void) => () => void;
}

export interface HostRunsOptions {
  readonly host: Pick<DriverHost, 'call' | 'replace'>;
  readonly clock: Clock;
  readonly cancel: HostMethodShape<null>;
  /** What was cancelled, or is to end with what it knows, ends with the command that is under way, ms. */
  readonly endMs: number;
}

const callDeadlineMs = 5000;

/** The runs of one host, one after the other. A run without a sign of life in time costs its host, and no other its turn. */
export class HostRuns {
  readonly #options: HostRunsOptions;
  /** Settles when the run before has ended. */
  #last: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: HostRunsOptions) {
    this.#options = options;
  }

  /** Never rejects but for a bug in a listener, which does not keep the next from running. */
  next<Outcome>(run: HostRun<Outcome>): Promise<Outcome | HostGone> {
    const end = this.#last.then(() => this.#run(run));
    this.#last = end.catch(() => undefined);
    return end;
  }

  /** What runs, and what comes after it, counts as cancelled. */
  stop(): void {
    this.#stopped = true;
  }

  async #run<Outcome>(run: HostRun<Outcome>): Promise<Outcome | HostGone> {
    const { host, clock, cancel, endMs } = this.#options;
    const { signal, finish } = run;
    const isCancelled = (): boolean => signal.aborted || this.#stopped;
    if (isCancelled()) return run.cancelled;
    const watchdog = new Watchdog(clock, () => host.replace());
    let isEnding = false;
    const stopListening = run.listen?.((ms) => {
      // Once it is to end only the end counts: what is still on its way gives no more time.
      if (!isEnding) watchdog.feed(ms);
    });
    let cancelOwnEnd = (): void => undefined;
    const endWith = (call: HostMethodShape<null>): void => {
      cancelOwnEnd();
      isEnding = true;
      watchdog.feed(endMs);
      void host.call(call, null, callDeadlineMs);
    };
    const onAbort = (): void => {
      stopListening?.();
      endWith(cancel);
    };
    const onFinish = (): void => {
      if (finish !== undefined) endWith(finish.call);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    finish?.signal.addEventListener('abort', onFinish, { once: true });
    if (finish !== undefined) cancelOwnEnd = clock.after(finish.afterMs, onFinish);
    watchdog.feed(run.newsMs);
    const call = host.call(run.method, run.input, run.deadlineMs);
    // Told after the run itself, which is what it is to end.
    if (finish?.signal.aborted === true) onFinish();
    const end = await call;
    watchdog.stop();
    cancelOwnEnd();
    signal.removeEventListener('abort', onAbort);
    finish?.signal.removeEventListener('abort', onFinish);
    stopListening?.();
    if (isCancelled()) return run.cancelled;
    switch (end.kind) {
      case 'answer':
        return end.value;
      case 'timed-out':
        return { kind: 'timed-out' };
      case 'no-host':
      case 'host-lost':
      case 'malformed':
        return { kind: watchdog.fired ? 'timed-out' : 'host-lost' };
    }
  }
}
