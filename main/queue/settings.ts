import { z } from 'zod';
import { localTime, names, queueName } from '../api/contract.js';

/** Opening hours of a day: none, one or more spans of local time, in their order. */
const spans = z
  .array(
    z
      .strictObject({ from: localTime, to: localTime })
      .refine(({ from, to }) => from < to, { error: 'must begin before it ends' }),
  )
  .max(4)
  .refine((all) => all.every(({ from }, index) => index === 0 || (all[index - 1]?.to ?? '') <= from), {
    error: 'must be in order, without overlaps',
  });

const workday = [{ from: '10:00', to: '15:00' }];

/** Hours by day of the week; a day that is left out has its default. */
const weeklyHours = z.strictObject({
  monday: spans.default(workday),
  tuesday: spans.default(workday),
  wednesday: spans.default(workday),
  thursday: spans.default([{ from: '10:00', to: '17:00' }]),
  friday: spans.default([{ from: '10:00', to: '14:00' }]),
  saturday: spans.default([]),
  sunday: spans.default([]),
});
export type WeeklyHours = z.infer<typeof weeklyHours>;

/** A service's own hours; a day that is left out is the branch's. */
const ownHours = z.strictObject({
  monday: spans.optional(),
  tuesday: spans.optional(),
  wednesday: spans.optional(),
  thursday: spans.optional(),
  friday: spans.optional(),
  saturday: spans.optional(),
  sunday: spans.optional(),
});

/** In a leap year, so that a day of every year can be 29 February. */
const isDay = (day: string): boolean =>
  z.iso.date().safeParse(day.length === 5 ? `2024-${day}` : day).success;

const service = z.strictObject({
  id: queueName,
  names,
  /** The series that its numbers come from. */
  series: queueName,
  /** In place of the branch's. */
  hours: ownHours.optional(),
  /** Numbers a day without a booking; none: no limit but the series'. */
  quota: z.int().min(0).optional(),
  /** So long before closing no more numbers are given out, min. */
  closesEarlyMinutes: z.int().min(0).max(480).default(0),
  /** What is known of how long it takes before anything was measured, min. */
  servingMinutes: z.number().min(0.5).max(240).default(10),
});
export type ServiceSettings = z.infer<typeof service>;

const series = z.strictObject({
  id: queueName,
  /** Before the number on ticket and board. */
  prefix: z.string().regex(/^[A-ZÆØÅ]{0,3}$/),
  first: z.int().min(1).default(1),
  last: z.int().max(99_999).default(899),
  /** Numbers for kiosks that cannot reach the lobby's database. */
  leased: z
    .strictObject({
      first: z.int().min(1).default(900),
      last: z.int().max(99_999).default(999),
      /** How many a kiosk gets at once. */
      block: z.int().min(1).max(1000).default(20),
    })
    .prefault({}),
});
export type SeriesSettings = z.infer<typeof series>;

const counter = z.strictObject({
  id: queueName,
  names,
  /** What it serves; none named: everything. */
  services: z.array(queueName).default([]),
});
export type CounterSettings = z.infer<typeof counter>;

/**
 * A rule of the call order: a ticket of this kind is called as if it had come so many minutes earlier (negative:
 * later). All that apply are added up.
 */
const priorityRule = z.strictObject({
  id: queueName,
  applies: z.discriminatedUnion('to', [
    z.strictObject({ to: z.literal('appointments') }),
    z.strictObject({ to: z.literal('service'), service: queueName }),
    /** Sent on by another counter. */
    z.strictObject({ to: z.literal('transferred') }),
    /** Parked, or a no-show that came after all, before another counter sent it on. */
    z.strictObject({ to: z.literal('returned') }),
  ]),
  minutes: z.int().min(-240).max(240),
  /** Why: the office's own decision, a guideline. */
  source: z.string().max(200),
});
export type PriorityRule = z.infer<typeof priorityRule>;

