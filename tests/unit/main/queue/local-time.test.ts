import { describe, expect, it } from 'vitest';
import {
  dayAfter,
  instantOf,
  localDayOf,
  localHourOf,
  localTimeOf,
  minutesUntil,
  startOfDay,
  weekdayOf,
} from '../../../../main/queue/local-time.js';

const at = (text: string): number => Date.parse(text);

describe("the lobby's local time", () => {
  it.each([
    ['2026-11-23T22:59:59.999Z', '2026-11-23', '23:59', 'before midnight in winter, an hour ahead of UTC'],
    ['2026-11-23T23:00:00Z', '2026-11-24', '00:00', 'at midnight in winter'],
    ['2026-07-01T21:59:59Z', '2026-07-01', '23:59', 'before midnight in summer, two hours ahead of UTC'],
    ['2026-07-01T22:00:00Z', '2026-07-02', '00:00', 'at midnight in summer'],
    ['2026-12-31T23:30:00Z', '2027-01-01', '00:30', "on New Year's Eve"],
    ['2026-03-29T00:59:59Z', '2026-03-29', '01:59', 'before summer time begins'],
    ['2026-03-29T01:00:00Z', '2026-03-29', '03:00', 'when summer time begins'],
    ['2026-10-25T00:30:00Z', '2026-10-25', '02:30', 'before summer time ends'],
    ['2026-10-25T01:30:00Z', '2026-10-25', '02:30', 'after summer time has ended'],
  ])('at %s is %s %s (%s)', (instant, day, time) => {
    expect(localDayOf(at(instant))).toBe(day);
    expect(localTimeOf(at(instant))).toBe(time);
    expect(localHourOf(at(instant))).toBe(Number(time.slice(0, 2)));
  });

  it.each([
    ['2026-01-15', '10:30', '2026-01-15T09:30:00Z', 'winter'],
    ['2026-07-15', '10:30', '2026-07-15T08:30:00Z', 'summer'],
    ['2026-03-29', '02:30', '2026-03-29T01:30:00Z', 'left out by summer time: an hour later, 03:30'],
    ['2026-10-25', '02:30', '2026-10-25T00:30:00Z', 'there twice: the first'],
  ])('%s %s is %s (%s)', (day, time, instant) => {
    expect(instantOf(day, time)).toBe(at(instant));
  });

  it.each([
    ['2026-03-28', 24],
    ['2026-03-29', 23],
    ['2026-10-25', 25],
  ])('knows that %s has %i hours', (day, hours) => {
    expect((startOfDay(dayAfter(day)) - startOfDay(day)) / 3_600_000).toBe(hours);
  });

  it('counts days over the ends of months and years', () => {
    expect(dayAfter('2026-12-31')).toBe('2027-01-01');
    expect(dayAfter('2028-02-28')).toBe('2028-02-29');
    expect(dayAfter('2027-03-01', -1)).toBe('2027-02-28');
  });

  it('knows days of the week', () => {
    expect(['2026-11-23', '2026-11-25', '2026-11-29'].map(weekdayOf)).toEqual([1, 3, 7]);
  });

  it('rounds minutes that are left up, and has none left of what is past', () => {
    expect(minutesUntil(0, 60_001)).toBe(2);
    expect(minutesUntil(0, 60_000)).toBe(1);
    expect(minutesUntil(60_000, 0)).toBe(0);
  });
});
