import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.js';
import type { EventRow, JobRow, OutboxEntry, TicketRow } from './outbox.js';

/** States in which a ticket can still be called. */
const open = ['waiting', 'called', 'parked', 'no-show'] as const;

/**
 * Tells the lobby's database one entry, in the transaction of the caller. However often it is told: tickets, jobs and
 * events have their ids from the kiosk, and what has become of a ticket since stays as it is.
 */
export async function replay(transaction: Kysely<Schema>, entry: OutboxEntry, now: number): Promise<void> {
  switch (entry.kind) {
    case 'ticket':
      return replayTicket(transaction, entry.ticket, entry.events, now);
    case 'void':
      return replayVoid(transaction, entry.ticket, entry.event, now);
    case 'paper':
      return replayPaper(transaction, entry.job, entry.events);
  }
}

async function replayTicket(
  transaction: Kysely<Schema>,
  ticket: TicketRow,
  events: readonly EventRow[],
  now: number,
): Promise<void> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('tickets')
    .values(ticket)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  for (const event of events) await add(transaction, event);
  const { branch, day, service, kiosk } = ticket;
  // Named after the ticket, so that it is there once.
  const cancelled: EventRow = {
    ...{ id: `${ticket.id} void`, at: now, branch, day, kind: 'void', kiosk },
    ...{ ticket: ticket.id, service, counter: null, data: null },
  };
  if (numInsertedOrUpdatedRows === 0n) {
    // Told before; or a lobby whose database was set back has leased the number again, and staff see that in the log.
    if (!(await isThere(transaction, ticket.id))) await add(transaction, cancelled);
    return;
  }
  if (ticket.appointment === null) return;
  const { numUpdatedRows } = await transaction
    .updateTable('appointments')
    .set({ state: 'arrived', ticket: ticket.id })
    .where('id', '=', ticket.appointment)
    .where('ticket', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return;
  // The booking was checked in at another kiosk as well: one of its tickets is called, not both.
  await replayVoid(transaction, ticket.id, cancelled, now);
}

async function replayVoid(
  transaction: Kysely<Schema>,
  ticket: string,
  event: EventRow,
  now: number,
): Promise<void> {
  // A server that had hung may still be about to commit it: it holds its counter until then.
  await transaction
    .updateTable('series_counters')
    .set((eb) => ({ last: eb.ref('last') }))
    .where('branch', '=', event.branch)
    .where('day', '=', event.day)
    .execute();
  if (!(await isThere(transaction, ticket))) return;
  await transaction
    .updateTable('tickets')
    .set({ state: 'cancelled', ended_at: now })
    .where('id', '=', ticket)
    .where('state', 'in', open)
    .execute();
  await transaction
    .updateTable('appointments')
    .set({ state: 'booked', ticket: null })
    .where('ticket', '=', ticket)
    .execute();
  await add(transaction, event);
}

async function isThere(transaction: Kysely<Schema>, ticket: string): Promise<boolean> {
  const found = await transaction.selectFrom('tickets').select('id').where('id', '=', ticket).execute();
  return found.length > 0;
}

async function replayPaper(
  transaction: Kysely<Schema>,
  job: JobRow,
  events: readonly EventRow[],
): Promise<void> {
  const { state, on_paper, trouble, changed_at } = job;
  await transaction
    .insertInto('print_jobs')
    .values(job)
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ state, on_paper, trouble, changed_at })
        .where('print_jobs.changed_at', '<=', changed_at),
    )
    .execute();
  for (const event of events) await add(transaction, event);
}

async function add(transaction: Kysely<Schema>, event: EventRow): Promise<void> {
  await transaction
    .insertInto('events')
    .values(event)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
}
