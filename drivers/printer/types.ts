import { z } from 'zod';

/** Models whose differences are known; `generic`: plain ESC/POS with real-time status and the process id. */
export const printerModel = z.enum([
  'generic',
  'epson-tm-t20',
  'epson-tm-t88',
  'epson-tm-t88iii',
  'custom-vkp80',
  'star-escpos',
]);
export type PrinterModel = z.infer<typeof printerModel>;

/**
 * Where the printer is. `auto`: the first USB printer device that is there, or else, where demo devices are allowed,
 * the demo printer.
 */
export const printerConnection = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('auto') }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('demo') }),
  z.strictObject({
    kind: z.literal('serial'),
    path: z.string().min(1).max(200),
    baudRate: z.int().min(1200).max(921_600).default(38_400),
  }),
  z.strictObject({ kind: z.literal('usb'), path: z.string().min(1).max(200) }),
  z.strictObject({
    kind: z.literal('tcp'),
    host: z.string().min(1).max(200),
    port: z.int().min(1).max(65_535).default(9100),
  }),
]);
export type PrinterConnection = z.infer<typeof printerConnection>;

export const printerFault = z.enum([
  /** No printer is configured or found. */
  'no-printer',
  /** It is configured and cannot be opened: unplugged, off, wrong address. */
  'not-connected',
  /** It is open and does not answer. */
  'silent',
  'paper-out',
  'cover-open',
  'cutter-jam',
  'offline',
  /** A ticket that was not taken is still in its mouth. */
  'ticket-waiting',
  'error',
]);
export type PrinterFault = z.infer<typeof printerFault>;

export const printerStatus = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('starting') }),
  z.strictObject({ kind: z.literal('ready'), paperLow: z.boolean() }),
  z.strictObject({ kind: z.literal('fault'), fault: printerFault }),
]);
export type PrinterStatus = z.infer<typeof printerStatus>;

/** The whole state of the printer family; sent after each start and at each change. */
export const printerSnapshot = z.strictObject({ demo: z.boolean(), status: printerStatus });
export type PrinterSnapshot = z.infer<typeof printerSnapshot>;

const line = z.string().max(200);

/** What is to stand on a ticket, in words of the visitor's language; the driver knows how to lay it out. */
export const ticketContent = z.strictObject({
  /** BCP 47 code. */
  language: z.string().max(16),
  direction: z.enum(['ltr', 'rtl']),
  /** Name of the place. */
  place: line,
  /** Above the number. */
  title: line,
  /** The number, large. */
  number: z.string().max(16),
  /** Service, time, people ahead, estimate: one below the other. */
  lines: z.array(line).max(8),
  /** What the QR code holds; ASCII. */
  qr: z
    .string()
    .regex(/^[\x20-\x7e]{1,300}$/)
    .optional(),
  /** Below the QR code. */
  qrNote: line.optional(),
  /** At the end. */
  notes: z.array(line).max(4),
  /** Marks a reprint, large: "KOPI". */
  copyMark: line.optional(),
});
export type TicketContent = z.infer<typeof ticketContent>;

export const printRequest = z.strictObject({
  /** Sent back by the printer once the ticket is out: `GS ( H` function 48. Four characters of 0x20–0x7E. */
  processId: z.string().regex(/^[\x20-\x7e]{4}$/),
  content: ticketContent,
});
export type PrintRequest = z.infer<typeof printRequest>;

/** How a print ended. */
export const printOutcome = z.discriminatedUnion('kind', [
  /** The printer said so after it had printed and cut. */
  z.strictObject({ kind: z.literal('printed') }),
  /** Not one byte of the ticket was sent. */
  z.strictObject({ kind: z.literal('not-started'), fault: printerFault }),
  /** It stopped in the middle and its buffer was cleared: no more of it will come out by itself. */
  z.strictObject({ kind: z.literal('stopped'), fault: printerFault }),
  /** Bytes were sent, and nobody knows what became of them. */
  z.strictObject({ kind: z.literal('unknown'), fault: printerFault }),
]);
export type PrintOutcome = z.infer<typeof printOutcome>;
