import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { instantOf } from '../../../../main/queue/local-time.js';
import { queueSettings } from '../../../../main/queue/settings.js';
import type { Desk } from '../../../../main/queue/types.js';
import type { Database } from '../../../../main/storage/database.js';
import { isOpen } from '../../../../main/storage/migrations.js';
import type { Schema } from '../../../../main/storage/schema.js';
import { buildStorageWorker } from '../../storage-worker.js';
import { alwaysOpen, openLobby, type BenchOptions, type LobbyBench } from './lobby-bench.js';

let worker: Awaited<ReturnType<typeof buildStorageWorker>>;
let bench: LobbyBench;

beforeAll(async () => {
  worker = await buildStorageWorker();
});
afterAll(() => worker.remove());
beforeEach(() => open());
afterEach(() => bench.close());

function open(options: Partial<BenchOptions> = {}): void {
  bench = openLobby({ worker: worker.path, ...options });
}

async function reopen(options: Partial<BenchOptions>): Promise<void> {
  await bench.close();
  open(options);
}

/** For what is done behind a test's back, on a busy computer too. */
const patience = { timeout: 15_000 };

const desk: Desk = { counter: '1', session: 's1' };
const other: Desk = { counter: '2', session: 's2' };

async function take(service = 'passport'): Promise<string> {
  const result = await bench.queue.takeNumber({ service, language: 'da' });
  if (result.kind !== 'ticket') throw new Error(result.kind);
  return result.ticket.label;
}

async function next(at = desk): Promise<string> {
  await bench.queue.openDesk(at);
  const result = await bench.queue.callNext(at);
  return result.kind === 'ok' ? (result.ticket?.label ?? 'none') : result.kind;
}

async function book(time: string, code: string, service = 'passport'): Promise<void> {
  const added = await bench.queue.addAppointment({ service, day: '2026-11-25', time, code });
  expect(added).toMatchObject({ kind: 'imported', added: 1 });
}

const arrive = (code: string) => bench.queue.checkIn({ appointment: { by: 'code', code }, language: 'en' });

const through = (database: Database<Schema>): Database<Schema> => ({
  dialect: database.dialect,
  run: (work) => database.run(work),
  notify: (id) => database.notify(id),
  listen: (changed) => database.listen(changed),
  close: () => database.close(),
});

/** How many rows went from and to a database, by transaction. */
class RowsMoved {
  readonly transactions: { read: number; changed: number }[] = [];

  of(database: Database<Schema>): Database<Schema> {
    return {
      ...through(database),
      run: (work) => {
        const moved = { read: 0, changed: 0 };
        this.transactions.push(moved);
        return database.run((tables) =>
          work(
            tables.withPlugin({
              transformQuery: ({ node }) => node,
              transformResult: ({ result }) => {
                moved.read += result.rows.length;
                moved.changed += Number(result.numAffectedRows ?? 0);
                return Promise.resolve(result);
              },
            }),
          ),
        );
      },
    };
  }
}

interface Past {
  readonly day: string;
  readonly series: string;
  readonly number: number;
  readonly service: string;
  readonly at: number;
}

/** Tickets that wait, each with its paper. */
async function addTickets(count: number, of: (nth: number) => Past): Promise<void> {
  const { branch } = alwaysOpen;
  const all = Array.from({ length: count }, (_, nth) => of(nth));
  const added = await bench.database.run(async (tables) => {
    for (const { day, series, number, service, at } of all) {
      const label = `${series.toUpperCase()}${String(number).padStart(3, '0')}`;
      const id = `${day} ${label}`;
      await tables
        .insertInto('tickets')
        .values({
          ...{ id, branch, day, series, number, label, service, leased: 0, origin: 'walk-in', calls: 0 },
          ...{ state: 'waiting', language: 'da', taken_at: at, waiting_from: at, order_at: at },
          kiosk: 'kiosk-1',
        })
        .execute();
      await tables
        .insertInto('print_jobs')
        .values({
          ...{
            id,
            ticket: id,
            kiosk: 'kiosk-1',
            copy: 0,
            process_id: 'AAAA',
            state: 'confirmed',
            on_paper: 1,
          },
          ...{ trouble: null, created_at: at, changed_at: at },
        })
        .execute();
    }
    for (const series of new Set(all.map((each) => each.series))) {
      const own = all.filter((each) => each.series === series);
      const last = Math.max(...own.map(({ number }) => number));
      await tables
        .insertInto('series_counters')
        .values({ branch, series, day: own[0]?.day ?? '', last })
        .execute();
    }
  });
  expect(added.kind).toBe('done');
}

async function kinds(): Promise<string[]> {
  const events = await bench.database.run((tables) =>
    tables.selectFrom('events').select('kind').orderBy('seq').execute(),
  );
  return events.kind === 'done' ? events.value.map(({ kind }) => kind) : [];
}

