import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LiveQueue } from '../../../../main/api/live-queue.js';
import { queueHandlers, type QueueHandlers } from '../../../../main/api/queue-handlers.js';
import type { Screen } from '../../../../main/api/router.js';
import { VisitorTickets } from '../../../../main/api/visitor-tickets.js';
import type { PrinterDevice } from '../../../../main/devices/types.js';
import { TicketPrinting } from '../../../../main/queue/ticket-printing.js';
import { ManualClock } from '../../manual-clock.js';
import { buildStorageWorker } from '../../storage-worker.js';
import { openLobby, type LobbyBench } from '../queue/lobby-bench.js';
import { screenOf } from './screens.js';

const ready = { kind: 'ready', paperLow: false } as const;
const printer: Pick<PrinterDevice, 'state' | 'status' | 'print'> = {
  state: { host: 'running', status: ready, demo: false },
  status: () => Promise.resolve(ready),
  print: () => {
    printed++;
    return Promise.resolve({ kind: 'printed' });
  },
};

let printed = 0;
let worker: Awaited<ReturnType<typeof buildStorageWorker>>;
let bench: LobbyBench;
let tickets: VisitorTickets;
let printing: TicketPrinting;
let live: LiveQueue;
let handlers: QueueHandlers;

beforeAll(async () => {
  worker = await buildStorageWorker();
});
afterAll(() => worker.remove());

beforeEach(() => {
  printed = 0;
  bench = openLobby({ worker: worker.path });
  const { queue } = bench;
  const clock = new ManualClock();
  printing = new TicketPrinting({ printer, papers: queue.papers, clock });
  tickets = new VisitorTickets({ queue, printing, printer, placeName: '', clock });
  const sessionOf = ({ place }: Screen): string => place;
  live = new LiveQueue({ queue, printer, tickets, sessionOf, clock });
  handlers = queueHandlers({ queue, live, tickets, printing, printer, placeName: '', sessionOf, clock });
});
afterEach(async () => {
  live.stop();
  await printing.stop();
  await bench.close();
});

const deskAt = (place: string): Screen => ({ ...screenOf('staff'), place });
const staffed = async (): Promise<string[]> =>
  (await bench.queue.deskState(undefined)).counters.filter((each) => each.staffed).map(({ id }) => id);

it('keeps the counter of whoever finds another one taken, and gives it up for one that is free', async () => {
  const [one, other] = [deskAt('one'), deskAt('other')];
  await handlers['desk.open']({ counter: '1' }, one);
  await handlers['desk.open']({ counter: '2' }, other);
  expect(await handlers['desk.open']({ counter: '2' }, one)).toMatchObject({
    value: { kind: 'counter-taken' },
  });
  expect(live.deskOf(one)?.counter).toBe('1');
  expect(await staffed()).toEqual(['1', '2']);
  await handlers['desk.close']({}, other);
  await handlers['desk.open']({ counter: '2' }, one);
  expect(live.deskOf(one)?.counter).toBe('2');
  expect(await staffed()).toEqual(['2']);
});

it('prints a number whose page went while it was given out, and tells that page nothing more', async () => {
  const told: string[] = [];
  const screen: Screen = { ...screenOf('visitor'), send: (name) => void told.push(name) };
  const taking = handlers['queue.takeNumber']({ service: 'passport', language: 'da' }, screen);
  live.closed(screen);
  await taking;
  await expect.poll(() => printed).toBe(1);
  await bench.queue.takeNumber({ service: 'passport', language: 'da' });
  await tickets.refresh();
  expect(told).toEqual([]);
});

it('tells a page that stays how its number’s paper fares', async () => {
  const told: string[] = [];
  const screen: Screen = { ...screenOf('visitor'), send: (name) => void told.push(name) };
  await handlers['queue.takeNumber']({ service: 'passport', language: 'da' }, screen);
  await expect.poll(() => told).toEqual(['queue.ticket']);
});
