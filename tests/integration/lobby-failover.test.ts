import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildProgram, type Program } from './disk-layer/program.js';
import { eventually, sleep } from './pcscd.js';
import { TestPostgres, whyNoPostgres } from './postgres.js';

/** How long the database is away, ms. LOBBY_AWAY_MS=300000: the five minutes of the acceptance. */
const awayMs = Number(process.env['LOBBY_AWAY_MS'] ?? 3000);
const shortPauseMs = 60;
/** A block of the kiosks here, 200 numbers, lasts for all of that time. */
const pauseMs = Math.max(shortPauseMs, awayMs / 120);

const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started') }),
  z.object({ kind: z.literal('taken'), id: z.string(), label: z.string(), ms: z.number() }),
  z.object({ kind: z.literal('not-taken'), why: z.string(), ms: z.number() }),
  z.object({ kind: z.literal('called'), id: z.string(), label: z.string() }),
]);
type Said = z.infer<typeof said>;

class Kiosk {
  readonly #process: ChildProcess;
  readonly said: Said[] = [];
  readonly ended: Promise<unknown>;

  constructor(program: string, args: readonly string[], env: Record<string, string>) {
    this.#process = spawn(process.execPath, [program, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.ended = new Promise((resolve) => this.#process.once('close', resolve));
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('no output');
    createInterface({ input: stdout }).on('line', (line) => this.said.push(said.parse(JSON.parse(line))));
  }

  get taken(): Extract<Said, { kind: 'taken' }>[] {
    return this.said.filter((each) => each.kind === 'taken');
  }

  /** Once it has taken `more` numbers. */
  async taking(more: number): Promise<void> {
    const before = this.taken.length;
    await eventually('the kiosk gives out numbers', () => this.taken.length >= before + more, 20_000);
  }

