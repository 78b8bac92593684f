import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../../../main/clock.js';
import { type Database, openDatabase } from '../../../../main/storage/database.js';
import { migrationsFor } from '../../../../main/storage/migrations.js';
import { Undone } from '../../../../main/storage/outcome.js';
import type { EventTable, Schema } from '../../../../main/storage/schema.js';
import { buildStorageWorker } from '../../storage-worker.js';

let worker: Awaited<ReturnType<typeof buildStorageWorker>>;
const folder = mkdtempSync(join(tmpdir(), 'forhal-database-'));
const opened: Database<Schema>[] = [];

beforeAll(async () => {
  worker = await buildStorageWorker();
});
afterAll(async () => {
  for (const database of opened) await database.close();
  worker.remove();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
function open(path = join(folder, `${++files}.db`)): Database<Schema> {
  const database = openDatabase<Schema>(
    { kind: 'sqlite', path, worker: worker.path },
    { migrations: migrationsFor, clock: systemClock },
  );
  opened.push(database);
  return database;
}

const event = (id: string, day: string): Omit<EventTable, 'seq'> => ({
  id,
  at: Date.parse(day),
  branch: 'b',
  day,
  kind: 'taken',
  ticket: null,
  service: null,
  counter: null,
  kiosk: 'k',
  data: null,
});

const add = (database: Database<Schema>, id: string, day: string): ReturnType<Database<Schema>['run']> =>
  database.run((transaction) => transaction.insertInto('events').values(event(id, day)).execute());

const ids = async (database: Database<Schema>): Promise<string[] | string> => {
  const read = await database.run((transaction) =>
    transaction.selectFrom('events').select('id').orderBy('seq').execute(),
  );
  return read.kind === 'done' ? read.value.map(({ id }) => id) : read.fault;
};

test('only the kiosk itself may read the file, and the files beside it', async () => {
  const path = join(folder, 'mode.db');
  await add(open(path), 'one', '2026-11-23');
  expect(['', '-wal', '-shm'].map((end) => statSync(`${path}${end}`).mode & 0o777)).toEqual([
    0o600, 0o600, 0o600,
  ]);
});

test('every commit waits for the disk', async () => {
  const read = await open().run(async (transaction) => [
    (await sql`pragma synchronous`.execute(transaction)).rows,
    (await sql`pragma journal_mode`.execute(transaction)).rows,
  ]);
  expect(read).toEqual({ kind: 'done', value: [[{ synchronous: 2 }], [{ journal_mode: 'wal' }]] });
});

test('work that throws leaves nothing behind; what was undone on purpose has a result', async () => {
  const database = open();
  await add(database, 'kept', '2026-11-23');
  const failing = database.run(async (transaction) => {
    await transaction.insertInto('events').values(event('lost', '2026-11-23')).execute();
    throw new RangeError('a bug');
  });
  await expect(failing).rejects.toThrow('a bug');
  const undone = await database.run<string>(async (transaction) => {
    await transaction.insertInto('events').values(event('undone', '2026-11-23')).execute();
    throw new Undone('full');
  });
  expect(undone).toEqual({ kind: 'done', value: 'full' });
  expect(await ids(database)).toEqual(['kept']);
});

test('whole numbers come back exactly, truth as 0 or 1, and what cannot be stored is refused', async () => {
  const read = await open().run(async (transaction) => {
    const { rows } = await sql`select ${1_800_000_000_123} as at, ${true} as yes, ${7n} as big`.execute(
      transaction,
    );
    return rows;
  });
  expect(read).toEqual({ kind: 'done', value: [{ at: 1_800_000_000_123, yes: 1, big: 7 }] });
  await expect(
    open().run((transaction) => sql`select ${2n ** 53n + 1n}`.execute(transaction)),
  ).rejects.toThrow('not storable');
});

test('events are never changed, and deleted only when the log has gone on for more than a day', async () => {
  const database = open();
  await add(database, 'old', '2026-11-20');
  await add(database, 'yesterday', '2026-11-22');
  await add(database, 'today', '2026-11-23');
  await expect(
    database.run((transaction) =>
      transaction
        .updateTable('events')
        .set({ kind: 'done' } as never)
        .execute(),
    ),
  ).rejects.toThrow('only added to');
  await expect(
    database.run((transaction) => transaction.deleteFrom('events').where('id', '=', 'yesterday').execute()),
  ).rejects.toThrow('keeps its last day');
  await database.run((transaction) => transaction.deleteFrom('events').where('id', '=', 'old').execute());
  expect(await ids(database)).toEqual(['yesterday', 'today']);
});

test('several programs that start at once make the tables once', async () => {
  const path = join(folder, 'together.db');
  const databases = [1, 2, 3, 4].map(() => open(path));
  await Promise.all(databases.map((database, index) => add(database, `${index}`, '2026-11-23')));
  expect(((await ids(databases[0]!)) as string[]).sort()).toEqual(['0', '1', '2', '3']);
});

test('a file that is no database, and a folder that is not there, are faults', async () => {
  const { writeFileSync } = await import('node:fs');
  const path = join(folder, 'text.db');
  writeFileSync(
    path,
    'This is a text, and a long one, so that it is more than a header of a database file. '.repeat(20),
  );
  expect(await ids(open(path))).toBe('corrupt');
  expect(await ids(open(join(folder, 'nowhere', 'x.db')))).toBe('disk');
});

test('a change is told to those who listen', async () => {
  const database = open();
  let told = 0;
  const stop = database.listen(() => told++);
  database.notify('b');
  stop();
  database.notify('b');
  expect(told).toBe(1);
  await add(database, 'one', '2026-11-23');
});
