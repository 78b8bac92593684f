/** Time that passes only when a test says so. Serves as the clock of drivers and of main. */
export class ManualClock {
  #now = 0;
  readonly #timers = new Set<{ at: number; callback: () => void }>();

  now = (): number => this.#now;

  date = (): Date => new Date(Date.UTC(2026, 10, 23) + this.#now);

  after = (ms: number, callback: () => void): (() => void) => {
    const timer = { at: this.#now + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  /** Timers that still wait: after everything is over there must be none. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets so many ms pass, and everything that follows from it happen. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.callback();
      await settled();
    }
    this.#now = until;
  }
}

/** Everything that promises had still to do. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
