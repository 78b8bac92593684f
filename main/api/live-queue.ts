import type { Role } from './contract.js';
import type { Screen } from './router.js';
import type { Clock } from '../clock.js';
import type { PrinterDevice } from '../devices/types.js';
import { printerStateOf } from '../queue/ticket-printing.js';
import type { Desk, Queue } from '../queue/types.js';
import type { VisitorTickets } from './visitor-tickets.js';

export interface LiveQueueOptions {
  readonly queue: Queue;
  readonly printer: Pick<PrinterDevice, 'state'>;
  readonly tickets: Pick<VisitorTickets, 'refresh' | 'closed'>;
  /** Name of the session of whoever is logged in at this screen; the same after a lost connection. */
  readonly sessionOf: (screen: Screen) => string | undefined;
  readonly clock: Clock;
}

/** Estimates and waiting minutes move even when nothing happens, ms. */
const refreshEveryMs = 15_000;
/** A counter whose session is not heard of for three minutes is free, ms. */
const keepEveryMs = 60_000;
/** One person's actions come in bursts: what follows within this time is told at once, ms. */
const gatherMs = 20;

const isStaff = (role: Role): boolean => role === 'staff' || role === 'technician';

/** Keeps every connected screen up to date with the queue, and knows which counter each desk's session has. */
export class LiveQueue {
  readonly #options: LiveQueueOptions;
  readonly #screens = new Set<Screen>();
  /** By session, so that a counter outlives a lost connection. */
  readonly #desks = new Map<string, Desk>();
  readonly #unsubscribe: () => void;
  #cancelRefresh = (): void => undefined;
  #cancelKeep = (): void => undefined;
  #cancelGather = (): void => undefined;
  #gathering = false;
  #publishing = false;
  #again = false;
  #stopped = false;

  constructor(options: LiveQueueOptions) {
    this.#options = options;
    this.#unsubscribe = options.queue.subscribe(() => this.changed());
    this.#refreshAgain();
    this.#keepAgain();
  }

  opened(screen: Screen): void {
    this.#screens.add(screen);
  }

  closed(screen: Screen): void {
    this.#screens.delete(screen);
    this.#options.tickets.closed(screen);
  }

  deskOf(screen: Screen): Desk | undefined {
    const session = this.#options.sessionOf(screen);
    return session === undefined ? undefined : this.#desks.get(session);
  }

  /** The screen's session now has this counter, or none. */
  setDesk(session: string, counter: string | undefined): void {
    if (counter === undefined) this.#desks.delete(session);
    else this.#desks.set(session, { counter, session });
  }

  /** The session is over, however it ended: its counter is free. */
  async sessionEnded(session: string): Promise<void> {
    const desk = this.#desks.get(session);
    this.#desks.delete(session);
    if (desk !== undefined) await this.#options.queue.closeDesk(desk);
  }

  /** Something that screens show has changed. */
  changed(): void {
    if (this.#stopped || this.#gathering) return;
    this.#gathering = true;
    this.#cancelGather = this.#options.clock.after(gatherMs, () => {
      this.#gathering = false;
      void this.#publish();
    });
  }

  /** Once what is being told has been told. */
  stop(): void {
    this.#stopped = true;
    this.#unsubscribe();
    this.#cancelGather();
    this.#cancelRefresh();
    this.#cancelKeep();
  }

  async #publish(): Promise<void> {
    if (this.#publishing) {
      this.#again = true;
      return;
    }
    this.#publishing = true;
    try {
      do {
        this.#again = false;
        await this.#tellAll();
      } while (this.#isWantedAgain());
    } finally {
      this.#publishing = false;
    }
  }

  #isWantedAgain(): boolean {
    return this.#again && !this.#stopped;
  }

  async #tellAll(): Promise<void> {
    const { queue, printer, tickets } = this.#options;
    const screens = [...this.#screens];
    const boards = screens.filter(({ role }) => role === 'guest');
    if (boards.length > 0) {
      const board = await queue.board();
      for (const screen of boards) screen.send('board.state', board);
    }
    const desks = screens.filter(({ role }) => isStaff(role));
    for (const screen of desks) {
      const state = await queue.deskState(this.deskOf(screen));
      screen.send('desk.state', { ...state, printer: printerStateOf(printer.state.status) });
    }
    const kiosks = screens.filter(({ role }) => role === 'visitor');
    if (kiosks.length > 0) {
      const offer = await queue.offer();
      for (const screen of kiosks) {
        screen.send('queue.offer', { ...offer, printer: printerStateOf(printer.state.status) });
      }
    }
    await tickets.refresh();
  }

  #refreshAgain(): void {
    this.#cancelRefresh = this.#options.clock.after(refreshEveryMs, () => {
      void this.#publish();
      this.#refreshAgain();
    });
  }

  #keepAgain(): void {
    this.#cancelKeep = this.#options.clock.after(keepEveryMs, () => {
      for (const screen of this.#screens) {
        const desk = this.deskOf(screen);
        if (desk !== undefined) void this.#options.queue.keepDesk(desk);
      }
      this.#keepAgain();
    });
  }
}
