import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'libsql';
import { describe as wordsOf } from '../../../drivers/simulated/printer/paper.js';
import type { Step } from '../../../drivers/simulated/printer/simulated-printer.js';
import type { DemoPrinterFault } from '../../../drivers/simulated/printer/types.js';
import { da } from '../../../main/i18n/da.js';
import { eventually } from '../pcscd.js';
import { plugPrinter, type PluggedPrinter, type Transport } from '../simulated-printer.js';
import { type Order, said, type Said } from './orders.js';

/** Steps of the kiosk itself; at those of the printer it is killed from there. */
export type KioskStep =
  'taken' | 'asked' | 'before queued' | 'queued' | 'before sent' | 'sent' | 'before ended' | 'ended';
/** `power cut`: kiosk and printer go out together. */
export type What = DemoPrinterFault | 'kiosk killed' | 'host killed' | 'power cut';

export interface Case {
  readonly what: What;
  /** `before`: ahead of the visitor. */
  readonly at: 'before' | Step | KioskStep;
}

/** What is known of a ticket everywhere, in few words. */
export interface Known {
  /**
   * Its papers, also what still hangs at the roll: `whole`; `cut short`, with the number on it; `scrap`, without; marked
   * ones with `kopi` before it.
   */
  readonly paper: string;
  /** Its print jobs in the database, each with its trouble. */
  readonly jobs: string;
  /** Its events in the database. */
  readonly events: string;
  /** In the staff console's list of failed papers. */
  readonly desk: string;
}

export interface Outcome {
  /** What the visitor's screen was told last; `dark` where the kiosk was killed. */
  readonly screen: string;
  /** Once the fault is mended and the kiosk runs again. */
  readonly mended: Known;
  /** Once staff have printed it again. */
  readonly again: Known;
}

const deadlineMs = 40_000;
const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

export interface LanePrograms {
  readonly kiosk: string;
  readonly host: string;
}

class Kiosk {
  readonly #process: ChildProcess;
  readonly said: Said[] = [];
  readonly ended: Promise<unknown>;
  isOver = false;

