import type { BoardState, DeskState, PhoneTicket, QueueOffer, ServiceState } from '../api/contract.js';
import { language } from '../api/contract.js';
import type { Lobby, Moment, Tables } from './lobby.js';
import { localTimeOf } from './local-time.js';
import { lastNumbers } from './numbers.js';
import { bookedHoursOf, stateOf } from './opening-hours.js';
import { isPresent } from './presence.js';
import { verdictServicesOf, type CounterSettings, type ServiceSettings } from './settings.js';
import { deskTicketOf, isDue, lastJobs, ticketsIn, waitsFrom, type TicketRow } from './tickets.js';
import type { Desk, NewTicket } from './types.js';
import { waitingFor, type WaitPicture, type Waits } from './waits.js';

// What screens are shown of the queue, each from one transaction.

const callsShown = 12;
const waitingShown = 200;
const noShowsShown = 20;

const namesOf = (counters: readonly CounterSettings[], id: string): CounterSettings['names'] =>
  counters.find((counter) => counter.id === id)?.names ?? { da: id, en: id };

export interface ServiceStanding {
  readonly state: ServiceState;
  readonly paused: boolean;
}

/** Today's state of each service. */
export async function serviceStates(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
): Promise<ReadonlyMap<string, ServiceStanding>> {
  const { settings } = lobby;
  const paused = await tables
    .selectFrom('pauses')
    .select('service')
    .where('branch', '=', settings.branch)
    .where('day', '=', moment.day)
    .execute();
  const last = await lastNumbers(tables, lobby, moment);
  const states = new Map<string, ServiceStanding>();
  for (const service of settings.services) {
    const isPaused = paused.some((each) => each.service === service.id);
    states.set(service.id, await standingOf(tables, lobby, moment, service, { isPaused, last }));
  }
  return states;
}

/** Today's state of one service: what a new number asks for, whatever the day has seen. */
export async function serviceState(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  service: ServiceSettings,
): Promise<ServiceState> {
  const paused = await tables
    .selectFrom('pauses')
    .select('service')
    .where('branch', '=', lobby.settings.branch)
    .where('day', '=', moment.day)
    .where('service', '=', service.id)
    .execute();
  const last = await lastNumbers(tables, lobby, moment);
  const { state } = await standingOf(tables, lobby, moment, service, { isPaused: paused.length > 0, last });
  return state;
}

async function standingOf(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  service: ServiceSettings,
  { isPaused, last }: { readonly isPaused: boolean; readonly last: ReadonlyMap<string, number> },
): Promise<ServiceStanding> {
  const { settings, holidays } = lobby;
  const series = settings.series.find(({ id }) => id === service.series);
  const state = stateOf(settings, holidays, service, moment.at, {
    // A count of the whole day, and so only where it decides something.
    taken: service.quota === undefined ? 0 : await takenToday(tables, lobby, moment, service.id),
    seriesFull: series === undefined || (last.get(series.id) ?? 0) >= series.last,
    paused: isPaused,
  });
  return { state, paused: isPaused };
}

/** Numbers given out today for a service without a booking. */
export async function takenToday(
  tables: Tables,
  { settings: { branch } }: Lobby,
  { day }: Moment,
  service: string,
): Promise<number> {
  const { count } = await tables
    .selectFrom('tickets')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('branch', '=', branch)
    .where('day', '=', day)
    .where('service', '=', service)
    .where('origin', '=', 'walk-in')
    .executeTakeFirstOrThrow();
  return Number(count);
}

const closed: ServiceState = { kind: 'closed-today' };

export async function offerOf(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  waits: Waits,
): Promise<Omit<QueueOffer, 'printer'>> {
  const { settings } = lobby;
  const states = await serviceStates(tables, lobby, moment);
  const picture = await waits.picture(tables, moment);
  return {
    services: settings.services.map(({ id, names }) => ({
      id,
      names,
      state: states.get(id)?.state ?? closed,
      waiting: waitingFor(picture, moment, id),
      ahead: waits.aheadOfNew(id, picture),
      estimate: waits.ofNew(id, picture),
    })),
    appointments: settings.appointments.enabled,
    bookedHours: bookedHoursOf(settings),
    ...verdictServicesOf(settings),
    source: 'ready',
  };
}

/** A ticket as its visitor sees it; with the picture up to its place, where that could be read. */
export function newTicketOf(
  lobby: Lobby,
  row: TicketRow,
  waits: Waits,
  picture: WaitPicture | undefined,
): NewTicket {
  const { publicAddress, settings } = lobby;
  const isWaiting = row.state === 'waiting';
  const wait = isWaiting && picture !== undefined ? waits.of(row, picture) : undefined;
  const address =
    publicAddress === undefined || row.token === null
      ? undefined
      : `${publicAddress.replace(/\/+$/, '')}/t/${row.token}`;
  return {
    id: row.id,
    label: row.label,
    service: row.service,
    names: settings.services.find(({ id }) => id === row.service)?.names ?? {
      da: row.service,
      en: row.service,
    },
    origin: row.origin,
    time: localTimeOf(row.taken_at),
    ...(row.appointment_at === null ? {} : { appointmentTime: localTimeOf(row.appointment_at) }),
    ...(wait === undefined ? {} : { ahead: wait.ahead }),
    estimate: wait?.estimate ?? { kind: 'unknown' },
    ...(row.counter === null || (row.state !== 'called' && row.state !== 'serving')
      ? {}
      : { counter: namesOf(settings.counters, row.counter) }),
    qr: address ?? row.label.normalize('NFD').replace(/[^\x20-\x7e]/g, ''),
    follows: address !== undefined,
  };
}

