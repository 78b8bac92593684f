import type { ServiceState } from '../api/contract.js';
import { localDayOf, localTimeOf, weekdayOf } from './local-time.js';
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
  const hours = hoursOf(settings, holidays, service, localDayOf(now));
  const closing = hours.at(-1)?.to;
  if (closing === undefined) return { kind: 'closed-today' };
  const last = earlier(closing, service.closesEarlyMinutes);
  const time = localTimeOf(now);
  const span = hours.find(({ from, to }) => time < to && from < last);
  if (span === undefined || time >= last) return { kind: 'over-for-today' };
  if (time < span.from) return { kind: 'opens-later', at: span.from };
  if (use.paused) return { kind: 'paused' };
  if (use.seriesFull || (service.quota !== undefined && use.taken >= service.quota)) return { kind: 'full' };
  return { kind: 'open', until: span.to < last ? span.to : last };
}

/** So many minutes before a local time; 00:00 at the earliest. */
function earlier(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const total = Math.max(0, hour * 60 + minute - minutes);
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
}
