import { z } from 'zod';
import { printerStatus } from '../../../drivers/printer/types.js';
import { printProgress } from '../../../main/api/contract.js';

/** What the test tells its kiosk to do. */
export const order = z.discriminatedUnion('kind', [
  /** A visitor takes a number; the kiosk kills itself at that step of its printing. */
  z.object({ kind: z.literal('take'), killAt: z.string().optional() }),
  z.object({ kind: z.literal('status') }),
  /** Staff print a ticket once more. */
  z.object({ kind: z.literal('reprint'), ticket: z.string() }),
  /** Staff look at their list of failed papers. */
  z.object({ kind: z.literal('desk') }),
]);
export type Order = z.infer<typeof order>;

export const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started') }),
  z.object({ kind: z.literal('host'), pid: z.number() }),
  /** The visitor's screen is told of the ticket. */
  z.object({ kind: z.literal('ticket'), id: z.string(), label: z.string(), print: printProgress }),
  z.object({ kind: z.literal('status'), status: printerStatus }),
  z.object({ kind: z.literal('reprinted'), end: z.string() }),
  z.object({
    kind: z.literal('desk'),
    papers: z.array(z.looseObject({ id: z.string(), paper: z.string() })),
  }),
]);
export type Said = z.infer<typeof said>;
