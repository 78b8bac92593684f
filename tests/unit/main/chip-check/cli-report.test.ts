import { describe, expect, it } from 'vitest';
import { exitStatusAfter } from '../../../../main/chip-check/cli-report.js';

describe('the exit status of chip-check', () => {
  it('is that of the check, with nothing to complain of', async () => {
    const said: string[] = [];
    expect(
      await exitStatusAfter(
        () => Promise.resolve(1),
        (line) => said.push(line),
      ),
    ).toBe(1);
    expect(said).toEqual([]);
  });

  it('is 2 when the program itself fails, never that of a document that is not ready, and quotes nothing', async () => {
    const said: string[] = [];
    const run = () => Promise.reject(new TypeError('SECRET'));
    expect(await exitStatusAfter(run, (line) => said.push(line))).toBe(2);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('chip-check failed: TypeError');
    expect(said[0]).not.toContain('SECRET');
  });
});
