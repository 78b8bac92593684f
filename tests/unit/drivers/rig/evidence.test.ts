import { describe, expect, it } from 'vitest';
import { SegmentEvidence } from '../../../../drivers/rig/evidence.js';
import { segmentNames } from '../../../../drivers/rig/types.js';
import { digitShapes, maskOf, off, on, onInTen } from '../../../../drivers/rig/seven-segments.js';
import { seededRandom } from '../../../simulation/seeded-random.js';

const shape = (digit: number): number => digitShapes[digit]![0]!;
const bit = (segment: string): number => 1 << 'abcdefg'.indexOf(segment);

/** One code on displays of one digit. */
function seen(mask: number): { states: Uint8Array; late: Uint8Array } {
  const states = Uint8Array.from({ length: 7 }, (_, at) => ((mask & (1 << at)) === 0 ? off : on));
  return { states, late: new Uint8Array(7) };
}

describe('shapes of digits', () => {
  // What a dead segment makes of a digit: hardware notes of the rig.
  it.each([
    [8, 'g', 0],
    [8, 'b', 6],
    [8, 'e', 9],
    [9, 'b', 5],
    [9, 'f', 3],
    [6, 'e', 5],
    [7, 'a', 1],
  ])('%i without its segment %s looks like a %i', (digit, segment, other) => {
    expect(shape(digit) & ~bit(segment)).toBe(shape(other));
  });

  it('have every segment on in some digits and off in others', () => {
    expect(onInTen).toEqual([8, 8, 9, 7, 4, 6, 7]);
    expect(maskOf('ag')).toBe(0x41);
  });
});

describe('the aliasing table holds', () => {
  const faults = segmentNames.flatMap((segment) => [
    { segment, health: 'dead' as const },
    { segment, health: 'stuck' as const },
  ]);
  it.each(faults)(
    'segment $segment is $health: it is found, and no other is blamed',
    ({ segment, health }) => {
      for (let seed = 1; seed <= 20; seed++) {
        const random = seededRandom(seed);
        const evidence = new SegmentEvidence(1);
        for (let codes = 0; codes < 100 && !evidence.isSettled(); codes++) {
          const mask = shape(Math.floor(random() * 10));
          evidence.add([seen(health === 'dead' ? mask & ~bit(segment) : mask | bit(segment))]);
        }
        const [states] = evidence.health();
        expect(states!['abcdefg'.indexOf(segment)]).toBe(health);
        expect(states!.filter((each) => each === 'dead' || each === 'stuck')).toHaveLength(1);
      }
    },
  );

  it('does not condemn a digit that only ever looked like another', () => {
    // A 0 time and again: its g may be dead, or the digit a 0.
    const evidence = new SegmentEvidence(1);
    for (let codes = 0; codes < 6; codes++) evidence.add([seen(shape(0))]);
    expect(evidence.health()[0]![6]).toBe('unsettled');
    expect(evidence.isSettled()).toBe(false);
  });

  it('takes other shapes of 6, 7 and 9 for what they are', () => {
    const evidence = new SegmentEvidence(1);
    const shapes = digitShapes.map((each) => each.at(-1)!);
    for (let round = 0; round < 3; round++) for (const mask of shapes) evidence.add([seen(mask)]);
    expect(evidence.health()[0]).toEqual(new Array(7).fill('healthy'));
  });
});

describe('coverage', () => {
  /** Codes until every segment of six digits was seen on, and off too. */
  function codesNeeded(random: () => number, offToo: boolean): number {
    const wasOn = new Array<number>(6).fill(0);
    const wasOff = new Array<number>(6).fill(0);
    for (let codes = 1; ; codes++) {
      for (let place = 0; place < 6; place++) {
        const mask = shape(Math.floor(random() * 10));
        wasOn[place]! |= mask;
        wasOff[place]! |= ~mask & 0x7f;
      }
      if (wasOn.every((mask) => mask === 0x7f) && (!offToo || wasOff.every((mask) => mask === 0x7f)))
        return codes;
    }
  }

  // The arithmetic of the hardware notes.
  it.each([
    { offToo: true, mean: 26, most: 47 },
    { offToo: false, mean: 5.5, most: 10 },
  ])('takes $mean codes on average, $most at 95 % (off too: $offToo)', ({ offToo, mean, most }) => {
    const random = seededRandom(9);
    const needed = Array.from({ length: 4000 }, () => codesNeeded(random, offToo)).sort((a, b) => a - b);
    expect(Math.abs(needed.reduce((a, b) => a + b, 0) / 4000 - mean)).toBeLessThan(mean * 0.06);
    expect(Math.abs(needed[3800]! - most)).toBeLessThanOrEqual(offToo ? 3 : 1);
  });

  it('states how sure it is: a fault would have shown by now', () => {
    const evidence = new SegmentEvidence(1);
    expect(evidence.confidence()).toBe(0);
    evidence.add(Array.from({ length: 5 }, () => seen(shape(8))));
    // Its c was never off; one in ten digits has it off.
    expect(evidence.confidence()).toBeCloseTo(1 - 0.9 ** 5, 2);
    evidence.add([seen(shape(2)), ...Array.from({ length: 10 }, (_, digit) => seen(shape(digit)))]);
    expect(evidence.confidence()).toBeGreaterThan(0.99);
    expect(evidence.isSettled()).toBe(true);
  });

  it('forgets everything', () => {
    const evidence = new SegmentEvidence(1);
    evidence.add([seen(shape(8))]);
    evidence.wipe();
    expect(evidence.codes).toBe(0);
    expect(evidence.confidence()).toBe(0);
  });
});
