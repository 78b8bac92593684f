import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'libsql';
import pg from 'pg';
import { systemClock } from '../../../main/clock.js';
import { createQueue } from '../../../main/queue/create-queue.js';
import { localDayOf } from '../../../main/queue/local-time.js';
import { queueSettings } from '../../../main/queue/settings.js';
import type { Queue } from '../../../main/queue/types.js';
import { settings as settingsSchema } from '../../../main/settings/schema.js';
import { alwaysOpen } from '../../always-open.js';
import { fillingStatements } from './past-tickets.js';

const series = ['a', 'b', 'c'].map((id) => ({
  id,
  prefix: id.toUpperCase(),
  first: 1,
  last: 90_000,
  leased: { first: 90_001, last: 99_999, block: 20 },
}));
/** Open at all hours, with numbers enough, and keeping everything for as long as it may. */
const queue = queueSettings.parse({
  series,
  ...alwaysOpen,
  retention: { ticketDays: 366, eventDays: 3660 },
});

export type BenchPlace =
  | { readonly kind: 'sqlite'; readonly worker: string }
  | {
      readonly kind: 'postgres';
      readonly worker: string;
      /** Of a database of the lobby's own. */
      readonly url: string;
    };

/** A lobby to be measured: its database, and the kiosks that share it. */
export class BenchLobby {
  readonly #place: BenchPlace;
  readonly #folder: string;
  readonly #kiosks: Queue[] = [];

  private constructor(place: BenchPlace, folder: string) {
    this.#place = place;
    this.#folder = folder;
  }

  /** With its tables, and the past tickets where they are wanted. */
  static async create(place: BenchPlace, filled: boolean): Promise<BenchLobby> {
    const lobby = new BenchLobby(place, await mkdtemp(join(tmpdir(), 'forhal-bench-queue-')));
    const first = await lobby.#open('kiosk-1');
    // The first work makes the tables.
    await first.board();
    await first.stop();
    const now = Date.now();
    if (filled) await lobby.#perform(fillingStatements(place.kind, now, localDayOf(now)));
    return lobby;
  }

  /** Clients of the lobby: of a file, screens of its one kiosk; of a server, as many kiosks. */
  async clients(count: number): Promise<readonly Queue[]> {
    const kiosks = this.#place.kind === 'sqlite' ? 1 : count;
    while (this.#kiosks.length < kiosks) {
      this.#kiosks.push(await this.#open(`kiosk-${this.#kiosks.length + 1}`));
    }
    return Array.from({ length: count }, (_, index) => this.#kiosks[index % kiosks]).filter(
      (kiosk) => kiosk !== undefined,
    );
  }

  /** Nobody waits any longer. */
  async drain(): Promise<void> {
    await this.#perform([
      `UPDATE tickets SET state = 'done', counter = NULL, ended_at = ${Date.now()}
       WHERE branch = '${queue.branch}' AND day = '${localDayOf(Date.now())}' AND state <> 'done'`,
    ]);
  }

  async remove(): Promise<void> {
    for (const kiosk of this.#kiosks) await kiosk.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #open(kiosk: string): Promise<Queue> {
    const url = this.#place.kind === 'postgres' ? { url: this.#place.url } : {};
    const dataFolder = join(this.#folder, kiosk);
    await mkdir(dataFolder, { recursive: true });
    return createQueue({
      settings: settingsSchema.parse({ queue, storage: { kiosk, ...url } }),
      dataFolder,
      storageWorker: this.#place.worker,
      clock: systemClock,
      onStorage: () => undefined,
    });
  }

  /** Past the program, with nothing of its limits. */
  async #perform(statements: readonly string[]): Promise<void> {
    if (this.#place.kind === 'postgres') {
      const client = new pg.Client(this.#place.url);
      await client.connect();
      for (const statement of statements) await client.query(statement);
      await client.end();
      return;
    }
    const database = new Sqlite(join(this.#folder, 'kiosk-1', 'queue.sqlite'), { timeout: 10_000 });
    for (const statement of statements) database.exec(statement);
    database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all();
    database.close();
  }
}
