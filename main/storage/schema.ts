import type { Generated } from 'kysely';

// One schema for SQLite and PostgreSQL: text UUIDs, whole ms since 1970, 0 or 1 for booleans, the lobby's local day as
// YYYY-MM-DD, lists and objects as JSON text. Migrations make it.

/** A ticket of the queue. Numbers are unique for each branch, series and day, and are never used again. */
export interface TicketTable {
  readonly id: string;
  readonly branch: string;
  readonly day: string;
  readonly series: string;
  readonly number: number;
  readonly label: string;
  service: string;
  transferred_from: string | null;
  readonly origin: 'walk-in' | 'appointment';
  readonly appointment: string | null;
  readonly appointment_at: number | null;
  state: 'waiting' | 'called' | 'serving' | 'parked' | 'no-show' | 'done' | 'cancelled';
  readonly language: string;
  /** JSON of `ticketReason`. */
  reason: string | null;
  readonly taken_at: number;
  /** From then on it counts as waiting. */
  waiting_from: number;
  /** The call order: smaller is earlier. `waiting_from` less the minutes that the priority rules give, ms. */
  order_at: number;
  counter: string | null;
  called_at: number | null;
  serving_at: number | null;
  ended_at: number | null;
  calls: number;
  /** Opens the ticket's own page; null without a public address. */
  readonly token: string | null;
  /** Which kiosk gave it out. */
  readonly kiosk: string;
  /** 1: the number was leased, given out while the database was out of reach. */
  readonly leased: number;
}

/** One printing of a ticket: the steps of the print guarantee. */
export interface PrintJobTable {
  readonly id: string;
  readonly ticket: string;
  /** Which kiosk's printer. */
  readonly kiosk: string;
  /** 1: marked as a copy on paper. */
  readonly copy: number;
  /** Four ASCII characters that the printer sends back. */
  readonly process_id: string;
  state: 'queued' | 'sent' | 'confirmed' | 'unknown' | 'failed' | 'settled';
  /** 1: some of it may be on paper; 0: it is known that nothing is. */
  on_paper: number;
  /** `printerTrouble`, where it failed. */
  trouble: string | null;
  readonly created_at: number;
  changed_at: number;
}

/** The last number given out of a series on a day. */
export interface SeriesCounterTable {
  readonly branch: string;
  readonly series: string;
  readonly day: string;
  last: number;
}

/** A block of numbers that one kiosk may give out while the database is out of reach. */
export interface NumberLeaseTable {
  readonly id: string;
  readonly branch: string;
  readonly series: string;
  readonly day: string;
  readonly kiosk: string;
  readonly first: number;
  readonly last: number;
  readonly leased_at: number;
}

export interface AppointmentTable {
  readonly id: string;
  readonly branch: string;
  service: string;
  day: string;
  at: number;
  code: string;
  /** Where it came from: a hash of the iCalendar UID, or of day and code, or null when added by hand. */
  source: string | null;
  state: 'booked' | 'arrived' | 'cancelled';
  ticket: string | null;
  readonly created_at: number;
  /** 1: staff cancelled it, and no list books it again. */
  by_staff: Generated<number>;
}

/** A counter that someone is logged in to. */
export interface PresenceTable {
  readonly branch: string;
  readonly counter: string;
  /** Which session of which kiosk. */
  session: string;
  since: number;
  seen_at: number;
  /** Whose session it is; empty: an older version's. */
  kiosk: string;
  /** Which run of that kiosk: sessions end with it. */
  run: string;
}

/** A service that staff have closed for a day. */
export interface PauseTable {
  readonly branch: string;
  readonly service: string;
  readonly day: string;
  readonly since: number;
}

/** What happened, in its order: the only source of statistics. It is only ever added to; nothing personal is in it. */
export interface EventTable {
  readonly seq: Generated<number>;
  /** Made by whoever wrote it, so that writing it twice changes nothing. */
  readonly id: string;
  readonly at: number;
  readonly branch: string;
  readonly day: string;
  readonly kind:
    | 'taken'
    | 'arrived'
    | 'called'
    | 'recalled'
    | 'serving'
    | 'done'
    | 'no-show'
    | 'parked'
    | 'transferred'
    | 'cancelled'
    | 'void'
    | 'leased'
    | 'staffed'
    | 'unstaffed'
    | 'paused'
    | 'resumed'
    | 'printed'
    | 'print-failed'
    | 'print-unknown'
    | 'print-settled';
  readonly ticket: string | null;
  readonly service: string | null;
  readonly counter: string | null;
  readonly kiosk: string;
  /** JSON: numbers and names of the program's own that belong to the kind. */
  readonly data: string | null;
}

export interface Schema {
  readonly tickets: TicketTable;
  readonly print_jobs: PrintJobTable;
  readonly series_counters: SeriesCounterTable;
  readonly number_leases: NumberLeaseTable;
  readonly appointments: AppointmentTable;
  readonly presence: PresenceTable;
  readonly pauses: PauseTable;
  readonly events: EventTable;
}
