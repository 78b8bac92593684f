import { type RigCalibration, segmentNames } from './types.js';

export const segmentsADigit = segmentNames.length;

/** Segments as bits: a is bit 0, g is bit 6. */
export function maskOf(segments: string): number {
  return segmentNames.reduce((mask, name, bit) => (segments.includes(name) ? mask | (1 << bit) : mask), 0);
}

/** The ten digits' shapes; where displays differ (tails of 6 and 9, hook of 7), each of them. */
export const digitShapes: readonly (readonly number[])[] = [
  ['abcdef'],
  ['bc'],
  ['abged'],
  ['abgcd'],
  ['fgbc'],
  ['afgcd'],
  ['afgecd', 'fgecd'],
  ['abc', 'fabc'],
  ['abcdefg'],
  ['abcdfg', 'abcfg'],
].map((shapes) => shapes.map(maskOf));

/** In how many of ten digits each segment is on (the first of each digit's shapes). */
export const onInTen: readonly number[] = segmentNames.map(
  (_, bit) => digitShapes.filter(([shape = 0]) => (shape & (1 << bit)) !== 0).length,
);

/** Between off (0) and on (1): below the first it is off, from the second it is on, between them it is weak. */
const weakFrom = 0.3;
const onFrom = 0.6;
/** A display whose lit segments reach less than this, where a calibrated one reaches 1, shows nothing that can be read. */
const leastContrast = 0.25;
/** Of all segments, this part is on whatever the code is: a 1 has two of seven. */
export const surelyOn = 0.2;

export const off = 0;
export const weak = 1;
export const on = 2;

export interface Looked {
  /** When each digit was asked for, and its answer was there: it was read between the two. Seconds of the test. */
  readonly asked: Float64Array;
  readonly seen: Float64Array;
  readonly levels: Uint16Array;
  readonly calibration: RigCalibration;
}

/** What one look at all digits gave. It tells the code that is shown: `wipe` it once it is not needed any more. */
export class Sight {
  readonly #asked: Float64Array;
  readonly #seen: Float64Array;
  /** When it began and when it ended, seconds of the test. */
  readonly begun: number;
  readonly at: number;
  /** When the last digit was asked for. */
  readonly lastAsked: number;
  /** Intensities, segment by segment, digit by digit. */
  readonly levels: Uint16Array;
  /** `off`, `weak` or `on`, segment by segment. */
  readonly states: Uint8Array;
  /** How bright what is lit is: 1 is as it was calibrated. */
  readonly contrast: number;
  /** Whether a code is shown. */
  readonly lit: boolean;

  constructor({ asked, seen, levels, calibration }: Looked) {
    this.#asked = asked;
    this.#seen = seen;
    this.begun = Math.min(...asked);
    this.at = Math.max(...seen);
    this.lastAsked = Math.max(...asked);
    this.levels = levels;
    this.states = new Uint8Array(levels.length);
    const parts = new Float64Array(levels.length);
    let index = 0;
    for (const digit of calibration.digits) {
      for (const segment of digit) {
        parts[index] = ((levels[index] ?? 0) - segment.off) / (segment.on - segment.off || 1);
        index++;
      }
    }
    const brightest = Float64Array.from(parts).sort();
    this.contrast = brightest[levels.length - Math.ceil(surelyOn * levels.length)] ?? 0;
    brightest.fill(0);
    const scale = Math.min(1, Math.max(leastContrast, this.contrast));
    let lit = 0;
    for (let at = 0; at < parts.length; at++) {
      const part = (parts[at] ?? 0) / scale;
      const state = part < weakFrom ? off : part < onFrom ? weak : on;
      if (state !== off) lit++;
      this.states[at] = state;
    }
    parts.fill(0);
    this.lit = this.contrast >= leastContrast && lit >= calibration.digits.length;
  }

  /** When a segment's digit was asked for. */
  askedAt(segment: number): number {
    return this.#asked[Math.floor(segment / segmentsADigit)] ?? this.begun;
  }

  /** When the answer for a segment's digit was there. */
  seenAt(segment: number): number {
    return this.#seen[Math.floor(segment / segmentsADigit)] ?? this.at;
  }

  wipe(): void {
    this.levels.fill(0);
    this.states.fill(0);
  }
}

/** Segments that are on in the first and off in the second. */
export function wentOff(before: Sight, after: Sight): number {
  let count = 0;
  for (const [at, state] of before.states.entries()) if (state === on && after.states[at] === off) count++;
  return count;
}

/** Segments that are less lit in the second. */
export function dimmed(before: Sight, after: Sight): number {
  return before.states.reduce((count, state, at) => count + (state > (after.states[at] ?? off) ? 1 : 0), 0);
}

/** Segments that are on in one and off in the other. */
export function contradictions(one: Sight, other: Sight): number {
  return wentOff(one, other) + wentOff(other, one);
}

/** Segments that are lit in one and not in the other. */
export function differences(one: Sight, other: Sight): number {
  let count = 0;
  for (const [at, state] of one.states.entries()) {
    if ((state !== off) !== ((other.states[at] ?? off) !== off)) count++;
  }
  return count;
}
