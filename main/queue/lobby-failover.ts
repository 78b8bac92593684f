import {
  type BoardState,
  type DeskResult,
  type ImportResult,
  type Input,
  language,
  type PhoneTicket,
  type ServiceState,
} from '../api/contract.js';
import { keepLatest } from '../keep-latest.js';
import type { BookingTable } from '../storage/outbox-schema.js';
import type { Schema } from '../storage/schema.js';
import { orderOf } from './call-order.js';
import { FailoverPapers } from './failover-papers.js';
import { leaseBlock } from './leases.js';
import { LastKnown } from './last-known.js';
import { dayAfter, localDayOf, localTimeOf } from './local-time.js';
import type { Lobby } from './lobby.js';
import { labelOf } from './numbers.js';
import { bookedHoursOf, stateOf } from './opening-hours.js';
import {
  type Booking,
  bookingsOf,
  entriesOf,
  forgetBefore,
  hashOf,
  keepBlock,
  keepBookings,
  nextLeased,
  numbersLeft,
  type EventRow,
  type OutboxEntry,
  type OutboxStore,
  put,
  remove,
  type TicketRow,
  type Transactions,
} from './outbox.js';
import { replay } from './outbox-replay.js';
import { verdictServicesOf, type ServiceSettings } from './settings.js';
import type { ArrivalResult, Desk, NewTicket, Queue, TakeResult } from './types.js';

/** How often it is tried whether the lobby's database is back, ms. */
const probeMs = 1000;
/** How often blocks and bookings are renewed while it answers, ms. */
const renewMs = 30_000;
/** Tickets given out lately, to be shown when the database has gone since. */
const rememberedTickets = 200;
/** Tickets' own pages, likewise. */
const rememberedPages = 1000;

const away = { kind: 'away' } as const;

export interface FailoverOptions {
  /** Over the lobby's database; tells of each ticket of which it did not hear whether it was committed. */
  readonly lobby: (onUncertain: (ticket: string) => void) => Queue;
  readonly central: Transactions<Schema>;
  readonly outbox: OutboxStore;
  readonly about: Pick<
    Lobby,
    | 'settings'
    | 'holidays'
    | 'kiosk'
    | 'placeName'
    | 'publicAddress'
    | 'speech'
    | 'clock'
    | 'newId'
    | 'newToken'
  >;
}

/** Why a ticket is given out. */
interface Visit {
  readonly service: ServiceSettings;
  readonly input: Pick<Input<'queue.takeNumber'>, 'language' | 'reason'>;
  readonly booking?: Booking | undefined;
}

/**
 * The queue of a lobby whose database can be out of reach. Then numbers come from a block that was leased before, and
 * go into a file of this kiosk before they are answered; once the database is back it is told all of them, in order.
 * Calling needs the database, so that nobody is called twice.
 */
