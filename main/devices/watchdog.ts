import type { Clock } from '../clock.js';

/** Fires once when it was not fed in time. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #onFire: () => void;
  #cancel = (): void => undefined;
  #fired = false;

  constructor(clock: Clock, onFire: () => void) {
    this.#clock = clock;
    this.#onFire = onFire;
  }

  get fired(): boolean {
    return this.#fired;
  }

  /** It is to be fed again within so many ms. */
  feed(ms: number): void {
    if (this.#fired) return;
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => {
      this.#fired = true;
      this.#onFire();
    });
  }

  stop(): void {
    this.#cancel();
  }
}
