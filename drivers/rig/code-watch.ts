import { ok } from '../shared/result.js';
import { Cadence } from './cadence.js';
import { notJudged } from './evidence.js';
import type { Fixture, Going } from './fixture.js';
import { contradictions, differences, dimmed, type Sight, wentOff } from './seven-segments.js';
import type { RigCalibration } from './types.js';
import { beginningOf, type Before, latenessOf, type StillCode, WatchedCode } from './watched-code.js';

/** Times of a press and of a display, seconds. */
const pressSeconds = 0.2;
const longPressSeconds = 0.8;
/** A display that lights does it within this time after a press. */
const lightsWithin = 2;
const lookEvery = 0.15;
/** Looks after the first light: how quickly segments come, and what stands still. */
const paceLook = 0.35;
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
/** A display may be silent for minutes: so often it is said that the test lives, ms. */
const signOfLifeMs = 1000;
/** A test has an end with every display. */
const mostCodes = 100;
const mostPresses = 400;

/** How a watch ended: `settled`: enough is known. */
export type WatchEnd = 'settled' | 'no-light' | 'no-new-codes' | 'enough-codes';

interface WatchedDisplay {
  readonly calibration: RigCalibration;
  /** Takes a code over, and says whether that is enough. Called once for each code that differs from the one before. */
  readonly onCode: (code: WatchedCode) => boolean;
  /** Called again and again while the rig answers, once a second at the most. */
  readonly onAlive: () => void;
}

