import pg from 'pg';
import { dayAfter } from '../../../main/queue/local-time.js';
import { TestPostgres, whyNoPostgres } from '../../integration/postgres.js';
import { accuracyOf } from '../../simulation/accuracy.js';
import { busyLobby, simulateDays } from '../../simulation/lobby-day.js';
import { buildStorageWorker } from '../../unit/storage-worker.js';
import { BenchLobby, type BenchPlace } from './bench-lobby.js';
import { callLatencies, checkInRate } from './measure.js';
import { pastTickets } from './past-tickets.js';

/** What the figures with a million past tickets may be of those with none. */
const leastShare = 0.8;
const leastHeld = 0.8;
const clientCounts = [1, 4, 16] as const;
/** Empty and full take turns, so that whatever else the computer does meets both. */
const checkInRounds = 15;
const checkInsARound = 80;
const callRounds = 5;
const callsARound = 25;
/** A call may take as much longer as a share allows, and one in a hundred this long whatever the share, ms. */
const slowCallMs = 250;

interface Table {
  readonly title: string;
  readonly rows: unknown;
}

export interface QueueMeasured {
  readonly figures: unknown;
  readonly tables: readonly Table[];
  readonly broken: readonly string[];
}

interface Compared {
  readonly empty: number;
  readonly full: number;
  /** Of full to empty, the median of the rounds. */
  readonly share: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The queue's check-ins and calls, on both kinds of database, with and without a million past tickets; its estimate. */
export async function measureQueue(say: (text: string) => void): Promise<QueueMeasured> {
  const worker = await buildStorageWorker();
  try {
    const sqlite = await measureStorage({ kind: 'sqlite', worker: worker.path }, undefined, say);
    const why = whyNoPostgres();
    const postgres = why === undefined ? await measurePostgres(worker.path, say) : undefined;
    if (why !== undefined) say(`PostgreSQL is left out: ${why}`);
    const estimate = accuracyOf(
      simulateDays(
        busyLobby,
        Array.from({ length: 20 }, (_, index) => dayAfter('2026-11-02', index)),
        20_261_123,
      ),
    );
    const stores = [sqlite, ...(postgres === undefined ? [] : [postgres])];
    return {
      figures: { pastTickets, storage: stores.map(({ figures }) => figures), estimate },
      tables: [
        ...stores.flatMap(({ tables }) => tables),
        {
          title:
            'Estimate on 20 simulated days: share of true waits in the range, median width and wait in minutes',
          rows: {
            held: round(estimate.held * 100) / 100,
            'at least': leastHeld,
            width: estimate.medianWidthMinutes,
            wait: round(estimate.medianWaitMinutes),
          },
        },
      ],
      broken: [...stores.flatMap(({ broken }) => broken), ...(estimate.held < leastHeld ? ['estimate'] : [])],
    };
  } finally {
    worker.remove();
  }
}

async function measurePostgres(worker: string, say: (text: string) => void): Promise<QueueMeasured> {
  const server = await TestPostgres.create();
  try {
    const client = new pg.Client(server.url);
    await client.connect();
    await client.query('CREATE DATABASE full_lobby');
    await client.end();
    const full = server.url.replace(/\/postgres$/, '/full_lobby');
    return await measureStorage({ kind: 'postgres', worker, url: server.url }, full, say);
  } finally {
    await server.remove();
  }
}

async function measureStorage(
  place: BenchPlace,
  fullUrl: string | undefined,
  say: (text: string) => void,
): Promise<QueueMeasured> {
  const empty = await BenchLobby.create(place, false);
  say(`${place.kind}: filling in ${pastTickets} past tickets`);
  const full = await BenchLobby.create(
    place.kind === 'postgres' && fullUrl !== undefined ? { ...place, url: fullUrl } : place,
    true,
  );
  say(`${place.kind}: measuring`);
  try {
    const rates: { clients: number; compared: Compared }[] = [];
    for (const clients of clientCounts) {
      const compared = await inTurns(empty, full, (lobby) => checkInRate(lobby, clients, checkInsARound));
      rates.push({ clients, compared });
    }
    const latencies = { empty: [] as number[], full: [] as number[] };
    for (let turn = 0; turn < callRounds; turn++) {
      for (const which of turn % 2 === 0 ? (['empty', 'full'] as const) : (['full', 'empty'] as const)) {
        latencies[which].push(...(await callLatencies(which === 'empty' ? empty : full, callsARound)));
      }
    }
    const calls = (['empty', 'full'] as const).map((which) => ({
      which,
      p50Ms: quantile(latencies[which], 0.5),
      p99Ms: quantile(latencies[which], 0.99),
    }));
    const callShare = quantile(latencies.empty, 0.5) / quantile(latencies.full, 0.5);
    return {
      figures: { kind: place.kind, rates, calls, callShare },
      tables: [
        {
          title: `Durable check-ins a second, ${place.kind}`,
          rows: Object.fromEntries(
            rates.map(({ clients, compared }) => [
              `${clients} clients`,
              {
                'empty database': round(compared.empty),
                'a million past tickets': round(compared.full),
                share: Math.round(compared.share * 100) / 100,
                'at least': leastShare,
              },
            ]),
          ),
        },
        {
          title: `From the touch on "call next" to the board, ${place.kind} (p50 against an empty database: ${Math.round(callShare * 100) / 100}, at least ${leastShare})`,
          rows: Object.fromEntries(
            calls.map(({ which, p50Ms, p99Ms }) => [
              which === 'empty' ? 'empty database' : 'a million past tickets',
              { 'p50 ms': round(p50Ms), 'p99 ms': round(p99Ms) },
            ]),
          ),
        },
      ],
      broken: [
        ...rates
          .filter(({ compared }) => compared.share < leastShare)
          .map(({ clients }) => `check-ins, ${place.kind}, ${clients} clients`),
        ...(callShare < leastShare ? [`calls, ${place.kind}`] : []),
        ...(quantile(latencies.full, 0.99) >
        Math.max(slowCallMs, quantile(latencies.empty, 0.99) / leastShare)
          ? [`slow calls, ${place.kind}`]
          : []),
      ],
    };
  } finally {
    await empty.remove();
    await full.remove();
  }
}

async function inTurns(
  empty: BenchLobby,
  full: BenchLobby,
  measure: (lobby: BenchLobby) => Promise<number>,
): Promise<Compared> {
  const pairs: { empty: number; full: number }[] = [];
  // The first round warms up.
  for (let turn = 0; turn <= checkInRounds; turn++) {
    const [first, second] = turn % 2 === 0 ? [empty, full] : [full, empty];
    const [one, other] = [await measure(first), await measure(second)];
    if (turn > 0) pairs.push(turn % 2 === 0 ? { empty: one, full: other } : { empty: other, full: one });
  }
  return {
    empty: quantile(
      pairs.map((pair) => pair.empty),
      0.5,
    ),
    full: quantile(
      pairs.map((pair) => pair.full),
      0.5,
    ),
    share: quantile(
      pairs.map((pair) => pair.full / pair.empty),
      0.5,
    ),
  };
}

/** Of the nearest rank. */
function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? NaN;
}
