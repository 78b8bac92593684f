import type { Clock } from '../shared/clock.js';
import { err, ok, type Result } from '../shared/result.js';
import type { InstrumentFault, RigInstrument } from './rig-instrument.js';
import { type Looked, segmentsADigit, Sight } from './seven-segments.js';
import { TestTime } from './test-time.js';
import type { DisplayTestFault, RigCalibration } from './types.js';

/** Why a test goes no further: `finish` ends it with what is known. */
export type Halt = { readonly kind: DisplayTestFault } | { readonly kind: 'finish' };
export type Going<Value> = Promise<Result<Value, Halt>>;

/** Looks and presses of one test: all that its steps share. */
export interface WatchOptions {
  readonly rig: RigInstrument;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly finish?: AbortSignal;
}

/** Between two looks for a device in the fixture, ms. */
const presenceEveryMs = 250;
/** The longest time without a look at the fixture, ms; and the shortest one that is worth a timer. */
const longestNapMs = 2000;
const shortestNapMs = 2;
/** For a shorter wait the device is not looked for: the question would take the time that is to be waited, seconds. */
const shortWait = 1;
/** A test that the rig's restarts disturb more often than this comes to nothing. */
const mostRestarts = 3;

/** The rig as a test uses it: each call ends early when the test is called off or the device is taken out. */
export class Fixture {
  readonly rig: RigInstrument;
  readonly clock: Clock;
  readonly #signal: AbortSignal;
  readonly #finish: AbortSignal | undefined;
  readonly #time: TestTime;
  readonly #restartsBefore: number;

  constructor({ rig, clock, signal, finish }: WatchOptions) {
    this.rig = rig;
    this.clock = clock;
    this.#signal = signal;
    this.#finish = finish;
    this.#time = new TestTime(rig, clock);
    this.#restartsBefore = rig.scpi.restarts;
  }

  get restarts(): number {
    return this.rig.scpi.restarts - this.#restartsBefore;
  }

  /** Why the test should end now, if it should. */
  get halt(): Halt | undefined {
    if (this.#signal.aborted) return { kind: 'cancelled' };
    if (this.restarts > mostRestarts) return { kind: 'rig-restarts' };
    return this.#finish?.aborted === true ? { kind: 'finish' } : undefined;
  }

  /** To be done before anything else: what the rig has to say of before is cleared, and how fast its time runs is found out. */
  async prepare(): Going<undefined> {
    const cleared = await this.#do(this.rig.forgetThePast());
    if (!cleared.ok) return cleared;
    return this.#do(
      this.#time.compare(async (ms) => {
        await this.#nap(ms);
        return this.halt === undefined;
      }),
    );
  }

  /** Waits for a device in the fixture. */
  async waitForDevice(ms: number): Going<undefined> {
    const until = this.clock.now() + ms;
    for (;;) {
      const present = await this.#do(this.rig.devicePresent());
      if (!present.ok) return present;
      if (present.value) return ok(undefined);
      if (this.clock.now() >= until) return err({ kind: 'no-device' });
      await this.#nap(presenceEveryMs);
    }
  }

  async press(ms: number): Going<undefined> {
    const there = await this.#stillThere();
    return there.ok ? this.#do(this.rig.press(ms)) : there;
  }

  /** Seconds of the test. */
  now(): number {
    return this.#time.now();
  }

  digitPlaces(): Going<number | undefined> {
    return this.#do(this.rig.digitPlaces());
  }

  batteryVolts(): Going<number | undefined> {
    return this.#do(this.rig.batteryVolts());
  }

  /** Waits until then, seconds of the test, with an eye on the device; the time at which that was. */
  async waitUntil(at: number): Going<number> {
    for (;;) {
      const { halt } = this;
      if (halt !== undefined) return err(halt);
      const left = at - this.now();
      if (left <= 0) return ok(this.now());
      if (left >= shortWait) {
        const there = await this.#stillThere();
        if (!there.ok) return there;
      }
      await this.#nap(Math.max(shortestNapMs, Math.min(longestNapMs, this.#time.msFor(at - this.now()))));
    }
  }

  /** One look at all digits, `first` first, counted from 0. */
  async look(calibration: RigCalibration, first = 0): Going<Sight> {
    const read = await this.#read(calibration.digits.length, first);
    return read.ok ? ok(new Sight({ ...read.value, calibration })) : read;
  }

  async levels(digits: number): Going<Uint16Array> {
    const read = await this.#read(digits, 0);
    return read.ok ? ok(read.value.levels) : read;
  }

  async #read(digits: number, first: number): Going<Omit<Looked, 'calibration'>> {
    const levels = new Uint16Array(digits * segmentsADigit);
    const asked = new Float64Array(digits);
    const seen = new Float64Array(digits);
    for (let count = 0; count < digits; count++) {
      const digit = (first + count) % digits;
      asked[digit] = this.now();
      const measured = await this.#do(this.rig.measureSegments(digit + 1, levels, digit * segmentsADigit));
      if (!measured.ok) {
        levels.fill(0);
        return measured;
      }
      seen[digit] = this.now();
    }
    return ok({ asked, seen, levels });
  }

  async #stillThere(): Going<undefined> {
    // Once could be noise.
    for (let look = 0; look < 2; look++) {
      const present = await this.#do(this.rig.devicePresent());
      if (!present.ok) return present;
      if (present.value) return ok(undefined);
    }
    return err({ kind: 'device-removed' });
  }

  async #do<Value>(asked: Promise<Result<Value, InstrumentFault>>): Going<Value> {
    const answer = await asked;
    if (!answer.ok) return this.#signal.aborted ? err({ kind: 'cancelled' }) : answer;
    const { halt } = this;
    return halt === undefined ? answer : err(halt);
  }

  /** A test that is called off wakes up at once. */
  #nap(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#signal.removeEventListener('abort', wake);
        this.#finish?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.clock.after(ms, wake);
      this.#signal.addEventListener('abort', wake);
      this.#finish?.addEventListener('abort', wake);
      if (this.halt !== undefined) wake();
    });
  }
}
