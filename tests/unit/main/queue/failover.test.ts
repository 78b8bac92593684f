import { randomUUID } from 'node:crypto';
import Sqlite from 'libsql';
import { Kysely, type MigrationProvider, Migrator, SqliteDialect } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BoardState, PhoneTicket } from '../../../../main/api/contract.js';
import { FailoverQueue } from '../../../../main/queue/lobby-failover.js';
import type { OutboxStore, Transactions } from '../../../../main/queue/outbox.js';
import type { NewTicket, Queue, TakeResult } from '../../../../main/queue/types.js';
import { defaultSettings } from '../../../../main/settings/schema.js';
import { migrationsFor } from '../../../../main/storage/migrations.js';
import type { Outcome } from '../../../../main/storage/outcome.js';
import { outboxMigrations, type OutboxSchema } from '../../../../main/storage/outbox-schema.js';
import type { Schema } from '../../../../main/storage/schema.js';
import { ManualClock, settled } from '../../manual-clock.js';

const day = '2026-11-23';
const input = { service: 'passport', language: 'da' } as const;

async function memory<Tables>(migrations: MigrationProvider): Promise<Kysely<Tables>> {
  const database = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: new Sqlite(':memory:') }),
  });
  const { error } = await new Migrator({ db: database, provider: migrations }).migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('no tables');
  return database;
}

/** The lobby's database, which can go away: at once, or so that a commit is not heard of. */
class Central implements Transactions<Schema> {
  reach: 'there' | 'away' | 'deaf' = 'there';
  /** So many transactions are still done before it goes away. */
  goesAfter = Number.POSITIVE_INFINITY;

  readonly database: Kysely<Schema>;

  constructor(database: Kysely<Schema>) {
    this.database = database;
  }

  async run<Value>(work: (transaction: Kysely<Schema>) => Promise<Value>): Promise<Outcome<Value>> {
    if (this.goesAfter-- <= 0) this.reach = 'away';
    if (this.reach === 'away') return { kind: 'failed', fault: 'unreachable', committed: 'no' };
    const value = await this.database.transaction().execute(work);
    return this.reach === 'deaf'
      ? { kind: 'failed', fault: 'unreachable', committed: 'unknown' }
      : { kind: 'done', value };
  }
}

class Outbox implements OutboxStore {
  full = false;

  readonly database: Kysely<OutboxSchema>;

  constructor(database: Kysely<OutboxSchema>) {
    this.database = database;
  }

  async run<Value>(work: (transaction: Kysely<OutboxSchema>) => Promise<Value>): Promise<Outcome<Value>> {
    if (this.full) return { kind: 'failed', fault: 'full', committed: 'no' };
    return { kind: 'done', value: await this.database.transaction().execute(work) };
  }

  close = (): Promise<void> => Promise.resolve();
}

const settings = defaultSettings.queue;
let clock: ManualClock;
let central: Central;
let outbox: Outbox;
let queues: FailoverQueue[];

const page: PhoneTicket = {
  label: 'A017',
  names: { da: 'Pas', en: 'Passport' },
  language: 'da',
  placeName: 'Borgerservice',
  state: { kind: 'waiting', ahead: 1, estimate: { kind: 'range', fromMinutes: 5, toMinutes: 10 } },
};
/** Tickets' own pages, as the lobby's database has them. */
let pages: Map<string, PhoneTicket>;

const seenBoard: BoardState = {
  ...{ placeName: 'Borgerservice', time: '11:00', speech: false, source: 'ready' },
  serving: [{ label: 'A001', counter: '1', counterNames: page.names, called: true, calledAt: 0 }],
  calls: [{ call: 7, label: 'A001', counter: '1', counterNames: page.names, agoMs: 500 }],
  services: [{ id: 'passport', names: page.names, waiting: 3 }],
};
type DeskView = Awaited<ReturnType<Queue['deskState']>>;
const seenDesk: DeskView = {
  ...{ at: 0, counter: '1', waiting: [], waitingTotal: 3, early: [], parked: [], elsewhere: [] },
  ...{ noShows: [], papers: [], counters: [], source: 'ready' },
  current: {
    ...{ id: randomUUID(), label: 'A001', service: 'passport', origin: 'walk-in', state: 'called' },
    ...{ language: 'da', takenAt: 0, waitingFrom: 0, calls: 1, paper: 'printed', counter: '1' },
  },
  services: [
    {
      ...{ id: 'passport', names: page.names, paused: false, waiting: 3, longestWaitMinutes: 4 },
      state: { kind: 'open', until: '15:00' },
    },
  ],
};

