import { type Kysely, type Migration, type MigrationProvider, sql } from 'kysely';

export type StorageDialect = 'sqlite' | 'postgres';

/** How young an event must be to be kept from deletion, whatever asks for it, ms: retention never goes below a day. */
export const keptEventsMs = 24 * 3_600_000;

/** The schema's history. A migration that was shipped is never changed: a new one follows it. */
export function migrationsFor(dialect: StorageDialect): MigrationProvider {
  return {
    getMigrations: () =>
      Promise.resolve({
        '001-queue': queue(dialect),
        '002-on-paper': onPaper,
        '003-open-tickets': openTickets,
        '004-log-guard': logGuard(dialect),
        '005-whose': whose,
      }),
  };
}

/** Whether a ticket is in the queue or at a counter, word for word as its index has it: else no database uses that. */
export const isOpen = sql<boolean>`state in ('waiting', 'called', 'serving', 'parked')`;

/** A day that is over has few open tickets among many ended ones: they are found without looking at those. */
const openTickets: Migration = {
  up: async (database: Kysely<unknown>) => {
    await sql`create index tickets_open on tickets (branch, day) where ${isOpen}`.execute(database);
  },
};

function queue(dialect: StorageDialect): Migration {
  const sequence = dialect === 'sqlite' ? sql`integer` : sql`bigserial`;
  // SQLite's integers have 64 bits anyway.
  const instant = 'bigint';
  return {
    up: async (database: Kysely<unknown>) => {
      const { schema } = database;
      await schema
        .createTable('tickets')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('series', 'text', (column) => column.notNull())
        .addColumn('number', 'integer', (column) => column.notNull())
        .addColumn('label', 'text', (column) => column.notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('transferred_from', 'text')
        .addColumn('origin', 'text', (column) => column.notNull())
        .addColumn('appointment', 'text')
        .addColumn('appointment_at', instant)
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('language', 'text', (column) => column.notNull())
        .addColumn('reason', 'text')
        .addColumn('taken_at', instant, (column) => column.notNull())
        .addColumn('waiting_from', instant, (column) => column.notNull())
        .addColumn('order_at', instant, (column) => column.notNull())
        .addColumn('counter', 'text')
        .addColumn('called_at', instant)
        .addColumn('serving_at', instant)
        .addColumn('ended_at', instant)
        .addColumn('calls', 'integer', (column) => column.notNull())
        .addColumn('token', 'text', (column) => column.unique())
        .addColumn('kiosk', 'text', (column) => column.notNull())
        .addColumn('leased', 'integer', (column) => column.notNull())
        .addUniqueConstraint('tickets_number', ['branch', 'series', 'day', 'number'])
        .execute();
      // The call order, and every list of a desk, read one state of one day.
      await schema
        .createIndex('tickets_order')
        .on('tickets')
        .columns(['branch', 'day', 'state', 'order_at', 'number'])
        .execute();
      await schema.createIndex('tickets_label').on('tickets').columns(['branch', 'day', 'label']).execute();
      await schema
        .createIndex('tickets_service')
        .on('tickets')
        .columns(['branch', 'day', 'service', 'origin'])
        .execute();

      await schema
        .createTable('print_jobs')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('ticket', 'text', (column) => column.notNull())
        .addColumn('kiosk', 'text', (column) => column.notNull())
        .addColumn('copy', 'integer', (column) => column.notNull())
        .addColumn('process_id', 'text', (column) => column.notNull())
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('trouble', 'text')
        .addColumn('created_at', instant, (column) => column.notNull())
        .addColumn('changed_at', instant, (column) => column.notNull())
        .execute();
      await schema
        .createIndex('print_jobs_ticket')
        .on('print_jobs')
        .columns(['ticket', 'created_at'])
        .execute();
      await schema.createIndex('print_jobs_state').on('print_jobs').columns(['state', 'kiosk']).execute();

      await schema
        .createTable('series_counters')
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('series', 'text', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('last', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('series_counters_key', ['branch', 'series', 'day'])
        .execute();

      await schema
        .createTable('number_leases')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('series', 'text', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('kiosk', 'text', (column) => column.notNull())
        .addColumn('first', 'integer', (column) => column.notNull())
        .addColumn('last', 'integer', (column) => column.notNull())
        .addColumn('leased_at', instant, (column) => column.notNull())
        .addUniqueConstraint('number_leases_first', ['branch', 'series', 'day', 'first'])
        .execute();

      await schema
        .createTable('appointments')
        .addColumn('id', 'text', (column) => column.primaryKey())
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('at', instant, (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('source', 'text')
        .addColumn('state', 'text', (column) => column.notNull())
        .addColumn('ticket', 'text')
        .addColumn('created_at', instant, (column) => column.notNull())
        .addUniqueConstraint('appointments_code', ['branch', 'day', 'code'])
        .execute();
      await schema
        .createIndex('appointments_source')
        .on('appointments')
        .columns(['branch', 'source'])
        .execute();

      await schema
        .createTable('presence')
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('counter', 'text', (column) => column.notNull())
        .addColumn('session', 'text', (column) => column.notNull())
        .addColumn('since', instant, (column) => column.notNull())
        .addColumn('seen_at', instant, (column) => column.notNull())
        .addPrimaryKeyConstraint('presence_key', ['branch', 'counter'])
        .execute();

      await schema
        .createTable('pauses')
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('service', 'text', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('since', instant, (column) => column.notNull())
        .addPrimaryKeyConstraint('pauses_key', ['branch', 'service', 'day'])
        .execute();

      await schema
        .createTable('events')
        .addColumn('seq', sequence, (column) =>
          dialect === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey(),
        )
        .addColumn('id', 'text', (column) => column.notNull().unique())
        .addColumn('at', instant, (column) => column.notNull())
        .addColumn('branch', 'text', (column) => column.notNull())
        .addColumn('day', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('ticket', 'text')
        .addColumn('service', 'text')
        .addColumn('counter', 'text')
        .addColumn('kiosk', 'text', (column) => column.notNull())
        .addColumn('data', 'text')
        .execute();
      await schema.createIndex('events_day').on('events').columns(['branch', 'day', 'seq']).execute();
      await appendOnly(database, dialect);
    },
  };
}

/** Of the printings before, and of those of a kiosk that runs an older version, it is not known: they may be on paper. */
const onPaper: Migration = {
  up: async (database: Kysely<unknown>) => {
    await database.schema
      .alterTable('print_jobs')
      .addColumn('on_paper', 'integer', (column) => column.notNull().defaultTo(1))
      .execute();
  },
};

/** What an event of tidying up says (`data`): the ticket's day is over. It is no sign of anybody's having been there. */
export const dayOver = { why: 'day-over' } as const;

/** Whether an event tells what a person or a device did, and not what tidying up did. */
export const isWitness = sql<boolean>`coalesce(data, '') <> ${sql.lit(JSON.stringify(dayOver))}`;

/** What tidying up itself writes does not make the log any younger: else a clock that jumped would empty it. */
function logGuard(dialect: StorageDialect): Migration {
  const newest = sql`(select at from events where ${isWitness} order by at desc limit 1)`;
  const isYoung = sql`old.at >= coalesce(${newest}, old.at) - ${sql.lit(keptEventsMs)}`;
  return {
    up: async (database: Kysely<unknown>) => {
      if (dialect === 'sqlite') {
        await sql`drop trigger events_kept`.execute(database);
        await sql`create trigger events_kept before delete on events when ${isYoung}
          begin select raise(abort, 'the event log keeps its last day'); end`.execute(database);
        return;
      }
      await sql`create or replace function events_guard() returns trigger language plpgsql as $$
        begin
          if tg_op = 'UPDATE' then raise exception 'the event log is only added to'; end if;
          if ${isYoung} then raise exception 'the event log keeps its last day'; end if;
          return old;
        end $$`.execute(database);
    },
  };
}

/** Which run of which kiosk a counter's session belongs to, and whether it was staff who cancelled a booking. */
const whose: Migration = {
  up: async (database: Kysely<unknown>) => {
    const { schema } = database;
    for (const column of ['kiosk', 'run']) {
      await schema
        .alterTable('presence')
        .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
        .execute();
    }
    await schema
      .alterTable('appointments')
      .addColumn('by_staff', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};

/** The event log is only ever added to; what is old enough may be deleted. */
async function appendOnly(database: Kysely<unknown>, dialect: StorageDialect): Promise<void> {
  await sql`create index events_at on events (at)`.execute(database);
  if (dialect === 'sqlite') {
    await sql`create trigger events_unchanged before update on events
      begin select raise(abort, 'the event log is only added to'); end`.execute(database);
    await sql`create trigger events_kept before delete on events
      when old.at >= (select max(at) from events) - ${sql.lit(keptEventsMs)}
      begin select raise(abort, 'the event log keeps its last day'); end`.execute(database);
    return;
  }
  await sql`create function events_guard() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' then raise exception 'the event log is only added to'; end if;
      if old.at >= (select max(at) from events) - ${sql.lit(keptEventsMs)} then
        raise exception 'the event log keeps its last day';
      end if;
      return old;
    end $$`.execute(database);
  await sql`create trigger events_guard before update or delete on events
    for each row execute function events_guard()`.execute(database);
}
