import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { WaitEstimate } from '../api/contract.js';
import type { Schema } from '../storage/schema.js';
import { estimateWait, type Ahead, type StaffedCounter } from './estimate.js';
import { momentOf, type Lobby, type Moment, type Tables } from './lobby.js';
import { orderOf } from './call-order.js';
import { isPresent } from './presence.js';
import { ServiceTimes } from './service-times.js';
import { isDueAt, waitsFrom, type TicketRow } from './tickets.js';

/** So many of the last events are learnt from at the start. */
const learntAtStart = 5000;

/** An event's number is given before its transaction ends: so many behind the last one may still come. */
const mayComeLate = 50;

/** So many at the head of the queue are read one by one; those behind them are counted. */
const readOneByOne = 200;

type Waiting = Pick<TicketRow, 'id' | 'service' | 'order_at' | 'number' | 'waiting_from'>;
type TicketThatWaits = Waiting & Parameters<typeof waitsFrom>[0];

/** A place in the call order. */
type Place = Pick<TicketRow, 'order_at' | 'number'>;

/** What the estimates go by, read once for all who are shown one. */
export interface WaitPicture {
  /** Those who wait at the head of the queue, also those whose time has not come, in the call order. */
  readonly waiting: readonly Waiting[];
  /** Those behind them, by service. */
  readonly behind: readonly {
    readonly service: string;
    readonly count: number;
    /** How many of them count as waiting already. */
    readonly now: number;
  }[];
  /** Booked, and not here yet. */
  readonly booked: readonly { readonly service: string; readonly at: number }[];
  readonly counters: readonly StaffedCounter[];
}

/** Estimates waits, learning from the event log how long services take. */
export class Waits {
  readonly #lobby: Lobby;
  readonly #times: ServiceTimes;
  #learntTo = 0;
  /** Numbers of the events that were learnt among those that may come late. */
  #learnt: ReadonlySet<number> = new Set();
  #learning = false;

  constructor(lobby: Lobby) {
    this.#lobby = lobby;
    this.#times = new ServiceTimes(lobby.settings.services);
  }

