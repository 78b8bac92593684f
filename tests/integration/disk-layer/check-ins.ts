// Check-ins and calls of a kiosk through main's storage, on the disk that it is started on. Arguments: folder, how many
// numbers, how many at once. Writes what it acknowledges to `acknowledged` in that folder, and prints how it went as JSON.
import { randomUUID } from 'node:crypto';
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Transaction } from 'kysely';
import { systemClock } from '../../../main/clock.js';
import { openDatabase } from '../../../main/storage/database.js';
import { migrationsFor } from '../../../main/storage/migrations.js';
import type { EventTable, Schema } from '../../../main/storage/schema.js';

const [folder = '', count = '', atOnce = '1'] = process.argv.slice(2);
const here = { branch: 'borgerservice', day: '2026-11-23', kiosk: 'kiosk-1' } as const;

const database = openDatabase<Schema>(
  { kind: 'sqlite', path: join(folder, 'queue.sqlite'), worker: join(__dirname, 'storage-worker.cjs') },
  { migrations: migrationsFor, clock: systemClock },
);

async function note(
  transaction: Transaction<Schema>,
  kind: EventTable['kind'],
  ticket: string,
): Promise<void> {
  const what = { id: randomUUID(), at: Date.now(), kind, ticket, service: 'passport', counter: null };
  await transaction
    .insertInto('events')
    .values({ ...here, ...what, data: null })
    .execute();
}

/** A number, its ticket and its event: one transaction. */
async function take(): Promise<string | undefined> {
  const id = randomUUID();
  const taken = await database.run(async (transaction) => {
    const { last: number } = await transaction
      .insertInto('series_counters')
      .values({ branch: here.branch, series: 'a', day: here.day, last: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['branch', 'series', 'day'])
          .doUpdateSet(({ eb }) => ({ last: eb('series_counters.last', '+', 1) })),
      )
      .returning('last')
      .executeTakeFirstOrThrow();
    const now = Date.now();
    await transaction
      .insertInto('tickets')
      .values({
        ...here,
        ...{ id, number, series: 'a', label: `A${String(number).padStart(3, '0')}`, service: 'passport' },
        ...{ origin: 'walk-in', state: 'waiting', language: 'da', calls: 0, leased: 0 },
        ...{ taken_at: now, waiting_from: now, order_at: now },
      })
      .execute();
    await note(transaction, 'taken', id);
  });
  return taken.kind === 'done' ? id : undefined;
}

async function callNext(): Promise<string | undefined> {
  const called = await database.run(async (transaction) => {
    const next = await transaction
      .updateTable('tickets')
      .set({ state: 'called', called_at: Date.now(), calls: 1, counter: '1' })
      .where('id', '=', (eb) =>
        eb.selectFrom('tickets').select('id').where('state', '=', 'waiting').orderBy('number').limit(1),
      )
      .returning('id')
      .executeTakeFirst();
    if (next !== undefined) await note(transaction, 'called', next.id);
    return next?.id;
  });
  return called.kind === 'done' ? called.value : undefined;
}

async function finish(ticket: string): Promise<boolean> {
  const ended = await database.run(async (transaction) => {
    await transaction
      .updateTable('tickets')
      .set({ state: 'done', ended_at: Date.now() })
      .where('id', '=', ticket)
      .execute();
    await note(transaction, 'done', ticket);
  });
  return ended.kind === 'done';
}

async function run(): Promise<void> {
  const acknowledged = openSync(join(folder, 'acknowledged'), 'a');
  const acknowledge = (what: string, ticket: string): void =>
    void writeSync(acknowledged, `${what} ${ticket}\n`);
  // The tables are there before anything is measured.
  await database.run((transaction) => transaction.selectFrom('tickets').select('id').execute());
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  let left = Number(count);
  let given = 0;
  const visitors = async (): Promise<void> => {
    while (left-- > 0) {
      const ticket = await take();
      if (ticket === undefined) continue;
      acknowledge('ticket', ticket);
      if (++given % 4 !== 0) continue;
      const called = await callNext();
      if (called === undefined) continue;
      acknowledge('call', called);
      if (await finish(called)) acknowledge('done', called);
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, visitors));
  delay.disable();
  const elapsedMs = performance.now() - started;
  await database.close();
  const delayP99Ms = delay.percentile(99) / 1e6;
  process.stdout.write(JSON.stringify({ given, elapsedMs, delayP99Ms, delayMaxMs: delay.max / 1e6 }));
}

void run();
