import { randomInt, randomUUID } from 'node:crypto';
import type { PrinterTrouble } from '../api/contract.js';
import { localDayOf } from './local-time.js';
import type { EventRow, JobRow, OutboxEntry } from './outbox.js';
import type { PaperJob, PaperJobState, PaperLog } from './types.js';

type PaperEntry = Extract<OutboxEntry, { kind: 'paper' }>;

export interface FailoverPapersOptions {
  readonly lobby: PaperLog;
  readonly branch: string;
  readonly kiosk: string;
  /** ms since 1970. */
  readonly now: () => number;
  readonly serviceOf: (ticket: string) => string | undefined;
  /** Only this kiosk knows of the ticket yet. */
  readonly isLocal: (ticket: string) => boolean;
  readonly isAway: () => Promise<boolean>;
  /** The ticket was given out in this run. */
  readonly isFirst: (ticket: string) => boolean;
  /** Onto this kiosk's disk. */
  readonly keep: (entry: OutboxEntry) => Promise<boolean>;
}

interface KeptJob {
  readonly entry: PaperEntry;
  /** Its steps go to this kiosk's disk: the database may not have heard of them. */
  readonly local: boolean;
}

/** Four characters, as a printer sends them back. */
const newProcessId = (): string =>
  randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0')
    .toUpperCase();

/** How many printings are remembered; those in the outbox, always. */
const remembered = 500;

const follows: Readonly<Record<'sent' | 'confirmed' | 'unknown' | 'failed', readonly PaperJobState[]>> = {
  sent: ['queued'],
  confirmed: ['queued', 'sent'],
  unknown: ['queued', 'sent'],
  failed: ['queued', 'sent'],
};

const eventOf = {
  confirmed: 'printed',
  unknown: 'print-unknown',
  failed: 'print-failed',
  settled: 'print-settled',
} as const;

/** The print guarantee's steps: in the lobby's database, and while that is away on this kiosk's own disk. */
export class FailoverPapers implements PaperLog {
  readonly #options: FailoverPapersOptions;
  readonly #jobs = new Map<string, KeptJob>();

  constructor(options: FailoverPapersOptions) {
    this.#options = options;
  }

  /** An earlier run left it in the outbox. */
  restore(entry: PaperEntry): void {
    this.#jobs.set(entry.job.id, { entry, local: true });
  }

