import type { Selectable } from 'kysely';
import { printerTrouble, type PrinterTrouble } from '../api/contract.js';
import type { Database } from '../storage/database.js';
import type { PrintJobTable, Schema } from '../storage/schema.js';
import { momentOf, record, type Lobby, type Tables } from './lobby.js';
import { paperSteps, type PaperStep, underWay } from './paper-steps.js';
import type { PaperEnd, PaperJob, PaperLog } from './types.js';

const idCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Four characters that no other job of these days has: a printer's late answer must not confirm another ticket. */
function processIdOf(count: number): string {
  let [rest, id] = [count, ''];
  for (let place = 0; place < 4; place++) {
    id = `${idCharacters[rest % idCharacters.length] ?? 'A'}${id}`;
    rest = Math.floor(rest / idCharacters.length);
  }
  return id;
}

/** The steps of the print guarantee, in the lobby's database. */
export class LobbyPapers implements PaperLog {
  readonly #database: Pick<Database<Schema>, 'run'>;
  readonly #lobby: Lobby;
  readonly #onChange: () => void;
  readonly #startedAt: number;
  #count = Math.floor(Math.random() * idCharacters.length ** 4);

  constructor(database: Pick<Database<Schema>, 'run'>, lobby: Lobby, onChange: () => void) {
    this.#database = database;
    this.#lobby = lobby;
    this.#onChange = onChange;
    this.#startedAt = momentOf(lobby).at;
  }

  async queue(ticket: string, known?: 'may-be-on-paper'): Promise<PaperJob | undefined> {
    const moment = momentOf(this.#lobby);
    const { kiosk } = this.#lobby;
    return this.#run(async (tables) => {
      const given = await tables
        .selectFrom('tickets')
        .select('kiosk')
        .where('id', '=', ticket)
        .executeTakeFirst();
      const before = await tables
        .selectFrom('print_jobs')
        .select(['state', 'kiosk', 'on_paper', 'created_at'])
        .where('ticket', '=', ticket)
        .execute();
      // Another kiosk may have printed what it could not tell yet.
      const elsewhere = given?.kiosk !== kiosk || before.some((job) => job.kiosk !== kiosk);
      const mayBeOnPaper =
        known === 'may-be-on-paper' || elsewhere || before.some(({ on_paper }) => on_paper !== 0);
      const job = {
        id: this.#lobby.newId(),
        ticket,
        kiosk,
        copy: mayBeOnPaper ? 1 : 0,
        process_id: processIdOf(this.#count++),
        state: 'queued' as const,
        on_paper: 0,
        trouble: null,
        // Later than those before, also where the clock was set back.
        created_at: Math.max(moment.at, ...before.map(({ created_at: at }) => at + 1)),
        changed_at: moment.at,
      };
      await tables.insertInto('print_jobs').values(job).execute();
      return jobOf(job);
    });
  }

  async sent(job: string): Promise<boolean> {
    return (await this.#run((tables) => this.#become(tables, job, paperSteps.sent))) ?? false;
  }

  async end(job: string, end: PaperEnd, trouble?: PrinterTrouble): Promise<boolean> {
    const moment = momentOf(this.#lobby);
    const step = paperSteps[end];
    const done = await this.#run(async (tables) => {
      if (!(await this.#become(tables, job, step, trouble))) return false;
      const row = await tables
        .selectFrom('print_jobs')
        .innerJoin('tickets', 'tickets.id', 'print_jobs.ticket')
        .select(['print_jobs.ticket', 'tickets.service'])
        .where('print_jobs.id', '=', job)
        .executeTakeFirst();
      await record(tables, this.#lobby, moment, {
        kind: step.event,
        ticket: row?.ticket ?? null,
        service: row?.service ?? null,
        ...(trouble === undefined ? {} : { data: { trouble } }),
      });
      return true;
    });
    if (done === true) this.#onChange();
    return done ?? false;
  }

  async settle(ticket: string): Promise<boolean> {
    const moment = momentOf(this.#lobby);
    const done = await this.#run(async (tables) => {
      const { numUpdatedRows } = await tables
        .updateTable('print_jobs')
        .set({ state: 'settled', changed_at: moment.at })
        .where('ticket', '=', ticket)
        .where('state', 'in', ['unknown', 'failed'])
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await record(tables, this.#lobby, moment, { kind: 'print-settled', ticket });
      return true;
    });
    if (done === true) this.#onChange();
    return done ?? false;
  }

  async unfinished(): Promise<PaperJob[] | undefined> {
    const jobs = await this.#run((tables) =>
      tables
        .selectFrom('print_jobs')
        .selectAll()
        .where('state', 'in', underWay)
        .where('kiosk', '=', this.#lobby.kiosk)
        .orderBy('created_at')
        .execute(),
    );
    return jobs?.map(jobOf);
  }

  unprinted(): Promise<string[] | undefined> {
    const { settings, kiosk } = this.#lobby;
    const { day } = momentOf(this.#lobby);
    return this.#run(async (tables) => {
      const tickets = await tables
        .selectFrom('tickets')
        .leftJoin('print_jobs', 'print_jobs.ticket', 'tickets.id')
        .select('tickets.id')
        .where('tickets.branch', '=', settings.branch)
        .where('tickets.day', '=', day)
        .where('tickets.state', '=', 'waiting')
        .where('tickets.kiosk', '=', kiosk)
        .where('tickets.taken_at', '<', this.#startedAt)
        .where('print_jobs.id', 'is', null)
        .execute();
      return tickets.map(({ id }) => id);
    });
  }

  lastOf(ticket: string): Promise<PaperJob | undefined> {
    return this.#run(async (tables) => {
      const job = await tables
        .selectFrom('print_jobs')
        .selectAll()
        .where('ticket', '=', ticket)
        .orderBy('created_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return job && jobOf(job);
    });
  }

  async #become(
    tables: Tables,
    job: string,
    { from, to }: PaperStep,
    trouble: PrinterTrouble | null = null,
  ): Promise<boolean> {
    const { numUpdatedRows } = await tables
      .updateTable('print_jobs')
      .set({ ...to, trouble, changed_at: momentOf(this.#lobby).at })
      .where('id', '=', job)
      .where('state', 'in', from)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async #run<Value>(work: (tables: Tables) => Promise<Value>): Promise<Value | undefined> {
    const outcome = await this.#database.run(work);
    return outcome.kind === 'done' ? outcome.value : undefined;
  }
}

function jobOf(row: Selectable<PrintJobTable>): PaperJob {
  const trouble = row.trouble === null ? undefined : printerTrouble.safeParse(row.trouble).data;
  return {
    id: row.id,
    ticket: row.ticket,
    copy: row.copy === 1,
    processId: row.process_id,
    state: row.state,
    ...(trouble === undefined ? {} : { trouble }),
  };
}