describe('why someone comes', () => {
  it.each([
    { kind: 'chip-check', outcome: 'not-ready', reason: 'expired' },
    { kind: 'device', device: 'code-display', outcome: 'replace', reason: 'segment-dead' },
    { kind: 'device', device: 'mitid-chip', outcome: 'could-not-tell' },
  ] as const)('is told at the desk, as the check of the kiosk found it: %o', async (reason) => {
    await bench.queue.takeNumber({ service: 'mitid', language: 'en', reason });
    expect((await bench.queue.deskState(undefined)).waiting).toMatchObject([{ reason }]);
    await bench.queue.openDesk(desk);
    await bench.queue.callNext(desk);
    expect((await bench.queue.deskState(desk)).current).toMatchObject({ reason });
  });

  it('leads to a service that is offered for a document, and for a device', async () => {
    expect(await bench.queue.offer()).toMatchObject({ chipCheckService: 'mitid', deviceService: 'mitid' });
  });
});

describe('numbers', () => {
  it('are given out one after the other, each series by itself', async () => {
    expect([await take(), await take(), await take('mitid'), await take()]).toEqual([
      'A001',
      'A002',
      'B001',
      'A003',
    ]);
  });

  it('begin anew at local midnight, not at UTC’s', async () => {
    bench.clock.at = instantOf('2026-11-25', '23:58');
    expect(await take()).toBe('A001');
    bench.clock.at = instantOf('2026-11-26', '00:01');
    expect(await take()).toBe('A001');
  });

  it.each([
    ['spring', '2026-03-29', ['01:59', '03:01']],
    ['autumn', '2026-10-25', ['02:30', '02:30']],
  ])('go on through the change of summer time in %s', async (_season, day, times) => {
    bench.clock.at = instantOf(day, times[0]!);
    expect(await take()).toBe('A001');
    bench.clock.minutes(60);
    expect(await take()).toBe('A002');
    expect(await next()).toBe('A001');
  });

  it('are never used again when the clock jumps ahead and back', async () => {
    expect(await take()).toBe('A001');
    bench.clock.jump(2 * 24 * 60);
    expect(await take()).toBe('A001');
    bench.clock.jump(-2 * 24 * 60);
    expect(await take()).toBe('A002');
  });

  it('end with the quota, without one being lost', async () => {
    const [first, ...rest] = alwaysOpen.services;
    await reopen({ settings: { ...alwaysOpen, services: [{ ...first!, quota: 2 }, ...rest] } });
    await take();
    await take();
    expect(await bench.queue.takeNumber({ service: 'passport', language: 'da' })).toEqual({
      kind: 'not-open',
      state: { kind: 'full' },
    });
    expect((await bench.queue.offer()).services[0]?.state).toEqual({ kind: 'full' });
  });

  it('are not given out by a service that is closed, nor by one that staff have paused', async () => {
    await bench.queue.setPaused('passport', true);
    expect(await bench.queue.takeNumber({ service: 'passport', language: 'da' })).toMatchObject({
      state: { kind: 'paused' },
    });
    await bench.queue.setPaused('passport', false);
    expect(await take()).toBe('A001');
    await reopen({ settings: queueSettings.parse({}) });
    bench.clock.at = instantOf('2026-11-28', '11:00');
    expect(await bench.queue.takeNumber({ service: 'passport', language: 'da' })).toMatchObject({
      state: { kind: 'closed-today' },
    });
  });
});

