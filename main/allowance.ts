/** So many at once, and as many again over a time: a bucket that fills evenly. */
export class Allowance {
  readonly #size: number;
  readonly #refillMs: number;
  readonly #now: () => number;
  #credit: number;
  #countedAt: number;

  /** `now`: monotonic, ms. */
  constructor(size: number, refillMs: number, now: () => number) {
    this.#size = size;
    this.#refillMs = refillMs;
    this.#now = now;
    this.#credit = size;
    this.#countedAt = now();
  }

  /** Whether one more is allowed; then it counts. */
  take(): boolean {
    const at = this.#now();
    const gained = ((at - this.#countedAt) * this.#size) / this.#refillMs;
    this.#credit = Math.min(this.#size, this.#credit + gained);
    this.#countedAt = at;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }
}
