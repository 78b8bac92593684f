import { type Generated, type Kysely, type Migration, type MigrationProvider } from 'kysely';

// What a kiosk keeps of its own, in a file beside the lobby's database, for as long as that is out of reach.

/** A block of numbers that is this kiosk's alone. */
export interface LeaseTable {
  readonly id: string;
  readonly series: string;
  readonly day: string;
  readonly first: number;
  readonly last: number;
  /** The next number to give out; after `last`: none is left. */
  next: number;
}

/** What the lobby's database has still to be told, in this order. */
export interface EntryTable {
  readonly seq: Generated<number>;
  /** Of the ticket or the print job: one entry each. */
  readonly id: string;
  /** JSON of `OutboxEntry`. */
  data: string;
}

/** Today's bookings as they were last seen, to check in by. */
export interface BookingTable {
  readonly id: string;
  /** SHA-256 of the code. */
  readonly code_hash: string;
  readonly service: string;
  readonly day: string;
  readonly at: number;
  /** Of its ticket, once it was checked in. */
  label: string | null;
}

export interface OutboxSchema {
  readonly leases: LeaseTable;
  readonly entries: EntryTable;
  readonly bookings: BookingTable;
}

const tables: Migration = {
  up: async (database: Kysely<OutboxSchema>) => {
    await database.schema
      .createTable('leases')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('series', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('first', 'integer', (column) => column.notNull())
      .addColumn('last', 'integer', (column) => column.notNull())
      .addColumn('next', 'integer', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('entries')
      // Never used again, so that the order holds whatever was removed.
      .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('data', 'text', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('bookings')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('code_hash', 'text', (column) => column.notNull())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('at', 'integer', (column) => column.notNull())
      .addColumn('label', 'text')
      .execute();
  },
};

export const outboxMigrations: MigrationProvider = {
  getMigrations: () => Promise.resolve({ '001-outbox': tables }),
};