describe('calling', () => {
  it('goes by the order in which they came, and by the counter’s services', async () => {
    const settings = {
      ...alwaysOpen,
      counters: alwaysOpen.counters.map((each) =>
        each.id === '2' ? { ...each, services: ['mitid'] } : each,
      ),
    };
    await reopen({ settings });
    await take();
    bench.clock.minutes(1);
    await take('mitid');
    expect(await next(other)).toBe('B001');
    expect(await next(other)).toBe('nobody-waiting');
    expect(await next()).toBe('A001');
  });

  it('ends what the counter had: served is done, never met is a no-show', async () => {
    await take();
    await take();
    await next();
    await bench.queue.serve(desk);
    await next();
    await next();
    expect((await kinds()).slice(3)).toEqual(['called', 'serving', 'done', 'called', 'no-show']);
  });

  it('lets a booked time go before those without one, from its time on and not earlier', async () => {
    await book('10:30', 'AAAA');
    const walkIn = await take();
    bench.clock.minutes(10);
    expect(await arrive('AAAA')).toMatchObject({ kind: 'ticket', ticket: { appointmentTime: '10:30' } });
    expect(await next()).toBe(walkIn);
    expect(await next(other)).toBe('nobody-waiting');
    bench.clock.minutes(18);
    const late = await take();
    bench.clock.minutes(2);
    expect([await next(other), await next(other)]).toEqual(['A002', late]);
  });

  it('parks, transfers, takes a no-show in again, and cancels', async () => {
    await take();
    await next();
    expect(await bench.queue.finish(desk, 'parked')).toMatchObject({ kind: 'ok' });
    expect(await bench.queue.call(desk, 'A001')).toMatchObject({ kind: 'ok', ticket: { calls: 2 } });
    expect(await bench.queue.transfer(desk, 'mitid')).toMatchObject({
      ticket: { service: 'mitid', transferredFrom: 'passport', state: 'waiting' },
    });
    await next();
    await bench.queue.finish(desk, 'no-show');
    expect(await bench.queue.call(desk, 'A001')).toMatchObject({ kind: 'ok' });
    const state = await bench.queue.deskState(desk);
    expect(await bench.queue.cancel(state.current!.id)).toMatchObject({ ticket: { state: 'cancelled' } });
    expect(await bench.queue.call(desk, 'A001')).toEqual({ kind: 'not-possible' });
    expect(await bench.queue.call(desk, 'Z999')).toEqual({ kind: 'unknown-ticket' });
  });

  it('tells whoever chooses how many are before, as the ticket will', async () => {
    await take();
    await take();
    bench.clock.minutes(1);
    const offer = await bench.queue.offer();
    const mitid = offer.services.find(({ id }) => id === 'mitid');
    expect(mitid).toMatchObject({ waiting: 0, ahead: 2 });
    const taken = await bench.queue.takeNumber({ service: 'mitid', language: 'da' });
    expect(taken).toMatchObject({ ticket: { ahead: 2 } });
  });

  it('tells a called ticket’s own screen the counter', async () => {
    const taken = await bench.queue.takeNumber({ service: 'passport', language: 'da' });
    if (taken.kind !== 'ticket') throw new Error(taken.kind);
    expect(await bench.queue.ticket(taken.ticket.id)).not.toHaveProperty('counter');
    await next();
    expect(await bench.queue.ticket(taken.ticket.id)).toMatchObject({ counter: { en: 'Counter 1' } });
  });

  it('looks a number up before it asks about the one that has not come', async () => {
    await take();
    await take();
    await next();
    expect(await bench.queue.call(desk, 'Z999', 'ask-first')).toEqual({ kind: 'unknown-ticket' });
    expect(await bench.queue.call(desk, 'A002', 'ask-first')).toEqual({ kind: 'someone-called' });
    expect(await bench.queue.deskState(desk)).toMatchObject({ current: { label: 'A001', state: 'called' } });
    expect(await bench.queue.call(desk, 'A002')).toMatchObject({ kind: 'ok', ticket: { label: 'A002' } });
  });

  it('goes by the rule for whoever was parked, when another counter sends them on', async () => {
    const rule = { id: 'r', applies: { to: 'returned' }, minutes: 30, source: '' } as const;
    await reopen({ settings: { ...alwaysOpen, priority: [rule] } });
    const [parked, sentOn] = [await take(), await take()];
    await take('mitid');
    bench.clock.minutes(20);
    await bench.queue.openDesk(desk);
    await bench.queue.call(desk, parked);
    await bench.queue.finish(desk, 'parked');
    for (const label of [sentOn, parked]) {
      await bench.queue.call(desk, label);
      expect(await bench.queue.transfer(desk, 'mitid')).toMatchObject({ kind: 'ok' });
    }
    expect([await next(), await next(), await next()]).toEqual([parked, 'B001', sentOn]);
  });

  it('shows each call on the board, a second one as a new one', async () => {
    await take();
    await next();
    const first = await bench.queue.board();
    await bench.queue.recall(desk);
    const second = await bench.queue.board();
    expect(first).toMatchObject({
      serving: [{ label: 'A001', counter: '1', called: true }],
      calls: [{ label: 'A001' }],
    });
    expect(second.calls.map(({ label }) => label)).toEqual(['A001', 'A001']);
    expect(second.calls[0]!.call).toBeGreaterThan(first.calls[0]!.call);
  });

  it('closes what the day before left', async () => {
    await take();
    bench.clock.minutes(24 * 60);
    expect((await bench.queue.deskState(undefined)).waiting).toEqual([]);
    bench.tidy();
    await expect.poll(kinds).toContain('cancelled');
  });
});

