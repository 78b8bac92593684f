import { randomInt } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AppointmentEntry, DeskResult, ImportResult, Input } from '../api/contract.js';
import { Undone } from '../storage/outcome.js';
import type { AppointmentTable } from '../storage/schema.js';
import type { AppointmentImport, ImportProblem } from './appointment-import/index.js';
import { momentOf, serviceOf, type Lobby, type Moment, type Tables } from './lobby.js';
import { instantOf, localTimeOf } from './local-time.js';
import { byId, issue, type TicketRow } from './tickets.js';

type Row = Selectable<AppointmentTable>;

const codeCharacters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeLength = 6;

/** Letters and digits that nobody takes for each other. */
function newCode(): string {
  return Array.from({ length: codeLength }, () => codeCharacters[randomInt(codeCharacters.length)]).join('');
}

export type Arrival =
  | { readonly kind: 'ticket'; readonly ticket: TicketRow }
  | { readonly kind: 'unknown' | 'code-needed' | 'away' }
  | { readonly kind: 'too-early'; readonly time: string; readonly from: string }
  | { readonly kind: 'too-late'; readonly time: string }
  | { readonly kind: 'already'; readonly label: string };

/** Checks a booked visitor in: the appointment changes and the ticket is given out in one transaction. */
export async function arrive(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { appointment: by, language, reason }: Input<'queue.checkIn'>,
): Promise<Arrival> {
  const { branch, appointments: limits } = lobby.settings;
  const found = await tables
    .selectFrom('appointments')
    .selectAll()
    .where('branch', '=', branch)
    .where('day', '=', moment.day)
    .where('state', '!=', 'cancelled')
    .$if(by.by === 'code', (query) => query.where('code', '=', by.by === 'code' ? by.code : ''))
    .$if(by.by === 'time', (query) =>
      query
        .where('service', '=', by.by === 'time' ? by.service : '')
        .where('at', '=', by.by === 'time' ? instantOf(moment.day, by.time) : 0),
    )
    .execute();
  const [only] = found;
  if (only === undefined) return { kind: 'unknown' };
  if (found.length > 1) return { kind: 'code-needed' };
  return admit(tables, lobby, moment, only, { language, reason, limits });
}

async function admit(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  row: Row,
  {
    language,
    reason,
    limits,
  }: Pick<Input<'queue.checkIn'>, 'language' | 'reason'> & {
    readonly limits: { readonly earlyMinutes: number; readonly lateMinutes: number };
  },
): Promise<Arrival> {
  const time = localTimeOf(row.at);
  if (row.ticket !== null) {
    const ticket = await byId(tables, row.ticket);
    if (ticket !== undefined) return { kind: 'already', label: ticket.label };
  }
  const from = row.at - limits.earlyMinutes * 60_000;
  if (moment.at < from) return { kind: 'too-early', time, from: localTimeOf(from) };
  if (moment.at > row.at + limits.lateMinutes * 60_000) return { kind: 'too-late', time };
  const service = serviceOf(lobby, row.service);
  if (service === undefined) return { kind: 'unknown' };
  // One of two kiosks is first: the other waits here for its transaction, and changes nothing.
  const { numUpdatedRows } = await tables
    .updateTable('appointments')
    .set({ state: 'arrived' })
    .where('id', '=', row.id)
    .where('state', '=', 'booked')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return { kind: 'code-needed' };
  const ticket = await issue(tables, lobby, moment, {
    service,
    language,
    reason,
    appointment: { id: row.id, at: row.at },
  });
  // A booking is a promise: only a series without any number left keeps it from a ticket.
  if (ticket === undefined) throw new Undone<Arrival>({ kind: 'away' });
  await tables.updateTable('appointments').set({ ticket: ticket.id }).where('id', '=', row.id).execute();
  return { kind: 'ticket', ticket };
}

