import type { Clock } from '../shared/clock.js';
import { err, ok, type Result } from '../shared/result.js';
import { Cadence } from './cadence.js';
import { inTime, late, notJudged } from './evidence.js';
import type { InstrumentFault, RigInstrument } from './rig-instrument.js';
import { differences, off, segmentsADigit, Sight, wentOff } from './seven-segments.js';
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
const shortestNapMs = 5;
/** While it is not known how the rig's time runs, ms. */
const firstNapMs = 20;
/** A test that the rig's restarts disturb more often than this comes to nothing. */
const mostRestarts = 3;

/** The rig as a test uses it: each call ends early when the test is called off or the device is taken out. */
export class Fixture {
  readonly rig: RigInstrument;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #finish: AbortSignal | undefined;
  readonly #time: TestTime;
  readonly #restartsBefore: number;

  constructor({ rig, clock, signal, finish }: WatchOptions) {
    this.rig = rig;
    this.#clock = clock;
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

  /** Waits for a device in the fixture. */
  async waitForDevice(ms: number): Going<undefined> {
    const until = this.#clock.now() + ms;
    for (;;) {
      const present = await this.#do(this.rig.devicePresent());
      if (!present.ok) return present;
      if (present.value) return ok(undefined);
      if (this.#clock.now() >= until) return err({ kind: 'no-device' });
      await this.#nap(presenceEveryMs);
    }
  }

  async press(ms: number): Going<undefined> {
    const there = await this.#stillThere();
    return there.ok ? this.#do(this.rig.press(ms)) : there;
  }

  now(): Going<number> {
    return this.#do(this.#time.now());
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
      const now = await this.now();
      if (!now.ok || now.value >= at) return now;
      const there = await this.#stillThere();
      if (!there.ok) return there;
      const ms = this.#time.msFor(at - now.value);
      const longest = now.value === 0 ? firstNapMs : longestNapMs;
      await this.#nap(Math.max(shortestNapMs, Math.min(longest, ms)));
    }
  }

  /** One look at all digits. */
  async look(calibration: RigCalibration): Going<Sight> {
    const levels = await this.levels(calibration.digits.length);
    if (!levels.ok) return levels;
    const now = await this.now();
    return now.ok ? ok(new Sight(now.value, levels.value, calibration)) : now;
  }

  async levels(digits: number): Going<Uint16Array> {
    const levels = new Uint16Array(digits * segmentsADigit);
    for (let digit = 0; digit < digits; digit++) {
      const measured = await this.#do(this.rig.measureSegments(digit + 1, levels, digit * segmentsADigit));
      if (!measured.ok) return measured;
    }
    return ok(levels);
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
      const cancel = this.#clock.after(ms, wake);
      this.#signal.addEventListener('abort', wake);
      this.#finish?.addEventListener('abort', wake);
      if (this.halt !== undefined) wake();
    });
  }
}

/** A code as it was watched, segment by segment. It tells the code: `wipe` it once it is not needed any more. */
export class WatchedCode {
  readonly levels: Uint16Array;
  readonly states: Uint8Array;
  readonly late: Uint8Array;
  readonly contrast: number;

  constructor(final: Sight, lateness: Uint8Array) {
    this.levels = Uint16Array.from(final.levels);
    this.states = Uint8Array.from(final.states);
    this.contrast = final.contrast;
    this.late = lateness;
  }

  wipe(): void {
    this.levels.fill(0);
    this.states.fill(0);
    this.late.fill(0);
  }
}

/** Times of a press and of a display, seconds. */
const pressSeconds = 0.2;
const longPressSeconds = 0.8;
/** A display that lights does it within this time after a press. */
const lightsWithin = 2;
const lookEvery = 0.15;
/** From the first light: a segment that is not there by the first look and is by the last is slow. */
const lateAt = 0.55;
const judgedUntil = 0.95;
/** What was dark is seen to light within that after it was last looked at; later nobody knows when it did. */
const seenToLightWithin = 0.4;
const laterLooks = [1.2, 2.4] as const;
/** A display that was not looked at for longer may have been lit meanwhile. */
const longestBlink = 3;
/** What is judged has stood still for so long. */
const stillFor = 1;
/** While a display stays lit it is looked at so often, and it is waited for so long that it goes out. */
const litEvery = 1;
const litFor = 120;
/** Attempts: at a press that lights nothing, before and after one ever did; at a code that changes while it is watched. */
const pressesBeforeLight = 10;
const pressesAfterLight = 20;
const mostAgain = 3;
/** A test has an end with every display. */
const mostCodes = 100;
const mostPresses = 400;