describe('counters', () => {
  it('belong to one session, until it leaves or falls silent', async () => {
    expect(await bench.queue.openDesk(desk)).toEqual({ kind: 'ok' });
    expect(await bench.queue.openDesk({ ...desk, session: 's9' })).toEqual({ kind: 'counter-taken' });
    bench.clock.minutes(2);
    await bench.queue.keepDesk(desk);
    bench.clock.minutes(2);
    expect(await bench.queue.openDesk({ ...desk, session: 's9' })).toEqual({ kind: 'counter-taken' });
    bench.clock.minutes(4);
    expect(await bench.queue.openDesk({ ...desk, session: 's9' })).toEqual({ kind: 'ok' });
    expect(await bench.queue.openDesk({ counter: '77', session: 's' })).toEqual({ kind: 'no-counter' });
  });

  it('are acted at by the session that has them alone', async () => {
    await take();
    const stranger = { ...desk, session: 's9' };
    expect(await bench.queue.callNext(stranger)).toEqual({ kind: 'no-counter' });
    await next();
    const acts = [
      bench.queue.callNext(stranger),
      bench.queue.call(stranger, 'A001'),
      bench.queue.recall(stranger),
      bench.queue.serve(stranger),
      bench.queue.finish(stranger, 'done'),
      bench.queue.transfer(stranger, 'mitid'),
    ];
    expect(new Set((await Promise.all(acts)).map(({ kind }) => kind))).toEqual(new Set(['counter-taken']));
    expect(await bench.queue.deskState(desk)).toMatchObject({ current: { label: 'A001', state: 'called' } });
  });

  it('stay with a session that fell silent until another one takes them', async () => {
    await take();
    await next();
    bench.clock.minutes(10);
    expect(await bench.queue.serve(desk)).toMatchObject({ kind: 'ok' });
    // Whoever acts is there.
    expect(await bench.queue.openDesk({ ...desk, session: 's9' })).toEqual({ kind: 'counter-taken' });
    bench.clock.minutes(10);
    expect(await bench.queue.openDesk({ ...desk, session: 's9' })).toEqual({ kind: 'ok' });
    expect(await bench.queue.finish(desk, 'done')).toEqual({ kind: 'counter-taken' });
  });

  it('are staffed once by a session that logs in again, and anew by one that had fallen silent', async () => {
    await bench.queue.openDesk(desk);
    bench.clock.minutes(2);
    await bench.queue.openDesk(desk);
    const since = await bench.database.run((tables) =>
      tables.selectFrom('presence').select('since').execute(),
    );
    expect(since).toEqual({ kind: 'done', value: [{ since: bench.clock.at - 120_000 }] });
    expect(await kinds()).toEqual(['staffed']);
    bench.clock.minutes(5);
    await bench.queue.openDesk(desk);
    expect(await kinds()).toEqual(['staffed', 'staffed']);
  });
});

describe('the counters of a kiosk that starts again', () => {
  const anew = { ...desk, session: 's9' };

  it('are free after it was stopped', async () => {
    const kiosk = bench.another('kiosk-1');
    await kiosk.openDesk(desk);
    await kiosk.stop();
    expect(await kinds()).toEqual(['staffed', 'unstaffed']);
    expect(await bench.queue.openDesk(anew)).toEqual({ kind: 'ok' });
  });

  it('are free after a crash', async () => {
    await bench.queue.openDesk(desk);
    const restarted = bench.another('kiosk-1');
    expect(await restarted.openDesk(anew)).toEqual({ kind: 'ok' });
    expect(await kinds()).toEqual(['staffed', 'unstaffed', 'staffed']);
  });
});

describe('a long queue', () => {
  const many = {
    ...alwaysOpen,
    series: alwaysOpen.series.map((each) => ({
      ...each,
      last: 5000,
      leased: { first: 5001, last: 5100, block: 20 },
    })),
  };
  const services = ['passport', 'mitid'];

  /** So many have come, in turns to either service; those of a pair at the same moment. */
  const wait = (count: number): Promise<void> =>
    addTickets(count, (nth) => ({
      day: '2026-11-25',
      series: nth % 2 === 0 ? 'a' : 'b',
      number: 1 + Math.floor(nth / 2),
      service: services[nth % 2] ?? '',
      at: bench.clock.at - 3_600_000 + Math.floor(nth / 2),
    }));

  it('makes a number no dearer: it reads none of those who wait, its estimate a part of them', async () => {
    const rows = new RowsMoved();
    await reopen({ settings: many, between: (database) => rows.of(database) });
    await wait(450);
    rows.transactions.length = 0;
    expect(await take()).toBe('A226');
    const [number, estimate, ...more] = rows.transactions;
    expect(number?.read).toBeLessThan(5);
    expect(estimate?.read).toBeLessThan(220);
    expect(more).toEqual([]);
  });

  it('is counted to its end, for the ticket and for whoever chooses', async () => {
    await reopen({
      settings: {
        ...many,
        counters: many.counters.map((each, index) => ({ ...each, services: [services[index] ?? 'other'] })),
      },
    });
    await wait(450);
    const last = await bench.queue.takeNumber({ service: 'passport', language: 'da' });
    expect(last).toMatchObject({ ticket: { label: 'A226', ahead: 225 } });
    const first = (await bench.queue.deskState(undefined)).waiting[0]!;
    expect(await bench.queue.ticket(first.id)).toMatchObject({ label: 'A001', ahead: 0 });
    const offer = await bench.queue.offer();
    expect(offer.services.map(({ waiting }) => waiting)).toEqual([226, 225, 0]);
  });

  it('is estimated to its end', async () => {
    await reopen({ settings: many });
    await bench.queue.openDesk(desk);
    await wait(450);
    const last = await bench.queue.takeNumber({ service: 'passport', language: 'da' });
    // 225 of ten and 225 of fifteen minutes, one after the other.
    const expected = 225 * 25;
    expect(last).toMatchObject({ ticket: { estimate: { kind: 'range' } } });
    if (last.kind !== 'ticket' || last.ticket.estimate.kind !== 'range') throw new Error(last.kind);
    expect(last.ticket.estimate.fromMinutes).toBeGreaterThan(expected * 0.6);
    expect(last.ticket.estimate.toMinutes).toBeLessThan(expected * 1.6);
  });
});

