import { inTime, late, notJudged } from './evidence.js';
import { off, type Sight } from './seven-segments.js';

/** A sound segment is there so soon after the code has come; a slow one is not there yet before the second, seconds. */
const soundWithin = 0.3;
const slowFrom = 0.85;

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

/** What a display showed last before a code came on it. */
export type Before =
  /** Nothing: it was dark still at `at`; and the button was pressed not before `pressed`. */
  | { readonly kind: 'dark'; readonly at: number; readonly pressed: number }
  /** Another code. */
  | { readonly kind: 'lit'; readonly sight: Sight }
  /** Nobody looked. */
  | { readonly kind: 'unknown' };

/** A code that was watched until it stood still, or went. */
export interface StillCode {
  readonly final: Sight;
  /** The look that shows how quickly its segments came. */
  readonly pace: Sight | undefined;
  /** It was there at this time. */
  readonly begun: number;
  readonly before: Before;
  /** It was watched until it did not change any more. */
  readonly isStill: boolean;
}

/** When a code is known to have been there: the first digit that shows it was read. */
export function beginningOf(first: Sight, before: Before): number {
  return first.states.reduce((begun, state, at) => {
    const wasOff = before.kind !== 'lit' || before.sight.states[at] === off;
    return state !== off && wasOff ? Math.min(begun, first.seenAt(at)) : begun;
  }, first.at);
}

/** Which segments came late, which in time, and of which it cannot be told: those that were on before, or read too soon or too late. */
export function latenessOf({
  final,
  pace,
  begun,
  before,
}: Omit<StillCode, 'isStill' | 'pace'> & { pace: Sight }): Uint8Array {
  return final.states.map((state, at) => {
    if (state === off) return notJudged;
    if ((pace.states[at] ?? off) < state) return pace.askedAt(at) - begun >= soundWithin ? late : notJudged;
    return pace.seenAt(at) - lastOffAt(before, at) <= slowFrom ? inTime : notJudged;
  });
}

function lastOffAt(before: Before, segment: number): number {
  if (before.kind === 'dark') return before.at;
  const isSeenOff = before.kind === 'lit' && before.sight.states[segment] === off;
  return isSeenOff ? before.sight.askedAt(segment) : -Infinity;
}
