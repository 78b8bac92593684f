import { describe, expect, it } from 'vitest';
import { businessDay } from '../../../main/business-day.js';

describe('the business day', () => {
  it.each([
    ['2026-11-23T22:59:59Z', '2026-11-23', 'before midnight in winter, an hour ahead of UTC'],
    ['2026-11-23T23:00:00Z', '2026-11-24', 'at midnight in winter'],
    ['2026-07-01T21:59:59Z', '2026-07-01', 'before midnight in summer, two hours ahead of UTC'],
    ['2026-07-01T22:00:00Z', '2026-07-02', 'at midnight in summer'],
    ['2026-12-31T23:30:00Z', '2027-01-01', "on New Year's Eve"],
  ])('at %s is %s (%s)', (instant, day) => {
    expect(businessDay(new Date(instant))).toBe(day);
  });
});
