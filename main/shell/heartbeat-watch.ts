import type { Clock } from '../clock.js';

/** A page that has been opened has so long until its first sign of life, ms. */
export const firstBeatMs = 30_000;
/** From one sign of life to the next there may be so long, ms. The page gives one every few seconds. */
export const nextBeatMs = 20_000;

/** Notices a page that fell silent: a white screen can come without any event. */
export class HeartbeatWatch {
  readonly #clock: Clock;
  readonly #onSilent: (silentMs: number) => void;
  readonly #onAlive: (afterMs: number) => void;
  /** When the page was opened of which nothing was heard yet, ms. */
  #openedAt: number | undefined;
  #cancel: () => void = () => undefined;

  /** `onSilent` is told each time that it fell silent, `onAlive` of the first sign of life of each page. */
  constructor(clock: Clock, onSilent: (silentMs: number) => void, onAlive: (afterMs: number) => void) {
    this.#clock = clock;
    this.#onSilent = onSilent;
    this.#onAlive = onAlive;
  }

  /** A page was opened; from now on it is waited for. */
  opened(): void {
    this.#openedAt = this.#clock.now();
    this.#await(firstBeatMs);
  }

  beat(): void {
    if (this.#openedAt !== undefined) this.#onAlive(Math.round(this.#clock.now() - this.#openedAt));
    this.#openedAt = undefined;
    this.#await(nextBeatMs);
  }

  stop(): void {
    this.#cancel();
    this.#cancel = () => undefined;
  }

  #await(ms: number): void {
    this.#cancel();
    this.#cancel = this.#clock.after(ms, () => this.#onSilent(ms));
  }
}