describe('an estimate', () => {
  const tell = (seq: number, kind: 'called' | 'taken' | 'done', minutesAgo: number) =>
    bench.database.run((tables) =>
      tables
        .insertInto('events')
        .values({
          seq,
          id: String(seq),
          at: bench.clock.at - minutesAgo * 60_000,
          branch: alwaysOpen.branch,
          day: '2026-11-25',
          kind,
          ticket: 'x',
          service: 'passport',
          counter: '1',
          kiosk: 'kiosk-2',
          data: null,
        })
        .execute(),
    );
  const estimate = async () =>
    (await bench.queue.offer()).services.find(({ id }) => id === 'passport')!.estimate;

  it('goes by an event that was committed after one with a larger number, and by each once', async () => {
    await bench.queue.openDesk(desk);
    for (let count = 0; count < 3; count++) await take();
    await tell(100, 'called', 200);
    await tell(102, 'taken', 0);
    const before = await estimate();
    await tell(101, 'done', 0);
    const after = await estimate();
    if (before.kind !== 'range' || after.kind !== 'range') throw new Error('no range');
    expect(after.toMinutes).toBeGreaterThan(2 * before.toMinutes);
    expect(await estimate()).toEqual(after);
  });
});

describe('a number whose estimate cannot be read', () => {
  it('is a ticket all the same', async () => {
    let runs = Number.POSITIVE_INFINITY;
    await reopen({
      between: (database) => ({
        ...through(database),
        run: (work) =>
          runs-- > 0
            ? database.run(work)
            : Promise.resolve({ kind: 'failed', fault: 'unreachable', committed: 'no' }),
      }),
    });
    await take();
    runs = 1;
    expect(await bench.queue.takeNumber({ service: 'passport', language: 'da' })).toMatchObject({
      kind: 'ticket',
      ticket: { label: 'A002', estimate: { kind: 'unknown' } },
    });
  });
});

describe('what has been kept long enough', () => {
  const old = '2026-11-01';

  const fill = (count: number): Promise<void> =>
    addTickets(count, (nth) => ({
      ...{ day: old, series: 'a', number: 1 + nth, service: 'passport', at: instantOf(old, '12:00') },
    }));

  const left = async (table: 'tickets' | 'print_jobs' | 'events'): Promise<number> => {
    const rows = await bench.database.run((tables) =>
      tables
        .selectFrom(table)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .execute(),
    );
    return rows.kind === 'done' ? (rows.value[0]?.count ?? -1) : -1;
  };

  it('is closed and deleted in parts, between which others have their turn', async () => {
    const rows = new RowsMoved();
    await reopen({ between: (database) => rows.of(database) });
    await fill(600);
    rows.transactions.length = 0;
    bench.tidy();
    expect(await take()).toBe('A001');
    // Long before all was deleted.
    expect(await left('tickets')).toBeGreaterThan(100);
    await expect.poll(() => left('tickets'), patience).toBe(1);
    expect(await left('print_jobs')).toBe(0);
    expect(Math.max(...rows.transactions.map(({ changed }) => changed))).toBeLessThanOrEqual(500);
    expect(await kinds()).toContain('cancelled');
  });

  it('leaves the last day of a log that has not gone on for longer than that', async () => {
    await reopen({ settings: { ...alwaysOpen, retention: { ticketDays: 1, eventDays: 1 } } });
    await take();
    await bench.queue.cancel((await bench.queue.deskState(undefined)).waiting[0]!.id);
    bench.clock.minutes(30 * 24 * 60);
    bench.tidy();
    await expect.poll(() => left('tickets'), patience).toBe(0);
    expect(await kinds()).toEqual(['taken', 'cancelled']);
    await take();
    bench.tidy();
    await expect.poll(kinds, patience).toEqual(['taken']);
  });

  it('is found without a look at all other tickets', async () => {
    const plan = await bench.database.run(async (tables) => {
      const open = sql`select id from tickets where branch = ${'b'} and day < ${'2026-11-25'} and ${isOpen}`;
      const { rows } = await sql<{ detail: string }>`explain query plan ${open}`.execute(tables);
      return rows.map(({ detail }) => detail);
    });
    expect(plan).toEqual({
      kind: 'done',
      value: [expect.stringContaining('INDEX tickets_open (branch=? AND day<?)')],
    });
  });
});

