import type {
  AppointmentsResult,
  BoardState,
  DeskResult,
  ImportResult,
  Input,
  PhoneTicket,
  StatisticsResult,
} from '../api/contract.js';
import type { Database } from '../storage/database.js';
import { type Outcome, Undone } from '../storage/outcome.js';
import type { Schema } from '../storage/schema.js';
import { readAppointments } from './appointment-import/index.js';
import {
  addAppointment,
  appointmentsOf,
  type Arrival,
  arrive,
  cancelAppointment,
  takeOver,
} from './appointments.js';
import { BelievedTime, evidenceOf } from './believed-time.js';
import { call, callNext, cancel, finish, recall, serve, transfer, type Finish } from './calling.js';
import { LastKnown } from './last-known.js';
import { momentOf, record, serviceOf, type Lobby, type Moment, type Tables } from './lobby.js';
import { localDayOf } from './local-time.js';
import { LobbyPapers } from './papers.js';
import { closeDesk, freeDesks, keepDesk, openDesk } from './presence.js';
import { forgetOld } from './retention.js';
import { dayStatistics } from './statistics.js';
import { byId, closeEarlierDays, issue, type TicketRow } from './tickets.js';
import type { ArrivalResult, Desk, NewTicket, Queue, TakeResult } from './types.js';
import {
  boardOf,
  deskStateOf,
  newTicketOf,
  offerOf,
  phoneTicketOf,
  serviceState,
  takenToday,
} from './views.js';
import { Waits } from './waits.js';

export interface LobbyQueueOptions {
  readonly database: Database<Schema>;
  readonly lobby: Lobby;
  /** Whether a commit went through was not heard: its ticket may be there. */
  readonly onUncertain?: (ticket: string) => void;
}

/** A number was given out, and is committed with the work that says so. */
interface Given {
  readonly kind: 'given';
  readonly row: TicketRow;
}

type NotOpen = Extract<TakeResult, { kind: 'not-open' }>;

function isGiven(outcome: { readonly kind: string }): outcome is Given {
  return outcome.kind === 'given';
}

/** So often yesterday's leftovers and what is old enough are looked for, ms. */
const tidyEveryMs = 10 * 60_000;

/** The queue of a lobby, as long as its database answers. */
export class LobbyQueue implements Queue {
  readonly papers: LobbyPapers;
  readonly #database: Database<Schema>;
  readonly #lobby: Lobby;
  readonly #waits: Waits;
  readonly #believed: BelievedTime;
  readonly #lastKnown: LastKnown;
  readonly #onUncertain: (ticket: string) => void;
  readonly #listeners = new Set<() => void>();
  readonly #stopListening: () => void;
  readonly #underWay = new Set<Promise<unknown>>();
  /** Desks are logged in to one run: its sessions end with it. */
  readonly #run: string;
  #cancelTidy = (): void => undefined;
  #stopped = false;

