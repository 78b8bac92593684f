import type { PrinterFault, PrinterStatus } from '../../drivers/printer/types.js';
import type { PrinterState, PrinterTrouble, PrintProgress } from '../api/contract.js';
import type { PrinterDevice, PrintEnd } from '../devices/types.js';
import type { TicketContent } from '../../drivers/printer/types.js';
import type { PaperJob, PaperLog } from './types.js';

export interface TicketPrintingOptions {
  readonly printer: Pick<PrinterDevice, 'status' | 'print'>;
  readonly papers: PaperLog;
}

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
  #last: Promise<unknown> = Promise.resolve();

  constructor({ printer, papers }: TicketPrintingOptions) {
    this.#printer = printer;
    this.#papers = papers;
  }

  /**
   * Prints a ticket that is committed already, one after the other. `contentFor` is told whether an earlier printing
   * of it may be on paper. Never rejects for what a person, a printer or a disk can cause.
   */
  print(ticket: string, contentFor: (copy: boolean) => Promise<TicketContent>): Promise<PrintResult> {
    const end = this.#last.then(() => this.#print(ticket, contentFor));
    this.#last = end.catch(() => undefined);
    return end;
  }

  /** What a crash or a power cut left behind: a queued job printed nothing, of a sent one nobody knows. */
  async recover(): Promise<number> {
    const jobs = await this.#papers.unfinished();
    for (const { id, state } of jobs) {
      if (state === 'sent') await this.#papers.end(id, 'unknown', 'error');
      else await this.#papers.end(id, 'failed', 'error');
    }
    return jobs.length;
  }

  async #print(ticket: string, contentFor: (copy: boolean) => Promise<TicketContent>): Promise<PrintResult> {
    const status = await this.#printer.status();
    const trouble = troubleOf(status);
    // A kiosk without a printer has no paper that could fail.
    if (trouble === 'no-printer') return { kind: 'not-printed', why: trouble };
    const job = await this.#papers.queue(ticket);
    if (job === undefined) return { kind: 'not-printed', why: trouble ?? 'error' };
    if (trouble !== undefined) return this.#fail(job, trouble);
    const content = await contentFor(job.copy);
    if (!(await this.#papers.sent(job.id))) return this.#fail(job, 'error');
    const end = await this.#printer.print({ processId: job.processId, content });
    return this.#settle(job, end);
  }

  async #settle(job: PaperJob, end: PrintEnd): Promise<PrintResult> {
    switch (end.kind) {
      case 'printed':
        // Should this not reach the disk, the job stays `sent`, and is unknown to staff after a restart.
        await this.#papers.end(job.id, 'confirmed');
        return { kind: 'printed' };
      case 'not-started':
      case 'stopped':
        return this.#fail(job, end.fault);
      case 'unknown':
        await this.#papers.end(job.id, 'unknown', end.fault);
        return { kind: 'unknown' };
      case 'host-lost':
        await this.#papers.end(job.id, 'unknown', 'error');
        return { kind: 'unknown' };
    }
  }

  async #fail(job: PaperJob, trouble: PrinterTrouble): Promise<PrintResult> {
    await this.#papers.end(job.id, 'failed', trouble);
    return { kind: 'not-printed', why: trouble };
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