describe('a clock that jumps', () => {
  const aDay = 24 * 60;

  /** Tidying has looked so many times more, and has done what it does. */
  async function tidied(times = 3): Promise<void> {
    for (let time = 0; time < times; time++) {
      await bench.queue.offer();
      bench.tidy();
      bench.clock.minutes(10);
      await settled();
    }
  }

  /** What was put into the queue of the database before is done. */
  async function settled(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await bench.queue.offer();
  }

  it.each([
    ['an hour', 60],
    ['a day', aDay],
    ['ten years', 3652 * aDay],
  ])('%s ahead, and is put right, throws nobody out and nothing away', async (_far, minutes) => {
    await take();
    await next();
    expect(await take()).toBe('A002');
    const before = await kinds();
    bench.clock.jump(minutes);
    await tidied();
    expect(await take()).toBe(minutes === 60 ? 'A003' : 'A001');
    await tidied();
    bench.clock.jump(-minutes);
    await tidied();
    expect(await kinds()).toEqual([...before, 'taken']);
    expect(await next()).toBe('A002');
  });

  it('back within the day leaves whoever came meanwhile waiting, and counters free that nobody is at', async () => {
    await reopen({ publicAddress: 'https://koe.example.dk' });
    bench.clock.jump(60);
    const taken = await bench.queue.takeNumber({ service: 'passport', language: 'da' });
    if (taken.kind !== 'ticket') throw new Error(taken.kind);
    await bench.queue.openDesk(desk);
    bench.clock.jump(-60);
    expect(await bench.queue.followed(taken.ticket.qr.split('/t/')[1]!)).toMatchObject({
      state: { kind: 'waiting', ahead: 0 },
    });
    const { waiting, early, services } = await bench.queue.deskState(undefined);
    expect([waiting.length, early.length]).toEqual([1, 0]);
    expect(services[0]).toMatchObject({ waiting: 1, longestWaitMinutes: 0 });
    expect((await bench.queue.offer()).services[0]?.waiting).toBe(1);
    bench.clock.minutes(10);
    expect(await next({ ...desk, session: 's9' })).toBe('A001');
  });

  it('back leaves a counter to the session that is at it', async () => {
    bench.clock.jump(60);
    await bench.queue.openDesk(desk);
    bench.clock.jump(-60);
    await bench.queue.keepDesk(desk);
    expect(await bench.queue.openDesk({ ...desk, session: 's9' })).toEqual({ kind: 'counter-taken' });
  });

  it('back keeps a booking from being called before its time, and not for longer', async () => {
    await book('10:30', 'AAAA');
    bench.clock.jump(40);
    expect(await arrive('AAAA')).toMatchObject({ kind: 'ticket' });
    bench.clock.jump(-40);
    expect((await bench.queue.deskState(undefined)).early).toMatchObject([{ appointmentTime: '10:30' }]);
    expect(await next()).toBe('nobody-waiting');
    bench.clock.minutes(30);
    expect(await next()).toBe('A001');
  });

  it('ahead does not throw anything away at the next start either', async () => {
    await take();
    bench.clock.jump(400 * aDay);
    await take();
    const restarted = bench.another('kiosk-1');
    await restarted.offer();
    await tidied();
    expect((await kinds()).filter((kind) => kind === 'cancelled')).toEqual([]);
    bench.clock.jump(-400 * aDay);
    expect(await next()).toBe('A001');
  });

  it('ahead to just before midnight is no day ahead ten minutes later', async () => {
    await take();
    bench.clock.at = instantOf('2031-03-03', '23:55');
    await tidied();
    expect(await kinds()).toEqual(['taken']);
  });

  it('is believed once people have come for most of a day: a lobby was closed for three weeks', async () => {
    await take();
    bench.clock.jump(21 * aDay);
    expect(await take()).toBe('A001');
    await tidied();
    expect(await kinds()).toEqual(['taken', 'taken']);
    bench.clock.minutes(aDay);
    await take();
    await tidied();
    await expect.poll(kinds).toEqual(['taken', 'taken', 'taken', 'cancelled']);
    const left = await bench.database.run((tables) => tables.selectFrom('tickets').select('day').execute());
    expect(left).toEqual({ kind: 'done', value: [{ day: '2026-12-16' }, { day: '2026-12-17' }] });
  });

  it('does not make the log younger by what tidying writes', async () => {
    await take();
    await bench.database.run((tables) =>
      tables
        .insertInto('events')
        .values({
          ...{ id: 'tidied', at: bench.clock.at + 400 * aDay * 60_000, branch: 'b', day: '2028-01-01' },
          ...{ kind: 'cancelled', ticket: null, service: null, counter: null, kiosk: 'kiosk-1' },
          data: JSON.stringify({ why: 'day-over' }),
        })
        .execute(),
    );
    await expect(
      bench.database.run((tables) => tables.deleteFrom('events').where('kind', '=', 'taken').execute()),
    ).rejects.toThrow('keeps its last day');
  });
});