  async stop(): Promise<void> {
    this.#process.stdin?.end();
    await this.ended;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

const noPostgres = whyNoPostgres();
describe.skipIf(noPostgres !== undefined)("kiosks whose lobby's database is stopped and started", () => {
  let folder: string;
  let program: Program;
  let server: TestPostgres;
  let kiosks: Kiosk[];
  let started: number;

  beforeAll(async () => {
    program = await buildProgram(fileURLToPath(new URL('lobby-failover/kiosk.ts', import.meta.url)));
    return () => program.remove();
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'forhal-lobby-'));
    server = await TestPostgres.create();
    kiosks = [];
    started = Date.now();
  });

  afterEach(async () => {
    for (const kiosk of kiosks) await kiosk.kill();
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** It takes a number and calls one, then pauses for `everyMs`. */
  function start(
    name: string,
    counter: string,
    env: Record<string, string> = {},
    everyMs = shortPauseMs,
  ): Kiosk {
    const data = join(folder, name);
    mkdirSync(data, { recursive: true });
    const kiosk = new Kiosk(program.path, [server.url, data, name, counter, String(everyMs)], {
      LOBBY_STARTED: String(started),
      ...env,
    });
    kiosks.push(kiosk);
    return kiosk;
  }

  async function rows(query: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(query)).rows;
    } finally {
      await client.end();
    }
  }

  /**
   * All that kiosks have acknowledged is in the database. On a busy computer one may have stopped with numbers of its own
   * block still to tell: it does so when it is started again.
   */
  async function reconciled(...names: readonly string[]): Promise<void> {
    const again = names.map((name) => start(name, name, { LOBBY_QUIET: '1' }));
    await eventually(
      'the database has been told all',
      async () => {
        const known = new Set((await rows('SELECT id FROM tickets')).map(({ id }) => id));
        return kiosks.every(({ taken }) => taken.every(({ id }) => known.has(id)));
      },
      20_000,
    );
    for (const kiosk of again) await kiosk.stop();
  }

  /** What a visitor was not given is not in the queue either. */
  async function expectNobodyElse(): Promise<void> {
    const acknowledged = new Set(kiosks.flatMap(({ taken }) => taken.map(({ id }) => id)));
    const others = (await rows('SELECT id, state FROM tickets')).filter(
      ({ id }) => !acknowledged.has(String(id)),
    );
    expect(others.filter(({ state }) => state !== 'cancelled')).toEqual([]);
    const voided = await rows("SELECT ticket FROM events WHERE kind = 'void'");
    expect(voided.map(({ ticket }) => ticket).sort()).toEqual(others.map(({ id }) => id).sort());
  }

  async function expectAllInOrder(): Promise<void> {
    const tickets = await rows('SELECT id, label, number, leased, kiosk, state FROM tickets');
    const labels = new Map(tickets.map(({ id, label }) => [id, label]));
    const taken = kiosks.flatMap((kiosk) => kiosk.taken);
    // The number on paper is the one in the database, and nobody else's.
    expect(taken.filter(({ id, label }) => labels.get(id) !== label)).toEqual([]);
    expect(new Set(taken.map(({ label }) => label)).size).toBe(taken.length);
    // Numbers that were not leased leave no gap.
    const own = tickets.filter(({ leased }) => leased === 0).map(({ number }) => Number(number));
    expect(own.sort((a, b) => a - b)).toEqual(own.map((_, index) => index + 1));
    // Each leased one lies in a block of its kiosk, and blocks do not overlap.
    const leases = await rows('SELECT kiosk, first, last FROM number_leases ORDER BY day, first');
    const today = await rows(
      "SELECT kiosk, first, last FROM number_leases WHERE day = '2026-11-23' ORDER BY first",
    );
    expect(leases.length).toBeGreaterThan(today.length);
    today.slice(1).forEach((lease, index) => {
      expect(Number(lease['first'])).toBeGreaterThan(Number(today[index]?.['last']));
    });
    const strays = tickets.filter(
      ({ leased, kiosk, number }) =>
        leased === 1 &&
        !today.some(
          (lease) =>
            lease['kiosk'] === kiosk &&
            Number(lease['first']) <= Number(number) &&
            Number(lease['last']) >= Number(number),
        ),
    );
    expect(strays).toEqual([]);
    // Nobody was called twice, and every ticket has its one event.
    const calls = await rows(
      "SELECT ticket FROM events WHERE kind = 'called' GROUP BY ticket HAVING count(*) > 1",
    );
    expect(calls).toEqual([]);
    const called = kiosks.flatMap((kiosk) => kiosk.said.filter(({ kind }) => kind === 'called'));
    const calledIds = called.map((each) => ('id' in each ? each.id : ''));
    expect(new Set(calledIds).size).toBe(calledIds.length);
    const events = await rows("SELECT ticket FROM events WHERE kind = 'taken'");
    expect(events.map(({ ticket }) => ticket).sort()).toEqual(tickets.map(({ id }) => id).sort());
  }

  it(
    `go on giving out numbers, and tell it all: ${awayMs / 1000} s`,
    async () => {
      const both = ['1', '2'].map((counter) => start(`kiosk-${counter}`, counter, {}, pauseMs));
      for (const kiosk of both) await kiosk.taking(5);
      await server.stop('immediate');
      for (const kiosk of both) await kiosk.taking(3);
      const inOutage = both.map(({ said }) => said.length);
      await sleep(awayMs);
      for (const [index, kiosk] of both.entries()) {
        const since = kiosk.said.slice(inOutage[index]);
        expect(since.filter(({ kind }) => kind === 'taken').length).toBeGreaterThan(awayMs / pauseMs / 4);
        expect(since.filter(({ kind }) => kind === 'called')).toEqual([]);
      }
      await server.start();
      await eventually(
        'a call after it',
        async () => {
          const calledLeased = await rows("SELECT id FROM tickets WHERE leased = 1 AND state = 'done'");
          return calledLeased.length > 0;
        },
        20_000,
      );
      for (const kiosk of both) await kiosk.taking(5);
      for (const kiosk of both) await kiosk.stop();
      await reconciled('kiosk-1', 'kiosk-2');
      expect(both.flatMap(({ said }) => said).filter(({ kind }) => kind === 'not-taken')).toEqual([]);
      await expectAllInOrder();
      await expectNobodyElse();
      if (process.env['LOBBY_AWAY_MS'] !== undefined) {
        const taken = both.flatMap((kiosk) => kiosk.taken);
        const [leased] = await rows('SELECT count(*)::int AS used FROM tickets WHERE leased = 1');
        const longestMs = Math.max(...taken.map(({ ms }) => ms));
        process.stdout.write(
          `${JSON.stringify({ taken: taken.length, leased: leased?.['used'], longestMs })}\n`,
        );
      }
    },
    awayMs + 120_000,
  );

  it('take back what it may have stored when it hangs: each visitor has one number, within seconds', async () => {
    const kiosk = start('kiosk-1', '1');
    await kiosk.taking(3);
    server.pause();
    await kiosk.taking(3);
    server.resume();
    const isBack = async (): Promise<boolean> => {
      const known = await rows('SELECT id FROM tickets WHERE leased = 0');
      return known.some(({ id }) => id === kiosk.taken.at(-1)?.id);
    };
    await eventually('numbers come from the database again', isBack, 20_000);
    await kiosk.stop();
    await reconciled('kiosk-1');
    expect(Math.max(...kiosk.taken.map(({ ms }) => ms))).toBeLessThan(10_000);
    await expectAllInOrder();
    await expectNobodyElse();
  });

  it('lose nothing and tell nothing twice when one is killed again and again meanwhile', async () => {
    let kiosk = start('kiosk-1', '1');
    await kiosk.taking(3);
    await server.stop('immediate');
    await kiosk.taking(25);
    await server.start();
    for (let round = 0; round < 3; round++) {
      await sleep(100 + round * 250);
      await kiosk.kill();
      kiosk = start('kiosk-1', '1');
      await eventually('it has started', () => kiosk.said.length > 0, 20_000);
    }
    await kiosk.taking(3);
    await kiosk.stop();
    await reconciled('kiosk-1');
    await expectAllInOrder();
  });
});
