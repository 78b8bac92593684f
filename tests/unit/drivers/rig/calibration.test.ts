import { describe, expect, it } from 'vitest';
import { twoGroups } from '../../../../drivers/rig/calibration.js';
import { calibrationOutcome } from '../../../../drivers/rig/types.js';
import { calibrated } from './bench.js';

describe('calibration', () => {
  it('finds what a healthy display gives, segment by segment', async () => {
    const { outcome, rig } = await calibrated('none', 3);
    expect(calibrationOutcome.parse(outcome)).toEqual(outcome);
    if (outcome.kind !== 'calibrated') throw new Error(outcome.kind);
    expect(outcome.calibration.rig).toBe(rig.serialNumber);
    const levels = rig.levels();
    for (const [digit, segments] of outcome.calibration.digits.entries()) {
      for (const [segment, { off, on }] of segments.entries()) {
        const real = levels[digit]![segment]!;
        expect(Math.abs(off - real.off)).toBeLessThan(20);
        expect(Math.abs(on - real.on)).toBeLessThan(60);
      }
    }
  });

  it.each(['dead-segment', 'weak-segment', 'stuck-segment', 'slow-segment', 'missing-digit'] as const)(
    'is not taken from a display with a %s',
    async (fault) => {
      const { outcome, place } = await calibrated(fault, 5);
      expect(outcome.kind).toBe('display-unfit');
      expect(outcome.kind === 'display-unfit' && outcome.digits).toContain(place.digit + 1);
    },
  );

  it.each(['dark', 'no-device', 'silent', 'device-removed'] as const)(
    'comes to nothing: %s',
    async (fault) => {
      const { outcome } = await calibrated(fault, 5);
      const expected = {
        dark: { kind: 'display-unfit', digits: [1, 2, 3, 4, 5, 6] },
        'no-device': { kind: 'stopped', during: 'waiting', fault: 'no-device' },
        silent: { kind: 'stopped', during: 'connect', fault: 'silent' },
        'device-removed': { kind: 'stopped', fault: 'device-removed' },
      };
      expect(outcome).toMatchObject(expected[fault]);
    },
  );

  it('wants two clear groups', () => {
    const counts = (levels: readonly number[]): Uint16Array => {
      const all = new Uint16Array(1001);
      for (const level of levels) all[level]!++;
      return all;
    };
    expect(twoGroups(counts([80, 82, 84, 700, 702, 720]))).toEqual({ off: 82, on: 702 });
    expect(twoGroups(counts([80, 82, 84]))).toBeUndefined();
    expect(twoGroups(counts([80, 200, 320, 440, 560]))).toBeUndefined();
    expect(twoGroups(counts([]))).toBeUndefined();
  });
});
