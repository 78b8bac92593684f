import { z } from 'zod';
import { authenticatorKind, deviceOutcome, deviceReason } from './authenticators.js';
import { verdict, verdictReason } from './chip-check.js';
import { language } from './common.js';

/** Short name of a service, a series or a counter, as the settings give it. */
export const queueName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

/** A name in every language that the settings give it in, by BCP 47 code. Danish and English are always there. */
export const names = z
  .strictObject({ da: z.string().min(1).max(60), en: z.string().min(1).max(60) })
  .catchall(z.string().min(1).max(60));
export type Names = z.infer<typeof names>;

/** Number on ticket and board: the series' prefix and at least three digits, "A042". */
export const ticketLabel = z.string().regex(/^[A-ZÆØÅ]{0,3}\d{3,5}$/);

/** Local time of day at the lobby, HH:MM. */
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
/** Local calendar day at the lobby, YYYY-MM-DD. */
export const localDay = z.iso.date();

/** A ticket's name between programs: random, says nothing. */
export const ticketId = z.uuid();

/** How long it will take: a range, never an exact number; the true wait lies in it at least 8 times out of 10. */
export const waitEstimate = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('range'), fromMinutes: z.int().min(0), toMinutes: z.int().min(0) }),
  /** No counter is open for it, or too little is known. */
  z.strictObject({ kind: z.literal('unknown') }),
]);
export type WaitEstimate = z.infer<typeof waitEstimate>;

/** From here on a wait reads as hours, min. */
const longWait = 90;

/**
 * How a range reads: in minutes; in whole hours, rounded outwards so that the true wait stays in it; or, where its
 * beginning is short and its end long, `from` in minutes and `to` in hours.
 */
export function waitSpan({ fromMinutes, toMinutes }: Extract<WaitEstimate, { kind: 'range' }>): {
  readonly unit: 'minutes' | 'hours' | 'minutes-to-hours';
  readonly from: number;
  readonly to: number;
} {
  if (toMinutes < longWait) return { unit: 'minutes', from: fromMinutes, to: toMinutes };
  const to = Math.ceil(toMinutes / 60);
  return fromMinutes < 60
    ? { unit: 'minutes-to-hours', from: fromMinutes, to }
    : { unit: 'hours', from: Math.floor(fromMinutes / 60), to };
}

/** When a service opens next, within a week. */
const opening = z.strictObject({ day: localDay, at: localTime });
export type Opening = z.infer<typeof opening>;

/** Whether numbers are given out for a service. `opensNext` is left out where it is not within a week. */
export const serviceState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), until: localTime }),
  z.strictObject({ kind: z.literal('opens-later'), at: localTime }),
  z.strictObject({ kind: z.literal('closed-today'), opensNext: opening.optional() }),
  /** Its hours are over, or it is so near to closing that no more numbers are given out. */
  z.strictObject({ kind: z.literal('over-for-today'), opensNext: opening.optional() }),
  /** Its quota of the day, or its series of numbers, is used up. */
  z.strictObject({ kind: z.literal('full') }),
  /** Staff have closed it for now. */
  z.strictObject({ kind: z.literal('paused') }),
]);
export type ServiceState = z.infer<typeof serviceState>;

/**
 * Where numbers come from. `leased`: the lobby's database is out of reach, numbers come from this kiosk's own block;
 * `away`: none can be given out.
 */
export const queueSource = z.enum(['ready', 'leased', 'away']);

/**
 * While the source is not `ready`: the local time at which the lobby's database was last heard of today, and all that is
 * shown of the queue was so. Without it nothing of it is known: lists are empty and counts 0.
 */
export const lastKnown = localTime.optional();

/** Why no ticket comes out of the printer. */
export const printerTrouble = z.enum([
  'no-printer',
  'not-connected',
  'silent',
  'paper-out',
  'cover-open',
  'cutter-jam',
  'offline',
  'ticket-waiting',
  'error',
  'starting',
]);
export type PrinterTrouble = z.infer<typeof printerTrouble>;

export const printerState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready'), paperLow: z.boolean() }),
  z.strictObject({ kind: z.literal('trouble'), trouble: printerTrouble }),
]);
export type PrinterState = z.infer<typeof printerState>;

const hourOfDay = z.int().min(0).max(23);

/** What a visitor can choose from. */
export const queueOffer = z.strictObject({
  services: z.array(
    z.strictObject({
      id: queueName,
      names,
      state: serviceState,
      /** Now waiting for it. */
      waiting: z.int(),
      /** How many would be called before a new number, for whatever they wait: as its ticket will say. */
      ahead: z.int(),
      estimate: waitEstimate,
    }),
  ),
  /** Whether booked appointments can be checked in here. */
  appointments: z.boolean(),
  /** Hours in which a booked time may begin, 0 to 23, both included. */
  bookedHours: z.strictObject({ first: hourOfDay, last: hourOfDay }).optional(),
  /** Which service a chip check's verdict leads to. */
  chipCheckService: queueName.optional(),
  /** The same for a device's. */
  deviceService: queueName.optional(),
  source: queueSource,
  printer: printerState,
});
export type QueueOffer = z.infer<typeof queueOffer>;

