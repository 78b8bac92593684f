import { beforeAll, describe, expect, it } from 'vitest';
import { instantOf } from '../../../../main/queue/local-time.js';
import {
  bookedHoursOf,
  type Holidays,
  hoursOf,
  loadHolidays,
  stateOf,
} from '../../../../main/queue/opening-hours.js';
import { type QueueSettings, queueSettings } from '../../../../main/queue/settings.js';

const free = { taken: 0, seriesFull: false, paused: false };
const closedWeek = {
  monday: [],
  tuesday: [],
  wednesday: [],
  thursday: [],
  friday: [],
  saturday: [],
  sunday: [],
};
const defaults = queueSettings.parse({});
const [passport] = defaults.services;
if (passport === undefined) throw new Error('no service');

let holidays: Holidays;
beforeAll(async () => {
  holidays = await loadHolidays(defaults);
});

const hours = (day: string, settings: QueueSettings = defaults, service = passport): unknown =>
  hoursOf(settings, holidays, service, day).map(({ from, to }) => `${from}-${to}`);
const state = (
  day: string,
  time: string,
  { settings = defaults, service = passport, use = free } = {},
): unknown => stateOf(settings, holidays, service, instantOf(day, time), use);

describe('opening hours', () => {
  it.each([
    ['2026-11-23', ['10:00-15:00'], 'a Monday'],
    ['2026-11-26', ['10:00-17:00'], 'a Thursday'],
    ['2026-11-28', [], 'a Saturday'],
    ['2026-12-23', ['10:00-15:00'], 'the day before Christmas Eve'],
    ['2026-12-24', [], 'Christmas Eve'],
    ['2026-12-25', [], 'Christmas Day'],
    ['2026-12-31', [], "New Year's Eve"],
    ['2027-01-01', [], "New Year's Day"],
    ['2027-03-25', [], 'Maundy Thursday'],
    ['2027-03-29', [], 'Easter Monday'],
    ['2027-05-06', [], 'Ascension Day'],
    ['2027-05-17', [], 'Whit Monday'],
    ['2026-06-05', ['10:00-14:00'], 'Constitution Day, no public holiday by law'],
    ['2026-05-01', ['10:00-14:00'], '1 May, no public holiday by law'],
    ['2023-05-05', [], 'Great Prayer Day, for the last time'],
    ['2024-04-26', ['10:00-14:00'], 'what was Great Prayer Day until 2023'],
  ])('on %s are %j (%s)', (day, spans) => {
    expect(hours(day)).toEqual(spans);
  });

  it("lets a service's own week go before the branch's, but not before holidays", () => {
    const service = { ...passport, hours: { ...closedWeek, friday: [{ from: '08:00', to: '09:00' }] } };
    expect(hours('2026-11-23', defaults, service)).toEqual([]);
    expect(hours('2026-11-27', defaults, service)).toEqual(['08:00-09:00']);
    expect(hours('2026-12-25', defaults, service)).toEqual([]);
  });

  it('lets a day of one year go before one of every year, and both before a holiday', () => {
    const settings = queueSettings.parse({
      days: [
        { day: '12-26', hours: [{ from: '09:00', to: '10:00' }] },
        { day: '2027-12-26', hours: [{ from: '11:00', to: '12:00' }] },
      ],
    });
    expect(hours('2026-12-26', settings)).toEqual(['09:00-10:00']);
    expect(hours('2027-12-26', settings)).toEqual(['11:00-12:00']);
    expect(hours('2026-12-24', settings)).toEqual(['10:00-17:00']);
  });

  it('stays open on holidays where the settings say so, and loads none', async () => {
    const settings = queueSettings.parse({ closedOnHolidays: false, days: [] });
    expect(hours('2026-12-25', settings)).toEqual(['10:00-14:00']);
    expect((await loadHolidays(settings)).has('2026-12-25')).toBe(false);
  });
});

