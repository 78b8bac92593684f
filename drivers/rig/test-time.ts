import type { Clock } from '../shared/clock.js';
import { ok, type Result } from '../shared/result.js';
import type { InstrumentFault, RigInstrument } from './rig-instrument.js';

const secondsADay = 86_400;
/** Between the first readings of the rig's clock, ms; each time twice as long. */
const firstNapMs = 20;
/** So long is the rig's clock compared with ours, at the most, ms. */
const comparedMs = 2500;
/** What runs ahead of ours by so much from one reading to the next is a simulated rig that runs faster, seconds. */
const ahead = 1.5;
/** Two measurements of one pace agree that well. */
const agreement = 0.1;

interface Reading {
  /** When, by our clock, ms. */
  readonly at: number;
  /** Seconds of the rig's day. */
  readonly ofDay: number;
}

/**
 * Seconds since the test began. Our clock tells them, and not the rig's: that may count whole seconds only, jump, or
 * start anew. The rig's (`SYST:TIME?`) only tells at the beginning whether its time goes by as ours does: a simulated
 * one's may run many times faster.
 */
export class TestTime {
  readonly #rig: RigInstrument;
  readonly #clock: Clock;
  readonly #begun: number;
  #pace = 1;

  constructor(rig: RigInstrument, clock: Clock) {
    this.#rig = rig;
    this.#clock = clock;
    this.#begun = clock.now();
  }

  /** Compares the clocks; `nap` waits so many ms, and says whether it is to go on. */
  async compare(nap: (ms: number) => Promise<boolean>): Promise<Result<undefined, InstrumentFault>> {
    const begun = await this.#read();
    if (!begun.ok) return begun;
    if (begun.value === undefined) return ok(undefined);
    let last = begun.value;
    let lastPace: number | undefined;
    for (let ms = firstNapMs; this.#clock.now() - begun.value.at < comparedMs; ms *= 2) {
      if (!(await nap(ms))) return ok(undefined);
      const reading = await this.#read();
      if (!reading.ok) return reading;
      if (reading.value === undefined) return ok(undefined);
      const ours = (reading.value.at - last.at) / 1000;
      const theirs = secondsBetween(last, reading.value);
      if (theirs - ours < ahead) continue;
      const pace = theirs / ours;
      if (lastPace !== undefined && Math.abs(pace / lastPace - 1) < agreement) {
        this.#pace =
          (1000 * secondsBetween(begun.value, reading.value)) / (reading.value.at - begun.value.at);
        return ok(undefined);
      }
      lastPace = pace;
      last = reading.value;
    }
    return ok(undefined);
  }

  now(): number {
    return ((this.#clock.now() - this.#begun) / 1000) * this.#pace;
  }

  /** Our ms for so many seconds of the test. */
  msFor(seconds: number): number {
    return (1000 * seconds) / this.#pace;
  }

  async #read(): Promise<Result<Reading | undefined, InstrumentFault>> {
    const asked = this.#clock.now();
    const answer = await this.#rig.time();
    if (!answer.ok) return answer;
    if (answer.value === undefined) return ok(undefined);
    return ok({ at: (asked + this.#clock.now()) / 2, ofDay: answer.value });
  }
}

function secondsBetween(before: Reading, after: Reading): number {
  return (after.ofDay - before.ofDay + secondsADay) % secondsADay;
}
