import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { instantOf } from '../../../../main/queue/local-time.js';
import { queueSettings } from '../../../../main/queue/settings.js';
import type { Desk } from '../../../../main/queue/types.js';
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

const desk: Desk = { counter: '1', session: 's1' };
const other: Desk = { counter: '2', session: 's2' };

async function take(service = 'passport'): Promise<string> {
  const result = await bench.queue.takeNumber({ service, language: 'da' });
  if (result.kind !== 'ticket') throw new Error(result.kind);
  return result.ticket.label;
}

async function next(at = desk): Promise<string> {
  const result = await bench.queue.callNext(at);
  return result.kind === 'ok' ? (result.ticket?.label ?? 'none') : result.kind;
}

async function book(time: string, code: string, service = 'passport'): Promise<void> {
  const added = await bench.queue.addAppointment({ service, day: '2026-11-25', time, code });
  expect(added).toMatchObject({ kind: 'imported', added: 1 });
}

const arrive = (code: string) => bench.queue.checkIn({ appointment: { by: 'code', code }, language: 'en' });

async function kinds(): Promise<string[]> {
  const events = await bench.database.run((tables) =>
    tables.selectFrom('events').select('kind').orderBy('seq').execute(),
  );
  return events.kind === 'done' ? events.value.map(({ kind }) => kind) : [];
}

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
    bench.clock.minutes(2 * 24 * 60);
    expect(await take()).toBe('A001');
    bench.clock.minutes(-2 * 24 * 60);
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
    expect((await kinds()).slice(2)).toEqual(['called', 'serving', 'done', 'called', 'no-show']);
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
    // A clock that has only just jumped is not believed: it takes a second look on the new day.
    bench.tidy();
    await bench.queue.offer();
    expect(await kinds()).not.toContain('cancelled');
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
    expect(await bench.queue.appointments('2026-11-25')).toMatchObject([{ code: 'ABC123', time: '12:00' }]);
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
    expect((await bench.queue.statistics('2026-11-25')).total).toMatchObject({
      taken: 1,
      served: 1,
      waiting: { p50: 300 },
      serving: { p50: 420 },
    });
  });
});
