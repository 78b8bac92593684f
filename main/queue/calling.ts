import type { DeskResult } from '../api/contract.js';
import { Undone } from '../storage/outcome.js';
import { orderOf } from './call-order.js';
import { record, serviceOf, type Lobby, type Moment, type Tables } from './lobby.js';
import { hold } from './presence.js';
import { byId, byLabel, deskTicketOf, isDueAt, lastJobs, type TicketRow } from './tickets.js';
import type { Desk } from './types.js';

// What a counter does to tickets. Each change asks for the state that it starts from, in its own UPDATE, so that of two
// counters that reach for the same ticket one gets it.

const notPossible: DeskResult = { kind: 'not-possible' };

/** What the ticket that this counter has in hand came to. */
export type Finish = 'done' | 'no-show' | 'parked';

/** What the counter has in hand; undone when the session that acts does not have that counter. */
async function inHand(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  desk: Desk,
): Promise<TicketRow | undefined> {
  const held = await hold(tables, lobby, moment, desk);
  if (held !== 'held') throw new Undone<DeskResult>({ kind: held });
  const { branch } = lobby.settings;
  return tables
    .selectFrom('tickets')
    .selectAll()
    .where('branch', '=', branch)
    .where('day', '=', moment.day)
    .where('state', 'in', ['called', 'serving'])
    .where('counter', '=', desk.counter)
    .orderBy('called_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

async function answered(tables: Tables, id: string): Promise<DeskResult> {
  const ticket = await byId(tables, id);
  if (ticket === undefined) return { kind: 'unknown-ticket' };
  return { kind: 'ok', ticket: deskTicketOf(ticket, (await lastJobs(tables, [ticket])).get(id)) };
}

/** Ends what the counter has in hand. */
export async function finish(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  desk: Desk,
  how: Finish,
): Promise<DeskResult> {
  const { counter } = desk;
  const ticket = await inHand(tables, lobby, moment, desk);
  if (ticket === undefined) return notPossible;
  const { numUpdatedRows } = await tables
    .updateTable('tickets')
    .set({ state: how, ended_at: how === 'parked' ? null : moment.at, counter: null })
    .where('id', '=', ticket.id)
    .where('state', '=', ticket.state)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return notPossible;
  await record(tables, lobby, moment, { kind: how, ticket: ticket.id, service: ticket.service, counter });
  return answered(tables, ticket.id);
}

/**
 * Calls the next ticket of the counter's services. What it has in hand ends first: served, it is done; called and never
 * met, it is a no-show.
 */
export async function callNext(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  desk: Desk,
): Promise<DeskResult> {
  const before = await inHand(tables, lobby, moment, desk);
  if (before !== undefined) {
    await finish(tables, lobby, moment, desk, before.state === 'serving' ? 'done' : 'no-show');
  }
  const { settings, dialect } = lobby;
  const services = settings.counters.find(({ id }) => id === desk.counter)?.services ?? [];
  const next = await tables
    .selectFrom('tickets')
    .selectAll()
    .where('branch', '=', settings.branch)
    .where('day', '=', moment.day)
    .where('state', '=', 'waiting')
    .where((where) => isDueAt(where, moment.at))
    .$if(services.length > 0, (query) => query.where('service', 'in', services))
    .orderBy('order_at')
    .orderBy('number')
    .limit(1)
    // Other counters take the one behind it, and wait for nobody. SQLite has one writer at a time anyway.
    .$if(dialect === 'postgres', (query) => query.forUpdate().skipLocked())
    .executeTakeFirst();
  if (next === undefined) return { kind: 'nobody-waiting' };
  return take(tables, lobby, moment, desk, next);
}

/**
 * Calls a ticket by its number, whatever its place in the order. `ask-first`: not where that would make a no-show of the
 * ticket in hand.
 */
export async function call(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  desk: Desk,
  label: string,
  passOver?: 'ask-first',
): Promise<DeskResult> {
  const before = await inHand(tables, lobby, moment, desk);
  const ticket = await byLabel(tables, lobby, moment, label);
  if (ticket === undefined) return { kind: 'unknown-ticket' };
  if (!['waiting', 'parked', 'no-show'].includes(ticket.state)) return notPossible;
  if (before?.state === 'called' && passOver === 'ask-first') return { kind: 'someone-called' };
  if (before !== undefined) {
    await finish(tables, lobby, moment, desk, before.state === 'serving' ? 'done' : 'no-show');
  }
  const taken = await take(tables, lobby, moment, desk, ticket);
  // What was in hand stays so when the call fails.
  if (taken.kind !== 'ok') throw new Undone<DeskResult>(taken);
  return taken;
}

async function take(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { counter }: Desk,
  ticket: TicketRow,
): Promise<DeskResult> {
  const { numUpdatedRows } = await tables
    .updateTable('tickets')
    .set({
      state: 'called',
      counter,
      called_at: moment.at,
      serving_at: null,
      ended_at: null,
      calls: ticket.calls + 1,
    })
    .where('id', '=', ticket.id)
    .where('state', '=', ticket.state)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return notPossible;
  await record(tables, lobby, moment, {
    kind: 'called',
    ticket: ticket.id,
    service: ticket.service,
    counter,
    data: { label: ticket.label },
  });
  return answered(tables, ticket.id);
}

export async function recall(tables: Tables, lobby: Lobby, moment: Moment, desk: Desk): Promise<DeskResult> {
  const { counter } = desk;
  const ticket = await inHand(tables, lobby, moment, desk);
  if (ticket?.state !== 'called') return notPossible;
  const { numUpdatedRows } = await tables
    .updateTable('tickets')
    .set({ called_at: moment.at, calls: ticket.calls + 1 })
    .where('id', '=', ticket.id)
    .where('state', '=', ticket.state)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return notPossible;
  await record(tables, lobby, moment, {
    kind: 'recalled',
    ticket: ticket.id,
    service: ticket.service,
    counter,
    data: { label: ticket.label },
  });
  return answered(tables, ticket.id);
}

/** The person has come. */
export async function serve(tables: Tables, lobby: Lobby, moment: Moment, desk: Desk): Promise<DeskResult> {
  const { counter } = desk;
  const ticket = await inHand(tables, lobby, moment, desk);
  if (ticket?.state !== 'called') return notPossible;
  const { numUpdatedRows } = await tables
    .updateTable('tickets')
    .set({ state: 'serving', serving_at: moment.at })
    .where('id', '=', ticket.id)
    .where('state', '=', ticket.state)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return notPossible;
  await record(tables, lobby, moment, {
    kind: 'serving',
    ticket: ticket.id,
    service: ticket.service,
    counter,
  });
  return answered(tables, ticket.id);
}

/** Sends the person on to another service, where the ticket waits anew. */
export async function transfer(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  desk: Desk,
  service: string,
): Promise<DeskResult> {
  const { counter } = desk;
  const ticket = await inHand(tables, lobby, moment, desk);
  if (ticket === undefined || serviceOf(lobby, service) === undefined || ticket.service === service) {
    return notPossible;
  }
  const { numUpdatedRows } = await tables
    .updateTable('tickets')
    .set({
      state: 'waiting',
      service,
      transferred_from: ticket.service,
      counter: null,
      waiting_from: moment.at,
      order_at: orderOf(lobby.settings, {
        origin: ticket.origin,
        service,
        transferred: true,
        returned: await hasReturned(tables, ticket),
        waitingFrom: moment.at,
      }),
    })
    .where('id', '=', ticket.id)
    .where('state', '=', ticket.state)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return notPossible;
  await record(tables, lobby, moment, { kind: 'transferred', ticket: ticket.id, service, counter });
  return answered(tables, ticket.id);
}

/** Whether the ticket was parked, or missed its call, before. */
async function hasReturned(tables: Tables, { id, branch, day }: TicketRow): Promise<boolean> {
  const event = await tables
    .selectFrom('events')
    .select('seq')
    .where('branch', '=', branch)
    .where('day', '=', day)
    .where('ticket', '=', id)
    .where('kind', 'in', ['parked', 'no-show'])
    .limit(1)
    .executeTakeFirst();
  return event !== undefined;
}

export async function cancel(tables: Tables, lobby: Lobby, moment: Moment, id: string): Promise<DeskResult> {
  const ticket = await byId(tables, id);
  if (ticket === undefined) return { kind: 'unknown-ticket' };
  if (ticket.state === 'done' || ticket.state === 'cancelled') return notPossible;
  const { numUpdatedRows } = await tables
    .updateTable('tickets')
    .set({ state: 'cancelled', ended_at: moment.at, counter: null })
    .where('id', '=', id)
    .where('state', '=', ticket.state)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return notPossible;
  // Whoever was booked can check in again: the number is dead, the booking is not.
  await tables
    .updateTable('appointments')
    .set({ state: 'booked', ticket: null })
    .where('ticket', '=', id)
    .execute();
  await record(tables, lobby, moment, {
    kind: 'cancelled',
    ticket: id,
    service: ticket.service,
    data: { why: 'staff' },
  });
  return answered(tables, id);
}
