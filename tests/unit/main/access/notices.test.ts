import { describe, expect, it } from 'vitest';
import { accessNotices } from '../../../../main/access/notices.js';

describe('what is told at the start', () => {
  it('is nothing where all is as usual', () => {
    expect(accessNotices({ firstPin: undefined, accessDamaged: false })).toEqual([]);
  });

  it('is the first PIN, and where it is used', () => {
    const [line, ...more] = accessNotices({ firstPin: '80421355', accessDamaged: false });
    expect(line).toMatch(/80421355.*\/staff/);
    expect(more).toEqual([]);
  });

  it('is what to do about a file that is damaged', () => {
    const [line] = accessNotices({ firstPin: undefined, accessDamaged: true });
    expect(line).toMatch(/access\.json.*nobody can log in.*mended.*deleted/);
  });
});