  constructor(args: readonly string[], startedAt: number) {
    this.#process = spawn(process.execPath, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, LOBBY_STARTED: String(startedAt) },
    });
    this.ended = new Promise((resolve) => this.#process.once('close', resolve)).then(() => {
      this.isOver = true;
    });
    if (this.#process.stdout === null) throw new Error('no output');
    createInterface({ input: this.#process.stdout }).on('line', (line) =>
      this.said.push(said.parse(JSON.parse(line))),
    );
  }

  last<Kind extends Said['kind']>(kind: Kind): Extract<Said, { kind: Kind }> | undefined {
    return this.said.findLast((each): each is Extract<Said, { kind: Kind }> => each.kind === kind);
  }

  tell(order: Order): void {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** The answer to an order. */
  async ask<Kind extends Said['kind']>(order: Order, kind: Kind): Promise<Extract<Said, { kind: Kind }>> {
    const before = this.said.length;
    this.tell(order);
    return eventually(
      `the kiosk says "${kind}"`,
      () => this.said.slice(before).find((each): each is Extract<Said, { kind: Kind }> => each.kind === kind),
      deadlineMs,
    );
  }

  async stop(): Promise<void> {
    this.#process.stdin?.end();
    await this.ended;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }
}

/** One kiosk with its data folder and its printer, through which cases go one after the other. */
export class Lane {
  readonly #programs: LanePrograms;
  readonly #transport: Transport;
  readonly #plugged: PluggedPrinter;
  readonly #folder = mkdtempSync(join(tmpdir(), 'forhal-print-guarantee-'));
  readonly #startedAt = Date.now();
  #kiosk: Kiosk | undefined;
  #onStep: (step: Step) => void;

  private constructor(
    programs: LanePrograms,
    transport: Transport,
    plugged: PluggedPrinter,
    listen: (listener: (step: Step) => void) => void,
  ) {
    this.#programs = programs;
    this.#transport = transport;
    this.#plugged = plugged;
    this.#onStep = () => undefined;
    listen((step) => this.#onStep(step));
  }

  static async open(programs: LanePrograms, transport: Transport): Promise<Lane> {
    let listener: (step: Step) => void = () => undefined;
    const plugged = await plugPrinter(transport, { onStep: (step) => listener(step) });
    return new Lane(programs, transport, plugged, (other) => (listener = other));
  }

  async run({ what, at }: Case): Promise<Outcome> {
    const { printer } = this.#plugged;
    const kiosk = await this.#ready();
    const papersBefore = printer.pieces.length;
    const saidBefore = kiosk.said.length;
    const host = kiosk.last('host')?.pid ?? 0;
    let done = false;
    const happen = (): void => {
      if (done) return;
      done = true;
      if (what === 'kiosk killed') kiosk.kill();
      else if (what === 'power cut') {
        kiosk.kill();
        printer.setFault('unplugged');
      } else if (what === 'host killed') process.kill(host, 'SIGKILL');
      else printer.setFault(what);
    };
    if (at === 'before') happen();
    this.#onStep = (step) => {
      if (step === at) happen();
    };
    kiosk.tell({ kind: 'take', ...(what === 'kiosk killed' ? { killAt: at } : {}) });
    const shown = await eventually(
      `the ticket's end: ${what} at ${at}`,
      () => {
        const told = kiosk.said
          .slice(saidBefore)
          .findLast((each): each is Extract<Said, { kind: 'ticket' }> => each.kind === 'ticket');
        return kiosk.isOver || (told !== undefined && told.print.kind !== 'printing') ? { told } : undefined;
      },
      deadlineMs,
    );
    this.#onStep = () => undefined;
    const isDark = kiosk.isOver;
    if (isDark) await eventually('the driver host is gone', () => !isThere(host), deadlineMs);
    printer.setFault('none');
    // Socat's end of a pseudo-terminal goes with whoever had it open, and so it does with the printer's power.
    if (this.#transport === 'pty' && (isDark || what === 'host killed' || what === 'unplugged')) {
      await this.#plugged.unplug();
      await this.#plugged.plug();
    }
    const again = await this.#ready();
    const { id, label } = this.#newest();
    const screen = isDark ? 'dark' : shown.told === undefined ? 'nothing' : screenOf(shown.told);
    const mended = await this.#known(again, id, label, papersBefore);
    await again.ask({ kind: 'reprint', ticket: id }, 'reprinted');
    return { screen, mended, again: await this.#known(again, id, label, papersBefore) };
  }

  /** All that was ever given out here: one row for each, in order. */
  rows(query: string): Record<string, unknown>[] {
    const database = new Sqlite(join(this.#folder, 'queue.sqlite'), { readonly: true });
    try {
      return database.prepare(query).all() as Record<string, unknown>[];
    } finally {
      database.close();
    }
  }

  /** Every paper that has come out, in words. */
  get papers(): string[] {
    return this.#plugged.printer.pieces.map((piece) => wordsOf(piece, 48));
  }

  async close(): Promise<void> {
    if (this.#kiosk?.isOver === false) await this.#kiosk.stop();
    await this.#plugged.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A kiosk that runs, with a printer that says that it is ready. */
  async #ready(): Promise<Kiosk> {
    let kiosk = this.#kiosk;
    if (kiosk === undefined || kiosk.isOver) {
      const { kiosk: program, host } = this.#programs;
      const connection = JSON.stringify(this.#plugged.connection);
      kiosk = this.#kiosk = new Kiosk([program, this.#folder, host, connection], this.#startedAt);
    }
    const running = kiosk;
    await eventually('the kiosk has started', () => running.last('started'), deadlineMs);
    await eventually(
      'the printer is ready',
      async () => (await running.ask({ kind: 'status' }, 'status')).status.kind === 'ready',
      deadlineMs,
    );
    return running;
  }

  #newest(): { readonly id: string; readonly label: string } {
    const [newest] = this.rows('SELECT id, label FROM tickets ORDER BY number DESC LIMIT 1');
    return { id: String(newest?.['id']), label: String(newest?.['label']) };
  }

  async #known(kiosk: Kiosk, id: string, label: string, papersBefore: number): Promise<Known> {
    const jobs = this.rows(
      `SELECT state, trouble, copy FROM print_jobs WHERE ticket = '${id}' ORDER BY created_at`,
    );
    const events = this.rows(`SELECT kind FROM events WHERE ticket = '${id}' ORDER BY seq`);
    const { papers } = await kiosk.ask({ kind: 'desk' }, 'desk');
    const listed = papers.find((paper) => paper.id === id);
    return {
      paper: this.#plugged.printer.pieces
        .slice(papersBefore)
        .map((piece) => paperOf(wordsOf(piece, 48), label))
        .join(', '),
      jobs: jobs
        .map(({ state, trouble, copy }) =>
          [copy === 1 ? 'kopi' : '', state, trouble ?? ''].filter((word) => word !== '').join(' '),
        )
        .join(', '),
      events: events.map(({ kind }) => kind).join(', '),
      desk: listed === undefined ? '' : listed.paper,
    };
  }
}

export const isMarked = (paper: string): boolean => paper.includes(da.paper.copy);

/** What a person who finds it would call it. */
function paperOf(text: string, label: string): string {
  const isWhole = text.includes(label) && text.includes(da.paper.called);
  const name = isWhole ? 'whole' : text.includes(label) ? 'cut short' : 'scrap';
  return isMarked(text) ? `kopi ${name}` : name;
}

function screenOf({ print }: Extract<Said, { kind: 'ticket' }>): string {
  switch (print.kind) {
    case 'printing':
    case 'printed':
      return print.kind;
    case 'unknown':
      return 'did you get it?';
    case 'not-printed':
      return `number, ${print.why}`;
  }
}
