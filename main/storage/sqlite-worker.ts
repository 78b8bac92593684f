import { chmodSync, closeSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'libsql';
import type {
  SqliteAnswer,
  SqliteFailure,
  SqliteRequest,
  SqliteValue,
  SqliteWorkerData,
} from './sqlite-messages.js';

// A thread of its own: a commit waits for the disk, and main's event loop must not.

type Statement = Sqlite.Statement<SqliteValue[]>;

/** As many as the program has; what is built with lists of varying length is not kept for good. */
const keptStatements = 200;

const { path, busyMs } = workerData as SqliteWorkerData;
const answer = (message: SqliteAnswer): void => parentPort?.postMessage(message);

function failureOf(error: unknown): SqliteFailure {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const { code } = error as Error & { code?: unknown };
  return { code: typeof code === 'string' ? code : '', message: error.message };
}

function open(): Sqlite.Database {
  // SQLite gives the files beside it the same mode.
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const database = new Sqlite(path, { timeout: busyMs });
  const wanted = [
    ['busy_timeout', busyMs],
    ['journal_mode', 'wal'],
    // Every commit is on the disk before it is answered.
    ['synchronous', 2],
    ['foreign_keys', 1],
  ] as const;
  for (const [name, value] of wanted) {
    database.prepare(`PRAGMA ${name} = ${value}`).all();
    const [row] = database.prepare(`PRAGMA ${name}`).all() as Record<string, unknown>[];
    const got = Object.values(row ?? {})[0];
    if (got !== value) throw new Error(`${name} stays ${String(got)}`);
  }
  return database;
}

function serve(database: Sqlite.Database): (request: SqliteRequest) => void {
  const statements = new Map<string, Statement>();
  const prepared = (sql: string): Statement => {
    const kept = statements.get(sql);
    if (kept !== undefined) return kept;
    const statement: Statement = database.prepare(sql);
    if (statements.size >= keptStatements) statements.clear();
    statements.set(sql, statement);
    return statement;
  };
  return ({ id, sql, parameters }) => {
    try {
      // SQLite itself ends a transaction on some faults; then there is nothing left to take back.
      if (sql === 'rollback' && !database.inTransaction) answer({ kind: 'rows', id, rows: [], changes: 0 });
      else if (sql === 'begin immediate' || sql === 'commit' || sql === 'rollback') {
        database.exec(sql);
        answer({ kind: 'rows', id, rows: [], changes: 0 });
      } else {
        const statement = prepared(sql);
        if (statement.reader) {
          const rows = statement.all(...parameters) as Record<string, SqliteValue>[];
          answer({ kind: 'rows', id, rows, changes: 0 });
        } else {
          const { changes } = statement.run(...parameters);
          answer({ kind: 'rows', id, rows: [], changes });
        }
      }
    } catch (error) {
      answer({ kind: 'failed', id, failure: failureOf(error) });
    }
  };
}

try {
  const database = open();
  const perform = serve(database);
  parentPort?.on('message', (message: SqliteRequest | 'close') => {
    if (message === 'close') {
      database.close();
      parentPort?.close();
    } else perform(message);
  });
  answer({ kind: 'opened' });
} catch (error) {
  answer({ kind: 'not-opened', failure: failureOf(error) });
}
