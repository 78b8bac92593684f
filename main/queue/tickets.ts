import type { Expression, ExpressionBuilder, Selectable, SqlBool } from 'kysely';
import { language, printerTrouble, ticketReason, type DeskTicket, type PaperState } from '../api/contract.js';
import type { PrintJobTable, Schema, TicketTable } from '../storage/schema.js';
import { orderOf } from './call-order.js';
import { record, seriesOf, type Lobby, type Moment, type Tables } from './lobby.js';
import { localTimeOf } from './local-time.js';
import { labelOf, nextNumber } from './numbers.js';
import { dayOver, isOpen } from '../storage/migrations.js';
import type { ServiceSettings } from './settings.js';

export type TicketRow = Selectable<TicketTable>;

/** What a new ticket is for. */
export interface NewVisit {
  readonly service: ServiceSettings;
  readonly language: string;
  readonly reason: object | undefined;
  readonly appointment?: { readonly id: string; readonly at: number } | undefined;
}

/** Gives out a number: ticket and event, in the caller's transaction; `undefined` when the series is used up. */
export async function issue(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { service, language: spoken, reason, appointment }: NewVisit,
): Promise<TicketRow | undefined> {
  const series = seriesOf(lobby, service);
  if (series === undefined) return undefined;
  const number = await nextNumber(tables, lobby, moment, series);
  if (number === undefined) return undefined;
  const origin = appointment === undefined ? 'walk-in' : 'appointment';
  // An appointment counts as waiting from its time on, however early its visitor is.
  const waitingFrom = Math.max(moment.at, appointment?.at ?? moment.at);
  const ticket: TicketRow = {
    id: lobby.newId(),
    branch: lobby.settings.branch,
    day: moment.day,
    series: series.id,
    number,
    label: labelOf(series, number),
    service: service.id,
    transferred_from: null,
    origin,
    appointment: appointment?.id ?? null,
    appointment_at: appointment?.at ?? null,
    state: 'waiting',
    language: spoken,
    reason: reason === undefined ? null : JSON.stringify(reason),
    taken_at: moment.at,
    waiting_from: waitingFrom,
    order_at: orderOf(lobby.settings, {
      origin,
      service: service.id,
      transferred: false,
      returned: false,
      // A booked time counts, not the minute in which its visitor came.
      waitingFrom: appointment?.at ?? waitingFrom,
    }),
    counter: null,
    called_at: null,
    serving_at: null,
    ended_at: null,
    calls: 0,
    token: lobby.publicAddress === undefined ? null : lobby.newToken(),
    kiosk: lobby.kiosk,
    leased: 0,
  };
  await tables.insertInto('tickets').values(ticket).execute();
  await record(tables, lobby, moment, {
    kind: 'taken',
    ticket: ticket.id,
    service: service.id,
    data: { waitingFrom },
  });
  return ticket;
}

type Timed = Pick<TicketRow, 'waiting_from' | 'appointment_at' | 'transferred_from'>;

/**
 * From when on a ticket counts as waiting, ms since 1970: of a booking its time; whoever came without one waits, also
 * where a clock that was put back since, or another kiosk's, says that they come later.
 */
export function waitsFrom(
  { waiting_from: from, appointment_at: booked, transferred_from }: Timed,
  at: number,
): number {
  return booked !== null && booked > at && transferred_from === null ? booked : Math.min(from, at);
}

export const isDue = (ticket: Timed, at: number): boolean => waitsFrom(ticket, at) <= at;

/** The same as `isDue`, asked of the database. */
export function isDueAt(where: ExpressionBuilder<Schema, 'tickets'>, at: number): Expression<SqlBool> {
  return where.or([
    where('appointment_at', 'is', null),
    where('appointment_at', '<=', at),
    where('transferred_from', 'is not', null),
  ]);
}

/** Today's tickets in some states, in the call order. */
export function ticketsIn(
  tables: Tables,
  { settings: { branch } }: Lobby,
  { day }: Moment,
  states: readonly TicketRow['state'][],
): Promise<TicketRow[]> {
  return tables
    .selectFrom('tickets')
    .selectAll()
    .where('branch', '=', branch)
    .where('day', '=', day)
    .where('state', 'in', states)
    .orderBy('order_at')
    .orderBy('number')
    .execute();
}