  /** Takes in what has happened since. */
  async learn(tables: Tables): Promise<void> {
    // Reads of several screens at once must not take the same events twice.
    if (this.#learning) return;
    this.#learning = true;
    try {
      await this.#learn(tables);
    } finally {
      this.#learning = false;
    }
  }

  async #learn(tables: Tables): Promise<void> {
    const { branch } = this.#lobby.settings;
    if (this.#learntTo === 0) {
      const newest = await tables
        .selectFrom('events')
        .select('seq')
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      this.#learntTo = Math.max(0, (newest?.seq ?? 0) - learntAtStart);
    }
    const events = await tables
      .selectFrom('events')
      .select(['seq', 'at', 'day', 'kind', 'ticket', 'service', 'counter', 'branch'])
      .where('seq', '>', this.#learntTo - mayComeLate)
      .orderBy('seq')
      .execute();
    for (const event of events) {
      if (event.branch === branch && !this.#learnt.has(event.seq)) this.#times.learn(event);
    }
    this.#learntTo = events[events.length - 1]?.seq ?? this.#learntTo;
    this.#learnt = new Set(events.map(({ seq }) => seq).filter((seq) => seq > this.#learntTo - mayComeLate));
  }

  /** Of all who wait, or of those alone who are called before a place in the order. */
  async picture(tables: Tables, moment: Moment, before?: Place): Promise<WaitPicture> {
    const { branch, counters, appointments } = this.#lobby.settings;
    const inOrder = tables
      .selectFrom('tickets')
      .where('branch', '=', branch)
      .where('day', '=', moment.day)
      .where('state', '=', 'waiting')
      .$if(before !== undefined, (query) =>
        query.where((where) => (before === undefined ? where.lit(true) : isBefore(where, before))),
      );
    const rows = await inOrder
      .select(['id', 'service', 'order_at', 'number', 'waiting_from', 'appointment_at', 'transferred_from'])
      .orderBy('order_at')
      .orderBy('number')
      .limit(readOneByOne)
      .execute();
    const waiting = rows.map((row) => ({ ...row, waiting_from: waitsFrom(row, moment.at) }));
    const last = waiting[readOneByOne - 1];
    const behind =
      last === undefined
        ? []
        : await inOrder
            .where((where) => where.not(isBefore(where, last)))
            // Two series may have the same number at the same moment.
            .where(
              'id',
              'not in',
              waiting.filter((each) => isLevel(each, last)).map(({ id }) => id),
            )
            .select(({ fn, eb }) => [
              'service',
              fn.countAll<number>().as('count'),
              fn.sum<number>(eb.case().when(isDueAt(eb, moment.at)).then(1).else(0).end()).as('now'),
            ])
            .groupBy('service')
            .execute();
    const current = await tables
      .selectFrom('tickets')
      .select(['counter', 'service', 'called_at'])
      .where('branch', '=', branch)
      .where('day', '=', moment.day)
      .where('state', 'in', ['called', 'serving'])
      .execute();
    const present = await tables
      .selectFrom('presence')
      .select('counter')
      .where('branch', '=', branch)
      .where((where) => isPresent(where, this.#lobby, moment))
      .execute();
    const booked = appointments.enabled
      ? await tables
          .selectFrom('appointments')
          .select(['service', 'at'])
          .where('branch', '=', branch)
          .where('day', '=', moment.day)
          .where('state', '=', 'booked')
          .where('at', '>', moment.at - appointments.lateMinutes * 60_000)
          .execute()
      : [];
    return {
      waiting,
      behind,
      booked,
      counters: counters
        .filter(({ id }) => present.some(({ counter }) => counter === id))
        .map(({ id, services }) => {
          const own = current.find(({ counter }) => counter === id);
          return {
            services,
            ...(own === undefined
              ? {}
              : { current: { service: own.service, since: own.called_at ?? moment.at } }),
          };
        }),
    };
  }

  /** How long a new ticket without a booking would wait. */
  ofNew(service: string, picture: WaitPicture): WaitEstimate {
    const { at } = momentOf(this.#lobby);
    return this.#estimate(service, at, this.#orderOfNew(service), aheadOf(picture), picture);
  }

  /** How many are called before a new ticket without a booking. */
  aheadOfNew(service: string, picture: WaitPicture): number {
    const order = this.#orderOfNew(service);
    const waiting = picture.waiting.filter((each) => each.order_at <= order);
    return aheadOf({ ...picture, waiting }).filter((each) => this.#sharesCounter(each.service, service))
      .length;
  }

  #orderOfNew(service: string): number {
    return orderOf(this.#lobby.settings, {
      origin: 'walk-in',
      service,
      transferred: false,
      returned: false,
      waitingFrom: momentOf(this.#lobby).at,
    });
  }

  /** How many are called before a ticket that waits, and how long it will be; by the picture up to its place. */
  of(
    ticket: TicketThatWaits,
    picture: WaitPicture,
  ): { readonly ahead: number; readonly estimate: WaitEstimate } {
    const before = aheadOf(picture);
    const from = waitsFrom(ticket, momentOf(this.#lobby).at);
    return {
      ahead: before.filter(({ service }) => this.#sharesCounter(service, ticket.service)).length,
      estimate: this.#estimate(ticket.service, from, ticket.order_at, before, picture),
    };
  }

  #estimate(
    service: string,
    waitingFrom: number,
    order: number,
    before: readonly Placed[],
    { booked, counters }: WaitPicture,
  ): WaitEstimate {
    const { settings } = this.#lobby;
    const toCome = booked
      .map(({ service: theirs, at }) => ({
        service: theirs,
        waitingFrom: at,
        order: orderOf(settings, {
          origin: 'appointment',
          service: theirs,
          transferred: false,
          returned: false,
          waitingFrom: at,
        }),
      }))
      .filter((each) => each.order < order);
    const ahead = [...before, ...toCome].sort((one, other) => one.order - other.order);
    return estimateWait({
      now: momentOf(this.#lobby).at,
      service,
      waitingFrom,
      ahead,
      counters,
      timesOf: (id) => this.#times.timesOf(id),
    });
  }

  /** Whether some counter could take either: who waits for another room is not ahead. */
  #sharesCounter(one: string, other: string): boolean {
    return (
      one === other ||
      this.#lobby.settings.counters.some(
        ({ services }) => services.length === 0 || (services.includes(one) && services.includes(other)),
      )
    );
  }
}

/** Whether a ticket is called before a place in the order. */
function isBefore(
  where: ExpressionBuilder<Schema, 'tickets'>,
  { order_at: order, number }: Place,
): Expression<SqlBool> {
  return where.or([
    where('order_at', '<', order),
    where.and([where('order_at', '=', order), where('number', '<', number)]),
  ]);
}

const isLevel = (one: Place, other: Place): boolean =>
  one.order_at === other.order_at && one.number === other.number;

/** With a place in the call order, ms: `orderOf`. */
interface Placed extends Ahead {
  readonly order: number;
}

/** All of the picture, in the call order; of those who are only counted, each service is spread evenly. */
function aheadOf({ waiting, behind }: WaitPicture): Placed[] {
  const counted = behind
    .flatMap(({ service, count }) =>
      Array.from({ length: count }, (_, index) => ({ service, share: (index + 0.5) / count })),
    )
    .sort((a, b) => a.share - b.share);
  const last = waiting.at(-1)?.order_at ?? 0;
  return [
    ...waiting.map((each) => ({
      service: each.service,
      waitingFrom: each.waiting_from,
      order: each.order_at,
    })),
    // So far back, whether the time of a booking has come makes no difference.
    ...counted.map(({ service }) => ({ service, waitingFrom: 0, order: last })),
  ];
}

/** How many count as waiting now for a service. */
export function waitingFor({ waiting, behind }: WaitPicture, { at }: Moment, service: string): number {
  const counted = behind.find((each) => each.service === service)?.now ?? 0;
  return waiting.filter((each) => each.service === service && each.waiting_from <= at).length + counted;
}
