import type { Clock } from '../../../../drivers/shared/clock.js';

/** Time that goes on to the next timer whenever nothing else is left to do: a long test passes in no time. */
export class IdleClock implements Clock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now = (): number => this.#now;

  after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass until the promise has come to its end. */
  async until<Value>(promise: Promise<Value>): Promise<Value> {
    let done = false;
    const ended = promise.finally(() => (done = true));
    while (!(await idle(() => done))) {
      let next: { readonly at: number; readonly callback: () => void } | undefined;
      for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
      if (next === undefined) throw new Error('nothing is left to wait for');
      this.#timers.delete(next);
      this.#now = next.at;
      next.callback();
    }
    return ended;
  }
}

/** After everything that promises had still to do. */
async function idle<Value>(look: () => Value): Promise<Value> {
  await new Promise((resolve) => setImmediate(resolve));
  return look();
}
