import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPrograms } from './built-programs.js';
import { buildProgram } from './disk-layer/program.js';
import { isMarked, Lane, type LanePrograms, type Outcome } from './print-guarantee/lane.js';
import { type Row, rows } from './print-guarantee/table.js';
import { type Transport, transports } from './simulated-printer.js';

/** PRINT_TABLE=full: every row over either transport. */
const isFull = process.env['PRINT_TABLE'] === 'full';

interface Plan {
  readonly transport: Transport;
  readonly rows: readonly Row[];
}

const isKill = ({ what }: Row): boolean =>
  what === 'kiosk killed' || what === 'host killed' || what === 'power cut';
/** A kiosk waits for a printer that says nothing until its own deadline, 15 s. */
const takesLong = ({ what, at }: Row): boolean =>
  (what === 'offline' || what === 'silent') && at !== 'before';
const chosen = (wanted: readonly string[]): readonly Row[] =>
  rows.filter(({ what, at }) => wanted.includes(`${what} at ${at}`));

/** Side by side, each a kiosk with its own printer; the rows of one go one after the other. */
const plans: readonly Plan[] = isFull
  ? transports.flatMap((transport) => [
      { transport, rows: rows.filter((row) => isKill(row)) },
      { transport, rows: rows.filter((row) => takesLong(row)) },
      { transport, rows: rows.filter((row) => !isKill(row) && !takesLong(row)) },
    ])
  : [
      { transport: 'tcp', rows: rows.filter(({ what }) => what === 'kiosk killed') },
      { transport: 'tcp', rows: chosen(['silent at body', 'host killed at midway', 'power cut at midway']) },
      {
        transport: 'pty',
        rows: chosen([
          'none at before',
          ...['before', 'midway', 'process-id', 'reply'].map((at) => `paper-out at ${at}`),
          ...['before', 'midway'].map((at) => `unplugged at ${at}`),
          ...['sent', 'reply'].map((at) => `kiosk killed at ${at}`),
          'host killed at body',
        ]),
      },
    ];

const eventOf = { confirmed: 'printed', failed: 'print-failed', unknown: 'print-unknown' } as const;
const deskOf = { confirmed: '', failed: 'not-printed', unknown: 'unknown' } as const;

/** The row as everything that can be known of it. */
function expected({ screen, paper, job, again }: Row): Outcome {
  const state = job.split(' ')[0] as keyof typeof eventOf;
  const both = (first: string, second: string): string => (first === '' ? second : `${first}, ${second}`);
  return {
    screen,
    mended: { paper, jobs: job, events: `taken, ${eventOf[state]}`, desk: deskOf[state] },
    again: {
      paper: both(paper, again),
      jobs: `${job}, ${again === 'kopi whole' ? 'kopi confirmed' : 'confirmed'}`,
      events: `taken, ${eventOf[state]}, printed`,
      desk: '',
    },
  };
}

/** What is left of a kiosk once its rows are through. */
interface Remains {
  readonly tickets: readonly Record<string, unknown>[];
  readonly unfinished: readonly Record<string, unknown>[];
  readonly papers: readonly string[];
}

let outcomes: ReadonlyMap<Row, Outcome>[];
let remains: Remains[];

async function goThrough(programs: LanePrograms, plan: Plan, outcome: Map<Row, Outcome>): Promise<Remains> {
  const lane = await Lane.open(programs, plan.transport);
  try {
    for (const row of plan.rows) outcome.set(row, await lane.run(row));
    return {
      tickets: lane.rows('SELECT number, label, state FROM tickets ORDER BY number'),
      unfinished: lane.rows("SELECT id FROM print_jobs WHERE state IN ('queued', 'sent')"),
      papers: lane.papers,
    };
  } finally {
    await lane.close();
  }
}

beforeAll(
  async () => {
    const kiosk = await buildProgram(fileURLToPath(new URL('print-guarantee/kiosk.ts', import.meta.url)));
    const programs = await buildPrograms();
    try {
      const built = { kiosk: kiosk.path, host: programs.host };
      const all = plans.map(() => new Map<Row, Outcome>());
      outcomes = all;
      remains = await Promise.all(
        plans.map((plan, index) => goThrough(built, plan, all[index] ?? new Map<Row, Outcome>())),
      );
    } finally {
      kiosk.remove();
      programs.remove();
    }
  },
  isFull ? 900_000 : 240_000,
);

describe.each(plans.map((plan, index) => ({ ...plan, index })))(
  'the print guarantee over $transport ($index)',
  ({ rows: planned, index }) => {
    it.each(planned.map((row) => [`${row.what} at ${row.at}`, row] as const))('%s', (_name, row) => {
      expect(outcomes[index]?.get(row)).toEqual(expected(row));
    });

    it('has lost no number, and leaves no printing unfinished', () => {
      expect(remains[index]?.tickets.map(({ number, state }) => [number, state])).toEqual(
        planned.map((_row, place) => [place + 1, 'waiting']),
      );
      expect(remains[index]?.unfinished).toEqual([]);
    });

    it('has printed no number twice unmarked, and each of them at least once', () => {
      const { tickets = [], papers = [] } = remains[index] ?? {};
      const counts = tickets.map(({ label }) => {
        const own = papers.filter((paper) => paper.includes(String(label)));
        return { label, unmarked: own.filter((paper) => !isMarked(paper)).length, all: own.length };
      });
      expect(counts.filter(({ unmarked, all }) => unmarked > 1 || all === 0)).toEqual([]);
      expect(counts).toHaveLength(planned.length);
    });
  },
);
