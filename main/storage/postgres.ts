import { Client, type ClientConfig, type CustomTypesConfig, Pool, type PoolClient, types } from 'pg';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Clock } from '../clock.js';
import { StorageError, type StorageFault } from './outcome.js';

/** Connections of one kiosk. */
const connections = 6;
/** Together under 3 s, so that a visitor is answered: ms. */
const connectMs = 2000;
const statementMs = 2200;
const lockMs = 1800;
/** For the answer to a statement; the server has given up on it before. */
const answerMs = 2600;
const idleInTransactionMs = 10_000;

/** OIDs of int8 and numeric (pg_type.dat): whole ms, counts and sums, all exact as numbers. */
const wholeNumbers: ReadonlySet<number> = new Set([20, 1700]);

/** pg's own types name the OIDs that it knows; the server may send any. */
const parserOf = types.getTypeParser as (
  oid: number,
  format: 'text' | 'binary',
) => (value: string) => unknown;

const numberTypes: CustomTypesConfig = {
  getTypeParser: (oid: number, format: 'text' | 'binary' = 'text'): ((value: string) => unknown) =>
    wholeNumbers.has(oid) ? Number : parserOf(oid, format),
};

const configOf = (url: string): ClientConfig => ({
  connectionString: url,
  application_name: 'forhal',
  connectionTimeoutMillis: connectMs,
  statement_timeout: statementMs,
  lock_timeout: lockMs,
  query_timeout: answerMs,
  idle_in_transaction_session_timeout: idleInTransactionMs,
  keepAlive: true,
  types: numberTypes,
});

/** Connections for Kysely whose faults are `StorageError`s; one that has failed is never used again. */
export class LobbyPool implements PostgresPool {
  readonly #pool: Pool;

  constructor(url: string) {
    this.#pool = new Pool({ ...configOf(url), max: connections, idleTimeoutMillis: 30_000 });
    // An idle connection that was lost: the pool drops it.
    this.#pool.on('error', () => undefined);
  }

  async connect(): Promise<PostgresPoolClient> {
    try {
      return new LobbyConnection(await this.#pool.connect());
    } catch (error) {
      throw errorOf(error, '');
    }
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }
}

class LobbyConnection {
  readonly #client: PoolClient;
  #broken: Error | undefined;

  constructor(client: PoolClient) {
    this.#client = client;
    // Lost between two statements: the next one tells.
    client.on('error', this.#lost);
  }

  readonly #lost = (): void => {
    this.#broken ??= new StorageError('unreachable');
  };

  query = (async (sql: string, parameters: readonly unknown[]): Promise<unknown> => {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      return await this.#client.query(sql, [...parameters]);
    } catch (error) {
      const storageError = errorOf(error, sql);
      if (storageError instanceof StorageError && storageError.fault === 'unreachable') {
        this.#broken = storageError;
      }
      throw storageError;
    }
  }) as unknown as PostgresPoolClient['query'];

  release = (): void => {
    this.#client.off('error', this.#lost);
    this.#client.release(this.#broken !== undefined);
  };
}

/** Classes of PostgreSQL's error codes that say that the statement is wrong, or breaks a constraint. */
const statementIsWrong = /^(0A|2[1-7]|2B|34|42|44|P0)/;

/** PostgreSQL's error codes (its documentation, appendix A); `undefined`: the statement is wrong. */
function faultOf(code: string): { fault: StorageFault; again?: boolean } | undefined {
  switch (code) {
    case '40001':
    case '40P01':
    case '55P03':
      return { fault: 'busy', again: true };
    // The statement's time was up.
    case '57014':
      return { fault: 'busy' };
    case '53100':
      return { fault: 'full' };
    case '25006':
      return { fault: 'not-writable' };
    // The database, the schema or the right to use them is missing.
    case '3D000':
    case '3F000':
    case '42501':
      return { fault: 'refused' };
    case 'XX001':
    case 'XX002':
      return { fault: 'corrupt' };
    case '58030':
    case '58P01':
      return { fault: 'disk' };
    // It took too long between two statements, and the connection was ended.
    case '25P03':
      return { fault: 'unreachable' };
    default:
      if (code.startsWith('28')) return { fault: 'refused' };
      // The server is ill, or in the middle of something: a kiosk goes on without it.
      return statementIsWrong.test(code) ? undefined : { fault: 'unreachable' };
  }
}

function errorOf(error: unknown, sql: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { code } = error as Error & { code?: unknown };
  const found = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? faultOf(code) : undefined;
  const isServers = 'severity' in error;
  if (isServers && found === undefined) return error;
  // Whatever did not come from the server came from the way to it: refused, reset, timed out, closed.
  const { fault, again = false } =
    isServers && found !== undefined ? found : { fault: 'unreachable' as const };
  const lost = fault === 'unreachable' || fault === 'disk';
  return new StorageError(fault, sql === 'commit' && lost ? 'unknown' : 'no', again);
}

const channel = 'forhal';
const pollMs = 2000;
const retryMs = [250, 500, 1000, 2000] as const;

/**
 * Tells that something has changed in the database, by whichever kiosk: by NOTIFY, and, where notifications do not
 * come through, by looking every 2 s which transactions have ended.
 */
export class LobbyChanges {
  readonly #url: string;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #changed: () => void;
  #client: Client | undefined;
  #callOff: (() => void) | undefined;
  #snapshot: string | undefined;
  #failures = 0;
  #sending = false;
  #sendAgain = false;
  #stopped = false;

  constructor(url: string, clock: Pick<Clock, 'after'>, changed: () => void) {
    this.#url = url;
    this.#clock = clock;
    this.#changed = changed;
    void this.#connect();
  }

  /** After a commit; several at once become one. */
  notify(id: string): void {
    if (this.#sending) {
      this.#sendAgain = true;
      return;
    }
    const client = this.#client;
    if (client === undefined) return;
    this.#sending = true;
    client
      .query('select pg_notify($1, $2)', [channel, id])
      .catch(() => undefined)
      .finally(() => {
        this.#sending = false;
        if (!this.#sendAgain) return;
        this.#sendAgain = false;
        this.notify(id);
      });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff?.();
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new Client(configOf(this.#url));
    client.on('error', () => this.#lost(client));
    client.on('end', () => this.#lost(client));
    client.on('notification', () => this.#changed());
    this.#client = client;
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch {
      this.#lost(client);
      return;
    }
    if (this.#client !== client) return;
    this.#failures = 0;
    this.#changed();
    this.#pollLater(client);
  }

  #lost(client: Client): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#callOff?.();
    client.end().catch(() => undefined);
    if (this.#stopped) return;
    const wait = retryMs[Math.min(this.#failures++, retryMs.length - 1)] ?? pollMs;
    this.#callOff = this.#clock.after(wait, () => void this.#connect());
    this.#changed();
  }

  #pollLater(client: Client): void {
    this.#callOff = this.#clock.after(pollMs, () => void this.#poll(client));
  }

  async #poll(client: Client): Promise<void> {
    try {
      const { rows } = await client.query<{ snapshot: string }>(
        'select txid_current_snapshot()::text as snapshot',
      );
      const snapshot = rows[0]?.snapshot;
      if (snapshot !== this.#snapshot) this.#changed();
      this.#snapshot = snapshot;
    } catch {
      this.#lost(client);
      return;
    }
    if (this.#client === client) this.#pollLater(client);
  }
}
