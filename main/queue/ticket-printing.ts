import type { PrinterFault, PrinterStatus } from '../../drivers/printer/types.js';
import type { PrinterState, PrinterTrouble, PrintProgress } from '../api/contract.js';
import type { PrinterDevice, PrintEnd } from '../devices/types.js';
import type { TicketContent } from '../../drivers/printer/types.js';
import type { Clock } from '../clock.js';
import type { PaperEnd, PaperJob, PaperLog } from './types.js';

export interface TicketPrintingOptions {
  readonly printer: Pick<PrinterDevice, 'status' | 'print'>;
  readonly papers: PaperLog;
  readonly clock: Pick<Clock, 'after'>;
  /** Printings that were left unfinished are ended now: so many. */
  readonly onRecovered?: (papers: number) => void;
}

interface StepEnd {
  readonly end: PaperEnd;
  readonly trouble?: PrinterTrouble;
}

/** So often a database that did not take a step is asked what it has been left with, ms. */
const recoverEveryMs = 5000;

/** How a printing ended, once that is on the disk. */
export type PrintResult = Exclude<PrintProgress, { kind: 'printing' }>;

/**
 * The print guarantee: a number is never lost and never printed twice unmarked. Each step is committed before the next
 * one begins, so that wherever the program or the power goes, what is known about the paper is on the disk: a job that
 * is `queued` has not sent one byte; one that is `sent` may be on paper, and only the printer's own word makes it
 * `confirmed`.
 */
export class TicketPrinting {
  readonly #printer: TicketPrintingOptions['printer'];
  readonly #papers: PaperLog;
  readonly #clock: TicketPrintingOptions['clock'];
  readonly #onRecovered: (papers: number) => void;
  /** How printings of this run ended that the database could not be told of, by job. */
  readonly #untold = new Map<string, StepEnd>();
  #last: Promise<unknown> = Promise.resolve();
  #callOff: (() => void) | undefined;
  #lookedForUnprinted = false;
  #stopped = false;

  constructor({ printer, papers, clock, onRecovered = () => undefined }: TicketPrintingOptions) {
    this.#printer = printer;
    this.#papers = papers;
    this.#clock = clock;
    this.#onRecovered = onRecovered;
  }

  /**
   * Prints a ticket that is committed already, one after the other. `contentFor` is told whether an earlier printing
   * of it may be on paper. Never rejects for what a person, a printer or a disk can cause.
   */
  print(ticket: string, contentFor: (copy: boolean) => Promise<TicketContent>): Promise<PrintResult> {
    return this.#inTurn(() => this.#print(ticket, contentFor));
  }

  /**
   * Ends what a crash or a power cut left behind: a queued job printed nothing, of a sent one nobody knows, and of a
   * ticket that was just given out the paper has failed. While the database cannot tell of all of it, it is asked again
   * every few seconds.
   */
  recover(): Promise<void> {
    return this.#inTurn(() => this.#recover());
  }

  /** Once the printing that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#callOff?.();
    await this.#last;
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const end = this.#last.then(work);
    this.#last = end.catch(() => undefined);
    return end;
  }

  async #recover(): Promise<void> {
    const jobs = await this.#papers.unfinished();
    if (jobs === undefined) {
      this.#recoverLater();
      return;
    }
    let ended = 0;
    for (const { id, state } of jobs) {
      const left: StepEnd = { end: state === 'sent' ? 'unknown' : 'not-started', trouble: 'error' };
      const { end, trouble } = this.#untold.get(id) ?? left;
      if (await this.#papers.end(id, end, trouble)) ended++;
    }
    if (ended === jobs.length) this.#untold.clear();
    const unprinted = this.#lookedForUnprinted ? 0 : await this.#failUnprinted();
    if (ended < jobs.length || unprinted === undefined) this.#recoverLater();
    if (ended + (unprinted ?? 0) > 0) this.#onRecovered(ended + (unprinted ?? 0));
  }

  /** Whoever took them may never have seen their numbers: staff find them among the failed papers. */
  async #failUnprinted(): Promise<number | undefined> {
    const tickets = await this.#papers.unprinted();
    if (tickets === undefined) return undefined;
    this.#lookedForUnprinted = true;
    if (tickets.length === 0 || troubleOf(await this.#printer.status()) === 'no-printer') return 0;
    let failed = 0;
    for (const ticket of tickets) {
      const job = await this.#papers.queue(ticket);
      if (job === undefined) continue;
      await this.#end(job, { end: 'not-started', trouble: 'error' });
      failed++;
    }
    return failed;
  }

  #recoverLater(): void {
    if (this.#stopped || this.#callOff !== undefined) return;
    this.#callOff = this.#clock.after(recoverEveryMs, () => {
      this.#callOff = undefined;
      void this.recover();
    });
  }

  async #print(ticket: string, contentFor: (copy: boolean) => Promise<TicketContent>): Promise<PrintResult> {
    const status = await this.#printer.status();
    const trouble = troubleOf(status);
    // A kiosk without a printer has no paper that could fail.
    if (trouble === 'no-printer') return { kind: 'not-printed', why: trouble };
    const job = await this.#papers.queue(ticket);
    if (job === undefined) {
      // It may be there all the same.
      this.#recoverLater();
      return { kind: 'not-printed', why: trouble ?? 'error' };
    }
    if (trouble !== undefined) return this.#fail(job, 'not-started', trouble);
    const content = await contentFor(job.copy);
    if (!(await this.#papers.sent(job.id))) return this.#fail(job, 'not-started', 'error');
    const end = await this.#printer.print({ processId: job.processId, content });
    return this.#settle(job, end);
  }

  async #settle(job: PaperJob, end: PrintEnd): Promise<PrintResult> {
    switch (end.kind) {
      case 'printed':
        await this.#end(job, { end: 'confirmed' });
        return { kind: 'printed' };
      case 'not-started':
        return this.#fail(job, 'not-started', end.fault);
      case 'stopped':
        return this.#fail(job, 'failed', end.fault);
      case 'unknown':
        await this.#end(job, { end: 'unknown', trouble: end.fault });
        return { kind: 'unknown' };
      case 'host-lost':
        await this.#end(job, { end: 'unknown', trouble: 'error' });
        return { kind: 'unknown' };
    }
  }

  async #fail(job: PaperJob, end: PaperEnd, trouble: PrinterTrouble): Promise<PrintResult> {
    await this.#end(job, { end, trouble });
    return { kind: 'not-printed', why: trouble };
  }

  /** Should it not reach the disk, it is told again later; after a crash before that, the job is unknown to staff. */
  async #end(job: PaperJob, stepEnd: StepEnd): Promise<void> {
    if (await this.#papers.end(job.id, stepEnd.end, stepEnd.trouble)) return;
    this.#untold.set(job.id, stepEnd);
    this.#recoverLater();
  }
}

/** `undefined`: ready. */
function troubleOf(status: PrinterStatus): PrinterTrouble | undefined {
  switch (status.kind) {
    case 'ready':
      return undefined;
    case 'starting':
      return 'starting';
    case 'fault':
      return status.fault satisfies PrinterFault;
  }
}

/** The printer as screens are told of it. */
export function printerStateOf(status: PrinterStatus): PrinterState {
  if (status.kind === 'ready') return status;
  return { kind: 'trouble', trouble: troubleOf(status) ?? 'error' };
}
