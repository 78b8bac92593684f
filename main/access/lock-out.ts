import { z } from 'zod';
import type { Clock } from '../clock.js';

const firstLockMs = 30_000;
const longestLockMs = 3_600_000;
/** After so long without a wrong try, the count begins anew, ms. */
const forgottenAfterMs = 24 * 3_600_000;

/** The wrong tries so far, and how long the lock that they brought still holds. */
export const lockState = z.strictObject({
  wrong: z.int().min(0),
  /** ms still to wait when it was written. */
  remainingMs: z.int().min(0).max(longestLockMs),
  /** Wall clock at the last wrong try, ms since 1970. */
  at: z.int(),
});
export type LockState = z.infer<typeof lockState>;

/**
 * Counts wrong tries: after `tries` of them it locks, and every further one locks again at once, each time for twice as
 * long. Over a restart the lock holds for as long as it had still to hold, whatever the wall clock says meanwhile: a
 * clock that jumps ahead opens nothing. The wall clock only tells when tries are so long ago that they are forgotten.
 */
export class LockOut {
  readonly #tries: number;
  readonly #clock: Pick<Clock, 'now' | 'date'>;
  #wrong: number;
  #lockedUntil: number;
  #lastWrongAt: number;

  constructor(kept: LockState | undefined, tries: number, clock: Pick<Clock, 'now' | 'date'>) {
    this.#tries = tries;
    this.#clock = clock;
    const now = clock.now();
    this.#wrong = kept?.wrong ?? 0;
    this.#lockedUntil = now + (kept?.remainingMs ?? 0);
    this.#lastWrongAt = now - (kept === undefined ? 0 : Math.max(0, this.#wallMs - kept.at));
  }

  get remainingMs(): number {
    // Sums of fractions of a ms may be a little more.
    return Math.min(longestLockMs, Math.max(0, Math.ceil(this.#lockedUntil - this.#clock.now())));
  }

  get triesLeft(): number {
    return Math.max(0, this.#tries - this.#counted);
  }

  /** Whether there is nothing to remember. */
  get isClear(): boolean {
    return this.#counted === 0 && this.remainingMs === 0;
  }

  /** Counted before the PIN is looked at, so that whoever ends the program in between has had the try. Returns the way to take it back. */
  count(): () => void {
    const before = { wrong: this.#wrong, lockedUntil: this.#lockedUntil, lastWrongAt: this.#lastWrongAt };
    const now = this.#clock.now();
    this.#wrong = this.#counted + 1;
    this.#lastWrongAt = now;
    if (this.#wrong >= this.#tries) {
      this.#lockedUntil = now + Math.min(longestLockMs, firstLockMs * 2 ** (this.#wrong - this.#tries));
    }
    return () => {
      this.#wrong = before.wrong;
      this.#lockedUntil = before.lockedUntil;
      this.#lastWrongAt = before.lastWrongAt;
    };
  }

  /** The PIN was right, or is another one now. */
  clear(): void {
    this.#wrong = 0;
    this.#lockedUntil = this.#clock.now();
  }

  get state(): LockState {
    const ago = Math.round(this.#clock.now() - this.#lastWrongAt);
    return { wrong: this.#counted, remainingMs: this.remainingMs, at: this.#wallMs - ago };
  }

  get #counted(): number {
    return this.#clock.now() - this.#lastWrongAt > forgottenAfterMs ? 0 : this.#wrong;
  }

  get #wallMs(): number {
    return this.#clock.date().getTime();
  }
}
