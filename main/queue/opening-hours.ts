import type { Opening, QueueOffer, ServiceState } from '../api/contract.js';
import { dayAfter, localDayOf, localTimeOf, weekdayOf } from './local-time.js';
import type { QueueSettings, ServiceSettings, WeeklyHours } from './settings.js';

/** A span of local time, HH:MM to HH:MM. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** Public holidays, by local day (YYYY-MM-DD). */
export interface Holidays {
  has(day: string): boolean;
}

const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const satisfies readonly (keyof WeeklyHours)[];

/**
 * Denmark's public holidays, where the settings close on them. Loaded on demand: the library brings every country's and
 * takes 150 ms and more.
 */
export async function loadHolidays({
  closedOnHolidays,
}: Pick<QueueSettings, 'closedOnHolidays'>): Promise<Holidays> {
  if (!closedOnHolidays) return new Set<string>();
  const { default: Calendar } = await import('date-holidays');
  const calendar = new Calendar('DK', { types: ['public'] });
  const years = new Map<string, ReadonlySet<string>>();
  return {
    has: (day) => {
      const year = day.slice(0, 4);
      let days = years.get(year);
      if (days === undefined) {
        days = new Set(calendar.getHolidays(Number(year)).map(({ date }) => date.slice(0, 10)));
        years.set(year, days);
      }
      return days.has(day);
    },
  };
}

/**
 * When a service is open on a local day, in order. A day with hours of its own goes before holidays, these before the
 * service's own week, and that before the branch's; of the days, one of this year goes before one of every year.
 */
export function hoursOf(
  settings: QueueSettings,
  holidays: Holidays,
  service: ServiceSettings,
  day: string,
): readonly Span[] {
  const own =
    settings.days.find((each) => each.day === day) ?? settings.days.find((each) => each.day === day.slice(5));
  const weekday = weekdays[weekdayOf(day) - 1] ?? 'sunday';
  const spans =
    own?.hours ??
    (settings.closedOnHolidays && holidays.has(day)
      ? []
      : (service.hours?.[weekday] ?? settings.hours[weekday]));
  return spans.filter(({ from, to }) => from < to);
}

/** How far a service's day is used up. */
export interface ServiceUse {
  /** Numbers given out today without a booking. */
  readonly taken: number;
  /** No number of its series is left today. */
  readonly seriesFull: boolean;
  /** Staff have closed it. */
  readonly paused: boolean;
}

/** Whether numbers are given out for a service at `now` (ms since 1970). */
export function stateOf(
  settings: QueueSettings,
  holidays: Holidays,
  service: ServiceSettings,
  now: number,
  use: ServiceUse,
): ServiceState {
  const today = localDayOf(now);
  const hours = hoursOf(settings, holidays, service, today);
  const closing = hours.at(-1)?.to;
  const closed = (kind: 'closed-today' | 'over-for-today'): ServiceState => {
    const opensNext = openingAfter(settings, holidays, service, today);
    return { kind, ...(opensNext === undefined ? {} : { opensNext }) };
  };
  if (closing === undefined) return closed('closed-today');
  const last = earlier(closing, service.closesEarlyMinutes);
  const time = localTimeOf(now);
  const span = hours.find(({ from, to }) => time < to && from < last);
  if (span === undefined || time >= last) return closed('over-for-today');
  if (time < span.from) return { kind: 'opens-later', at: span.from };
  if (use.paused) return { kind: 'paused' };
  if (use.seriesFull || (service.quota !== undefined && use.taken >= service.quota)) return { kind: 'full' };
  return { kind: 'open', until: span.to < last ? span.to : last };
}

/** When a service opens next after a local day, if within a week of it. */
export function openingAfter(
  settings: QueueSettings,
  holidays: Holidays,
  service: ServiceSettings,
  today: string,
): Opening | undefined {
  for (let days = 1; days <= 7; days++) {
    const day = dayAfter(today, days);
    const hours = hoursOf(settings, holidays, service, day);
    const last = earlier(hours.at(-1)?.to ?? '00:00', service.closesEarlyMinutes);
    const span = hours.find(({ from }) => from < last);
    if (span !== undefined) return { day, at: span.from };
  }
  return undefined;
}

/** What is offered at least: staff may book outside opening hours. */
const usualHours = { first: 7, last: 20 };

/** The hours in which a booked time may begin: the usual ones, and those of every service and day. */
export function bookedHoursOf(settings: QueueSettings): NonNullable<QueueOffer['bookedHours']> {
  const weeks = [settings.hours, ...settings.services.flatMap(({ hours }) => hours ?? [])];
  const spans = [
    ...weeks.flatMap((week) => weekdays.flatMap((weekday) => week[weekday] ?? [])),
    ...settings.days.flatMap(({ hours }) => hours),
  ].filter(({ from, to }) => from < to);
  const hourOf = (time: string): number => Number(time.slice(0, 2));
  return {
    first: Math.min(usualHours.first, ...spans.map(({ from }) => hourOf(from))),
    // What closes on the hour has its last minute in the one before.
    last: Math.max(usualHours.last, ...spans.map(({ to }) => hourOf(earlier(to, 1)))),
  };
}

/** So many minutes before a local time; 00:00 at the earliest. */
function earlier(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const total = Math.max(0, hour * 60 + minute - minutes);
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
}
