import { Kysely, type MigrationProvider, Migrator, PostgresDialect, type Transaction } from 'kysely';
import type { Clock } from '../clock.js';
import { type Outcome, StorageError, Undone } from './outcome.js';
import { LobbyChanges, LobbyPool } from './postgres.js';
import { SqliteThreadDialect } from './sqlite-dialect.js';

/** How often work is tried that others were in the way of. */
const tries = 6;
const firstPauseMs = 10;

export type DatabasePlace =
  | {
      readonly kind: 'sqlite';
      readonly path: string;
      /** The program of the file's thread (`sqlite-worker.ts`, built). */
      readonly worker: string;
    }
  | { readonly kind: 'postgres'; readonly url: string };

export type Dialect = DatabasePlace['kind'];

export interface DatabaseOptions {
  readonly migrations: (dialect: Dialect) => MigrationProvider;
  readonly clock: Pick<Clock, 'after'>;
}

/**
 * Tables in a file or on a server, which may be out of reach at any time, also at the start: then work fails with a
 * fault, and goes on by itself once it is back.
 */
export interface Database<Tables> {
  readonly dialect: Dialect;
  /**
   * Does work in one transaction, as a whole or not at all. Work that others were in the way of is done again, so it
   * must have no other effects; when it throws `Undone`, nothing is stored and the value is the result. Rejects with
   * what else the work throws.
   */
  run<Value>(work: (transaction: Transaction<Tables>) => Promise<Value>): Promise<Outcome<Value>>;
  /** Tells all who listen, of other processes too, that something has changed; `id` is of the program's own. */
  notify(id: string): void;
  listen(changed: () => void): () => void;
  close(): Promise<void>;
}

/** Opens a database; its tables are made, or brought up to date, before the first work. */
export function openDatabase<Tables>(place: DatabasePlace, options: DatabaseOptions): Database<Tables> {
  return new OpenDatabase<Tables>(place, options);
}

class OpenDatabase<Tables> implements Database<Tables> {
  readonly dialect: Dialect;
  readonly #kysely: Kysely<Tables>;
  readonly #options: DatabaseOptions;
  readonly #listeners = new Set<() => void>();
  readonly #changes: LobbyChanges | undefined;
  readonly #pauses = new Set<() => void>();
  #migrated: Promise<void> | undefined;

  constructor(place: DatabasePlace, options: DatabaseOptions) {
    this.dialect = place.kind;
    this.#options = options;
    switch (place.kind) {
      case 'sqlite':
        this.#kysely = new Kysely({ dialect: new SqliteThreadDialect({ ...place, clock: options.clock }) });
        break;
      case 'postgres':
        this.#kysely = new Kysely({ dialect: new PostgresDialect({ pool: new LobbyPool(place.url) }) });
        this.#changes = new LobbyChanges(place.url, options.clock, () => this.#changed());
        break;
    }
  }

  async run<Value>(work: (transaction: Transaction<Tables>) => Promise<Value>): Promise<Outcome<Value>> {
    for (let tried = 1; ; tried++) {
      try {
        await this.#upToDate();
        return { kind: 'done', value: await this.#kysely.transaction().execute(work) };
      } catch (error) {
        if (error instanceof Undone) return { kind: 'done', value: error.value as Value };
        if (!(error instanceof StorageError)) throw error;
        if (!error.again || tried === tries) {
          return { kind: 'failed', fault: error.fault, committed: error.committed };
        }
      }
      // A random share, so that those who met do not meet again.
      await this.#pause(firstPauseMs * 2 ** tried * Math.random());
    }
  }

  notify(id: string): void {
    if (this.#changes === undefined) this.#changed();
    else this.#changes.notify(id);
  }

  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    for (const end of [...this.#pauses]) end();
    await this.#changes?.stop();
    await this.#kysely.destroy();
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #upToDate(): Promise<void> {
    this.#migrated ??= this.#migrate().catch((error: unknown) => {
      this.#migrated = undefined;
      throw error;
    });
    return this.#migrated;
  }

  async #migrate(): Promise<void> {
    const provider = this.#options.migrations(this.dialect);
    const { error } = await new Migrator({ db: this.#kysely, provider }).migrateToLatest();
    // Another kiosk of the lobby was updated first: nothing is changed here until this one is, too.
    if (error instanceof Error && isOfNewerVersion(error)) throw new StorageError('refused');
    if (error instanceof Error) throw error;
    if (error !== undefined) throw new Error('the tables could not be made', { cause: error });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        callOff();
        this.#pauses.delete(end);
        resolve();
      };
      const callOff = this.#options.clock.after(ms, end);
      this.#pauses.add(end);
    });
  }
}

/** Kysely gives this error no type of its own. */
function isOfNewerVersion({ message }: Error): boolean {
  return /previously executed migration .+ is missing/.test(message);
}
