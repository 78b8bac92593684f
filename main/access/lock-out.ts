import { z } from 'zod';

/** Tries before the first lock; wrong ones after it lock again at once, each time for twice as long. */
export const triesAllowed = 5;
const firstLockMs = 30_000;
const longestLockMs = 3_600_000;
/** After so long without a wrong try, the count begins anew, ms. */
const forgottenAfterMs = 24 * 3_600_000;

/** The wrong tries so far, and how long the lock that they brought still holds. */
export const lockState = z.strictObject({
  wrong: z.int().min(0),
  /** ms still to wait when it was written. */
  remainingMs: z.int().min(0),
  /** Wall clock when it was written, ms since 1970. */
  at: z.int(),
});
export type LockState = z.infer<typeof lockState>;

/** The lock of one role. Only time that surely passed counts: a wall clock that jumps ahead over a restart opens nothing. */
export class LockOut {
  readonly #now: () => number;
  readonly #wall: () => number;
  #wrong: number;
  #lockedUntil: number;
  #lastWrongAt: number;

  /** `now`: monotonic, ms; `wall`: ms since 1970. */
  constructor(kept: LockState | undefined, now: () => number, wall: () => number) {
    this.#now = now;
    this.#wall = wall;
    this.#wrong = kept?.wrong ?? 0;
    this.#lastWrongAt = now();
    this.#lockedUntil = now() + (kept?.remainingMs ?? 0);
  }

  get remainingMs(): number {
    return Math.max(0, Math.ceil(this.#lockedUntil - this.#now()));
  }

  get triesLeft(): number {
    return Math.max(0, triesAllowed - this.#wrong);
  }

  /** Counted before the PIN is looked at, so that whoever ends the program in between has had the try. */
  count(): void {
    const now = this.#now();
    if (now - this.#lastWrongAt > forgottenAfterMs) this.#wrong = 0;
    this.#lastWrongAt = now;
    this.#wrong += 1;
    if (this.#wrong < triesAllowed) return;
    const lockMs = Math.min(longestLockMs, firstLockMs * 2 ** (this.#wrong - triesAllowed));
    this.#lockedUntil = now + lockMs;
  }

  /** The PIN was right. */
  clear(): void {
    this.#wrong = 0;
    this.#lockedUntil = this.#now();
  }

  get state(): LockState {
    return { wrong: this.#wrong, remainingMs: this.remainingMs, at: this.#wall() };
  }
}
