import type { WaitEstimate } from '../api/contract.js';
import { estimateWait, type Ahead, type StaffedCounter } from './estimate.js';
import { momentOf, type Lobby, type Moment, type Tables } from './lobby.js';
import { orderOf } from './call-order.js';
import { ServiceTimes } from './service-times.js';
import type { TicketRow } from './tickets.js';

/** So many of the last events are learnt from at the start. */
const learntAtStart = 5000;

/** What the estimates go by, read once for all who are shown one. */
export interface WaitPicture {
  /** All who wait, also those whose time has not come, in the call order. */
  readonly waiting: readonly Pick<TicketRow, 'id' | 'service' | 'order_at' | 'number' | 'waiting_from'>[];
  /** Booked, and not here yet. */
  readonly booked: readonly { readonly service: string; readonly at: number }[];
  readonly counters: readonly StaffedCounter[];
}

/** Estimates waits, learning from the event log how long services take. */
export class Waits {
  readonly #lobby: Lobby;
  readonly #times: ServiceTimes;
  #learntTo = 0;
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
      .where('seq', '>', this.#learntTo)
      .orderBy('seq')
      .execute();
    for (const event of events) if (event.branch === branch) this.#times.learn(event);
    this.#learntTo = events[events.length - 1]?.seq ?? this.#learntTo;
  }

  async picture(tables: Tables, moment: Moment): Promise<WaitPicture> {
    const { branch, counters, appointments } = this.#lobby.settings;
    const waiting = await tables
      .selectFrom('tickets')
      .select(['id', 'service', 'order_at', 'number', 'waiting_from'])
      .where('branch', '=', branch)
      .where('day', '=', moment.day)
      .where('state', '=', 'waiting')
      .orderBy('order_at')
      .orderBy('number')
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
      .where('seen_at', '>', moment.at - presentForMs)
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
    const order = orderOf(this.#lobby.settings, {
      origin: 'walk-in',
      service,
      transferred: false,
      returned: false,
      waitingFrom: at,
    });
    return this.#estimate(service, at, order, picture.waiting, picture);
  }

  /** How many are called before a ticket that waits, and how long it will be. */
  of(
    ticket: Pick<TicketRow, 'id' | 'service' | 'order_at' | 'number' | 'waiting_from'>,
    picture: WaitPicture,
  ): { readonly ahead: number; readonly estimate: WaitEstimate } {
    const before = picture.waiting.filter(
      ({ id, order_at: order, number }) =>
        id !== ticket.id &&
        (order < ticket.order_at || (order === ticket.order_at && number < ticket.number)),
    );
    return {
      ahead: before.filter(({ service }) => this.#sharesCounter(service, ticket.service)).length,
      estimate: this.#estimate(ticket.service, ticket.waiting_from, ticket.order_at, before, picture),
    };
  }

  #estimate(
    service: string,
    waitingFrom: number,
    order: number,
    before: WaitPicture['waiting'],
    { booked, counters }: WaitPicture,
  ): WaitEstimate {
    const { settings } = this.#lobby;
    const ahead: Ahead[] = [
      ...before.map((ticket) => ({ service: ticket.service, waitingFrom: ticket.waiting_from })),
      ...booked
        .filter(
          ({ service: theirs, at }) =>
            orderOf(settings, {
              origin: 'appointment',
              service: theirs,
              transferred: false,
              returned: false,
              waitingFrom: at,
            }) < order,
        )
        .map(({ service: theirs, at }) => ({ service: theirs, waitingFrom: at })),
    ];
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

/** A counter whose session was not heard of for so long is free, ms. */
export const presentForMs = 3 * 60_000;
