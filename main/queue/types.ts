import type {
  AppointmentsResult,
  BoardState,
  CheckInResult,
  DeskResult,
  DeskState,
  ImportResult,
  Input,
  PhoneTicket,
  PrinterTrouble,
  QueueOffer,
  StatisticsResult,
  TakeNumberResult,
  VisitorTicket,
} from '../api/contract.js';

/** What the queue leaves to whoever asks: how the printer is, and how the paper of a ticket fares. */
type WithoutPrinter<Value> = Omit<Value, 'printer'>;
export type NewTicket = Omit<VisitorTicket, 'print'>;
export type TakeResult =
  | Exclude<TakeNumberResult, { kind: 'ticket' } | { kind: 'too-many' }>
  | { readonly kind: 'ticket'; readonly ticket: NewTicket };
export type ArrivalResult =
  | Exclude<CheckInResult, { kind: 'ticket' } | { kind: 'too-many' }>
  | { readonly kind: 'ticket'; readonly ticket: NewTicket };

/** A counter and the session that is logged in to it. */
export interface Desk {
  readonly counter: string;
  readonly session: string;
}

/** The queue of one lobby, over a database that may be out of reach. Nothing here rejects for what a person, a disk or a network can cause. */
export interface Queue {
  offer(): Promise<WithoutPrinter<QueueOffer>>;
  takeNumber(input: Input<'queue.takeNumber'>): Promise<TakeResult>;
  checkIn(input: Input<'queue.checkIn'>): Promise<ArrivalResult>;
  /** A ticket as it is now; `undefined` once it is over. */
  ticket(id: string): Promise<NewTicket | undefined>;
  /** By the token of its page; `undefined` once it is over, and for every other text. */
  followed(token: string): Promise<PhoneTicket | undefined>;
  board(): Promise<BoardState>;

  openDesk(desk: Desk): Promise<DeskResult>;
  closeDesk(desk: Desk): Promise<DeskResult>;
  /** The session is still there; without that for three minutes, its counter is free. */
  keepDesk(desk: Desk): Promise<void>;
  /** Without a desk: all services. */
  deskState(desk: Desk | undefined): Promise<WithoutPrinter<DeskState>>;
  callNext(desk: Desk): Promise<DeskResult>;
  /** `ask-first`: not where that would make a no-show of the ticket in hand. */
  call(desk: Desk, label: string, passOver?: 'ask-first'): Promise<DeskResult>;
  recall(desk: Desk): Promise<DeskResult>;
  serve(desk: Desk): Promise<DeskResult>;
  finish(desk: Desk, how: 'done' | 'no-show' | 'parked'): Promise<DeskResult>;
  transfer(desk: Desk, service: string): Promise<DeskResult>;
  cancel(ticket: string): Promise<DeskResult>;
  setPaused(service: string, paused: boolean): Promise<DeskResult>;

  appointments(day: string): Promise<AppointmentsResult>;
  addAppointment(input: Input<'desk.addAppointment'>): Promise<ImportResult>;
  cancelAppointment(id: string): Promise<DeskResult>;
  importAppointments(format: 'csv' | 'icalendar', text: string): Promise<ImportResult>;
  statistics(day: string): Promise<StatisticsResult>;

  readonly papers: PaperLog;
  /** Calls back when something has changed that a screen may show, also by another kiosk; returns the way to stop that. */
  subscribe(listener: () => void): () => void;
  stop(): Promise<void>;
}

export type PaperJobState = 'queued' | 'sent' | 'confirmed' | 'unknown' | 'failed' | 'settled';

/** One printing of a ticket. */
export interface PaperJob {
  readonly id: string;
  readonly ticket: string;
  readonly copy: boolean;
  /** Four ASCII characters. */
  readonly processId: string;
  readonly state: PaperJobState;
  readonly trouble?: PrinterTrouble | undefined;
}

/** `not-started`: it failed, and it is known that nothing of it came out. */
export type PaperEnd = 'confirmed' | 'unknown' | 'failed' | 'not-started';

/**
 * The steps of the print guarantee, each committed to the disk before it is answered. `undefined` or `false`: the
 * database is out of reach, or the step does not follow from the state that the job is in.
 */
export interface PaperLog {
  /** `copy` is set unless it is known, here or by who asks (`known`), that no earlier printing can be on paper. */
  queue(ticket: string, known?: 'may-be-on-paper'): Promise<PaperJob | undefined>;
  sent(job: string): Promise<boolean>;
  end(job: string, end: PaperEnd, trouble?: PrinterTrouble): Promise<boolean>;
  /** All unfinished or failed printings of the ticket have been seen to. */
  settle(ticket: string): Promise<boolean>;
  /** Of this kiosk, still `queued` or `sent`: what a crash left behind. */
  unfinished(): Promise<PaperJob[] | undefined>;
  /** Tickets that an earlier run of this kiosk gave out today, still to be called, of which no printing was begun. */
  unprinted(): Promise<string[] | undefined>;
  lastOf(ticket: string): Promise<PaperJob | undefined>;
}