describe('a service', () => {
  const monday = '2026-11-23';
  const inAWeek = { day: '2026-11-30', at: '09:00' };
  const twoSpans = queueSettings.parse({
    hours: {
      ...closedWeek,
      monday: [
        { from: '09:00', to: '11:00' },
        { from: '12:00', to: '15:00' },
      ],
    },
  });

  it.each([
    ['09:59', { kind: 'opens-later', at: '10:00' }],
    ['10:00', { kind: 'open', until: '15:00' }],
    ['14:59', { kind: 'open', until: '15:00' }],
    ['15:00', { kind: 'over-for-today', opensNext: { day: '2026-11-24', at: '10:00' } }],
  ])('at %s is %j', (time, expected) => {
    expect(state(monday, time)).toEqual(expected);
  });

  it('is closed all Sunday', () => {
    expect(state('2026-11-29', '12:00')).toEqual({
      kind: 'closed-today',
      opensNext: { day: '2026-11-30', at: '10:00' },
    });
  });

  it('says when it opens next, past holidays, and nothing where that is not within a week', () => {
    expect(state('2026-12-24', '12:00')).toEqual({
      kind: 'closed-today',
      opensNext: { day: '2026-12-28', at: '10:00' },
    });
    const settings = queueSettings.parse({ hours: closedWeek });
    expect(state(monday, '12:00', { settings })).toEqual({ kind: 'closed-today' });
  });

  it('says when it opens again after a break', () => {
    expect(state(monday, '10:59', { settings: twoSpans })).toEqual({ kind: 'open', until: '11:00' });
    expect(state(monday, '11:00', { settings: twoSpans })).toEqual({ kind: 'opens-later', at: '12:00' });
  });

  it.each([
    ['14:29', 30, { kind: 'open', until: '14:30' }],
    ['14:30', 30, { kind: 'over-for-today', opensNext: inAWeek }],
    ['10:45', 30, { kind: 'open', until: '11:00' }],
    ['10:45', 200, { kind: 'open', until: '11:00' }],
    ['11:00', 200, { kind: 'over-for-today', opensNext: inAWeek }],
    ['09:00', 480, { kind: 'over-for-today' }],
  ])('at %s, giving out no more numbers %i minutes before the day ends, is %j', (time, early, expected) => {
    const service = { ...passport, closesEarlyMinutes: early };
    expect(state(monday, time, { settings: twoSpans, service })).toEqual(expected);
  });

  it('is full when its quota or its series is used up, and paused before that', () => {
    const service = { ...passport, quota: 20 };
    const full = { kind: 'full' };
    expect(state(monday, '12:00', { service, use: { ...free, taken: 19 } })).toMatchObject({ kind: 'open' });
    expect(state(monday, '12:00', { service, use: { ...free, taken: 20 } })).toEqual(full);
    expect(state(monday, '12:00', { use: { ...free, seriesFull: true } })).toEqual(full);
    expect(state(monday, '12:00', { use: { taken: 0, seriesFull: true, paused: true } })).toEqual({
      kind: 'paused',
    });
  });

  it('is over rather than full or paused once its hours are', () => {
    expect(state(monday, '16:00', { use: { taken: 0, seriesFull: true, paused: true } })).toMatchObject({
      kind: 'over-for-today',
    });
  });

  it('goes by the local clock on the days on which it changes', () => {
    const settings = queueSettings.parse({
      hours: { ...closedWeek, sunday: [{ from: '10:00', to: '12:00' }] },
    });
    for (const [utc, kind] of [
      ['2026-03-29T07:59:00Z', 'opens-later'],
      ['2026-03-29T08:00:00Z', 'open'],
      ['2026-10-25T08:59:00Z', 'opens-later'],
      ['2026-10-25T09:00:00Z', 'open'],
    ] as const) {
      expect(stateOf(settings, holidays, passport, Date.parse(utc), free)).toMatchObject({ kind });
    }
  });
});

describe('the hours of booked times', () => {
  it('are the usual ones, and those of every service and day that go beyond', () => {
    expect(bookedHoursOf(defaults)).toEqual({ first: 7, last: 20 });
    const late = { ...closedWeek, friday: [{ from: '16:00', to: '22:00' }] };
    const settings = queueSettings.parse({
      services: [{ ...passport, hours: late }],
      days: [{ day: '12-23', hours: [{ from: '06:30', to: '12:00' }] }],
    });
    expect(bookedHoursOf(settings)).toEqual({ first: 6, last: 21 });
  });
});
