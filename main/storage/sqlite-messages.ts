/** What SQLite stores here. */
export type SqliteValue = string | number | null;

/** What the thread that owns the database file is asked. */
export interface SqliteRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly SqliteValue[];
}

export interface SqliteFailure {
  /** "SQLITE_FULL" and the like; empty: not SQLite's. */
  readonly code: string;
  readonly message: string;
}

export type SqliteAnswer =
  /** The file is open, or cannot be. */
  | { readonly kind: 'opened' }
  | { readonly kind: 'not-opened'; readonly failure: SqliteFailure }
  | {
      readonly kind: 'rows';
      readonly id: number;
      readonly rows: readonly Record<string, SqliteValue>[];
      readonly changes: number;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: SqliteFailure };

export interface SqliteWorkerData {
  readonly path: string;
  /** How long another process may hold the file, ms. */
  readonly busyMs: number;
}