  async queue(ticket: string): Promise<PaperJob | undefined> {
    const { lobby, isLocal, isAway, kiosk, now } = this.#options;
    if (!isLocal(ticket)) {
      const job = await lobby.queue(ticket);
      if (job !== undefined) {
        this.#remember({ entry: { kind: 'paper', job: this.#rowOf(job), events: [] }, local: false });
        return job;
      }
      if (!(await isAway())) return undefined;
    }
    const at = now();
    const job: JobRow = {
      id: randomUUID(),
      ticket,
      kiosk,
      copy: this.#mayBeOnPaper(ticket) ? 1 : 0,
      process_id: newProcessId(),
      state: 'queued',
      trouble: null,
      created_at: at,
      changed_at: at,
    };
    return (await this.#put({ kind: 'paper', job, events: [] })) ? jobOf(job) : undefined;
  }

  sent(job: string): Promise<boolean> {
    return this.#step(job, 'sent', undefined, (lobby) => lobby.sent(job));
  }

  end(job: string, end: 'confirmed' | 'unknown' | 'failed', trouble?: PrinterTrouble): Promise<boolean> {
    return this.#step(job, end, trouble, (lobby) => lobby.end(job, end, trouble));
  }

  async settle(ticket: string): Promise<boolean> {
    const { lobby, isAway } = this.#options;
    if (await isAway()) return false;
    for (const { entry, local } of this.#of(ticket)) {
      if (!local || !['queued', 'sent', 'unknown', 'failed'].includes(entry.job.state)) continue;
      if (!(await this.#put(this.#moved(entry, 'settled', undefined)))) return false;
    }
    return lobby.settle(ticket);
  }

  async unfinished(): Promise<PaperJob[]> {
    const own = [...this.#jobs.values()]
      .filter(({ entry, local }) => local && ['queued', 'sent'].includes(entry.job.state))
      .map(({ entry }) => jobOf(entry.job));
    const ids = new Set(own.map(({ id }) => id));
    const others = await this.#options.lobby.unfinished();
    for (const job of others) {
      if (ids.has(job.id)) continue;
      this.#remember({ entry: { kind: 'paper', job: this.#rowOf(job), events: [] }, local: false });
    }
    return [...own, ...others.filter(({ id }) => !ids.has(id))];
  }

  async lastOf(ticket: string): Promise<PaperJob | undefined> {
    const own = this.#of(ticket).at(-1);
    if (own?.local === true) return jobOf(own.entry.job);
    const last = await this.#options.lobby.lastOf(ticket);
    return last ?? (own === undefined ? undefined : jobOf(own.entry.job));
  }

  async #step(
    id: string,
    state: 'sent' | 'confirmed' | 'unknown' | 'failed',
    trouble: PrinterTrouble | undefined,
    inLobby: (lobby: PaperLog) => Promise<boolean>,
  ): Promise<boolean> {
    const known = this.#jobs.get(id);
    if (known?.local !== true) {
      if (await inLobby(this.#options.lobby)) {
        if (known !== undefined) {
          const { job } = this.#moved(known.entry, state, trouble);
          this.#jobs.set(id, { entry: { kind: 'paper', job, events: [] }, local: false });
        }
        return true;
      }
      if (known === undefined || !(await this.#options.isAway())) return false;
    }
    if (!follows[state].includes(known.entry.job.state)) return false;
    return this.#put(this.#moved(known.entry, state, trouble));
  }

  #moved(entry: PaperEntry, state: JobRow['state'], trouble: PrinterTrouble | undefined): PaperEntry {
    const { branch, kiosk, now, serviceOf } = this.#options;
    const at = now();
    const { job } = entry;
    const event: EventRow[] =
      state === 'queued' || state === 'sent'
        ? []
        : [
            {
              id: randomUUID(),
              at,
              branch,
              day: localDayOf(at),
              kind: eventOf[state],
              ticket: job.ticket,
              service: serviceOf(job.ticket) ?? null,
              counter: null,
              kiosk,
              data: trouble === undefined ? null : JSON.stringify({ trouble }),
            },
          ];
    return {
      kind: 'paper',
      job: { ...job, state, trouble: trouble ?? null, changed_at: Math.max(at, job.changed_at) },
      events: [...entry.events, ...event],
    };
  }

  async #put(entry: PaperEntry): Promise<boolean> {
    if (!(await this.#options.keep(entry))) return false;
    this.#remember({ entry, local: true });
    return true;
  }

  #remember(kept: KeptJob): void {
    this.#jobs.set(kept.entry.job.id, kept);
    for (const [id, { entry }] of this.#jobs) {
      if (this.#jobs.size <= remembered) break;
      if (!['queued', 'sent'].includes(entry.job.state)) this.#jobs.delete(id);
    }
  }

  #of(ticket: string): KeptJob[] {
    return [...this.#jobs.values()].filter(({ entry }) => entry.job.ticket === ticket);
  }

  /** Of a ticket of an earlier run nobody knows here: the paper says that it is a copy. */
  #mayBeOnPaper(ticket: string): boolean {
    const { isFirst, isLocal } = this.#options;
    const tried = this.#of(ticket).some(({ entry: { job } }) => job.state !== 'queued');
    return tried || !(isFirst(ticket) || isLocal(ticket));
  }

  #rowOf({ id, ticket, copy, processId, state, trouble }: PaperJob): JobRow {
    const at = this.#options.now();
    return {
      id,
      ticket,
      kiosk: this.#options.kiosk,
      copy: copy ? 1 : 0,
      process_id: processId,
      state,
      trouble: trouble ?? null,
      created_at: at,
      changed_at: at,
    };
  }
}

function jobOf({ id, ticket, copy, process_id, state, trouble }: JobRow): PaperJob {
  return {
    id,
    ticket,
    copy: copy === 1,
    processId: process_id,
    state,
    ...(trouble === null ? {} : { trouble: trouble as PrinterTrouble }),
  };
}
