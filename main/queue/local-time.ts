import { Temporal } from 'temporal-polyfill';

/** The lobby's time zone: its business day is never UTC's. */
export const timeZone = 'Europe/Copenhagen';

const at = (instant: number): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(instant)).toZonedDateTimeISO(timeZone);

/** The lobby's local calendar day at `instant` (ms since 1970), YYYY-MM-DD. */
export function localDayOf(instant: number): string {
  return at(instant).toPlainDate().toString();
}

/** The lobby's local time of day at `instant` (ms since 1970), HH:MM. */
export function localTimeOf(instant: number): string {
  return at(instant).toPlainTime().toString({ smallestUnit: 'minute' });
}

/** The lobby's local hour at `instant` (ms since 1970), 0 to 23. */
export function localHourOf(instant: number): number {
  return at(instant).hour;
}

/**
 * When a local day (YYYY-MM-DD) and time (HH:MM) is, ms since 1970. A time that summer time leaves out is taken as much
 * later as the clock jumps; of one that there is twice, the first is meant (RFC 5545 section 3.3.5, Temporal's
 * `compatible`).
 */
export function instantOf(day: string, time: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}

/** The first instant of a local day (YYYY-MM-DD), ms since 1970. */
export function startOfDay(day: string): number {
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}

/** The local day so many days later (negative: earlier), YYYY-MM-DD. */
export function dayAfter(day: string, days = 1): string {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Day of the week of a local day, 1 (Monday) to 7 (Sunday). */
export function weekdayOf(day: string): number {
  return Temporal.PlainDate.from(day).dayOfWeek;
}

/** Whole minutes from `from` until `until` (ms since 1970), rounded up; 0 when it is past. */
export function minutesUntil(from: number, until: number): number {
  return Math.max(0, Math.ceil((until - from) / 60_000));
}