export async function appointmentsOf(
  tables: Tables,
  { settings: { branch } }: Lobby,
  day: string,
): Promise<AppointmentEntry[]> {
  const rows = await tables
    .selectFrom('appointments')
    .leftJoin('tickets', 'tickets.id', 'appointments.ticket')
    .select([
      'appointments.id',
      'appointments.service',
      'appointments.at',
      'appointments.code',
      'appointments.state',
      'tickets.label',
    ])
    .where('appointments.branch', '=', branch)
    .where('appointments.day', '=', day)
    .orderBy('appointments.at')
    .orderBy('appointments.code')
    .execute();
  return rows.map(({ id, service, at, code, state, label }) => ({
    id,
    service,
    time: localTimeOf(at),
    code,
    state,
    ...(label === null ? {} : { label }),
  }));
}

export async function cancelAppointment(tables: Tables, id: string): Promise<DeskResult> {
  const { numUpdatedRows } = await tables
    .updateTable('appointments')
    .set({ state: 'cancelled' })
    .where('id', '=', id)
    .where('state', '=', 'booked')
    .executeTakeFirst();
  return { kind: numUpdatedRows > 0n ? 'ok' : 'not-possible' };
}

type Imported = Extract<ImportResult, { kind: 'imported' }>;

/** Takes over what was read; the same list twice changes nothing. */
export async function takeOver(
  tables: Tables,
  lobby: Lobby,
  { appointments, problems }: AppointmentImport,
): Promise<Imported> {
  const { branch } = lobby.settings;
  const { at: now } = momentOf(lobby);
  const count = { added: 0, changed: 0, unchanged: 0, cancelled: 0 };
  const found: ImportProblem[] = [...problems];
  for (const each of appointments) {
    const before = await tables
      .selectFrom('appointments')
      .selectAll()
      .where('branch', '=', branch)
      .where((where) =>
        where.or([
          where('source', '=', each.source),
          ...(each.code === undefined
            ? []
            : [where.and([where('day', '=', each.day), where('code', '=', each.code)])]),
        ]),
      )
      .executeTakeFirst();
    const state = each.cancelled ? 'cancelled' : 'booked';
    if (before === undefined) {
      if (each.cancelled) {
        count.unchanged++;
        continue;
      }
      await tables
        .insertInto('appointments')
        .values({
          id: lobby.newId(),
          branch,
          service: each.service,
          day: each.day,
          at: each.at,
          code: each.code ?? newCode(),
          source: each.source,
          state,
          ticket: null,
          created_at: now,
        })
        .execute();
      count.added++;
      continue;
    }
    const same =
      before.service === each.service &&
      before.at === each.at &&
      (before.state === state || before.state === 'arrived');
    // Whoever has arrived is in the queue: a list that comes later does not take that back.
    if (same || before.state === 'arrived') {
      count.unchanged++;
      continue;
    }
    await tables.deleteFrom('appointments').where('id', '=', before.id).execute();
    await tables
      .insertInto('appointments')
      .values({ ...before, service: each.service, day: each.day, at: each.at, source: each.source, state })
      .execute();
    if (each.cancelled) count.cancelled++;
    else count.changed++;
  }
  return { kind: 'imported', ...count, problems: found.slice(0, 100) };
}

/** One by hand. */
export async function addAppointment(
  tables: Tables,
  lobby: Lobby,
  { service, day, time, code }: Input<'desk.addAppointment'>,
): Promise<Imported> {
  const nothing = { kind: 'imported', added: 0, changed: 0, unchanged: 0, cancelled: 0 } as const;
  const moment = momentOf(lobby);
  if (serviceOf(lobby, service) === undefined) {
    return { ...nothing, problems: [{ line: 1, problem: 'unknown-service' }] };
  }
  if (day < moment.day) return { ...nothing, problems: [{ line: 1, problem: 'past' }] };
  const { branch } = lobby.settings;
  const { numInsertedOrUpdatedRows: added } = await tables
    .insertInto('appointments')
    .values({
      id: lobby.newId(),
      branch,
      service,
      day,
      at: instantOf(day, time),
      code: code ?? newCode(),
      source: null,
      state: 'booked',
      ticket: null,
      created_at: moment.at,
    })
    .onConflict((conflict) => conflict.columns(['branch', 'day', 'code']).doNothing())
    .executeTakeFirst();
  return added === 0n
    ? { ...nothing, problems: [{ line: 1, problem: 'double-code' }] }
    : { ...nothing, added: 1, problems: [] };
}
