import { createHash } from 'node:crypto';
import { type Insertable, type Kysely, type Selectable, sql } from 'kysely';
import type { Outcome } from '../storage/outcome.js';
import type { BookingTable, OutboxSchema } from '../storage/outbox-schema.js';
import type { EventTable, PrintJobTable, TicketTable } from '../storage/schema.js';
import type { NumberBlock } from './leases.js';

export type TicketRow = Selectable<TicketTable>;
export type EventRow = Insertable<EventTable>;
export type JobRow = Selectable<PrintJobTable>;

/** A database, as the failover needs it: work that is done as a whole or not at all. */
export interface Transactions<Tables> {
  run<Value>(work: (transaction: Kysely<Tables>) => Promise<Value>): Promise<Outcome<Value>>;
}

/** This kiosk's own file. */
export interface OutboxStore extends Transactions<OutboxSchema> {
  close(): Promise<void>;
}

/** What the lobby's database is told once it is back. Telling it twice changes nothing. */
export type OutboxEntry =
  | { readonly kind: 'ticket'; readonly ticket: TicketRow; readonly events: readonly EventRow[] }
  /** A printing as it stands, with all that happened to it meanwhile. */
  | { readonly kind: 'paper'; readonly job: JobRow; readonly events: readonly EventRow[] }
  /** Whether that ticket was committed was not heard; its visitor has another one. */
  | { readonly kind: 'void'; readonly ticket: string; readonly event: EventRow };

export interface StoredEntry {
  readonly seq: number;
  /** The entry as it is stored: it may be put anew meanwhile. */
  readonly data: string;
  readonly entry: OutboxEntry;
}

export type Booking = Omit<BookingTable, 'code_hash' | 'day'>;

/** A code is kept as its hash alone. */
export function hashOf(code: string): string {
  return createHash('sha256').update(code).digest('hex');
}

const idOf = (entry: OutboxEntry): string => {
  switch (entry.kind) {
    case 'ticket':
      return entry.ticket.id;
    case 'paper':
      return entry.job.id;
    case 'void':
      return `void ${entry.ticket}`;
  }
};

/** Takes the next number of this kiosk's own; `undefined` when none is left of that series and day. */
export async function nextLeased(
  transaction: Kysely<OutboxSchema>,
  series: string,
  day: string,
): Promise<number | undefined> {
  const taken = await transaction
    .updateTable('leases')
    .set(({ eb }) => ({ next: eb('next', '+', 1) }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('leases')
        .select('id')
        .where('series', '=', series)
        .where('day', '=', day)
        .whereRef('next', '<=', 'last')
        .orderBy('first')
        .limit(1),
    )
    .returning('next')
    .executeTakeFirst();
  return taken === undefined ? undefined : taken.next - 1;
}

/** How many numbers are left, by series. */
export async function numbersLeft(
  transaction: Kysely<OutboxSchema>,
  day: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction
    .selectFrom('leases')
    .select(['series', sql<number>`sum(last - next + 1)`.as('left')])
    .where('day', '=', day)
    .groupBy('series')
    .execute();
  return new Map(rows.map(({ series, left }) => [series, left]));
}

export async function keepBlock(transaction: Kysely<OutboxSchema>, block: NumberBlock): Promise<void> {
  await transaction
    .insertInto('leases')
    .values({ ...block, next: block.first })
    .execute();
}

/** Numbers of days that are over are not given out any more. */
export async function forgetBefore(transaction: Kysely<OutboxSchema>, day: string): Promise<void> {
  await transaction.deleteFrom('leases').where('day', '<', day).execute();
  await transaction.deleteFrom('bookings').where('day', '<', day).execute();
}

/** Puts an entry at the end, or in the place of the one about the same ticket or printing. */
export async function put(transaction: Kysely<OutboxSchema>, entry: OutboxEntry): Promise<void> {
  const data = JSON.stringify(entry);
  await transaction
    .insertInto('entries')
    .values({ id: idOf(entry), data })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ data }))
    .execute();
}

/** All entries, in the order in which they were first put. */
export async function entriesOf(transaction: Kysely<OutboxSchema>): Promise<StoredEntry[]> {
  const rows = await transaction.selectFrom('entries').selectAll().orderBy('seq').execute();
  return rows.map(({ seq, data }) => ({ seq, data, entry: JSON.parse(data) as OutboxEntry }));
}

/** Takes out what was told, unless there is more to tell by now. */
export async function remove(
  transaction: Kysely<OutboxSchema>,
  { seq, data }: StoredEntry,
): Promise<boolean> {
  const { numDeletedRows } = await transaction
    .deleteFrom('entries')
    .where('seq', '=', seq)
    .where('data', '=', data)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** What is known of a day's bookings, in place of what was known before. */
export async function keepBookings(
  transaction: Kysely<OutboxSchema>,
  day: string,
  bookings: readonly BookingTable[],
): Promise<void> {
  await transaction.deleteFrom('bookings').where('day', '=', day).execute();
  for (const booking of bookings) await transaction.insertInto('bookings').values(booking).execute();
}

export async function bookingsOf(
  transaction: Kysely<OutboxSchema>,
  day: string,
): Promise<readonly (Booking & { readonly codeHash: string })[]> {
  const rows = await transaction.selectFrom('bookings').selectAll().where('day', '=', day).execute();
  return rows.map(({ code_hash, id, service, at, label }) => ({
    id,
    service,
    at,
    label,
    codeHash: code_hash,
  }));
}
