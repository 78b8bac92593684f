import { z } from 'zod';
import { language } from './common.js';
import {
  appointmentCode,
  lastKnown,
  localDay,
  localTime,
  names,
  printerState,
  printerTrouble,
  queueName,
  queueSource,
  serviceState,
  ticketId,
  ticketLabel,
  ticketOrigin,
  ticketReason,
} from './queue.js';

/** States of a ticket, after the public model of citizen offices' queues. */
export const ticketStates = [
  /** In the queue; an appointment counts from its time on. */
  'waiting',
  /** Called to a counter, nobody has come yet. */
  'called',
  'serving',
  /** Set aside by staff, to be called again. */
  'parked',
  'no-show',
  'done',
  'cancelled',
] as const;
export const ticketState = z.enum(ticketStates);
export type TicketState = z.infer<typeof ticketState>;

/** How a ticket's paper stands, as staff see it. `settled`: someone has seen to it. */
export const paperState = z.enum(['none', 'printing', 'printed', 'unknown', 'not-printed', 'settled']);
export type PaperState = z.infer<typeof paperState>;

export const deskTicket = z.strictObject({
  id: ticketId,
  label: ticketLabel,
  service: queueName,
  /** Where it came from, when it was transferred. */
  transferredFrom: queueName.optional(),
  origin: ticketOrigin,
  state: ticketState,
  language,
  reason: ticketReason.optional(),
  /** When it was taken, ms since 1970. */
  takenAt: z.int(),
  /** From when on it counts as waiting, ms since 1970. */
  waitingFrom: z.int(),
  appointmentTime: localTime.optional(),
  counter: queueName.optional(),
  /** When it was last called, ms since 1970. */
  calledAt: z.int().optional(),
  /** How often it was called. */
  calls: z.int(),
  paper: paperState,
  paperTrouble: printerTrouble.optional(),
});
export type DeskTicket = z.infer<typeof deskTicket>;

/** Everything that a counter sees, live. */
export const deskState = z.strictObject({
  /** When this was told, ms since 1970. */
  at: z.int(),
  /** The counter that this screen is logged in to. */
  counter: queueName.optional(),
  /** The ticket that is called to or served at this counter. */
  current: deskTicket.optional(),
  /** In the order in which they are called, for this counter's services (all services without a counter); the first 200. */
  waiting: z.array(deskTicket),
  waitingTotal: z.int(),
  /** Appointments that have arrived and do not count as waiting yet. */
  early: z.array(deskTicket),
  parked: z.array(deskTicket),
  /** Called or served at other counters. */
  elsewhere: z.array(deskTicket),
  /** Today's, the last first, 20 at most: they may still come. */
  noShows: z.array(deskTicket),
  /** Tickets whose paper failed or is unknown, which still matter. */
  papers: z.array(deskTicket),
  services: z.array(
    z.strictObject({
      id: queueName,
      names,
      state: serviceState,
      /** Closed by staff, whatever its hours are. */
      paused: z.boolean(),
      waiting: z.int(),
      /** How long the first has been waiting, whole minutes. */
      longestWaitMinutes: z.int().optional(),
    }),
  ),
  counters: z.array(
    z.strictObject({
      id: queueName,
      names,
      staffed: z.boolean(),
      services: z.array(queueName),
      label: ticketLabel.optional(),
    }),
  ),
  source: queueSource,
  lastKnown,
  printer: printerState,
});
export type DeskState = z.infer<typeof deskState>;

/** How an action of a counter went. The new state follows as an event. */
export const deskResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ok'), ticket: deskTicket.optional() }),
  z.strictObject({ kind: z.literal('nobody-waiting') }),
  /** The ticket is not, or no longer, in a state that allows this: another counter may have been faster. */
  z.strictObject({ kind: z.literal('not-possible') }),
  z.strictObject({ kind: z.literal('unknown-ticket') }),
  /** The counter has called someone who has not come: nothing was changed, since it was to be asked about first. */
  z.strictObject({ kind: z.literal('someone-called') }),
  z.strictObject({ kind: z.literal('no-counter') }),
  /** Someone else is logged in to that counter. */
  z.strictObject({ kind: z.literal('counter-taken') }),
  /** The database is out of reach. */
  z.strictObject({ kind: z.literal('away') }),
  z.strictObject({ kind: z.literal('not-printed'), why: printerTrouble }),
]);
export type DeskResult = z.infer<typeof deskResult>;

export const appointment = z.strictObject({
  id: z.uuid(),
  service: queueName,
  time: localTime,
  code: appointmentCode,
  state: z.enum(['booked', 'arrived', 'cancelled']),
  label: ticketLabel.optional(),
});
export type AppointmentEntry = z.infer<typeof appointment>;

/** A day's appointments, in the order of their times. */
export const appointmentsResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('appointments'), appointments: z.array(appointment) }),
  /** The database is out of reach. */
  z.strictObject({ kind: z.literal('away') }),
]);
export type AppointmentsResult = z.infer<typeof appointmentsResult>;

export const importProblems = [
  'not-readable',
  'no-service',
  'unknown-service',
  'no-time',
  'bad-time',
  'bad-code',
  'double-code',
  'past',
] as const;

/** What an import of appointments did. Lines count from 1; in iCalendar, events do. */
export const importResult = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('imported'),
    added: z.int(),
    changed: z.int(),
    unchanged: z.int(),
    cancelled: z.int(),
    problems: z.array(z.strictObject({ line: z.int(), problem: z.enum(importProblems) })).max(100),
  }),
  z.strictObject({ kind: z.literal('away') }),
]);
export type ImportResult = z.infer<typeof importResult>;

const percentiles = z.strictObject({
  /** Median and 90th percentile, s. */
  p50: z.int().min(0),
  p90: z.int().min(0),
});

const figures = z.strictObject({
  taken: z.int(),
  served: z.int(),
  noShows: z.int(),
  cancelled: z.int(),
  waiting: percentiles.optional(),
  serving: percentiles.optional(),
});

/** A day's figures, from the event log alone. */
export const dayStatistics = z.strictObject({
  day: localDay,
  total: figures,
  services: z.array(
    z.strictObject({
      service: queueName,
      ...figures.shape,
      /** By the local hour in which the ticket began to wait; hours in which nothing happened are left out. */
      hours: z.array(z.strictObject({ hour: z.int().min(0).max(23), ...figures.shape })),
    }),
  ),
});
export type DayStatistics = z.infer<typeof dayStatistics>;

export const statisticsResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('statistics'), statistics: dayStatistics }),
  /** The database is out of reach. */
  z.strictObject({ kind: z.literal('away') }),
]);
export type StatisticsResult = z.infer<typeof statisticsResult>;
