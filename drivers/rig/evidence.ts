import { digitShapes, off, on, onInTen, segmentsADigit, weak } from './seven-segments.js';
import type { SegmentHealth } from './types.js';

/** One code as it was seen: states segment by segment, and which segments came late (1) or cannot be judged (2). */
export interface SeenCode {
  readonly states: Uint8Array;
  readonly late: Uint8Array;
}
export const inTime = 0;
export const late = 1;
export const notJudged = 2;

/** Each segment of a digit is sound, dead or stuck: so many combinations. */
const hypotheses = 3 ** segmentsADigit;
const masks = 1 << segmentsADigit;
/** How likely a segment is dead, or stuck, before anything is seen, and a further one of the same digit: who comes has a reason. */
const firstFault = 5e-3;
const furtherFault = 0.05;
/** So often something is read that no shape explains. */
const misread = 1e-3;
/** A segment is called dead or stuck when it is so sure. */
const sureOfFault = 0.9999;
/** Nothing is surer than the reading itself. */
const mostConfidence = 0.999;
/** A segment that was lit so often and never looked at in time: this rig is too slow to tell if it is. */
const litUnjudged = 12;
/** After so many codes in which a digit shows nothing, it is not there: every digit lights two segments. */
const codesForMissing = 3;

interface Hypothesis {
  readonly dead: number;
  readonly stuck: number;
  readonly logPrior: number;
}

const allHypotheses: readonly Hypothesis[] = Array.from({ length: hypotheses }, (_, number) => {
  let dead = 0;
  let stuck = 0;
  let faults = 0;
  for (let bit = 0, rest = number; bit < segmentsADigit; bit++, rest = Math.floor(rest / 3)) {
    if (rest % 3 === 1) dead |= 1 << bit;
    if (rest % 3 === 2) stuck |= 1 << bit;
    if (rest % 3 !== 0) faults++;
  }
  const logPrior = faults === 0 ? 0 : Math.log(firstFault) + (faults - 1) * Math.log(furtherFault);
  return { dead, stuck, logPrior };
});

/** How likely each pattern is under each hypothesis while every digit is as likely as any other; natural logarithms. */
const logLikelihood: Float32Array = (() => {
  const table = new Float32Array(hypotheses * masks).fill(misread / masks);
  for (const [number, { dead, stuck }] of allHypotheses.entries()) {
    for (const shapes of digitShapes) {
      for (const shape of shapes) {
        const at = number * masks + ((shape & ~dead) | stuck);
        table[at] = (table[at] ?? 0) + (1 - misread) / digitShapes.length / shapes.length;
      }
    }
  }
  return table.map(Math.log);
})();

/** One digit place: how likely each combination of dead and stuck segments is by now. */
class Place {
  readonly #log = Float64Array.from(allHypotheses, ({ logPrior }) => logPrior);
  readonly dead = new Float64Array(segmentsADigit);
  readonly stuck = new Float64Array(segmentsADigit);

  add(mask: number): void {
    for (let number = 0; number < hypotheses; number++) {
      this.#log[number] = (this.#log[number] ?? 0) + (logLikelihood[number * masks + mask] ?? 0);
    }
  }

