import type { BenchFacts } from '../../../main/api/contract.js';
import type { Say, StaffTexts } from '../texts.js';

/** A digit's segments as main lists them: clockwise from the top, then the middle. */
export const segmentNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
export type SegmentName = (typeof segmentNames)[number];
export type SegmentHealth = NonNullable<BenchFacts['segments']>[number][number];

interface Track {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Box of a drawn digit. */
export const digitBox = { width: 100, height: 160 } as const;

const thick = 17;
const gap = 4;
const left = 3;
const right = digitBox.width - left - thick;
const lying = { x: left + thick + gap, width: right - left - thick - 2 * gap, height: thick } as const;
const middle = digitBox.height / 2;
const standing = { width: thick, height: middle - 2 * gap - thick / 2 } as const;
const upper = middle - gap - standing.height;
const lower = middle + gap;

/** Where each segment lies in the box. */
export const tracks: Readonly<Record<SegmentName, Track>> = {
  a: { ...lying, y: 2 },
  b: { ...standing, x: right, y: upper },
  c: { ...standing, x: right, y: lower },
  d: { ...lying, y: digitBox.height - 2 - thick },
  e: { ...standing, x: left, y: lower },
  f: { ...standing, x: left, y: upper },
  g: { ...lying, y: middle - thick / 2 },
};

const endOfScale = 1000;
/** A range of one level is still to be seen. */
const least = 3;

/**
 * The part of a segment's track between two levels, 0 to 1000: from the left in a lying one, from the bottom up in a
 * standing one.
 */
export function bandOf(name: SegmentName, range: { readonly low: number; readonly high: number }): Track {
  const { x, y, width, height } = tracks[name];
  const length = Math.max(width, height);
  const size = Math.max(least, ((range.high - range.low) / endOfScale) * length);
  const from = Math.min((range.low / endOfScale) * length, length - size);
  return width > height
    ? { x: x + from, y, width: size, height }
    : { x, y: y + height - from - size, width, height: size };
}

/** A digit's health in words: what is wrong with which segment, or that nothing is. */
export function digitInWords(
  health: readonly SegmentHealth[],
  text: StaffTexts['bench']['display'],
): readonly string[] {
  if (health.every((each) => each === 'healthy')) return [text.allHealthy];
  if (health.every((each) => each === 'unsettled')) return [text.allUnsettled];
  return segmentNames.flatMap((name, index) => {
    const found = health[index];
    return found === undefined || found === 'healthy'
      ? []
      : [`${text.names[name]}: ${text.healthNames[found]}`];
  });
}

/** How sure a result is, in whole percent: never more than it is. */
export function percentOf(confidence: number): number {
  return Math.floor(confidence * 100);
}

/** Minutes and seconds of a time in ms, in the language on screen. */
export function timeTaken(ms: number, text: StaffTexts['bench']['display']['facts'], say: Say): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return say(text.seconds, { seconds });
  return say(text.minutes, { minutes: Math.floor(seconds / 60), seconds: seconds % 60 });
}