describe('bookings', () => {
  it('can be checked in once, within their time', async () => {
    await book('11:00', 'AAAA');
    expect(await arrive('AAAA')).toEqual({ kind: 'too-early', time: '11:00', from: '10:15' });
    expect(await arrive('ZZZZ')).toEqual({ kind: 'unknown' });
    bench.clock.minutes(20);
    expect(await arrive('AAAA')).toMatchObject({ kind: 'ticket' });
    expect(await arrive('AAAA')).toEqual({ kind: 'already', label: 'A001' });
    await book('10:01', 'BBBB');
    expect(await arrive('BBBB')).toEqual({ kind: 'too-late', time: '10:01' });
  });

  it('can be checked in again when staff have cancelled the ticket', async () => {
    await book('10:10', 'AAAA');
    await arrive('AAAA');
    await bench.queue.cancel((await bench.queue.deskState(undefined)).early[0]!.id);
    expect(await arrive('AAAA')).toMatchObject({ kind: 'ticket', ticket: { label: 'A002' } });
  });

  it('that two kiosks check in at once give one ticket', async () => {
    await book('10:10', 'AAAA');
    const second = bench.another('kiosk-2');
    const both = await Promise.all([
      arrive('AAAA'),
      second.checkIn({ appointment: { by: 'code', code: 'AAAA' }, language: 'da' }),
    ]);
    expect(both.map(({ kind }) => kind).sort()).toEqual(['already', 'ticket']);
  });

  it('are found by service and time, unless that could be two of them', async () => {
    await book('10:15', 'AAAA');
    const byTime = { by: 'time', service: 'passport', time: '10:15' } as const;
    await book('10:15', 'BBBB');
    expect(await bench.queue.checkIn({ appointment: byTime, language: 'da' })).toEqual({
      kind: 'code-needed',
    });
    expect(
      await bench.queue.checkIn({ appointment: { ...byTime, service: 'mitid' }, language: 'da' }),
    ).toEqual({ kind: 'unknown' });
  });

  it('are imported once, however often the list comes', async () => {
    const csv = 'dato;tid;ydelse;kode;navn\n25-11-2026;12:00;Pas og kørekort;ABC123;Hans Hansen\n';
    expect(await bench.queue.importAppointments('csv', csv)).toMatchObject({ added: 1, problems: [] });
    expect(await bench.queue.importAppointments('csv', csv)).toMatchObject({ added: 0, unchanged: 1 });
    expect(JSON.stringify(await bench.queue.appointments('2026-11-25'))).not.toContain('Hans');
    expect(await bench.queue.appointments('2026-11-25')).toMatchObject({
      appointments: [{ code: 'ABC123', time: '12:00' }],
    });
  });

  describe('of a list', () => {
    const list = (...rows: string[]) =>
      bench.queue.importAppointments('csv', ['dato;tid;ydelse;kode', ...rows].join('\n'));
    const calendar = (...events: { uid: string; start: string; code: string }[]) =>
      bench.queue.importAppointments(
        'icalendar',
        [
          'BEGIN:VCALENDAR',
          ...events.flatMap(({ uid, start, code }) => [
            ...['BEGIN:VEVENT', `UID:${uid}`, 'SUMMARY:MitID', `X-BOOKING-CODE:${code}`],
            ...[`DTSTART:${start}`, 'END:VEVENT'],
          ]),
          'END:VCALENDAR',
        ].join('\r\n'),
      );
    const booked = async (day: string) => {
      const answer = await bench.queue.appointments(day);
      if (answer.kind === 'away') throw new Error(answer.kind);
      return answer.appointments;
    };
    const on = async (day: string): Promise<string[]> =>
      (await booked(day)).map(({ code, time, state }) => `${code} ${time} ${state}`);

    it('have codes that begin anew each day', async () => {
      await list('25-11-2026;10:10;MitID;0001');
      expect(await arrive('0001')).toMatchObject({ kind: 'ticket' });
      bench.clock.minutes(24 * 60);
      expect(await list('26-11-2026;10:10;MitID;0001')).toMatchObject({ added: 1, unchanged: 0 });
      expect(await arrive('0001')).toMatchObject({ kind: 'ticket' });
    });

    it('are moved within their day, and with a UID to another one', async () => {
      await list('25-11-2026;12:00;MitID;0001');
      expect(await list('25-11-2026;14:00;MitID;0001')).toMatchObject({ changed: 1 });
      expect(await on('2026-11-25')).toEqual(['0001 14:00 booked']);
      await calendar({ uid: 'a', start: '20261125T150000', code: '0002' });
      expect(await calendar({ uid: 'a', start: '20261126T150000', code: '0002' })).toMatchObject({
        changed: 1,
      });
      expect(await on('2026-11-25')).toEqual(['0001 14:00 booked']);
      expect(await on('2026-11-26')).toEqual(['0002 15:00 booked']);
    });

    it('stay where they are when another booking of the new day has their code', async () => {
      await calendar(
        { uid: 'a', start: '20261125T120000', code: '0001' },
        { uid: 'b', start: '20261126T120000', code: '0001' },
      );
      expect(await calendar({ uid: 'a', start: '20261126T130000', code: '0001' })).toMatchObject({
        changed: 0,
        problems: [{ line: 1, problem: 'double-code' }],
      });
      expect(await on('2026-11-25')).toEqual(['0001 12:00 booked']);
      expect(await on('2026-11-26')).toEqual(['0001 12:00 booked']);
    });

    it('are not booked again once staff have cancelled them, and are when the list had', async () => {
      const both = ['25-11-2026;12:00;MitID;0001', '25-11-2026;12:00;MitID;0002'] as const;
      await list(...both);
      const [first] = await booked('2026-11-25');
      await bench.queue.cancelAppointment(first!.id);
      const cancelled = await bench.queue.importAppointments(
        'csv',
        'dato;tid;ydelse;kode;status\n25-11-2026;12:00;MitID;0002;aflyst',
      );
      expect(cancelled).toMatchObject({ cancelled: 1 });
      expect(await list(...both)).toMatchObject({ changed: 1, unchanged: 1 });
      expect(await on('2026-11-25')).toEqual(['0001 12:00 cancelled', '0002 12:00 booked']);
    });

    const rows = Array.from(
      { length: 120 },
      (_, index) => `25-11-2026;12:00;MitID;${String(index).padStart(4, '0')}`,
    );

    it('are taken over in parts, and told of once', async () => {
      let transactions = 0;
      await reopen({
        between: (database) => ({
          ...through(database),
          run: (work) => {
            transactions++;
            return database.run(work);
          },
        }),
      });
      await bench.queue.board();
      let told = 0;
      bench.queue.subscribe(() => told++);
      transactions = 0;
      expect(await list(...rows)).toMatchObject({ added: 120 });
      expect([transactions, told]).toEqual([3, 1]);
    });

    it('are there up to the part that failed, and all of them after the same list once more', async () => {
      let left = Infinity;
      await reopen({
        between: (database) => ({
          ...through(database),
          run: (work) =>
            left-- > 0
              ? database.run(work)
              : Promise.resolve({ kind: 'failed', fault: 'unreachable', committed: 'no' }),
        }),
      });
      await bench.queue.board();
      left = 1;
      expect(await list(...rows)).toEqual({ kind: 'away' });
      left = Infinity;
      expect(await on('2026-11-25')).toHaveLength(50);
      expect(await list(...rows)).toMatchObject({ added: 70, unchanged: 50 });
    });
  });
});