export function phoneTicketOf(
  lobby: Lobby,
  row: TicketRow,
  moment: Moment,
  waits: Waits,
  picture: WaitPicture,
): PhoneTicket | undefined {
  const { settings, placeName } = lobby;
  const spoken = language.safeParse(row.language);
  const state = ((): PhoneTicket['state'] | undefined => {
    switch (row.state) {
      case 'waiting':
        return !isDue(row, moment.at)
          ? { kind: 'early', time: localTimeOf(waitsFrom(row, moment.at)) }
          : { kind: 'waiting', ...waits.of(row, picture) };
      case 'called':
      case 'serving':
        return { kind: row.state, counter: namesOf(settings.counters, row.counter ?? '') };
      case 'parked':
      case 'no-show':
        return { kind: row.state };
      case 'done':
      case 'cancelled':
        return undefined;
    }
  })();
  if (state === undefined) return undefined;
  return {
    label: row.label,
    names: settings.services.find(({ id }) => id === row.service)?.names ?? {
      da: row.service,
      en: row.service,
    },
    language: spoken.success ? spoken.data : 'da',
    placeName,
    state,
  };
}

export async function boardOf(tables: Tables, lobby: Lobby, moment: Moment): Promise<BoardState> {
  const { settings, placeName, speech } = lobby;
  const active = await ticketsIn(tables, lobby, moment, ['called', 'serving']);
  const waiting = await ticketsIn(tables, lobby, moment, ['waiting']);
  const calls = await tables
    .selectFrom('events')
    .innerJoin('tickets', 'tickets.id', 'events.ticket')
    .select(['events.seq', 'events.at', 'events.counter', 'tickets.label'])
    .where('events.branch', '=', settings.branch)
    .where('events.day', '=', moment.day)
    .where('events.kind', 'in', ['called', 'recalled'])
    .orderBy('events.seq', 'desc')
    .limit(callsShown)
    .execute();
  return {
    placeName,
    time: localTimeOf(moment.at),
    serving: active
      .filter(({ counter }) => counter !== null)
      .map((row) => ({
        label: row.label,
        counter: row.counter ?? '',
        counterNames: namesOf(settings.counters, row.counter ?? ''),
        called: row.state === 'called',
        calledAt: row.called_at ?? row.taken_at,
      }))
      .sort((a, b) => b.calledAt - a.calledAt),
    calls: calls.map(({ seq, at, counter, label }) => ({
      call: seq,
      label,
      counter: counter ?? '',
      counterNames: namesOf(settings.counters, counter ?? ''),
      agoMs: Math.max(0, moment.at - at),
    })),
    services: settings.services.map(({ id, names }) => ({
      id,
      names,
      waiting: waiting.filter((row) => row.service === id && isDue(row, moment.at)).length,
    })),
    speech,
    source: 'ready',
  };
}

export async function deskStateOf(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  desk: Desk | undefined,
): Promise<Omit<DeskState, 'printer'>> {
  const { settings } = lobby;
  const rows = await ticketsIn(tables, lobby, moment, ['waiting', 'called', 'serving', 'parked', 'no-show']);
  const jobs = await lastJobs(tables, rows);
  const view = (row: TicketRow): ReturnType<typeof deskTicketOf> => deskTicketOf(row, jobs.get(row.id));
  const states = await serviceStates(tables, lobby, moment);
  const present = await tables
    .selectFrom('presence')
    .select('counter')
    .where('branch', '=', settings.branch)
    .where((where) => isPresent(where, lobby, moment))
    .execute();
  const own = settings.counters.find(({ id }) => id === desk?.counter)?.services ?? [];
  const mine = (row: TicketRow): boolean => own.length === 0 || own.includes(row.service);
  const inQueue = rows.filter(({ state }) => state === 'waiting');
  const waiting = inQueue.filter((row) => isDue(row, moment.at) && mine(row));
  const inHand = rows.filter(({ state }) => state === 'called' || state === 'serving');
  const current = desk === undefined ? undefined : inHand.find(({ counter }) => counter === desk.counter);
  const first = (service: string): number | undefined =>
    inQueue
      .filter((row) => row.service === service && isDue(row, moment.at))
      .map((row) => waitsFrom(row, moment.at))
      .sort((a, b) => a - b)[0];
  return {
    at: moment.at,
    ...(desk === undefined ? {} : { counter: desk.counter }),
    ...(current === undefined ? {} : { current: view(current) }),
    waiting: waiting.slice(0, waitingShown).map(view),
    waitingTotal: waiting.length,
    early: inQueue.filter((row) => !isDue(row, moment.at)).map(view),
    parked: rows.filter(({ state }) => state === 'parked').map(view),
    elsewhere: inHand.filter((row) => row !== current).map(view),
    noShows: rows
      .filter(({ state }) => state === 'no-show')
      .sort((a, b) => (b.ended_at ?? 0) - (a.ended_at ?? 0))
      .slice(0, noShowsShown)
      .map(view),
    papers: rows
      .filter(({ id, state }) => {
        const job = jobs.get(id)?.state;
        return state !== 'no-show' && (job === 'failed' || job === 'unknown');
      })
      .map(view),
    services: settings.services.map(({ id, names }) => {
      const since = first(id);
      return {
        id,
        names,
        state: states.get(id)?.state ?? closed,
        paused: states.get(id)?.paused ?? false,
        waiting: inQueue.filter((row) => row.service === id && isDue(row, moment.at)).length,
        ...(since === undefined ? {} : { longestWaitMinutes: Math.floor((moment.at - since) / 60_000) }),
      };
    }),
    counters: settings.counters.map(({ id, names, services }) => {
      const label = inHand.find(({ counter }) => counter === id)?.label;
      return {
        id,
        names,
        services,
        staffed: present.some(({ counter }) => counter === id),
        ...(label === undefined ? {} : { label }),
      };
    }),
    source: 'ready',
  };
}
