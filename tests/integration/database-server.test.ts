import pg from 'pg';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/clock.js';
import { type Database, openDatabase } from '../../main/storage/database.js';
import { migrationsFor } from '../../main/storage/migrations.js';
import type { Schema } from '../../main/storage/schema.js';
import { TestPostgres, whyNoPostgres } from './postgres.js';

const noPostgres = whyNoPostgres();
describe.skipIf(noPostgres !== undefined)('a server that refuses', () => {
  let server: TestPostgres;
  const opened: Database<Schema>[] = [];

  beforeEach(async () => {
    server = await TestPostgres.create();
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
    await server.remove();
  });

  function open(url = server.url): Database<Schema> {
    const database = openDatabase<Schema>(
      { kind: 'postgres', url },
      { migrations: migrationsFor, clock: systemClock },
    );
    opened.push(database);
    return database;
  }

  const read = (database: Database<Schema>) =>
    database.run((transaction) => transaction.selectFrom('tickets').select('id').execute());

  async function asOwner(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  const refused = { kind: 'failed', fault: 'refused', committed: 'no' };

  it('an account that may not use the tables is a fault, not the end of the kiosk', async () => {
    expect(await read(open())).toEqual({ kind: 'done', value: [] });
    await asOwner("CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
    const url = new URL(server.url);
    url.username = 'stranger';
    url.password = 'stranger';
    expect(await read(open(url.href))).toEqual(refused);
  });

  it('a database that does not exist is a fault', async () => {
    const url = new URL(server.url);
    url.pathname = '/nowhere';
    expect(await read(open(url.href))).toEqual(refused);
  });

  it('tables of a newer version are left alone', async () => {
    expect(await read(open())).toEqual({ kind: 'done', value: [] });
    await asOwner("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', 'now')");
    expect(await read(open())).toEqual(refused);
  });

  it('an internal error of the server is a fault; a wrong statement is a bug and is thrown', async () => {
    const database = open();
    const raise = (code: string) =>
      database.run((transaction) =>
        sql.raw(`DO $$ BEGIN RAISE EXCEPTION 'ill' USING ERRCODE = '${code}'; END $$`).execute(transaction),
      );
    expect(await raise('XX000')).toMatchObject({ kind: 'failed', fault: 'unreachable' });
    expect(await raise('58P01')).toMatchObject({ kind: 'failed', fault: 'disk' });
    expect(await raise('55006')).toMatchObject({ kind: 'failed', fault: 'unreachable' });
    await expect(raise('23505')).rejects.toThrow('ill');
    await expect(raise('42P01')).rejects.toThrow('ill');
    expect(await read(database)).toEqual({ kind: 'done', value: [] });
  });
});
