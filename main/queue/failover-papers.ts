import { randomInt, randomUUID } from 'node:crypto';
import type { PrinterTrouble } from '../api/contract.js';
import { localDayOf } from './local-time.js';
import type { EventRow, JobRow, OutboxEntry } from './outbox.js';
import { paperSteps, type PaperStep, underWay } from './paper-steps.js';
import type { PaperEnd, PaperJob, PaperLog } from './types.js';

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

/** How many printings are remembered; those under way, always. */
const remembered = 500;

const isUnderWay = (state: JobRow['state']): boolean => underWay.some((each) => each === state);

const settled: PaperStep = {
  from: [...underWay, 'unknown', 'failed'],
  to: { state: 'settled' },
  event: 'print-settled',
};

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
    const tried = this.#of(ticket).some(({ entry: { job } }) => job.on_paper !== 0);
    if (!isLocal(ticket)) {
      // The database may not have heard yet of what was tried while it was away.
      const job = await lobby.queue(ticket, tried ? 'may-be-on-paper' : undefined);
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
      // Of a ticket of an earlier run nobody knows here: the paper says that it is a copy.
      copy: tried || !(this.#options.isFirst(ticket) || isLocal(ticket)) ? 1 : 0,
      process_id: newProcessId(),
      state: 'queued',
      on_paper: 0,
      trouble: null,
      created_at: at,
      changed_at: at,
    };
    return (await this.#put({ kind: 'paper', job, events: [] })) ? jobOf(job) : undefined;
  }

  sent(job: string): Promise<boolean> {
    return this.#step(job, paperSteps.sent, undefined, (lobby) => lobby.sent(job));
  }

  end(job: string, end: PaperEnd, trouble?: PrinterTrouble): Promise<boolean> {
    return this.#step(job, paperSteps[end], trouble, (lobby) => lobby.end(job, end, trouble));
  }

  async settle(ticket: string): Promise<boolean> {
    const { lobby, isAway } = this.#options;
    if (await isAway()) return false;
    for (const { entry, local } of this.#of(ticket)) {
      if (!local || !settled.from.includes(entry.job.state)) continue;
      if (!(await this.#put(this.#moved(entry, settled, undefined)))) return false;
    }
    return lobby.settle(ticket);
  }

  /** Not before the lobby's database can tell of those that it alone knows of. */
  async unfinished(): Promise<PaperJob[] | undefined> {
    const found = await this.#options.lobby.unfinished();
    if (found === undefined) return undefined;
    const own = [...this.#jobs.values()].filter(({ local }) => local).map(({ entry }) => jobOf(entry.job));
    // What is on this kiosk's disk is newer, also where the database has not been told how it ended.
    const ids = new Set(own.map(({ id }) => id));
    const others = found.filter(({ id }) => !ids.has(id));
    for (const job of others) {
      this.#remember({ entry: { kind: 'paper', job: this.#rowOf(job), events: [] }, local: false });
    }
    return [...own.filter(({ state }) => isUnderWay(state)), ...others];
  }

  async unprinted(): Promise<string[] | undefined> {
    const found = await this.#options.lobby.unprinted();
    return found?.filter((ticket) => this.#of(ticket).length === 0);
  }

  async lastOf(ticket: string): Promise<PaperJob | undefined> {
    const own = this.#of(ticket).at(-1);
    if (own?.local === true) return jobOf(own.entry.job);
    const last = await this.#options.lobby.lastOf(ticket);
    return last ?? (own === undefined ? undefined : jobOf(own.entry.job));
  }

  async #step(
    id: string,
    step: PaperStep,
    trouble: PrinterTrouble | undefined,
    inLobby: (lobby: PaperLog) => Promise<boolean>,
  ): Promise<boolean> {
    const known = this.#jobs.get(id);
    if (known?.local !== true) {
      if (await inLobby(this.#options.lobby)) {
        if (known !== undefined) {
          const { job } = this.#moved(known.entry, step, trouble);
          this.#jobs.set(id, { entry: { kind: 'paper', job, events: [] }, local: false });
        }
        return true;
      }
      if (known === undefined || !(await this.#options.isAway())) return false;
    }
    if (!step.from.includes(known.entry.job.state)) return false;
    return this.#put(this.#moved(known.entry, step, trouble));
  }

  #moved(entry: PaperEntry, { to, event: kind }: PaperStep, trouble: PrinterTrouble | undefined): PaperEntry {
    const { branch, kiosk, now, serviceOf } = this.#options;
    const at = now();
    const { job } = entry;
    const event: EventRow[] =
      kind === undefined
        ? []
        : [
            {
              id: randomUUID(),
              at,
              branch,
              day: localDayOf(at),
              kind,
              ticket: job.ticket,
              service: serviceOf(job.ticket) ?? null,
              counter: null,
              kiosk,
              data: trouble === undefined ? null : JSON.stringify({ trouble }),
            },
          ];
    return {
      kind: 'paper',
      job: { ...job, ...to, trouble: trouble ?? null, changed_at: Math.max(at, job.changed_at) },
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
      if (!isUnderWay(entry.job.state)) this.#jobs.delete(id);
    }
  }

  #of(ticket: string): KeptJob[] {
    return [...this.#jobs.values()].filter(({ entry }) => entry.job.ticket === ticket);
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
      on_paper: state === 'queued' ? 0 : 1,
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