/** The queue of one lobby. */
export const queueSettings = z.strictObject({
  enabled: z.boolean().default(true),
  branch: queueName.default('borgerservice'),
  services: z
    .array(service)
    .min(1)
    .default([
      {
        id: 'passport',
        names: { da: 'Pas og kørekort', en: 'Passport and driving licence' },
        series: 'a',
        closesEarlyMinutes: 0,
        servingMinutes: 10,
      },
      {
        id: 'mitid',
        names: { da: 'MitID', en: 'MitID' },
        series: 'b',
        closesEarlyMinutes: 0,
        servingMinutes: 15,
      },
      {
        id: 'other',
        names: { da: 'Andet', en: 'Something else' },
        series: 'c',
        closesEarlyMinutes: 0,
        servingMinutes: 10,
      },
    ]),
  series: z
    .array(series)
    .min(1)
    .default(
      ['a', 'b', 'c'].map((id) => ({
        id,
        prefix: id.toUpperCase(),
        first: 1,
        last: 899,
        leased: { first: 900, last: 999, block: 20 },
      })),
    ),
  counters: z
    .array(counter)
    .min(1)
    .default(
      ['1', '2', '3'].map((id) => ({
        id,
        names: { da: `Skranke ${id}`, en: `Counter ${id}` },
        services: [],
      })),
    ),
  hours: weeklyHours.prefault({}),
  /** Public holidays of Denmark are closed unless a day below says otherwise. */
  closedOnHolidays: z.boolean().default(true),
  /** Days with hours of their own: of one year (YYYY-MM-DD) or of every year (MM-DD). */
  days: z
    .array(
      z.strictObject({
        day: z.string().refine(isDay, { error: 'must be a day of the calendar, YYYY-MM-DD or MM-DD' }),
        hours: spans,
      }),
    )
    .default([
      { day: '12-24', hours: [] },
      { day: '12-31', hours: [] },
    ]),
  appointments: z
    .strictObject({
      enabled: z.boolean().default(true),
      /** How early one may check in, and how late, min. */
      earlyMinutes: z.int().min(0).max(720).default(45),
      lateMinutes: z.int().min(0).max(720).default(15),
    })
    .prefault({}),
  priority: z.array(priorityRule).default([
    {
      id: 'appointments',
      applies: { to: 'appointments' },
      minutes: 20,
      source: 'A booked time goes before those without one, who are not left waiting for good.',
    },
    {
      id: 'transferred',
      applies: { to: 'transferred' },
      minutes: 10,
      source: 'Whoever was sent on has waited once already.',
    },
    { id: 'returned', applies: { to: 'returned' }, minutes: 0, source: 'Keeps the place it had.' },
  ]),
  /** Which service a chip check's verdict leads to; see `verdictServicesOf`. */
  chipCheckService: queueName.optional(),
  /** The same for the test of a code display, a code reader or a MitID chip; see `verdictServicesOf`. */
  deviceService: queueName.optional(),
  /** After so many days tickets, print jobs and appointments, and after so many events, are deleted. */
  retention: z
    .strictObject({
      ticketDays: z.int().min(1).max(366).default(2),
      eventDays: z.int().min(1).max(3660).default(400),
    })
    .prefault({}),
});
export type QueueSettings = z.infer<typeof queueSettings>;

/** Where the verdict on a document, and on a device, leads: the service that is named, or else the one called `mitid`, where there is one. */
export function verdictServicesOf({ services, chipCheckService, deviceService }: QueueSettings): {
  readonly chipCheckService?: string;
  readonly deviceService?: string;
} {
  const mitid = services.find((service) => service.id === 'mitid')?.id;
  const ofDocument = chipCheckService ?? mitid;
  const ofDevice = deviceService ?? mitid;
  return {
    ...(ofDocument === undefined ? {} : { chipCheckService: ofDocument }),
    ...(ofDevice === undefined ? {} : { deviceService: ofDevice }),
  };
}

/** What a schema cannot say: names that are used exist, once; numbers do not overlap. Names the settings that are wrong. */
export function faultsOf(settings: QueueSettings): string[] {
  const ids = (list: readonly { readonly id: string }[]): Set<string> => new Set(list.map(({ id }) => id));
  const services = ids(settings.services);
  const seriesIds = ids(settings.series);
  return [
    ...(services.size < settings.services.length ? ['services'] : []),
    ...(seriesIds.size < settings.series.length ? ['series'] : []),
    ...(ids(settings.counters).size < settings.counters.length ? ['counters'] : []),
    ...settings.services.flatMap((each, index) =>
      seriesIds.has(each.series) ? [] : [`services.${index}.series`],
    ),
    ...settings.counters.flatMap((each, index) =>
      each.services.every((id) => services.has(id)) ? [] : [`counters.${index}.services`],
    ),
    ...settings.series.flatMap(({ first, last, leased }, index) =>
      first <= last && leased.first <= leased.last && (leased.first > last || leased.last < first)
        ? []
        : [`series.${index}`],
    ),
    ...(new Set(settings.series.map(({ prefix }) => prefix)).size < settings.series.length ? ['series'] : []),
    ...(['chipCheckService', 'deviceService'] as const).filter((name) => {
      const named = settings[name];
      return named !== undefined && !services.has(named);
    }),
  ];
}
