/** So many reloads within so long, ms, and the whole program starts anew instead. */
export const reloadsAllowed = 3;
export const reloadWindowMs = 5 * 60_000;

/** Decides what mends a page that crashed, hung or fell silent. */
export class Recovery {
  readonly #now: () => number;
  #reloadedAt: number[] = [];

  /** `now`: monotonic, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  next(): 'reload' | 'relaunch' {
    const at = this.#now();
    this.#reloadedAt = this.#reloadedAt.filter((time) => at - time < reloadWindowMs);
    if (this.#reloadedAt.length >= reloadsAllowed) return 'relaunch';
    this.#reloadedAt.push(at);
    return 'reload';
  }
}
