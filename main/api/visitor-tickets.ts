import type { Language, PrintProgress, VisitorTicket } from './contract.js';
import type { Screen } from './router.js';
import { Allowance } from '../allowance.js';
import type { Clock } from '../clock.js';
import { words } from '../i18n/languages.js';
import type { PrinterDevice } from '../devices/types.js';
import { localDayOf } from '../queue/local-time.js';
import { ticketPaper } from '../queue/ticket-paper.js';
import type { TicketPrinting } from '../queue/ticket-printing.js';
import type { ArrivalResult, NewTicket, Queue, TakeResult } from '../queue/types.js';

export interface VisitorTicketsOptions {
  readonly queue: Pick<Queue, 'ticket' | 'papers'>;
  readonly printing: Pick<TicketPrinting, 'print'>;
  readonly printer: Pick<PrinterDevice, 'state'>;
  readonly placeName: string;
  readonly clock: Clock;
}

/** Tickets, and tries to check in, of one screen: more in a row than the largest family. */
const ticketsAtOnce = 10;
const triesAtOnce = 10;
const refillMs = 120_000;

interface Shown {
  ticket: NewTicket;
  readonly language: Language;
  print: PrintProgress;
}

/** The tickets that visitors have on their screens: each is printed, and its screen is told how that and the queue fare. */
export class VisitorTickets {
  readonly #options: VisitorTicketsOptions;
  readonly #shown = new Map<Screen, Shown>();
  readonly #closed = new WeakSet<Screen>();
  readonly #tickets = new WeakMap<Screen, Allowance>();
  readonly #tries = new WeakMap<Screen, Allowance>();

  constructor(options: VisitorTicketsOptions) {
    this.#options = options;
  }

  /** Whether this screen may take one more number, or try one more booking. */
  allows(screen: Screen, what: 'ticket' | 'try'): boolean {
    const [allowances, size] =
      what === 'ticket' ? [this.#tickets, ticketsAtOnce] : [this.#tries, triesAtOnce];
    let allowance = allowances.get(screen);
    if (allowance === undefined) {
      allowance = new Allowance(size, refillMs, () => this.#options.clock.now());
      allowances.set(screen, allowance);
    }
    return allowance.take();
  }

  /** A number was given out: its paper begins. */
  taken<Result extends TakeResult | ArrivalResult>(
    result: Result,
    language: Language,
    screen: Screen,
  ): Exclude<Result, { kind: 'ticket' }> | { readonly kind: 'ticket'; readonly ticket: VisitorTicket } {
    if (!isTicket(result)) return result as Exclude<Result, { kind: 'ticket' }>;
    const shown: Shown = { ticket: result.ticket, language, print: { kind: 'printing' } };
    // Its page may have gone meanwhile: the number is given out all the same, and its paper comes out.
    if (!this.#closed.has(screen)) this.#shown.set(screen, shown);
    void this.#print(screen, shown);
    return { kind: 'ticket', ticket: { ...shown.ticket, print: shown.print } };
  }

  /** The visitor's own word on what nobody else knows. */
  async received(screen: Screen, ticket: string, received: boolean): Promise<void> {
    const shown = this.#of(screen, ticket);
    if (shown?.print.kind !== 'unknown') return;
    if (received) {
      shown.print = { kind: 'printed' };
      await this.#options.queue.papers.settle(ticket);
    } else {
      shown.print = { kind: 'not-printed', why: 'error' };
    }
    this.#tell(screen, shown);
  }

  printAgain(screen: Screen, ticket: string): void {
    const shown = this.#of(screen, ticket);
    if (shown === undefined || shown.print.kind === 'printing' || shown.print.kind === 'printed') return;
    shown.print = { kind: 'printing' };
    this.#tell(screen, shown);
    void this.#print(screen, shown);
  }

  /** The visitor has gone on; the screen stays. */
  left(screen: Screen): void {
    this.#shown.delete(screen);
  }

  /** The screen's page has gone for good. */
  closed(screen: Screen): void {
    this.#closed.add(screen);
    this.#shown.delete(screen);
  }

  /** The queue has moved: what is on the screens may have changed. */
  async refresh(): Promise<void> {
    await Promise.all(
      [...this.#shown].map(async ([screen, shown]) => {
        const ticket = await this.#options.queue.ticket(shown.ticket.id);
        if (ticket === undefined || JSON.stringify(ticket) === JSON.stringify(shown.ticket)) return;
        shown.ticket = ticket;
        this.#tell(screen, shown);
      }),
    );
  }

  async #print(screen: Screen, shown: Shown): Promise<void> {
    const { queue, printing, printer, placeName, clock } = this.#options;
    const { id } = shown.ticket;
    shown.print = await printing.print(id, async (copy) =>
      ticketPaper((await queue.ticket(id)) ?? shown.ticket, {
        words: words[shown.language],
        placeName,
        day: localDayOf(clock.date().getTime()),
        demo: printer.state.demo,
        copy,
      }),
    );
    this.#tell(screen, shown);
  }

  #of(screen: Screen, ticket: string): Shown | undefined {
    const shown = this.#shown.get(screen);
    return shown?.ticket.id === ticket ? shown : undefined;
  }

  #tell(screen: Screen, shown: Shown): void {
    if (this.#shown.get(screen) === shown)
      screen.send('queue.ticket', { ...shown.ticket, print: shown.print });
  }
}

function isTicket(
  result: TakeResult | ArrivalResult,
): result is Extract<TakeResult | ArrivalResult, { kind: 'ticket' }> {
  return result.kind === 'ticket';
}