export class FailoverQueue implements Queue {
  readonly papers: FailoverPapers;
  readonly #lobby: Queue;
  readonly #central: FailoverOptions['central'];
  readonly #outbox: OutboxStore;
  readonly #about: FailoverOptions['about'];
  readonly #lastKnown: LastKnown;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  /** Given out here, and not told yet. */
  readonly #tickets = new Map<string, TicketRow>();
  readonly #given = new Map<string, NewTicket>();
  /** By token: pages as they were last. Nobody is called while the database is away, so they hold until it is back. */
  readonly #pages = new Map<string, PhoneTicket>();
  /** Of these it was not heard whether they were committed. */
  readonly #uncertain = new Set<string>();
  #away = true;
  #seen: { readonly day: string; readonly offer: Awaited<ReturnType<Queue['offer']>> } | undefined;
  #left: ReadonlyMap<string, number> = new Map();
  /** The day that those are left of. */
  #leftOn = '';
  #pending = 0;
  #renewAt = 0;
  /** When that is planned, by the monotonic clock. */
  #due = 0;
  #callOff: (() => void) | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  private constructor({ lobby, central, outbox, about }: FailoverOptions) {
    this.#central = central;
    this.#outbox = outbox;
    this.#about = about;
    this.#lastKnown = new LastKnown(about);
    this.#lobby = lobby((ticket) => this.#uncertain.add(ticket));
    this.papers = new FailoverPapers({
      lobby: this.#lobby.papers,
      kiosk: about.kiosk,
      branch: about.settings.branch,
      now: () => this.#now,
      serviceOf: (ticket) => this.#tickets.get(ticket)?.service ?? this.#given.get(ticket)?.service,
      isLocal: (ticket) => this.#tickets.has(ticket),
      isAway: () => this.#isAway(),
      isFirst: (ticket) => this.#given.has(ticket),
      keep: (entry) => this.#keep(entry),
    });
    this.#unsubscribe = this.#lobby.subscribe(() => this.#changed());
  }

  /** With what an earlier run left behind; tells it to the database where that is in reach. */
  static async start(options: FailoverOptions): Promise<FailoverQueue> {
    const queue = new FailoverQueue(options);
    const stored = await options.outbox.run(entriesOf);
    for (const { entry } of stored.kind === 'done' ? stored.value : []) {
      queue.#pending++;
      if (entry.kind === 'ticket') queue.#tickets.set(entry.ticket.id, entry.ticket);
      if (entry.kind === 'paper') queue.papers.restore(entry);
    }
    await queue.#countLeft();
    await queue.#work();
    return queue;
  }

  get #now(): number {
    return this.#about.clock.date().getTime();
  }

  async offer(): ReturnType<Queue['offer']> {
    if (!this.#away) {
      const offer = await this.#lobby.offer();
      if (offer.source === 'ready') {
        this.#seen = { day: this.#today, offer };
        return offer;
      }
      this.#lost();
    }
    const source = await this.#source();
    const { settings } = this.#about;
    const services = settings.services.map((service) => ({
      id: service.id,
      names: service.names,
      state: this.#offeredStateOf(service),
      waiting: this.#waiting(service.id),
      ahead: (this.#seenOf(service.id)?.ahead ?? 0) + this.#ownOf(service.id).length,
      estimate: { kind: 'unknown' } as const,
    }));
    return {
      services,
      appointments: settings.appointments.enabled,
      bookedHours: bookedHoursOf(settings),
      ...verdictServicesOf(settings),
      source,
    };
  }

  async takeNumber(input: Input<'queue.takeNumber'>): Promise<TakeResult> {
    if (!this.#away) {
      const taken = await this.#lobby.takeNumber(input);
      if (taken.kind === 'ticket') this.#remember(taken.ticket, input.language);
      if (taken.kind !== 'away') return taken;
      await this.#voidUncertain();
      this.#lost();
    }
    const service = this.#about.settings.services.find(({ id }) => id === input.service);
    if (service === undefined) return away;
    const state = this.#stateOf(service);
    if (state.kind !== 'open') return { kind: 'not-open', state };
    return this.#giveOut({ service, input });
  }

  async checkIn(input: Input<'queue.checkIn'>): Promise<ArrivalResult> {
    if (!this.#away) {
      const arrived = await this.#lobby.checkIn(input);
      if (arrived.kind === 'ticket') this.#remember(arrived.ticket, input.language);
      if (arrived.kind !== 'away') return arrived;
      await this.#voidUncertain();
      this.#lost();
    }
    const bookings = await this.#outbox.run((transaction) => bookingsOf(transaction, this.#today));
    // That none is known does not say that there is none: the list may be an old one.
    if (bookings.kind !== 'done' || bookings.value.length === 0) return away;
    const { appointment } = input;
    const found = bookings.value.filter((booking) =>
      appointment.by === 'code'
        ? booking.codeHash === hashOf(appointment.code)
        : booking.service === appointment.service && localTimeOf(booking.at) === appointment.time,
    );
    const waiting = found.filter(({ label }) => label === null);
    const booking = waiting[0] ?? found[0];
    if (booking === undefined) return away;
    if (waiting.length > 1) return { kind: 'code-needed' };
    if (booking.label !== null) return { kind: 'already', label: booking.label };
    const time = localTimeOf(booking.at);
    const { earlyMinutes, lateMinutes } = this.#about.settings.appointments;
    const from = booking.at - earlyMinutes * 60_000;
    if (this.#now < from) return { kind: 'too-early', time, from: localTimeOf(from) };
    if (this.#now > booking.at + lateMinutes * 60_000) return { kind: 'too-late', time };
    const service = this.#about.settings.services.find(({ id }) => id === booking.service);
    return service === undefined ? away : this.#giveOut({ service, input, booking });
  }

  async ticket(id: string): Promise<NewTicket | undefined> {
    const own = this.#tickets.get(id);
    if (own !== undefined) return this.#viewOf(own);
    if (this.#away) return this.#given.get(id);
    const ticket = await this.#lobby.ticket(id);
    if (ticket === undefined && (await this.#isAway())) return this.#given.get(id);
    return ticket;
  }

  async followed(token: string): ReturnType<Queue['followed']> {
    const own = [...this.#tickets.values()].find((ticket) => ticket.token === token);
    if (own !== undefined) return this.#pageOf(own);
    if (!this.#away) {
      const page = await this.#lobby.followed(token);
      if (page !== undefined) {
        this.#rememberPage(token, page);
        return page;
      }
      if (!(await this.#isAway())) {
        this.#pages.delete(token);
        return undefined;
      }
    }
    const page = this.#pages.get(token);
    if (page?.state.kind !== 'waiting') return page;
    return { ...page, state: { ...page.state, estimate: { kind: 'unknown' } } };
  }

  async board(): Promise<BoardState> {
    const board = await this.#ifReady((lobby) => lobby.board());
    const shown = this.#lastKnown.board(board);
    return board === undefined ? { ...shown, source: await this.#source() } : shown;
  }

  openDesk(desk: Desk): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.openDesk(desk));
  }

  closeDesk(desk: Desk): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.closeDesk(desk));
  }

  async keepDesk(desk: Desk): Promise<void> {
    if (!this.#away) await this.#lobby.keepDesk(desk);
  }

  async deskState(desk: Desk | undefined): ReturnType<Queue['deskState']> {
    const state = await this.#ifReady((lobby) => lobby.deskState(desk));
    const shown = this.#lastKnown.desk(desk, state);
    if (state !== undefined) return shown;
    const source = await this.#source();
    const { settings } = this.#about;
    const services = shown.services.map((each) => {
      const service = settings.services.find(({ id }) => id === each.id);
      return service === undefined ? each : { ...each, state: this.#offeredStateOf(service) };
    });
    return { ...shown, services, source };
  }

  callNext(desk: Desk): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.callNext(desk));
  }

  call(desk: Desk, label: string, passOver?: 'ask-first'): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.call(desk, label, passOver));
  }

  recall(desk: Desk): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.recall(desk));
  }

  serve(desk: Desk): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.serve(desk));
  }

  finish(desk: Desk, how: 'done' | 'no-show' | 'parked'): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.finish(desk, how));
  }

  transfer(desk: Desk, service: string): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.transfer(desk, service));
  }

  cancel(ticket: string): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.cancel(ticket));
  }

  setPaused(service: string, paused: boolean): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.setPaused(service, paused));
  }

  appointments(day: string): ReturnType<Queue['appointments']> {
    return this.#atDesk((lobby) => lobby.appointments(day));
  }

  addAppointment(input: Input<'desk.addAppointment'>): Promise<ImportResult> {
    return this.#atDesk((lobby) => lobby.addAppointment(input));
  }

  cancelAppointment(id: string): Promise<DeskResult> {
    return this.#atDesk((lobby) => lobby.cancelAppointment(id));
  }

  importAppointments(format: 'csv' | 'icalendar', text: string): Promise<ImportResult> {
    return this.#atDesk((lobby) => lobby.importAppointments(format, text));
  }

  statistics(day: string): ReturnType<Queue['statistics']> {
    return this.#atDesk((lobby) => lobby.statistics(day));
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff?.();
    this.#unsubscribe();
    await this.#running;
    await this.#lobby.stop();
    await this.#outbox.close();
  }

  get #today(): string {
    return localDayOf(this.#now);
  }

  /** Where numbers come from while the database is out of reach. */
  async #source(): Promise<'leased' | 'away'> {
    if (this.#leftOn !== this.#today) await this.#countLeft();
    const { series } = this.#about.settings;
    return series.some(({ id }) => (this.#left.get(id) ?? 0) > 0) ? 'leased' : 'away';
  }

  /** What the database says; `undefined` while it says nothing. */
  async #ifReady<State extends { readonly source: string }>(
    look: (lobby: Queue) => Promise<State>,
  ): Promise<State | undefined> {
    if (this.#away) return undefined;
    const state = await look(this.#lobby);
    if (state.source === 'ready') return state;
    this.#lost();
    return undefined;
  }

  async #atDesk<Result extends { readonly kind: string }>(
    act: (lobby: Queue) => Promise<Result>,
  ): Promise<Result | typeof away> {
    if (this.#away) return away;
    const result = await act(this.#lobby);
    if (result.kind === 'away') this.#lost();
    return result;
  }

  /** A number of this kiosk's own block: on its disk before it is answered. */
  async #giveOut({ service, input, booking }: Visit): Promise<TakeResult & ArrivalResult> {
    const { settings, kiosk, publicAddress, newId, newToken } = this.#about;
    const { branch } = settings;
    const now = this.#now;
    const day = localDayOf(now);
    const series = settings.series.find(({ id }) => id === service.series);
    if (series === undefined) return away;
    const given = await this.#outbox.run(async (transaction) => {
      const number = await nextLeased(transaction, series.id, day);
      if (number === undefined) return undefined;
      const origin = booking === undefined ? 'walk-in' : 'appointment';
      const waitingFrom = booking === undefined ? now : Math.max(now, booking.at);
      const ticket: TicketRow = {
        id: newId(),
        branch,
        day,
        series: series.id,
        number,
        label: labelOf(series, number),
        service: service.id,
        transferred_from: null,
        origin,
        appointment: booking?.id ?? null,
        appointment_at: booking?.at ?? null,
        state: 'waiting',
        language: input.language,
        reason: input.reason === undefined ? null : JSON.stringify(input.reason),
        taken_at: now,
        waiting_from: waitingFrom,
        order_at: orderOf(settings, {
          origin,
          service: service.id,
          transferred: false,
          returned: false,
          waitingFrom: booking?.at ?? waitingFrom,
        }),
        counter: null,
        called_at: null,
        serving_at: null,
        ended_at: null,
        calls: 0,
        token: publicAddress === undefined ? null : newToken(),
        kiosk,
        leased: 1,
      };
      const of = { ticket: ticket.id, service: service.id };
      const data = JSON.stringify({ waitingFrom });
      const kinds = booking === undefined ? (['taken'] as const) : (['taken', 'arrived'] as const);
      const events = kinds.map((kind) => this.#event(kind, { ...of, data }));
      await put(transaction, { kind: 'ticket', ticket, events });
      if (booking !== undefined) {
        await transaction
          .updateTable('bookings')
          .set({ label: ticket.label })
          .where('id', '=', booking.id)
          .execute();
      }
      return ticket;
    });
    if (given.kind !== 'done' || given.value === undefined) return away;
    this.#pending++;
    this.#tickets.set(given.value.id, given.value);
    await this.#countLeft();
    this.#plan();
    this.#changed();
    const ticket = this.#viewOf(given.value);
    this.#remember(ticket, input.language);
    return { kind: 'ticket', ticket };
  }

  #event(kind: EventRow['kind'], of: Partial<EventRow>): EventRow {
    const { settings, kiosk, newId } = this.#about;
    const at = this.#now;
    return {
      ...{ id: newId(), at, branch: settings.branch, day: localDayOf(at), kind, kiosk },
      ...{ ticket: null, service: null, counter: null, data: null },
      ...of,
    };
  }

  async #voidUncertain(): Promise<void> {
    for (const ticket of [...this.#uncertain]) {
      const kept = await this.#keep({ kind: 'void', ticket, event: this.#event('void', { ticket }) });
      if (kept) this.#uncertain.delete(ticket);
    }
  }

  #viewOf(row: TicketRow): NewTicket {
    const { settings, publicAddress } = this.#about;
    const service = settings.services.find(({ id }) => id === row.service);
    const follows = publicAddress !== undefined && row.token !== null;
    return {
      id: row.id,
      label: row.label,
      service: row.service,
      names: service?.names ?? { da: row.service, en: row.service },
      origin: row.origin,
      time: localTimeOf(row.taken_at),
      ...(row.appointment_at === null ? {} : { appointmentTime: localTimeOf(row.appointment_at) }),
      estimate: { kind: 'unknown' },
      qr: follows
        ? `${publicAddress.replace(/\/$/, '')}/t/${row.token}`
        : row.label.normalize('NFD').replace(/[^\x20-\x7e]/g, ''),
      follows,
    };
  }

  /** Of a ticket that only this kiosk knows of. */
  #pageOf(own: TicketRow): PhoneTicket | undefined {
    const service = this.#about.settings.services.find(({ id }) => id === own.service);
    if (service === undefined) return undefined;
    const earlier = this.#ownOf(own.service).filter(({ order_at: order }) => order < own.order_at);
    return {
      label: own.label,
      names: service.names,
      language: language.catch('da').parse(own.language),
      placeName: this.#about.placeName,
      state: {
        kind: 'waiting',
        ahead: (this.#seenOf(own.service)?.ahead ?? 0) + earlier.length,
        estimate: { kind: 'unknown' },
      },
    };
  }

  #seenOf(service: string): Awaited<ReturnType<Queue['offer']>>['services'][number] | undefined {
    if (this.#seen?.day !== this.#today) return undefined;
    return this.#seen.offer.services.find(({ id }) => id === service);
  }

  /** As far as this kiosk can tell: what staff closed or was used up before, and what it gave out itself, count. */
  #stateOf(service: ServiceSettings): ServiceState {
    const { settings, holidays } = this.#about;
    const seen = this.#seenOf(service.id)?.state.kind;
    return stateOf(settings, holidays, service, this.#now, {
      taken: this.#ownOf(service.id).length,
      seriesFull: seen === 'full',
      paused: seen === 'paused',
    });
  }

  /** Without a number of its own the kiosk gives none just now: the lobby has more, once it is in reach again. */
  #offeredStateOf(service: ServiceSettings): ServiceState {
    const state = this.#stateOf(service);
    const isUsedUp = (this.#left.get(service.series) ?? 0) === 0;
    return state.kind === 'open' && isUsedUp ? { kind: 'paused' } : state;
  }

  #ownOf(service: string): TicketRow[] {
    return [...this.#tickets.values()].filter((ticket) => ticket.service === service);
  }

  /** While the database is away nobody is called: who waited then waits still. */
  #waiting(service: string): number {
    return this.#seenWaiting(service) + this.#ownOf(service).length;
  }

  #seenWaiting(service: string): number {
    return this.#seenOf(service)?.waiting ?? 0;
  }

  #remember(ticket: NewTicket, spoken: PhoneTicket['language']): void {
    keepLatest(this.#given, ticket.id, ticket, rememberedTickets);
    const token = /\/t\/([^/]+)$/.exec(ticket.qr)?.[1];
    if (!ticket.follows || token === undefined) return;
    const { label, names, appointmentTime, ahead = 0, estimate } = ticket;
    const isEarly = appointmentTime !== undefined && ticket.time < appointmentTime;
    this.#rememberPage(token, {
      label,
      names,
      language: spoken,
      placeName: this.#about.placeName,
      state: isEarly ? { kind: 'early', time: appointmentTime } : { kind: 'waiting', ahead, estimate },
    });
  }

  #rememberPage(token: string, page: PhoneTicket): void {
    keepLatest(this.#pages, token, page, rememberedPages);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #lost(): void {
    if (this.#away) return;
    this.#away = true;
    this.#plan();
    this.#changed();
  }

  /** Asks the database itself. */
  async #isAway(): Promise<boolean> {
    if (this.#away) return true;
    const answer = await this.#central.run((transaction) =>
      transaction.selectFrom('series_counters').select('last').limit(1).execute(),
    );
    if (answer.kind !== 'done') this.#lost();
    return answer.kind !== 'done';
  }

  /** Into the outbox; whether it is on the disk. */
  async #keep(entry: OutboxEntry): Promise<boolean> {
    const kept = await this.#outbox.run((transaction) => put(transaction, entry));
    if (kept.kind !== 'done') return false;
    this.#pending++;
    this.#plan();
    return true;
  }

  async #countLeft(): Promise<void> {
    const today = this.#today;
    const left = await this.#outbox.run((transaction) => numbersLeft(transaction, today));
    if (left.kind !== 'done') return;
    this.#left = left.value;
    this.#leftOn = today;
  }

  /** The next time that the outbox is told or the blocks are renewed. */
  #plan(): void {
    if (this.#stopped || this.#running !== undefined) return;
    const { clock } = this.#about;
    const wait = this.#away || this.#pending > 0 ? probeMs : renewMs;
    const due = clock.now() + wait;
    // Never later than it was: numbers that are taken all the time must not put it off.
    if (this.#callOff !== undefined && due >= this.#due) return;
    this.#callOff?.();
    this.#due = due;
    this.#callOff = clock.after(wait, () => void this.#work());
  }

  async #work(): Promise<void> {
    this.#callOff = undefined;
    this.#running = this.#reconcile();
    await this.#running;
    this.#running = undefined;
    this.#plan();
  }

  /** Tells the outbox, then renews what an outage is got through with. */
  async #reconcile(): Promise<void> {
    if (!(await this.#tell())) {
      this.#lost();
      return;
    }
    const back = this.#away;
    if (back || this.#now >= this.#renewAt || this.#renewAt > this.#now + renewMs) {
      if (!(await this.#renew())) {
        this.#lost();
        return;
      }
      this.#renewAt = this.#now + renewMs;
    }
    this.#away = false;
    if (back) this.#changed();
  }

  /** Each entry in a transaction of its own, in order, and out of the outbox once that is committed. */
  async #tell(): Promise<boolean> {
    for (;;) {
      const stored = await this.#outbox.run(entriesOf);
      if (stored.kind !== 'done') return false;
      if (stored.value.length === 0) {
        this.#pending = 0;
        return true;
      }
      for (const each of stored.value) {
        if (this.#stopped) return false;
        const told = await this.#central.run((transaction) => replay(transaction, each.entry, this.#now));
        if (told.kind !== 'done') return false;
        const removed = await this.#outbox.run((transaction) => remove(transaction, each));
        if (removed.kind !== 'done') return false;
        if (each.entry.kind === 'ticket') this.#tickets.delete(each.entry.ticket.id);
      }
    }
  }

  /** Blocks for today and tomorrow, each before half of the last one is used; today's bookings. */
  async #renew(): Promise<boolean> {
    const { settings, kiosk } = this.#about;
    const { branch } = settings;
    const today = this.#today;
    await this.#outbox.run((transaction) => forgetBefore(transaction, today));
    for (const day of [today, dayAfter(today)]) {
      const left = await this.#outbox.run((transaction) => numbersLeft(transaction, day));
      if (left.kind !== 'done') continue;
      for (const series of settings.series) {
        if ((left.value.get(series.id) ?? 0) > series.leased.block / 2) continue;
        const block = await this.#central.run((transaction) =>
          leaseBlock(transaction, { branch, series, day, kiosk, now: this.#now }),
        );
        if (block.kind !== 'done') return false;
        const { value } = block;
        if (value !== undefined) await this.#outbox.run((transaction) => keepBlock(transaction, value));
      }
    }
    await this.#countLeft();
    return this.#copyBookings(today);
  }

  async #copyBookings(day: string): Promise<boolean> {
    const { branch } = this.#about.settings;
    const read = await this.#central.run((transaction) =>
      transaction
        .selectFrom('appointments')
        .leftJoin('tickets', 'tickets.id', 'appointments.ticket')
        .select(['appointments.id', 'appointments.code', 'appointments.service', 'appointments.at'])
        .select('tickets.label')
        .where('appointments.branch', '=', branch)
        .where('appointments.day', '=', day)
        .where('appointments.state', '!=', 'cancelled')
        .execute(),
    );
    if (read.kind !== 'done') return false;
    const bookings: BookingTable[] = read.value.map(({ code, ...rest }) => ({
      ...rest,
      day,
      code_hash: hashOf(code),
    }));
    await this.#outbox.run((transaction) => keepBookings(transaction, day, bookings));
    return true;
  }
}