/** A ticket of today by its number. */
export function byLabel(
  tables: Tables,
  { settings: { branch } }: Lobby,
  { day }: Moment,
  label: string,
): Promise<TicketRow | undefined> {
  return tables
    .selectFrom('tickets')
    .selectAll()
    .where('branch', '=', branch)
    .where('day', '=', day)
    .where('label', '=', label)
    .executeTakeFirst();
}

export function byId(tables: Tables, id: string): Promise<TicketRow | undefined> {
  return tables.selectFrom('tickets').selectAll().where('id', '=', id).executeTakeFirst();
}

type Job = Pick<Selectable<PrintJobTable>, 'ticket' | 'state' | 'trouble'>;

/** The last printing of each of these tickets. */
export async function lastJobs(
  tables: Tables,
  tickets: readonly TicketRow[],
): Promise<ReadonlyMap<string, Job>> {
  if (tickets.length === 0) return new Map();
  const jobs = await tables
    .selectFrom('print_jobs')
    .select(['ticket', 'state', 'trouble'])
    .where(
      'ticket',
      'in',
      tickets.map(({ id }) => id),
    )
    .orderBy('created_at')
    .execute();
  return new Map(jobs.map((job) => [job.ticket, job]));
}

function paperOf(job: Job | undefined): PaperState {
  switch (job?.state) {
    case undefined:
      return 'none';
    case 'queued':
    case 'sent':
      return 'printing';
    case 'confirmed':
      return 'printed';
    case 'unknown':
      return 'unknown';
    case 'failed':
      return 'not-printed';
    case 'settled':
      return 'settled';
  }
}

/** A ticket as a desk sees it. */
export function deskTicketOf(row: TicketRow, job: Job | undefined): DeskTicket {
  const spoken = language.safeParse(row.language);
  const reason = row.reason === null ? undefined : ticketReason.safeParse(JSON.parse(row.reason)).data;
  return {
    id: row.id,
    label: row.label,
    service: row.service,
    ...(row.transferred_from === null ? {} : { transferredFrom: row.transferred_from }),
    origin: row.origin,
    state: row.state,
    language: spoken.success ? spoken.data : 'da',
    ...(reason === undefined ? {} : { reason }),
    takenAt: row.taken_at,
    waitingFrom: row.waiting_from,
    ...(row.appointment_at === null ? {} : { appointmentTime: localTimeOf(row.appointment_at) }),
    ...(row.counter === null ? {} : { counter: row.counter }),
    ...(row.called_at === null ? {} : { calledAt: row.called_at }),
    calls: row.calls,
    paper: paperOf(job),
    ...(job?.state === 'failed' && job.trouble !== null ? { paperTrouble: troubleOf(job.trouble) } : {}),
  };
}

function troubleOf(stored: string): NonNullable<DeskTicket['paperTrouble']> {
  const parsed = printerTrouble.safeParse(stored);
  return parsed.success ? parsed.data : 'error';
}

/** So many are ended at once: some ms. */
const endedAtOnce = 50;

/**
 * Ends a part of what days before `day` left in the queue: nobody waits over night. Returns how many that were; none: all
 * is done.
 */
export async function closeEarlierDays(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  day: string,
): Promise<number> {
  const left = await tables
    .selectFrom('tickets')
    .select(['id', 'service'])
    .where('branch', '=', lobby.settings.branch)
    .where('day', '<', day)
    .where(isOpen)
    .limit(endedAtOnce)
    // Two kiosks that tidy up at once take different ones.
    .$if(lobby.dialect === 'postgres', (query) => query.forUpdate().skipLocked())
    .execute();
  for (const { id, service } of left) {
    await tables
      .updateTable('tickets')
      .set({ state: 'cancelled', ended_at: moment.at })
      .where('id', '=', id)
      .execute();
    await record(tables, lobby, moment, {
      kind: 'cancelled',
      ticket: id,
      service,
      data: dayOver,
    });
  }
  return left.length;
}