  constructor({ database, lobby, onUncertain = () => undefined }: LobbyQueueOptions) {
    this.#database = database;
    this.#lobby = lobby;
    this.#onUncertain = onUncertain;
    this.#waits = new Waits(lobby);
    this.#believed = new BelievedTime(lobby.clock);
    this.#run = lobby.newId();
    this.#lastKnown = new LastKnown(lobby);
    this.papers = new LobbyPapers(database, lobby, () => this.#changed());
    this.#stopListening = database.listen(() => {
      for (const listener of [...this.#listeners]) listener();
    });
    // At the start there is enough to do, and only the time is asked for.
    void this.#freeDesks('earlier-runs');
    void this.#tidy(() => Promise.resolve());
  }

  async offer(): ReturnType<Queue['offer']> {
    const { settings } = this.#lobby;
    const outcome = await this.#read((tables, moment) => offerOf(tables, this.#lobby, moment, this.#waits));
    if (outcome.kind === 'done') return outcome.value;
    return {
      services: settings.services.map(({ id, names }) => ({
        id,
        names,
        state: { kind: 'paused' },
        waiting: 0,
        ahead: 0,
        estimate: { kind: 'unknown' },
      })),
      appointments: settings.appointments.enabled,
      source: 'away',
    };
  }

  async takeNumber({ service: id, language, reason }: Input<'queue.takeNumber'>): Promise<TakeResult> {
    const service = serviceOf(this.#lobby, id);
    if (service === undefined) return { kind: 'not-open', state: { kind: 'closed-today' } };
    let issued = '';
    const outcome = await this.#change(async (tables, moment): Promise<Given | NotOpen> => {
      const state = await serviceState(tables, this.#lobby, moment, service);
      if (state.kind !== 'open') return { kind: 'not-open', state };
      const row = await issue(tables, this.#lobby, moment, { service, language, reason });
      // Undone as a whole: the number that there is none of is not counted either.
      const full = new Undone<NotOpen>({ kind: 'not-open', state: { kind: 'full' } });
      if (row === undefined) throw full;
      // Counted once more behind the lock on the series' number: two kiosks may have seen the same last place.
      if (
        service.quota !== undefined &&
        (await takenToday(tables, this.#lobby, moment, id)) > service.quota
      ) {
        throw full;
      }
      issued = row.id;
      return { kind: 'given', row };
    });
    return this.#given(outcome, issued);
  }

  async checkIn(input: Input<'queue.checkIn'>): Promise<ArrivalResult> {
    let issued = '';
    const outcome = await this.#change(
      async (tables, moment): Promise<Given | Exclude<Arrival, { kind: 'ticket' }>> => {
        const arrival = await arrive(tables, this.#lobby, moment, input);
        if (arrival.kind !== 'ticket') return arrival;
        issued = arrival.ticket.id;
        await record(tables, this.#lobby, moment, {
          kind: 'arrived',
          ticket: arrival.ticket.id,
          service: arrival.ticket.service,
          data: { waitingFrom: arrival.ticket.waiting_from },
        });
        return { kind: 'given', row: arrival.ticket };
      },
    );
    return this.#given(outcome, issued);
  }

  async ticket(id: string): Promise<NewTicket | undefined> {
    const outcome = await this.#read(async (tables, moment) => {
      const row = await byId(tables, id);
      if (row === undefined || row.state === 'done' || row.state === 'cancelled') return undefined;
      return newTicketOf(this.#lobby, row, this.#waits, await this.#waits.picture(tables, moment, row));
    });
    return outcome.kind === 'done' ? outcome.value : undefined;
  }

  async followed(token: string): Promise<PhoneTicket | undefined> {
    const outcome = await this.#read(async (tables, moment) => {
      const row = await tables
        .selectFrom('tickets')
        .selectAll()
        .where('token', '=', token)
        .where('day', '=', moment.day)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const picture = await this.#waits.picture(tables, moment, row);
      return phoneTicketOf(this.#lobby, row, moment, this.#waits, picture);
    });
    return outcome.kind === 'done' ? outcome.value : undefined;
  }

  async board(): Promise<BoardState> {
    const outcome = await this.#read((tables, moment) => boardOf(tables, this.#lobby, moment));
    return this.#lastKnown.board(outcome.kind === 'done' ? outcome.value : undefined);
  }

  openDesk(desk: Desk): Promise<DeskResult> {
    return this.#act((tables, moment) => openDesk(tables, this.#lobby, moment, desk, this.#run));
  }

  closeDesk(desk: Desk): Promise<DeskResult> {
    return this.#act((tables, moment) => closeDesk(tables, this.#lobby, moment, desk));
  }

  async keepDesk(desk: Desk): Promise<void> {
    await this.#transact((tables, moment) => keepDesk(tables, this.#lobby, moment, desk));
  }

  async deskState(desk: Desk | undefined): ReturnType<Queue['deskState']> {
    const outcome = await this.#read((tables, moment) => deskStateOf(tables, this.#lobby, moment, desk));
    return this.#lastKnown.desk(desk, outcome.kind === 'done' ? outcome.value : undefined);
  }

  callNext(desk: Desk): Promise<DeskResult> {
    return this.#act((tables, moment) => callNext(tables, this.#lobby, moment, desk));
  }

  call(desk: Desk, label: string, passOver?: 'ask-first'): Promise<DeskResult> {
    return this.#act((tables, moment) => call(tables, this.#lobby, moment, desk, label, passOver));
  }

  recall(desk: Desk): Promise<DeskResult> {
    return this.#act((tables, moment) => recall(tables, this.#lobby, moment, desk));
  }

  serve(desk: Desk): Promise<DeskResult> {
    return this.#act((tables, moment) => serve(tables, this.#lobby, moment, desk));
  }

  finish(desk: Desk, how: Finish): Promise<DeskResult> {
    return this.#act((tables, moment) => finish(tables, this.#lobby, moment, desk, how));
  }

  transfer(desk: Desk, service: string): Promise<DeskResult> {
    return this.#act((tables, moment) => transfer(tables, this.#lobby, moment, desk, service));
  }

  cancel(ticket: string): Promise<DeskResult> {
    return this.#act((tables, moment) => cancel(tables, this.#lobby, moment, ticket));
  }

  setPaused(service: string, paused: boolean): Promise<DeskResult> {
    return this.#act(async (tables, moment): Promise<DeskResult> => {
      const { branch } = this.#lobby.settings;
      if (serviceOf(this.#lobby, service) === undefined) return { kind: 'not-possible' };
      if (paused) {
        await tables
          .insertInto('pauses')
          .values({ branch, service, day: moment.day, since: moment.at })
          .onConflict((conflict) => conflict.columns(['branch', 'service', 'day']).doNothing())
          .execute();
      } else {
        await tables
          .deleteFrom('pauses')
          .where('branch', '=', branch)
          .where('service', '=', service)
          .where('day', '=', moment.day)
          .execute();
      }
      await record(tables, this.#lobby, moment, { kind: paused ? 'paused' : 'resumed', service });
      return { kind: 'ok' };
    });
  }

  async appointments(day: string): Promise<AppointmentsResult> {
    const outcome = await this.#read((tables) => appointmentsOf(tables, this.#lobby, day));
    return outcome.kind === 'done' ? { kind: 'appointments', appointments: outcome.value } : { kind: 'away' };
  }

  async addAppointment(input: Input<'desk.addAppointment'>): Promise<ImportResult> {
    const outcome = await this.#change((tables) => addAppointment(tables, this.#lobby, input));
    return outcome.kind === 'done' ? outcome.value : { kind: 'away' };
  }

  cancelAppointment(id: string): Promise<DeskResult> {
    return this.#act((tables) => cancelAppointment(tables, id));
  }

  async importAppointments(format: 'csv' | 'icalendar', text: string): Promise<ImportResult> {
    const { services } = this.#lobby.settings;
    const read = readAppointments(format, text, { services, today: momentOf(this.#lobby).day });
    const { result, changed } = await takeOver((work) => this.#transact(work), this.#lobby, read);
    if (changed) this.#changed();
    return result;
  }

  async statistics(day: string): Promise<StatisticsResult> {
    const outcome = await this.#read((tables) =>
      tables
        .selectFrom('events')
        .select(['at', 'kind', 'ticket', 'service', 'data'])
        .where('branch', '=', this.#lobby.settings.branch)
        .where('day', '=', day)
        .orderBy('seq')
        .execute(),
    );
    return outcome.kind === 'done'
      ? { kind: 'statistics', statistics: dayStatistics(outcome.value, day) }
      : { kind: 'away' };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async stop(): Promise<void> {
    await this.#freeDesks('this-run');
    this.#stopped = true;
    this.#cancelTidy();
    this.#stopListening();
    this.#listeners.clear();
    await Promise.all(this.#underWay);
    await this.#database.close();
  }

  /**
   * A ticket that is committed, with its wait, which is read behind it: whoever waits behind that ticket is not held up
   * by an estimate, and a ticket whose estimate cannot be had is a ticket all the same.
   */
  async #given<Refusal extends { readonly kind: string }>(
    outcome: Outcome<Given | Refusal>,
    ticket: string,
  ): Promise<Refusal | { readonly kind: 'ticket'; readonly ticket: NewTicket } | { readonly kind: 'away' }> {
    if (outcome.kind === 'failed') {
      if (outcome.committed === 'unknown' && ticket !== '') this.#onUncertain(ticket);
      return { kind: 'away' };
    }
    const { value } = outcome;
    if (!isGiven(value)) return value;
    const { row } = value;
    const picture = await this.#read((tables, moment) => this.#waits.picture(tables, moment, row));
    return {
      kind: 'ticket',
      ticket: newTicketOf(this.#lobby, row, this.#waits, picture.kind === 'done' ? picture.value : undefined),
    };
  }

  async #act(work: (tables: Tables, moment: Moment) => Promise<DeskResult>): Promise<DeskResult> {
    const outcome = await this.#change(work);
    return outcome.kind === 'done' ? outcome.value : { kind: 'away' };
  }

  /** A change, of which everybody hears. */
  async #change<Value>(work: (tables: Tables, moment: Moment) => Promise<Value>): Promise<Outcome<Value>> {
    const outcome = await this.#transact(work);
    if (outcome.kind === 'done') this.#changed();
    return outcome;
  }

  /** What a screen is shown, by all that has happened so far. */
  #read<Value>(work: (tables: Tables, moment: Moment) => Promise<Value>): Promise<Outcome<Value>> {
    return this.#transact(async (tables, moment) => {
      await this.#waits.learn(tables);
      return work(tables, moment);
    });
  }

  async #transact<Value>(work: (tables: Tables, moment: Moment) => Promise<Value>): Promise<Outcome<Value>> {
    // Whoever asks while it stops is told what everybody is told who asks too late.
    if (this.#stopped) return { kind: 'failed', fault: 'unreachable', committed: 'no' };
    const moment = momentOf(this.#lobby);
    const outcome = this.#database.run((tables) => work(tables, moment));
    const ended: Promise<unknown> = outcome.catch(() => undefined).then(() => this.#underWay.delete(ended));
    this.#underWay.add(ended);
    return outcome;
  }

  #changed(): void {
    this.#database.notify(this.#lobby.settings.branch);
  }

  /** A counter that stays taken since the database is out of reach falls free when its session falls silent. */
  async #freeDesks(ended: 'this-run' | 'earlier-runs'): Promise<void> {
    const outcome = await this.#transact((tables, moment) =>
      freeDesks(tables, this.#lobby, moment, { run: this.#run, ended }),
    );
    if (outcome.kind === 'done' && outcome.value > 0) this.#changed();
  }

  /** Every ten minutes, by the time that is believed and not by a clock that may have jumped. */
  async #tidy(work = (day: string) => this.#tidyBefore(day)): Promise<void> {
    const evidence = await this.#transact((tables, moment) => evidenceOf(tables, this.#lobby, moment));
    if (evidence.kind === 'done' && evidence.value.agreed) {
      await work(localDayOf(this.#believed.learn(evidence.value, momentOf(this.#lobby))));
    }
    if (this.#stopped) return;
    this.#cancelTidy = this.#lobby.clock.after(tidyEveryMs, () => void this.#tidy());
  }

  /** Nobody waits over night, and nothing is kept for longer than it is needed. */
  async #tidyBefore(day: string): Promise<void> {
    const closed = await this.#inParts((tables, moment) =>
      closeEarlierDays(tables, this.#lobby, moment, day),
    );
    if (closed) this.#changed();
    await this.#inParts((tables) => forgetOld(tables, this.#lobby, day));
  }

  /**
   * Work that there may be a great deal of, a part in a transaction of its own until there is no more: whoever takes a
   * number meanwhile waits for one part at the most. Returns whether there was any.
   */
  async #inParts(part: (tables: Tables, moment: Moment) => Promise<number>): Promise<boolean> {
    for (let done = false; ; done = true) {
      const outcome = await this.#transact(part);
      if (outcome.kind === 'failed' || outcome.value === 0) return done;
    }
  }
}
