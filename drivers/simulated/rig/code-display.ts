import type { DemoRigFault } from './types.js';

/** Segments a–g of 0 to 9, drawn here anew so that a mistake in the driver's table shows as a disagreement. */
const glyphs = [
  [1, 1, 1, 1, 1, 1, 0],
  [0, 1, 1, 0, 0, 0, 0],
  [1, 1, 0, 1, 1, 0, 1],
  [1, 1, 1, 1, 0, 0, 1],
  [0, 1, 1, 0, 0, 1, 1],
  [1, 0, 1, 1, 0, 1, 1],
  [1, 0, 1, 1, 1, 1, 1],
  [1, 1, 1, 0, 0, 0, 0],
  [1, 1, 1, 1, 1, 1, 1],
  [1, 1, 1, 1, 0, 1, 1],
] as const;

export interface CodeDisplayOptions {
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly digits?: number;
  /** Seconds between two codes, and for which a press lights it. */
  readonly period?: number;
  readonly litFor?: number;
  /** Whether a lit display changes to the next code when its time has come. */
  readonly changesWhileLit?: boolean;
  /** How much of its brightness the years have left: 0 to 1. */
  readonly age?: number;
  /** The next code; random digits unless given. */
  readonly nextCode?: (digits: number) => string;
}

/** One segment as this display shows it: how bright it gets (1 is new), and how many seconds it takes. */
interface Segment {
  readonly gain: number;
  readonly rise: number;
}

/** Where a fault is. */
interface FaultPlace {
  readonly digit: number;
  readonly segment: number;
}

const volts = { good: 3.02, low: 2.55 };
const shortestPress = 0.05;

/** A code display as it behaves: dark until its button is pressed, a code that is good for half a minute, segments that age. */
export class CodeDisplay {
  readonly digits: number;
  readonly #options: CodeDisplayOptions;
  readonly #period: number;
  readonly #litFor: number;
  readonly #segments: readonly Segment[];
  readonly #shown: string[] = [];
  #fault: DemoRigFault = 'none';
  #place: FaultPlace = { digit: 0, segment: 0 };
  #weakGain = 1;
  #slowRise = 0;
  #dimGain = 1;
  #stuckInTheDark = false;
  #epoch = -1;
  #code = '';
  #onScreen = '';
  #litUntil = -Infinity;
  /** When what is on the screen came on it. */
  #since = -Infinity;
  #phase: number;

  constructor(options: CodeDisplayOptions) {
    const { random, digits = 6, period = 30, litFor = 6, age = 1 } = options;
    this.#options = options;
    this.digits = digits;
    this.#period = period;
    this.#litFor = litFor;
    this.#phase = random() * period;
    this.#segments = Array.from({ length: digits * 7 }, () => ({
      gain: age * (0.96 + 0.08 * random()),
      rise: 0.05 + 0.15 * random(),
    }));
  }

  /** Every code that was on the screen: for tests, which search for them where they must not be. */
  get shown(): readonly string[] {
    return this.#shown;
  }

  get fault(): DemoRigFault {
    return this.#fault;
  }

  /** Where the faulty segment is, digits and segments counted from 0. */
  get faultPlace(): FaultPlace {
    return this.#place;
  }

  setFault(fault: DemoRigFault, place?: FaultPlace): void {
    const { random } = this.#options;
    this.#fault = fault;
    this.#place = place ?? { digit: Math.floor(random() * this.digits), segment: Math.floor(random() * 7) };
    this.#weakGain = 0.38 + 0.14 * random();
    this.#slowRise = 1.5 + 0.5 * random();
    this.#dimGain = 0.4 + 0.15 * random();
    this.#stuckInTheDark = random() < 0.5;
  }

  /** Somebody or something holds the button for so long, seconds. */
  press(now: number, seconds: number): void {
    if (seconds < shortestPress || this.#fault === 'button-broken' || this.#fault === 'dark') return;
    if (this.#fault === 'button-sometimes' && this.#options.random() < 0.5) return;
    this.#turn(now);
    if (now >= this.#litUntil) this.#show(this.#code, now);
    this.#litUntil = now + this.#litFor;
  }

  get batteryVolts(): number {
    return this.#fault === 'battery-low' ? volts.low : volts.good;
  }

  /** Digit places that are there. */
  get places(): number {
    return this.#fault === 'missing-digit' ? this.digits - 1 : this.digits;
  }

  /** How bright a segment is: 0 is off, 1 as it came from the factory. */
  brightness(digit: number, segment: number, now: number): number {
    this.#turn(now);
    const isHere = digit === this.#place.digit && segment === this.#place.segment;
    const isLit = now < this.#litUntil;
    if (this.#fault === 'stuck-segment' && isHere && (isLit || this.#stuckInTheDark))
      return this.#gainOf(digit, segment);
    if (!isLit) return 0;
    if (this.#fault === 'dead-segment' && isHere) return 0;
    if (this.#fault === 'missing-digit' && digit === this.#place.digit) return 0;
    if (glyphs[Number(this.#onScreen[digit])]?.[segment] !== 1) return 0;
    const rise =
      this.#fault === 'slow-segment' && isHere
        ? this.#slowRise
        : (this.#segments[digit * 7 + segment]?.rise ?? 0.1);
    const risen = Math.min(1, Math.max(0, (now - this.#since) / rise));
    const weak = this.#fault === 'weak-segment' && isHere ? this.#weakGain : 1;
    return this.#gainOf(digit, segment) * weak * risen;
  }

  #gainOf(digit: number, segment: number): number {
    const dim = this.#fault === 'dim' ? this.#dimGain : 1;
    return (this.#segments[digit * 7 + segment]?.gain ?? 1) * dim;
  }

  /** Time goes on. */
  #turn(now: number): void {
    const epoch = Math.floor((now + this.#phase) / this.#period);
    if (epoch !== this.#epoch && (this.#code === '' || this.#fault !== 'no-new-codes')) {
      this.#epoch = epoch;
      this.#code = this.#nextCode();
    }
    if (now < this.#litUntil && this.#options.changesWhileLit === true && this.#onScreen !== this.#code) {
      this.#show(this.#code, epoch * this.#period - this.#phase);
    }
  }

  #show(code: string, since: number): void {
    this.#onScreen = code;
    this.#since = since;
    if (this.#shown.at(-1) !== code) this.#shown.push(code);
    // A kiosk that runs for months keeps no list without end.
    this.#shown.splice(0, Math.max(0, this.#shown.length - 2000));
  }

  #nextCode(): string {
    const { nextCode, random } = this.#options;
    if (nextCode !== undefined) return nextCode(this.digits);
    return Array.from({ length: this.digits }, () => String(Math.floor(random() * 10))).join('');
  }
}