/** Presses the button time and again, and watches the codes that come. Patient with the device: no press is for nothing. */
export class CodeWatch {
  readonly cadence = new Cadence();
  readonly #fixture: Fixture;
  readonly #display: WatchedDisplay;
  /** The last code. */
  #last: Sight | undefined;
  /** The last look at a display that stays lit. */
  #lit: Sight | undefined;
  /** The digit that is looked at first where it matters how soon that is: each in its turn. */
  #firstDigit = 0;
  /** A new code was seen to come while the display was lit, so that what is lit is always the code of the time. */
  #changesWhileLit = false;
  #aliveAt = -Infinity;
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
    while (!this.cadence.ranDry) {
      const seen = await this.#look();
      if (!seen.ok) return seen;
      let sight = seen.value;
      if (sight.lit && this.#isNew(sight)) {
        // What goes dark, or changes, during a look looks like another code.
        const again = await this.#look();
        if (!again.ok) return again;
        sight.wipe();
        sight = again.value;
        if (sight.lit && this.#isNew(sight)) {
          const lit = this.#lit;
          const end = await this.#watch(
            sight,
            lit === undefined ? { kind: 'unknown' } : { kind: 'lit', sight: lit },
          );
          if (!end.ok) return end;
          if (end.value !== undefined) return ok(end.value);
          this.#keepLit(undefined);
          litSince = undefined;
          continue;
        }
      }
      if (sight.lit) {
        this.#lights = true;
        if (this.#changesWhileLit) this.cadence.stillOld(sight.begun);
        this.#keepLit(sight);
        litSince ??= sight.at;
        // It takes no press while it is lit: some devices go out by one.
        if (sight.at - litSince < litFor) {
          const next = await this.#fixture.waitUntil(this.#nextLookAtLit(sight.at));
          if (!next.ok) return next;
          continue;
        }
      } else {
        sight.wipe();
      }
      this.#keepLit(undefined);
      litSince = undefined;
      const due = await this.#fixture.waitUntil(this.cadence.nextAt(sight.at));
      if (!due.ok) return due;
      const pressed = await this.#press();
      if (!pressed.ok) return pressed;
      if (pressed.value !== undefined) return ok(pressed.value);
    }
    return ok('no-new-codes');
  }

  wipe(): void {
    this.#last?.wipe();
    this.#keepLit(undefined);
  }

  #keepLit(sight: Sight | undefined): void {
    this.#lit?.wipe();
    this.#lit = sight;
  }

  async #look(first = 0): Going<Sight> {
    const seen = await this.#fixture.look(this.#display.calibration, first);
    if (seen.ok && this.#fixture.clock.now() - this.#aliveAt >= signOfLifeMs) {
      this.#aliveAt = this.#fixture.clock.now();
      this.#display.onAlive();
    }
    return seen;
  }

  /** Two codes may differ by one segment only; a weak one may be read differently from one look to the next, but not so. */
  #isNew(sight: Sight): boolean {
    if (this.#last === undefined) return true;
    return this.#differ(this.#last, sight) || contradictions(this.#last, sight) > 0;
  }

  #differ(one: Sight, other: Sight): boolean {
    return differences(one, other) > Math.floor(this.#display.calibration.digits.length / 3);
  }

  /** The next code took a code's place; what only came is a code that becomes whole. */
  #isNext(before: Sight, after: Sight): boolean {
    const gone = wentOff(before, after);
    return gone >= 2 || (gone > 0 && this.#differ(before, after));
  }

  /** When the next code may come on a lit display it is looked at as often as can be, to see how quickly its segments come. */
  #nextLookAtLit(now: number): number {
    const { due } = this.cadence;
    if (due === undefined) return now + litEvery;
    if (now < due) return Math.max(now + lookEvery, Math.min(due, now + litFor));
    return now + (this.#changesWhileLit ? lookEvery : litEvery);
  }

  /** Presses, and watches what lights; why that was the last press, if it was. */
  async #press(): Going<WatchEnd | undefined> {
    const { restarts } = this.#fixture;
    const seconds = this.#failedInARow < 3 ? pressSeconds : longPressSeconds;
    const pressed = this.#fixture.now();
    const sent = await this.#fixture.press(1000 * seconds);
    if (!sent.ok) return sent;
    let isWatched = true;
    for (let darkAt = pressed; ;) {
      const seen = await this.#look();
      if (!seen.ok) return seen;
      const sight = seen.value;
      isWatched &&= sight.at - darkAt <= longestBlink && this.#fixture.restarts === restarts;
      if (sight.lit) {
        this.#presses++;
        this.#failedInARow = 0;
        this.#lights = true;
        const end = await this.#watch(sight, { kind: 'dark', at: darkAt, pressed });
        if (!end.ok) return end;
        return ok(end.value ?? (this.#presses >= mostPresses ? 'enough-codes' : undefined));
      }
      darkAt = sight.lastAsked;
      sight.wipe();
      if (sight.at - pressed > lightsWithin + seconds) {
        // A rig that started anew may have let go of the button; while it did not answer the display may have been lit.
        if (isWatched) {
          this.#presses++;
          this.#failedPresses++;
          this.#failedInARow++;
        }
        const most = this.#lights ? pressesAfterLight : pressesBeforeLight;
        return ok(this.#failedInARow >= most ? 'no-light' : undefined);
      }
      const next = await this.#fixture.waitUntil(sight.begun + lookEvery);
      if (!next.ok) return next;
    }
  }

  /** Watches a display that has just lit, or changed, until all of its segments are as they should be. Why that was the last code, if it was. */
  async #watch(first: Sight, before: Before): Going<WatchEnd | undefined> {
    const sights: [Sight, ...Sight[]] = [first];
    const still = await this.#untilStill(sights, before);
    const end = still.ok ? ok(this.#take(still.value)) : still;
    for (const sight of sights) if (sight !== this.#last) sight.wipe();
    return end;
  }

  async #untilStill(sights: [Sight, ...Sight[]], wasBefore: Before): Going<StillCode> {
    const looks = [paceLook, ...laterLooks];
    let before = wasBefore;
    let [final] = sights;
    let begun = beginningOf(final, before);
    let pace: Sight | undefined;
    let changes = 0;
    let unsteady = true;
    for (let step = 0; step < looks.length || (unsteady && step < looks.length + mostAgain); step++) {
      const due = await this.#fixture.waitUntil(begun + (looks[step] ?? final.at - begun + 2 * lookEvery));
      if (!due.ok) return due;
      const seen = await this.#look(step === 0 ? this.#nextFirstDigit() : 0);
      if (!seen.ok) return seen;
      let sight = seen.value;
      sights.push(sight);
      if (!sight.lit) break;
      // Of a code that stood still not even one segment goes off, and few come so late.
      const wasStill = !unsteady;
      const isNext = (): boolean =>
        this.#isNext(final, sight) ||
        (wasStill && (wentOff(final, sight) > 0 || (step >= 2 && this.#differ(final, sight))));
      if (changes < mostAgain && isNext()) {
        const again = await this.#look();
        if (!again.ok) return again;
        sight = again.value;
        sights.push(sight);
        if (!sight.lit) break;
      }
      if (changes < mostAgain && isNext()) {
        // The first look is of a display that comes or changes: it takes two more to know a code.
        if (unsteady || step < 2) this.cadence.missed();
        else this.#passedBy(final, begun, before);
        changes++;
        before = { kind: 'lit', sight: final };
        begun = beginningOf(sight, before);
        pace = undefined;
        unsteady = true;
        step = -1;
      } else {
        unsteady = differences(final, sight) > 0;
        // What was on its way and is no longer there: the next code came before this one was whole.
        if (step === 0 && dimmed(final, sight) < 2) pace = sight;
      }
      final = sight;
    }
    const isStill = !unsteady && final.at - begun >= stillFor;
    return ok({ final, pace, begun, before, isStill });
  }

  #nextFirstDigit(): number {
    const first = this.#firstDigit;
    this.#firstDigit = (first + 1) % this.#display.calibration.digits.length;
    return first;
  }

  /** A code that was there too short to judge its segments. */
  #passedBy(sight: Sight, begun: number, before: Before): void {
    if (!this.#isNew(sight)) return;
    this.#newCode(begun, before);
    this.#remember(sight);
  }

  #newCode(begun: number, before: Before): void {
    if (before.kind === 'lit') {
      this.#changesWhileLit = true;
      this.cadence.stillOld(before.sight.begun);
      this.cadence.newCode(begun, begun);
    } else {
      this.cadence.newCode(begun, before.kind === 'dark' ? before.pressed : undefined);
    }
  }

  #remember(sight: Sight): void {
    this.#last?.wipe();
    this.#last = sight;
  }

  #take({ final, pace, begun, before, isStill }: StillCode): WatchEnd | undefined {
    if (!isStill) {
      this.cadence.missed();
      return undefined;
    }
    if (!this.#isNew(final)) {
      if (before.kind === 'dark') this.cadence.stillOld(before.pressed);
      return undefined;
    }
    this.#newCode(begun, before);
    const lateness = pace === undefined ? undefined : latenessOf({ final, pace, begun, before });
    this.#remember(final);
    const code = new WatchedCode(final, lateness ?? new Uint8Array(final.states.length).fill(notJudged));
    if (this.#display.onCode(code)) return 'settled';
    return this.cadence.codes >= mostCodes ? 'enough-codes' : undefined;
  }
}