  /** Works out `dead` and `stuck`: how likely each segment is so. */
  weigh(): void {
    const most = this.#log.reduce((a, b) => Math.max(a, b), -Infinity);
    this.dead.fill(0);
    this.stuck.fill(0);
    let sum = 0;
    for (const [number, { dead, stuck }] of allHypotheses.entries()) {
      const weight = Math.exp((this.#log[number] ?? 0) - most);
      sum += weight;
      if (weight < 1e-12) continue;
      for (let bit = 0; bit < segmentsADigit; bit++) {
        if ((dead & (1 << bit)) !== 0) this.dead[bit] = (this.dead[bit] ?? 0) + weight;
        if ((stuck & (1 << bit)) !== 0) this.stuck[bit] = (this.stuck[bit] ?? 0) + weight;
      }
    }
    for (let bit = 0; bit < segmentsADigit; bit++) {
      this.dead[bit] = (this.dead[bit] ?? 0) / sum;
      this.stuck[bit] = (this.stuck[bit] ?? 0) / sum;
    }
  }

  wipe(): void {
    this.#log.fill(0);
    this.dead.fill(0);
    this.stuck.fill(0);
  }
}

/**
 * What codes together say of each segment. A segment is sound once it was seen on and off. One that never was is
 * dead or stuck when that is sure: patterns that are no digit's shape say it sooner than coverage alone, and no
 * pattern is ever taken for one certain digit.
 */
export class SegmentEvidence {
  readonly #places: readonly Place[];
  readonly #on: Uint16Array;
  readonly #off: Uint16Array;
  readonly #weak: Uint16Array;
  readonly #late: Uint16Array;
  readonly #judged: Uint16Array;
  #codes = 0;

  constructor(digits: number) {
    const segments = digits * segmentsADigit;
    this.#places = Array.from({ length: digits }, () => new Place());
    this.#on = new Uint16Array(segments);
    this.#off = new Uint16Array(segments);
    this.#weak = new Uint16Array(segments);
    this.#late = new Uint16Array(segments);
    this.#judged = new Uint16Array(segments);
  }

  get codes(): number {
    return this.#codes;
  }

  /** Several codes together, after which `health` and `confidence` are of all so far. */
  add(codes: readonly SeenCode[]): void {
    for (const { states, late: lateness } of codes) {
      this.#codes++;
      for (const [at, state] of states.entries()) {
        count(state === on ? this.#on : state === weak ? this.#weak : this.#off, at);
        if (state === off || lateness[at] === notJudged) continue;
        count(this.#judged, at);
        if (lateness[at] === late) count(this.#late, at);
      }
      for (const [digit, place] of this.#places.entries()) {
        let mask = 0;
        for (let bit = 0; bit < segmentsADigit; bit++) {
          if (states[digit * segmentsADigit + bit] !== off) mask |= 1 << bit;
        }
        place.add(mask);
      }
    }
    for (const place of this.#places) place.weigh();
  }

  /** Digit by digit, segments a–g. */
  health(): SegmentHealth[][] {
    return this.#places.map((place, digit) =>
      Array.from({ length: segmentsADigit }, (_, bit) => this.#healthOf(place, digit, bit)),
    );
  }

  /** Digit places that show nothing at all, counted from 0. */
  missing(): number[] {
    if (this.#codes < codesForMissing) return [];
    return [...this.#places.keys()].filter((digit) => this.#isDark(digit));
  }

  /** How likely a fault of a segment would have shown by now: least of all segments. Where one has shown, how sure that is. */
  confidence(): number {
    if (this.#codes === 0) return 0;
    const health = this.health();
    const isFaulty = health.flat().some(isFault);
    let least = mostConfidence;
    for (const [digit, place] of this.#places.entries()) {
      for (let bit = 0; bit < segmentsADigit; bit++) {
        if (isFaulty && !isFault(health[digit]?.[bit])) continue;
        least = Math.min(least, this.#confidenceOf(place, digit, bit));
      }
    }
    return least;
  }

  /** Whether no further code is needed: a fault that makes codes unreadable is sure, or every segment is settled. */
  isSettled(): boolean {
    const health = this.health().flat();
    return health.some(isFault) || !health.includes('unsettled');
  }

  /** Whether each segment that lights was looked at when it had just come. */
  isPaceJudged(): boolean {
    return this.#judged.every((times, at) => times > 0 || (this.#on[at] ?? 0) + (this.#weak[at] ?? 0) === 0);
  }

  wipe(): void {
    for (const place of this.#places) place.wipe();
    for (const counts of [this.#on, this.#off, this.#weak, this.#late, this.#judged]) counts.fill(0);
    this.#codes = 0;
  }

  #isDark(digit: number): boolean {
    for (let bit = 0; bit < segmentsADigit; bit++) {
      const at = digit * segmentsADigit + bit;
      if ((this.#on[at] ?? 0) + (this.#weak[at] ?? 0) > 0) return false;
    }
    return true;
  }

  #healthOf(place: Place, digit: number, bit: number): SegmentHealth {
    const at = digit * segmentsADigit + bit;
    const weakly = this.#weak[at] ?? 0;
    const lit = (this.#on[at] ?? 0) + weakly;
    if (lit === 0) {
      const isGone = this.#codes >= codesForMissing && this.#isDark(digit);
      return isGone || (place.dead[bit] ?? 0) >= sureOfFault ? 'dead' : 'unsettled';
    }
    if (this.#off[at] === 0) return (place.stuck[bit] ?? 0) >= sureOfFault ? 'stuck' : 'unsettled';
    const seenWeak = oftenEnough(weakly, lit, 1 / 3);
    if (seenWeak !== 'no') return seenWeak === 'yes' ? 'weak' : 'unsettled';
    const judged = this.#judged[at] ?? 0;
    if (judged === 0) return lit >= litUnjudged ? 'healthy' : 'unsettled';
    const seenLate = oftenEnough(this.#late[at] ?? 0, judged, 1 / 2);
    if (seenLate !== 'no') return seenLate === 'yes' ? 'slow' : 'unsettled';
    return 'healthy';
  }

  #confidenceOf(place: Place, digit: number, bit: number): number {
    const at = digit * segmentsADigit + bit;
    const lit = (this.#on[at] ?? 0) + (this.#weak[at] ?? 0);
    const unlit = this.#off[at] ?? 0;
    const onPart = (onInTen[bit] ?? 5) / digitShapes.length;
    if (lit > 0 && unlit > 0) return mostConfidence;
    if (lit === 0 && this.#codes >= codesForMissing && this.#isDark(digit)) return mostConfidence;
    // A sound one would have been seen on, or off, by now; or a pattern has told.
    const byCoverage = 1 - (lit === 0 ? 1 - onPart : onPart) ** this.#codes;
    return Math.max(byCoverage, (lit === 0 ? place.dead[bit] : place.stuck[bit]) ?? 0);
  }
}

function isFault(health: SegmentHealth | undefined): boolean {
  return health === 'dead' || health === 'stuck';
}

function count(counts: Uint16Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1;
}

/** Whether something that was seen so many times of so many is the rule; one time alone is too little to say. */
function oftenEnough(times: number, of: number, part: number): 'yes' | 'no' | 'unsure' {
  if (times < of * part || times === 0) return 'no';
  return times >= 2 ? 'yes' : 'unsure';
}
