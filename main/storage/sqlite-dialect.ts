import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteValue } from './sqlite-messages.js';
import { SqliteThread, type SqliteThreadOptions } from './sqlite-thread.js';

/** Kysely over a database file in a thread of its own: one connection, one user of it at a time. */
export class SqliteThreadDialect implements Dialect {
  readonly #options: SqliteThreadOptions;

  constructor(options: SqliteThreadOptions) {
    this.#options = options;
  }

  createDriver(): Driver {
    return new ThreadDriver(this.#options);
  }

  createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }
}

/** Migrations are one transaction, which the next process waits for. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  readonly #options: SqliteThreadOptions;
  #thread: SqliteThread | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #release: (() => void) | undefined;

  constructor(options: SqliteThreadOptions) {
    this.#options = options;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#last;
    let release = (): void => undefined;
    this.#last = new Promise<void>((resolve) => {
      release = resolve;
    });
    await before;
    try {
      if (this.#thread === undefined || this.#thread.gone) {
        this.#thread = await SqliteThread.open(this.#options);
      }
    } catch (error) {
      release();
      throw error;
    }
    this.#release = release;
    return new ThreadConnection(this.#thread);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    // A transaction that begins by reading could not be made one that writes while another process writes.
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  releaseConnection(): Promise<void> {
    this.#release?.();
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    await this.#last;
    await this.#thread?.close();
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #thread: SqliteThread;

  constructor(thread: SqliteThread) {
    this.#thread = thread;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = await this.#thread.perform(sql, parameters.map(valueOf));
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) };
  }

  // eslint-disable-next-line require-yield -- Kysely's interface; nothing here reads that much
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    await Promise.reject(new Error('not supported'));
  }
}

/** The binding ends the process at a boolean, and rounds a bigint without a word. */
function valueOf(parameter: unknown): SqliteValue {
  if (parameter === null || typeof parameter === 'string') return parameter;
  if (typeof parameter === 'boolean') return parameter ? 1 : 0;
  if (typeof parameter === 'number' && Number.isFinite(parameter)) return parameter;
  if (typeof parameter === 'bigint' && BigInt(Number(parameter)) === parameter) return Number(parameter);
  throw new TypeError(`not storable: ${typeof parameter}`);
}
