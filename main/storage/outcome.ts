/**
 * What a disk or a network can cause:
 * - `unreachable`: the database does not answer in time, or the connection to it was lost.
 * - `full`: no room is left where it is stored.
 * - `busy`: others held what was needed for longer than the deadline, also after trying again.
 * - `corrupt`: what is stored is damaged, or is no database.
 * - `not-writable`: it may be read only.
 * - `refused`: it does not let this program's account in or at its tables, has no such database, or has tables of a
 *   newer version of this program.
 * - `disk`: the disk failed.
 */
export type StorageFault = 'unreachable' | 'full' | 'busy' | 'corrupt' | 'not-writable' | 'refused' | 'disk';

/** How work in a transaction ended. */
export type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  /** `unknown`: it failed while it was committed; whether it was done shows later. */
  | { readonly kind: 'failed'; readonly fault: StorageFault; readonly committed: 'no' | 'unknown' };

/** How a driver tells a fault to the transaction that it ends. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly fault: StorageFault;
  readonly committed: 'no' | 'unknown';
  /** Whether the same work may succeed at once. */
  readonly again: boolean;

  constructor(fault: StorageFault, committed: 'no' | 'unknown' = 'no', again = false) {
    super(fault);
    this.fault = fault;
    this.committed = committed;
    this.again = again;
  }
}

/** Thrown by work that is to be undone as a whole, with what it comes to instead. */
export class Undone<Value> extends Error {
  override readonly name = 'Undone';
  readonly value: Value;

  constructor(value: Value) {
    super('undone');
    this.value = value;
  }
}
