import { z } from 'zod';

/** A process of the lobby, as its argument says it. */
export const member = z.object({
  /** `owner`: has the database and lets clients ask; `client`: asks it; `kiosk`: opens the database itself. */
  role: z.enum(['owner', 'client', 'kiosk']),
  dataFolder: z.string(),
  /** PostgreSQL's; none: a file of the data folder. */
  url: z.string().optional(),
  socket: z.string().optional(),
  kiosk: z.string(),
  /** Of its desk. */
  counter: z.string(),
  /** How many numbers its visitors take. */
  checkIns: z.int(),
  /** When the test began, ms since 1970: the clock of all processes is `opening` then. */
  started: z.number(),
});
export type Member = z.infer<typeof member>;

const ticket = { id: z.string(), label: z.string() };

/** What a process was told, each before it went on. */
export const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('taken'), ...ticket, ms: z.number() }),
  z.object({ kind: z.literal('called'), ...ticket, counter: z.string() }),
  z.object({ kind: z.literal('done'), ...ticket }),
  /** Anything but what was asked for. */
  z.object({ kind: z.literal('trouble'), asked: z.string(), answer: z.string() }),
]);
export type Said = z.infer<typeof said>;

export const counters = ['1', '2', '3', '4', '5', '6', '7', '8'] as const;

/** A Monday, 11:00 at the lobby. */
export const opening = Date.UTC(2026, 10, 23, 10);