describe('a ticket’s own page', () => {
  it('opens by its token alone, follows it to its call, and ends with it', async () => {
    await reopen({ publicAddress: 'https://koe.example.dk' });
    const taken = await bench.queue.takeNumber({ service: 'passport', language: 'en' });
    if (taken.kind !== 'ticket') throw new Error(taken.kind);
    const token = taken.ticket.qr.split('/t/')[1]!;
    expect(token).toMatch(/^[\w-]{24}$/);
    expect(await bench.queue.followed(token)).toMatchObject({
      label: 'A001',
      state: { kind: 'waiting', ahead: 0 },
    });
    expect(await bench.queue.followed(`${token.slice(1)}A`)).toBeUndefined();
    await next();
    expect(await bench.queue.followed(token)).toMatchObject({
      state: { kind: 'called', counter: { en: 'Counter 1' } },
    });
    await bench.queue.serve(desk);
    await bench.queue.finish(desk, 'done');
    expect(await bench.queue.followed(token)).toBeUndefined();
  });

  it('is not there without a public address: the code holds the number', async () => {
    const taken = await bench.queue.takeNumber({ service: 'passport', language: 'en' });
    expect(taken).toMatchObject({ ticket: { qr: 'A001', follows: false } });
  });
});

describe('papers', () => {
  it('go their steps in order, and mark what may be on paper', async () => {
    await take();
    const { id } = (await bench.queue.deskState(undefined)).waiting[0]!;
    const job = await bench.queue.papers.queue(id);
    expect(job).toMatchObject({ state: 'queued', copy: false });
    expect(await bench.queue.papers.sent(job!.id)).toBe(true);
    expect(await bench.queue.papers.sent(job!.id)).toBe(false);
    expect((await bench.queue.papers.unfinished())?.map(({ state }) => state)).toEqual(['sent']);
    expect(await bench.queue.papers.end(job!.id, 'unknown', 'silent')).toBe(true);
    expect((await bench.queue.deskState(undefined)).papers).toMatchObject([{ paper: 'unknown' }]);
    expect(await bench.queue.papers.queue(id)).toMatchObject({ copy: true });
    expect(await bench.queue.papers.settle(id)).toBe(true);
  });
});

describe('the event log', () => {
  it('can only be added to', async () => {
    await take();
    await expect(
      bench.database.run((tables) =>
        tables
          .updateTable('events')
          .set({ at: 0 } as never)
          .execute(),
      ),
    ).rejects.toThrow('only added to');
    await expect(bench.database.run((tables) => tables.deleteFrom('events').execute())).rejects.toThrow(
      'keeps',
    );
  });

  it('gives the day’s figures', async () => {
    await take();
    bench.clock.minutes(5);
    await next();
    await bench.queue.serve(desk);
    bench.clock.minutes(7);
    await bench.queue.finish(desk, 'done');
    expect(await bench.queue.statistics('2026-11-25')).toMatchObject({
      kind: 'statistics',
      statistics: { total: { taken: 1, served: 1, waiting: { p50: 300 }, serving: { p50: 420 } } },
    });
  });
});