const newTicket = (id: string, label: string): NewTicket => ({
  ...{ id, label, service: 'passport', names: page.names, origin: 'walk-in', time: '11:00', ahead: 3 },
  estimate: { kind: 'range', fromMinutes: 5, toMinutes: 10 },
  ...{ qr: `https://koe.example.dk/t/token-${label}`, follows: true },
});

/** The queue over the lobby's database, as far as it takes part here. */
function lobby(onUncertain: (ticket: string) => void): Queue {
  let number = 0;
  const away = { kind: 'away' } as const;
  const take = async (): Promise<TakeResult> => {
    const id = randomUUID();
    if (central.reach !== 'away') number++;
    const label = `A${String(number).padStart(3, '0')}`;
    const done = await central.run((transaction) =>
      transaction
        .insertInto('tickets')
        .values({
          ...{ id, branch: settings.branch, day, series: 'a', number, label, service: 'passport', leased: 0 },
          ...{ origin: 'walk-in', state: 'waiting', language: 'da', taken_at: 0, waiting_from: 0 },
          ...{ order_at: 0, calls: 0, kiosk: 'kiosk-1' },
        })
        .execute(),
    );
    if (done.kind === 'done') return { kind: 'ticket', ticket: newTicket(id, label) };
    if (done.committed === 'unknown') onUncertain(id);
    return away;
  };
  const source = (): 'ready' | 'away' => (central.reach === 'there' ? 'ready' : 'away');
  const parts: Partial<Queue> = {
    followed: (token) => Promise.resolve(central.reach === 'there' ? pages.get(token) : undefined),
    board: () =>
      Promise.resolve(central.reach === 'there' ? seenBoard : { ...seenBoard, serving: [], source: 'away' }),
    deskState: () => Promise.resolve({ ...seenDesk, source: source() }),
    appointments: () =>
      Promise.resolve(central.reach === 'there' ? { kind: 'appointments', appointments: [] } : away),
    statistics: () => Promise.resolve(away),
    offer: () => Promise.resolve({ services: [], appointments: true, source: source() }),
    takeNumber: take,
    checkIn: () => Promise.resolve(away),
    callNext: () => Promise.resolve(central.reach === 'there' ? { kind: 'ok' } : away),
    papers: {
      queue: () => Promise.resolve(undefined),
      sent: () => Promise.resolve(false),
      end: () => Promise.resolve(false),
      settle: () => Promise.resolve(true),
      unfinished: () => Promise.resolve([]),
      unprinted: () => Promise.resolve([]),
      lastOf: () => Promise.resolve(undefined),
    },
    subscribe: () => () => undefined,
    stop: () => Promise.resolve(),
  };
  return parts as Queue;
}

async function start(kiosk = 'kiosk-1', own = outbox, publicAddress?: string): Promise<FailoverQueue> {
  const queue = await FailoverQueue.start({
    lobby,
    central,
    outbox: own,
    about: {
      settings,
      holidays: new Set<string>(),
      kiosk,
      placeName: 'Borgerservice',
      speech: false,
      publicAddress,
      clock,
      newId: randomUUID,
      newToken: randomUUID,
    },
  });
  queues.push(queue);
  return queue;
}

async function labelOf(taken: Promise<TakeResult>): Promise<string> {
  const result = await taken;
  return result.kind === 'ticket' ? result.ticket.label : result.kind;
}

const tickets = () =>
  central.database.selectFrom('tickets').select(['label', 'state', 'leased']).orderBy('number').execute();
const events = (kind: string) =>
  central.database
    .selectFrom('events')
    .selectAll()
    .where('kind', '=', kind as 'taken')
    .execute();

beforeEach(async () => {
  clock = new ManualClock();
  // 11:00 at the lobby, a Monday.
  await clock.pass(10 * 3_600_000);
  central = new Central(await memory<Schema>(migrationsFor('sqlite')));
  outbox = new Outbox(await memory<OutboxSchema>(outboxMigrations));
  pages = new Map();
  queues = [];
  return async () => {
    for (const queue of queues) await queue.stop();
    expect(clock.pending).toBe(0);
  };
});