/** How a watch ended: `settled`: enough is known. */
export type WatchEnd = 'settled' | 'no-light' | 'no-new-codes' | 'enough-codes';

interface WatchedDisplay {
  readonly calibration: RigCalibration;
  /** Takes a code over, and says whether that is enough. Called once for each code that differs from the one before. */
  readonly onCode: (code: WatchedCode) => boolean;
}

/** Presses the button time and again, and watches the codes that come. Patient with the device: no press is for nothing. */
export class CodeWatch {
  readonly cadence = new Cadence();
  readonly #fixture: Fixture;
  readonly #display: WatchedDisplay;
  #last: Sight | undefined;
  #presses = 0;
  #failedPresses = 0;
  #failedInARow = 0;
  #lights = false;

  constructor(fixture: Fixture, display: WatchedDisplay) {
    this.#fixture = fixture;
    this.#display = display;
  }

  get presses(): number {
    return this.#presses;
  }

  get failedPresses(): number {
    return this.#failedPresses;
  }

  /** Whether it ever showed anything. */
  get lights(): boolean {
    return this.#lights;
  }

  async run(): Going<WatchEnd> {
    let litSince: number | undefined;
    let lastLit = 0;
    while (!this.cadence.ranDry) {
      const seen = await this.#look();
      if (!seen.ok) return seen;
      const sight = seen.value;
      if (sight.lit) {
        this.#lights = true;
        if (this.#isNew(sight)) {
          if (litSince !== undefined) this.cadence.stillOld(lastLit);
          const end = await this.#watch(sight, { asked: sight.at, isTimely: true });
          if (!end.ok) return end;
          if (end.value !== undefined) return ok(end.value);
          litSince = undefined;
        } else {
          sight.wipe();
        }
        litSince ??= sight.at;
        lastLit = sight.at;
        // It takes no press while it is lit: some devices go out by one.
        if (sight.at - litSince < litFor) {
          const next = await this.#fixture.waitUntil(
            Math.max(sight.at + litEvery, this.cadence.isKnown ? this.cadence.nextAt(sight.at) : 0),
          );
          if (!next.ok) return next;
          continue;
        }
      }
      const due = await this.#fixture.waitUntil(this.cadence.nextAt(sight.at));
      if (!due.ok) return due;
      const pressed = await this.#press(due.value);
      if (!pressed.ok) return pressed;
      if (typeof pressed.value === 'string') return ok(pressed.value);
      litSince = undefined;
    }
    return ok('no-new-codes');
  }

  wipe(): void {
    this.#last?.wipe();
  }

  #look(): Going<Sight> {
    return this.#fixture.look(this.#display.calibration);
  }

  /** A segment or two may be read differently from one look to the next; codes differ by more. */
  #isNew(sight: Sight): boolean {
    return (
      this.#last === undefined ||
      differences(this.#last, sight) > Math.floor(this.#display.calibration.digits.length / 3)
    );
  }

  /** Presses, and watches what lights; the time, or why that was the last press. */
  async #press(at: number): Going<number | WatchEnd> {
    const { restarts } = this.#fixture;
    const seconds = this.#failedInARow < 3 ? pressSeconds : longPressSeconds;
    const sent = await this.#fixture.press(1000 * seconds);
    if (!sent.ok) return sent;
    let isWatched = true;
    for (let before = at; ;) {
      const seen = await this.#look();
      if (!seen.ok) return seen;
      const sight = seen.value;
      isWatched &&= sight.at - before <= longestBlink && this.#fixture.restarts === restarts;
      const isTimely = sight.at - before <= seenToLightWithin;
      before = sight.at;
      if (sight.lit) {
        this.#presses++;
        this.#failedInARow = 0;
        this.#lights = true;
        const end = await this.#watch(sight, { asked: at, isTimely });
        if (!end.ok) return end;
        return ok(end.value ?? (this.#presses >= mostPresses ? 'enough-codes' : sight.at));
      }
      sight.wipe();
      if (sight.at - at > lightsWithin + seconds) {
        // A rig that started anew may have let go of the button; while it did not answer the display may have been lit.
        if (isWatched) {
          this.#presses++;
          this.#failedPresses++;
          this.#failedInARow++;
        }
        const most = this.#lights ? pressesAfterLight : pressesBeforeLight;
        return ok(this.#failedInARow >= most ? 'no-light' : sight.at);
      }
      const next = await this.#fixture.waitUntil(sight.at + lookEvery);
      if (!next.ok) return next;
    }
  }

  /**
   * Watches a display that has just lit until all of its segments are as they should be; `asked`: when the code was
   * made at the earliest; `isTimely`: it was seen to light. Why that was the last code, or `undefined`.
   */
  async #watch(
    first: Sight,
    { asked, isTimely }: { readonly asked: number; readonly isTimely: boolean },
  ): Going<WatchEnd | undefined> {
    const sights: [Sight, ...Sight[]] = [first];
    const still = await this.#untilStill(sights);
    const end = still.ok
      ? ok(this.#take({ ...still.value, isTimely: isTimely || still.value.changed }, asked))
      : still;
    for (const sight of sights) if (sight !== this.#last) sight.wipe();
    return end;
  }

  async #untilStill(sights: [Sight, ...Sight[]]): Going<StillCode> {
    const looks = [lateAt, ...laterLooks];
    let [final] = sights;
    let begun = final.at;
    let middle: Sight | undefined;
    let changes = 0;
    let unsteady = true;
    for (let step = 0; step < looks.length || (unsteady && step < looks.length + mostAgain); step++) {
      const due = await this.#fixture.waitUntil(begun + (looks[step] ?? final.at - begun + 2 * lookEvery));
      if (!due.ok) return due;
      const seen = await this.#look();
      if (!seen.ok) return seen;
      const sight = seen.value;
      sights.push(sight);
      if (!sight.lit) break;
      if (wentOff(final, sight) >= 2 && changes < mostAgain) {
        // The next code came just now.
        if (final.at > begun) this.#passedBy(final, begun);
        else this.cadence.missed();
        changes++;
        begun = sight.at;
        middle = undefined;
        step = -1;
      } else {
        unsteady = differences(final, sight) > 0;
        if (step === 0) middle = sight;
      }
      final = sight;
    }
    const isStill = !unsteady && final.at - begun >= stillFor;
    return ok({ final, middle, begun, isStill, changed: changes > 0 });
  }

  /** A code that was there too short to judge its segments. */
  #passedBy(sight: Sight, by: number): void {
    if (this.#isNew(sight)) {
      this.cadence.newCode(by);
      this.#remember(sight);
    }
    this.cadence.stillOld(sight.at);
  }

  #remember(sight: Sight): void {
    this.#last?.wipe();
    this.#last = sight;
  }

  #take(
    { final, middle, begun, isStill, changed, isTimely }: StillCode & { readonly isTimely: boolean },
    asked: number,
  ): WatchEnd | undefined {
    if (!isStill) {
      this.cadence.missed();
      return undefined;
    }
    if (!this.#isNew(final)) {
      if (!changed) this.cadence.stillOld(asked);
      return undefined;
    }
    this.cadence.newCode(begun);
    // A look that came too late still shows what is slow, and no longer what is not.
    const isEarly = isTimely && middle !== undefined && middle !== final && middle.at - begun <= judgedUntil;
    const lateness = final.states.map((state, at) => {
      if (state !== off && (middle?.states[at] ?? state) < state) return late;
      return isEarly ? inTime : notJudged;
    });
    this.#remember(final);
    if (this.#display.onCode(new WatchedCode(final, lateness))) return 'settled';
    return this.cadence.codes >= mostCodes ? 'enough-codes' : undefined;
  }
}

/** What a display showed at last, and half a second after it began to. */
interface StillCode {
  readonly final: Sight;
  readonly middle: Sight | undefined;
  readonly begun: number;
  /** It was watched until it did not change any more. */
  readonly isStill: boolean;
  /** Another code stood there before, so that it is known when this one came. */
  readonly changed: boolean;
}
