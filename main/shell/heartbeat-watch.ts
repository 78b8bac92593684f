import type { Clock } from '../clock.js';

/** A page that has been opened has so long until its first sign of life, ms. */
export const firstBeatMs = 30_000;
/** From one sign of life to the next there may be so long, ms. The page gives one every few seconds. */
export const nextBeatMs = 20_000;

/** Notices a page that fell silent: a white screen can come without any event. */
export class HeartbeatWatch {
  readonly #clock: Clock;
  readonly #onSilent: (silentMs: number) => void;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, onSilent: (silentMs: number) => void) {
    this.#clock = clock;
    this.#onSilent = onSilent;
  }

  /** A page was opened; from now on it is waited for. */
  opened(): void {
    this.#await(firstBeatMs);
  }

  beat(): void {
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