/**
 * Why someone comes, as a check of this kiosk found it. Nothing of the person or the document: reasons that tell an age
 * are left out.
 */
export const ticketReason = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('chip-check'),
    outcome: verdict.shape.outcome,
    reason: verdictReason.exclude(['under-13', 'under-15']).optional(),
  }),
  z.strictObject({
    kind: z.literal('device'),
    device: authenticatorKind,
    outcome: deviceOutcome,
    reason: deviceReason.optional(),
  }),
]);
export type TicketReason = z.infer<typeof ticketReason>;

/** How a ticket's paper stands. */
export const printProgress = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('printing') }),
  z.strictObject({ kind: z.literal('printed') }),
  /** It is not on paper, or not whole: the number on screen counts. */
  z.strictObject({ kind: z.literal('not-printed'), why: printerTrouble }),
  /** Nobody knows: the visitor is asked. */
  z.strictObject({ kind: z.literal('unknown') }),
]);
export type PrintProgress = z.infer<typeof printProgress>;

export const ticketOrigin = z.enum(['walk-in', 'appointment']);

/** A ticket as the visitor who took it sees it. */
export const visitorTicket = z.strictObject({
  id: ticketId,
  label: ticketLabel,
  service: queueName,
  names,
  origin: ticketOrigin,
  /** When it was taken. */
  time: localTime,
  appointmentTime: localTime.optional(),
  /** How many are called before, as it looks now. */
  ahead: z.int().min(0).optional(),
  estimate: waitEstimate,
  /** The counter that it is called to. */
  counter: names.optional(),
  /** What the QR code on paper and screen holds: the address of its page, or the number alone. ASCII. */
  qr: z.string().max(300),
  /** Whether `qr` is an address to follow the ticket at. */
  follows: z.boolean(),
  print: printProgress,
});
export type VisitorTicket = z.infer<typeof visitorTicket>;

export const takeNumberInput = z.strictObject({
  service: queueName,
  language,
  reason: ticketReason.optional(),
});

export const takeNumberResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ticket'), ticket: visitorTicket }),
  z.strictObject({ kind: z.literal('not-open'), state: serviceState }),
  /** The database is out of reach and no leased number is left, or the disk is full. */
  z.strictObject({ kind: z.literal('away') }),
  /** This screen has taken too many in a short time. */
  z.strictObject({ kind: z.literal('too-many') }),
]);
export type TakeNumberResult = z.infer<typeof takeNumberResult>;

/** Booking code as it stands in the confirmation and its QR code. */
export const appointmentCode = z.string().regex(/^[A-Z0-9]{4,16}$/);

export const checkInInput = z.strictObject({
  appointment: z.discriminatedUnion('by', [
    z.strictObject({ by: z.literal('code'), code: appointmentCode }),
    z.strictObject({ by: z.literal('time'), service: queueName, time: localTime }),
  ]),
  language,
  reason: ticketReason.optional(),
});

export const checkInResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ticket'), ticket: visitorTicket }),
  /** There is no such booking today. */
  z.strictObject({ kind: z.literal('unknown') }),
  z.strictObject({ kind: z.literal('too-early'), time: localTime, from: localTime }),
  z.strictObject({ kind: z.literal('too-late'), time: localTime }),
  /** It has been checked in before. */
  z.strictObject({ kind: z.literal('already'), label: ticketLabel }),
  /** More than one is booked for that service and time: the code tells which. */
  z.strictObject({ kind: z.literal('code-needed') }),
  z.strictObject({ kind: z.literal('away') }),
  /** Too many tries in a short time. */
  z.strictObject({ kind: z.literal('too-many') }),
]);
export type CheckInResult = z.infer<typeof checkInResult>;

/** A ticket's own page, for whoever has its address. Nothing of the person; gone with the ticket. */
export const phoneTicket = z.strictObject({
  label: ticketLabel,
  names,
  language,
  placeName: z.string().max(80),
  state: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('waiting'), ahead: z.int().min(0), estimate: waitEstimate }),
    /** An appointment that does not count as waiting yet. */
    z.strictObject({ kind: z.literal('early'), time: localTime }),
    z.strictObject({ kind: z.literal('called'), counter: names }),
    z.strictObject({ kind: z.literal('serving'), counter: names }),
    z.strictObject({ kind: z.literal('parked') }),
    /** Called, and nobody came: staff can take it in again. */
    z.strictObject({ kind: z.literal('no-show') }),
  ]),
});
export type PhoneTicket = z.infer<typeof phoneTicket>;
