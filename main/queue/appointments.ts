import { randomInt } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AppointmentEntry, DeskResult, ImportResult, Input } from '../api/contract.js';
import { type Outcome, Undone } from '../storage/outcome.js';
import type { AppointmentTable } from '../storage/schema.js';
import type { AppointmentImport, ImportedAppointment, ImportProblem } from './appointment-import/index.js';
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

/** For good: a list that comes later does not book it again. */
export async function cancelAppointment(tables: Tables, id: string): Promise<DeskResult> {
  const { numUpdatedRows } = await tables
    .updateTable('appointments')
    .set({ state: 'cancelled', by_staff: 1 })
    .where('id', '=', id)
    .where('state', '=', 'booked')
    .executeTakeFirst();
  return { kind: numUpdatedRows > 0n ? 'ok' : 'not-possible' };
}

type Imported = Extract<ImportResult, { kind: 'imported' }>;
type Count = { -readonly [Kind in 'added' | 'changed' | 'unchanged' | 'cancelled']: number };
/** What became of one booking of a list. */
type Taken = keyof Count | 'double-code';

/** So many bookings of a list are taken over in one transaction: a visitor waits for no more of them. */
const takenOverAtOnce = 50;

/**
 * Takes over what was read, part after part, each in a transaction of its own that `transact` makes; the same list twice
 * changes nothing. When a part fails, or the kiosk ends, the parts before it are taken over and the rest of the list is
 * not: the same list once more brings the rest.
 */
export async function takeOver(
  transact: <Value>(work: (tables: Tables, moment: Moment) => Promise<Value>) => Promise<Outcome<Value>>,
  lobby: Lobby,
  { appointments, problems }: AppointmentImport,
): Promise<{ readonly result: ImportResult; readonly changed: boolean }> {
  const count: Count = { added: 0, changed: 0, unchanged: 0, cancelled: 0 };
  const isChanged = (): boolean => count.added + count.changed + count.cancelled > 0;
  const found: ImportProblem[] = [...problems];
  for (let from = 0; from < appointments.length; from += takenOverAtOnce) {
    const part = appointments.slice(from, from + takenOverAtOnce);
    const outcome = await transact(async (tables, { at }) => {
      const taken: Taken[] = [];
      for (const each of part) taken.push(await takeOverOne(tables, lobby, each, at));
      return taken;
    });
    if (outcome.kind === 'failed') return { result: { kind: 'away' }, changed: isChanged() };
    for (const [index, taken] of outcome.value.entries()) {
      if (taken === 'double-code') found.push({ line: part[index]?.line ?? 0, problem: taken });
      else count[taken]++;
    }
  }
  found.sort((one, other) => one.line - other.line);
  return { result: { kind: 'imported', ...count, problems: found.slice(0, 100) }, changed: isChanged() };
}

async function takeOverOne(
  tables: Tables,
  lobby: Lobby,
  { service, day, at, code, source, cancelled }: ImportedAppointment,
  now: number,
): Promise<Taken> {
  const { branch } = lobby.settings;
  const state = cancelled ? 'cancelled' : 'booked';
  const ofBranch = tables.selectFrom('appointments').selectAll().where('branch', '=', branch);
  const withCode = (theirs: string) =>
    ofBranch.where('day', '=', day).where('code', '=', theirs).executeTakeFirst();
  const before =
    (await ofBranch.where('source', '=', source).executeTakeFirst()) ??
    (code === undefined ? undefined : await withCode(code));
  if (before === undefined) {
    if (cancelled) return 'unchanged';
    const { numInsertedOrUpdatedRows: added } = await tables
      .insertInto('appointments')
      .values({
        id: lobby.newId(),
        branch,
        service,
        day,
        at,
        code: code ?? newCode(),
        source,
        state,
        ticket: null,
        created_at: now,
      })
      .onConflict((conflict) => conflict.columns(['branch', 'day', 'code']).doNothing())
      .executeTakeFirst();
    return added === 0n ? 'double-code' : 'added';
  }
  const kept = code ?? before.code;
  const same =
    before.service === service && before.at === at && before.code === kept && before.state === state;
  // Whoever has arrived is in the queue, and staff had their reason: a list that comes later takes neither back.
  if (same || before.state === 'arrived' || before.by_staff === 1) return 'unchanged';
  const holder = await withCode(kept);
  if (holder !== undefined && holder.id !== before.id) return 'double-code';
  const { numUpdatedRows } = await tables
    .updateTable('appointments')
    .set({ service, day, at, code: kept, source, state })
    .where('id', '=', before.id)
    .where('state', '=', before.state)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return 'unchanged';
  return cancelled ? 'cancelled' : 'changed';
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
