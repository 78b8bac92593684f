import { describe, expect, it } from 'vitest';
import { nextRelaunch, relaunchArguments, relaunchDelayMs } from '../../../../main/shell/relaunch.js';

describe('a program that starts itself anew', () => {
  it('waits longer each time in a row, and never longer than a minute', () => {
    const counts: number[] = [];
    for (let count = 0; counts.length < 7; count = nextRelaunch(count, 1000)) counts.push(count);
    expect(counts.map(relaunchDelayMs)).toEqual([0, 0, 2000, 5000, 15_000, 60_000, 60_000]);
  });

  it('that ran well for ten minutes is not made to wait', () => {
    expect(relaunchDelayMs(nextRelaunch(9, 600_000))).toBe(0);
  });

  it('keeps its command line, with one count', () => {
    const first = relaunchArguments(['/opt/forhal', '--chips', 'demo'], 1);
    expect(relaunchArguments(first, 2)).toEqual(['/opt/forhal', '--chips', 'demo', '--relaunched=2']);
  });
});
