import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.js';
import { StorageError, type StorageFault } from './outcome.js';
import type {
  SqliteAnswer,
  SqliteFailure,
  SqliteRequest,
  SqliteValue,
  SqliteWorkerData,
} from './sqlite-messages.js';

/** How long another process may hold the file, ms. */
const busyMs = 5000;
/** A disk that takes longer for one statement counts as failed, ms. */
const statementMs = 20_000;
const closeMs = 5000;

export interface SqliteThreadOptions {
  readonly path: string;
  /** The program of the thread (`sqlite-worker.ts`, built). */
  readonly worker: string;
  readonly clock: Pick<Clock, 'after'>;
}

export interface SqliteRows {
  readonly rows: readonly Record<string, SqliteValue>[];
  readonly changes: number;
}

interface Pending {
  readonly sql: string;
  resolve(rows: SqliteRows): void;
  reject(error: Error): void;
}

/** The thread that owns a database file. Once it has ended, all that is asked fails. */
export class SqliteThread {
  readonly #worker: Worker;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #lastId = 0;
  #gone = false;

  private constructor(worker: Worker, clock: Pick<Clock, 'after'>) {
    this.#worker = worker;
    this.#clock = clock;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#lose('disk');
        resolve();
      });
    });
    worker.on('error', () => this.#lose('disk'));
    worker.on('message', (message: SqliteAnswer) => this.#answered(message));
  }

  /** Opens the file; rejects with a `StorageError`. */
  static async open({ path, worker, clock }: SqliteThreadOptions): Promise<SqliteThread> {
    const workerData: SqliteWorkerData = { path, busyMs };
    const started = new Worker(worker, { workerData, execArgv: [] });
    const thread = new SqliteThread(started, clock);
    await new Promise<void>((resolve, reject) => {
      const callOff = clock.after(statementMs, () => {
        void thread.end();
        reject(new StorageError('disk'));
      });
      void thread.#ended.then(() => reject(new StorageError('disk')));
      started.once('message', (answer: SqliteAnswer) => {
        callOff();
        if (answer.kind === 'opened') {
          resolve();
          return;
        }
        void thread.end();
        reject(answer.kind === 'not-opened' ? errorOf(answer.failure, '') : new StorageError('disk'));
      });
      started.once('exit', callOff);
    });
    return thread;
  }

  get gone(): boolean {
    return this.#gone;
  }

  perform(sql: string, parameters: readonly SqliteValue[]): Promise<SqliteRows> {
    if (this.#gone) return Promise.reject(new StorageError('disk'));
    const request: SqliteRequest = { id: ++this.#lastId, sql, parameters };
    return new Promise((resolve, reject) => {
      const callOff = this.#clock.after(statementMs, () => {
        this.#lose('disk');
        void this.#worker.terminate();
      });
      const end = (): void => {
        callOff();
        this.#pending.delete(request.id);
      };
      this.#pending.set(request.id, {
        sql,
        resolve: (rows) => {
          end();
          resolve(rows);
        },
        reject: (error) => {
          end();
          reject(error);
        },
      });
      this.#worker.postMessage(request);
    });
  }

  /** Closes the file. */
  async close(): Promise<void> {
    if (!this.#gone) this.#worker.postMessage('close');
    const callOff = this.#clock.after(closeMs, () => void this.#worker.terminate());
    await this.#ended;
    callOff();
  }

  /** As a crash of the thread. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #answered(answer: SqliteAnswer): void {
    switch (answer.kind) {
      case 'opened':
      case 'not-opened':
        return;
      case 'rows':
        this.#pending.get(answer.id)?.resolve(answer);
        return;
      case 'failed': {
        const pending = this.#pending.get(answer.id);
        pending?.reject(errorOf(answer.failure, pending.sql));
      }
    }
  }

  #lose(fault: StorageFault): void {
    this.#gone = true;
    for (const pending of [...this.#pending.values()]) {
      pending.reject(new StorageError(fault, pending.sql === 'commit' ? 'unknown' : 'no'));
    }
  }
}

/** SQLite's result codes (sqlite.org/rescode.html); `undefined`: the statement is wrong, or breaks a constraint. */
function faultOf(code: string): StorageFault | undefined {
  switch (/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? '') {
    case 'SQLITE_FULL':
      return 'full';
    case 'SQLITE_BUSY':
    case 'SQLITE_LOCKED':
      return 'busy';
    case 'SQLITE_CORRUPT':
    case 'SQLITE_NOTADB':
      return 'corrupt';
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return 'not-writable';
    case 'SQLITE_IOERR':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_NOMEM':
    case 'SQLITE_PROTOCOL':
      return 'disk';
    default:
      return undefined;
  }
}

function errorOf({ code, message }: SqliteFailure, sql: string): Error {
  const fault = faultOf(code) ?? systemFaultOf(code);
  if (fault === undefined) return new Error(message);
  // A commit that SQLite itself says has failed is taken back by what comes next, whatever reached the disk.
  const committed = sql === 'commit' && fault === 'disk' ? 'unknown' : 'no';
  return new StorageError(fault, committed, fault === 'busy');
}

/** Of the file's own opening. */
function systemFaultOf(code: string): StorageFault | undefined {
  switch (code) {
    case 'ENOSPC':
      return 'full';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'not-writable';
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EIO':
      return 'disk';
    default:
      return undefined;
  }
}
