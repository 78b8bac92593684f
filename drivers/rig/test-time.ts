import type { Clock } from '../shared/clock.js';
import { ok, type Result } from '../shared/result.js';
import type { InstrumentFault, RigInstrument } from './rig-instrument.js';

const secondsADay = 86_400;
/** The rig's clock was set, or it started anew, when it jumps by more than this, seconds. */
const longestStep = 900;
/** A clock that has not moved for so long by ours stands still, ms. */
const standsStillMs = 2500;

/**
 * Seconds since the test began, by the rig's own clock (`SYST:TIME?`): it stands where the display is, and the time
 * that an answer takes does not blur it. Where the rig has no clock, or it jumps, ours goes on instead.
 */
export class TestTime {
  readonly #rig: RigInstrument;
  readonly #clock: Clock;
  readonly #begun: number;
  #seconds = 0;
  #lastOfDay: number | undefined;
  #lastMs: number;

  constructor(rig: RigInstrument, clock: Clock) {
    this.#rig = rig;
    this.#clock = clock;
    this.#begun = clock.now();
    this.#lastMs = this.#begun;
  }

  async now(): Promise<Result<number, InstrumentFault>> {
    const answer = await this.#rig.time();
    if (!answer.ok) return answer;
    const ofDay = answer.value;
    const now = this.#clock.now();
    const ours = now - this.#lastMs;
    const theirs =
      ofDay === undefined || this.#lastOfDay === undefined
        ? undefined
        : (ofDay - this.#lastOfDay + secondsADay) % secondsADay;
    const trusted = theirs !== undefined && theirs <= longestStep && !(theirs === 0 && ours >= standsStillMs);
    // A clock that counts whole seconds stands for a while: its time and ours are then both kept as they were.
    if (trusted && theirs === 0) return ok(this.#seconds);
    this.#seconds += trusted ? theirs : ours / 1000;
    this.#lastOfDay = ofDay;
    this.#lastMs = now;
    return ok(this.#seconds);
  }

  /** Our ms for so many seconds of the test, as far as is known by now. */
  msFor(seconds: number): number {
    const ours = this.#clock.now() - this.#begun;
    return ours <= 0 || this.#seconds <= 0 ? seconds * 1000 : (seconds * ours) / this.#seconds;
  }
}