describe("a kiosk whose lobby's database goes away", () => {
  it('has leased a block of each series for today and tomorrow, and the lobby knows of each', async () => {
    await start();
    const leases = await central.database.selectFrom('number_leases').selectAll().execute();
    expect(leases.map((lease) => [lease.series, lease.day, lease.first, lease.last])).toEqual(
      [day, '2026-11-24'].flatMap((of) => ['a', 'b', 'c'].map((series) => [series, of, 900, 919])),
    );
    expect(await events('leased')).toHaveLength(6);
  });

  it('goes on with numbers of its own, and says so', async () => {
    const queue = await start();
    expect(await labelOf(queue.takeNumber(input))).toBe('A001');
    central.reach = 'away';
    expect(await labelOf(queue.takeNumber(input))).toBe('A900');
    expect(await labelOf(queue.takeNumber(input))).toBe('A901');
    expect((await queue.offer()).source).toBe('leased');
  });

  it('keeps what board and desk were last told, and says since when and where numbers come from', async () => {
    const queue = await start();
    const desk = { counter: '1', session: 'one' };
    expect(await queue.board()).toBe(seenBoard);
    expect(await queue.deskState(desk)).toMatchObject({ source: 'ready', waitingTotal: 3 });
    central.reach = 'away';
    const { date } = clock;
    clock.date = () => new Date(date().getTime() + 5 * 60_000);
    expect(await queue.board()).toEqual({
      ...seenBoard,
      ...{ time: '11:05', source: 'leased', lastKnown: '11:00' },
      calls: [{ ...seenBoard.calls[0], agoMs: 300_500 }],
    });
    expect(await queue.deskState(desk)).toMatchObject({
      ...{ source: 'leased', lastKnown: '11:00', waitingTotal: 3, at: clock.date().getTime() },
      current: { label: 'A001', state: 'called' },
      services: [{ id: 'passport', state: { kind: 'open' }, waiting: 3, longestWaitMinutes: 9 }],
    });
    for (const { id } of settings.services) {
      for (let taken = 0; taken < 20; taken++) await queue.takeNumber({ service: id, language: 'da' });
    }
    expect(await queue.board()).toMatchObject({ source: 'away', serving: [{ label: 'A001' }] });
    // What a counter shows belongs to its day.
    clock.date = () => new Date(date().getTime() + 24 * 3_600_000);
    expect(await queue.board()).toMatchObject({ source: 'leased', serving: [] });
    expect(await queue.deskState(desk)).not.toHaveProperty('lastKnown');
  });

  it('knows the services by name after a start without it, and nothing else', async () => {
    central.reach = 'away';
    const queue = await start();
    const names = settings.services.map((each) => each.names.en);
    const board = await queue.board();
    expect(board.services.map((each) => each.names.en)).toEqual(names);
    expect(board).not.toHaveProperty('lastKnown');
    const desk = await queue.deskState({ counter: '1', session: 'one' });
    expect(desk.services.map((each) => each.names.en)).toEqual(names);
    expect(desk).toMatchObject({ counter: '1', source: 'away', waiting: [] });
    expect(desk).not.toHaveProperty('lastKnown');
  });

  it('says that bookings and figures cannot be had, in place of none', async () => {
    const queue = await start();
    expect(await queue.appointments(day)).toEqual({ kind: 'appointments', appointments: [] });
    central.reach = 'away';
    expect(await queue.appointments(day)).toEqual({ kind: 'away' });
    expect(await queue.statistics(day)).toEqual({ kind: 'away' });
  });

  it('never has the same numbers as another one, also not when both start at once', async () => {
    const second = new Outbox(await memory<OutboxSchema>(outboxMigrations));
    const one = await start('kiosk-1');
    const two = await start('kiosk-2', second);
    central.reach = 'away';
    expect(await labelOf(one.takeNumber(input))).toBe('A900');
    expect(await labelOf(two.takeNumber(input))).toBe('A920');
  });

  it('gives out none when its block is used up, or when its own disk is full', async () => {
    const queue = await start();
    central.reach = 'away';
    outbox.full = true;
    expect(await labelOf(queue.takeNumber(input))).toBe('away');
    outbox.full = false;
    for (let taken = 0; taken < 20; taken++) await queue.takeNumber(input);
    // Just now, not for today: the lobby has more.
    expect(await labelOf(queue.takeNumber(input))).toBe('away');
    const offer = await queue.offer();
    expect(offer.services.map(({ state }) => state.kind)).toEqual(['paused', 'open', 'open']);
    expect(offer.source).toBe('leased');
  });

  it('offers the numbers that it has for the next day once that has come', async () => {
    const queue = await start();
    central.reach = 'away';
    for (let taken = 0; taken < 20; taken++) await queue.takeNumber(input);
    const { date } = clock;
    clock.date = () => new Date(date().getTime() + 24 * 3_600_000);
    expect((await queue.offer()).services[0]?.state.kind).toBe('open');
    expect(await labelOf(queue.takeNumber(input))).toBe('A900');
  });

  it("goes on showing tickets' own pages as they were: nobody is called meanwhile", async () => {
    const queue = await start('kiosk-1', outbox, 'https://koe.example.dk');
    const taken = await queue.takeNumber(input);
    if (taken.kind !== 'ticket') throw new Error(taken.kind);
    const seen = {
      ...page,
      state: { kind: 'called', counter: { da: 'Skranke 1', en: 'Counter 1' } },
    } as const;
    pages.set('seen', seen);
    pages.set('over', page);
    await queue.followed('seen');
    await queue.followed('over');
    pages.delete('over');
    expect(await queue.followed('over')).toBeUndefined();
    central.reach = 'away';
    expect(await queue.followed('seen')).toEqual(seen);
    expect(await queue.followed('over')).toBeUndefined();
    expect(await queue.followed('another')).toBeUndefined();
    // Given out here, and looked at for the first time.
    expect(await queue.followed('token-A001')).toMatchObject({
      label: 'A001',
      language: 'da',
      state: { kind: 'waiting', ahead: 3, estimate: { kind: 'unknown' } },
    });
    central.reach = 'there';
    await clock.pass(1000);
    pages.delete('seen');
    expect(await queue.followed('seen')).toBeUndefined();
  });

  it('says who waits before a ticket that it gave out itself', async () => {
    const queue = await start('kiosk-1', outbox, 'https://koe.example.dk');
    await queue.offer();
    central.reach = 'away';
    await queue.takeNumber(input);
    await clock.pass(10);
    const taken = await queue.takeNumber(input);
    const token = taken.kind === 'ticket' ? (taken.ticket.qr.split('/t/')[1] ?? '') : '';
    expect(await queue.followed(token)).toMatchObject({
      label: 'A901',
      state: { kind: 'waiting', ahead: 1 },
    });
  });

  it('calls nobody meanwhile', async () => {
    const queue = await start();
    central.reach = 'away';
    expect(await queue.callNext({ counter: '1', session: 's' })).toEqual({ kind: 'away' });
  });

  it('tells the lobby all of it once it is back, in order, and takes up its numbers again', async () => {
    const queue = await start();
    central.reach = 'away';
    for (let taken = 0; taken < 3; taken++) await queue.takeNumber(input);
    await clock.pass(5000);
    expect(await tickets()).toEqual([]);
    central.reach = 'there';
    await clock.pass(1000);
    expect((await tickets()).map(({ label }) => label)).toEqual(['A900', 'A901', 'A902']);
    expect(await events('taken')).toHaveLength(3);
    expect(await labelOf(queue.takeNumber(input))).toBe('A001');
    expect(await outbox.database.selectFrom('entries').selectAll().execute()).toEqual([]);
  });

  it('is not kept from it by numbers that are taken all the time', async () => {
    const queue = await start();
    central.reach = 'away';
    await queue.takeNumber(input);
    central.reach = 'there';
    for (let taken = 0; taken < 4; taken++) {
      await clock.pass(400);
      await queue.takeNumber(input);
    }
    expect((await queue.offer()).source).toBe('ready');
  });

  it('tells nothing twice and leaves nothing out when the lobby goes away in between, again and again', async () => {
    const queue = await start();
    central.reach = 'away';
    for (let taken = 0; taken < 5; taken++) await queue.takeNumber(input);
    for (let round = 0; round < 20; round++) {
      central.reach = round % 3 === 0 ? 'deaf' : 'there';
      central.goesAfter = round % 2;
      await clock.pass(1000);
    }
    central.reach = 'there';
    central.goesAfter = Number.POSITIVE_INFINITY;
    await clock.pass(1000);
    expect((await tickets()).map(({ label }) => label)).toEqual(['A900', 'A901', 'A902', 'A903', 'A904']);
    expect(await events('taken')).toHaveLength(5);
  });

  it('still has its numbers and what it has to tell after a restart', async () => {
    const before = await start();
    central.reach = 'away';
    await before.takeNumber(input);
    await before.stop();
    const after = await start();
    expect(await labelOf(after.takeNumber(input))).toBe('A901');
    central.reach = 'there';
    await clock.pass(1000);
    expect((await tickets()).map(({ label }) => label)).toEqual(['A900', 'A901']);
  });

  it('takes a ticket out whose commit was not heard of: its visitor has another number', async () => {
    const queue = await start();
    central.reach = 'deaf';
    expect(await labelOf(queue.takeNumber(input))).toBe('A900');
    central.reach = 'there';
    await clock.pass(1000);
    expect(await tickets()).toEqual([
      { label: 'A001', state: 'cancelled', leased: 0 },
      { label: 'A900', state: 'waiting', leased: 1 },
    ]);
    expect(await events('void')).toHaveLength(1);
  });

  it('leases more before half of the block is used', async () => {
    const queue = await start();
    central.reach = 'away';
    for (let taken = 0; taken < 10; taken++) await queue.takeNumber(input);
    central.reach = 'there';
    await clock.pass(1000);
    central.reach = 'away';
    for (let taken = 0; taken < 30; taken++) await queue.takeNumber(input);
    expect(await labelOf(queue.takeNumber(input))).toBe('away');
    expect((await outbox.database.selectFrom('entries').selectAll().execute()).length).toBe(30);
  });

  it('checks in by the bookings that it saw last, once', async () => {
    await central.database
      .insertInto('appointments')
      .values({
        ...{
          id: randomUUID(),
          branch: settings.branch,
          service: 'passport',
          day,
          code: 'ABC123',
          state: 'booked',
        },
        ...{ at: clock.date().getTime() + 600_000, source: null, ticket: null, created_at: 0 },
      })
      .execute();
    const queue = await start();
    central.reach = 'away';
    const booked = { appointment: { by: 'code', code: 'ABC123' }, language: 'da' } as const;
    const arrived = await queue.checkIn(booked);
    expect(arrived).toMatchObject({ kind: 'ticket', ticket: { label: 'A900', appointmentTime: '11:10' } });
    expect(await queue.checkIn(booked)).toEqual({ kind: 'already', label: 'A900' });
    expect(await queue.checkIn({ ...booked, appointment: { by: 'code', code: 'OTHER1' } })).toEqual({
      kind: 'away',
    });
    central.reach = 'there';
    await clock.pass(1000);
    const [appointment] = await central.database.selectFrom('appointments').selectAll().execute();
    expect(appointment?.state).toBe('arrived');
  });

  it('logs the steps of printing on its own disk, and the lobby gets the last one', async () => {
    const queue = await start();
    central.reach = 'away';
    const taken = await queue.takeNumber(input);
    if (taken.kind !== 'ticket') throw new Error(taken.kind);
    const job = await queue.papers.queue(taken.ticket.id);
    expect(job).toMatchObject({ copy: false, state: 'queued' });
    const id = job?.id ?? '';
    expect(await queue.papers.sent(id)).toBe(true);
    expect(await queue.papers.end(id, 'confirmed')).toBe(true);
    expect(await queue.papers.end(id, 'failed')).toBe(false);
    expect(await queue.papers.queue(taken.ticket.id)).toMatchObject({ copy: true });
    await settled();
    central.reach = 'there';
    await clock.pass(1000);
    const jobs = await central.database.selectFrom('print_jobs').selectAll().execute();
    expect(jobs.map(({ state, copy }) => [state, copy])).toEqual([
      ['confirmed', 0],
      ['queued', 1],
    ]);
    expect(await events('printed')).toHaveLength(1);
  });
});
