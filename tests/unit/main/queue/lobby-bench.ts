import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '../../../../main/clock.js';
import type { Lobby } from '../../../../main/queue/lobby.js';
import { LobbyQueue } from '../../../../main/queue/lobby-queue.js';
import { instantOf } from '../../../../main/queue/local-time.js';
import { queueSettings, type QueueSettings } from '../../../../main/queue/settings.js';
import { openDatabase, type Database, type DatabasePlace } from '../../../../main/storage/database.js';
import { migrationsFor } from '../../../../main/storage/migrations.js';
import type { Schema } from '../../../../main/storage/schema.js';
import { alwaysOpen as alwaysOpenSettings } from '../../../always-open.js';

/** Open at all hours of all days. */
export const alwaysOpen = queueSettings.parse(alwaysOpenSettings);

/** A wall clock that a test sets (then it has jumped); its timers run when the test says so. */
export class WallClock implements Clock {
  at = instantOf('2026-11-25', '10:00');
  #counted = 0;
  now = (): number => this.#counted;
  date = (): Date => new Date(this.at);
  #timers: (() => void)[] = [];

  after = (_ms: number, callback: () => void): (() => void) => {
    this.#timers.push(callback);
    return () => undefined;
  };

  /** Everything that waits for its time has it now. */
  fire(): void {
    for (const callback of this.#timers.splice(0)) callback();
  }

  /** Time that really passes. */
  minutes(count: number): void {
    this.at += count * 60_000;
    this.#counted += count * 60_000;
  }

  /** The clock is set anew. */
  jump(minutes: number): void {
    this.at += minutes * 60_000;
  }
}

export interface LobbyBench {
  readonly queue: LobbyQueue;
  readonly database: Database<Schema>;
  readonly clock: WallClock;
  /** The time for tidying has come. */
  tidy(): void;
  /** Another kiosk on the same database. */
  another(kiosk: string): LobbyQueue;
  close(): Promise<void>;
}

export interface BenchOptions {
  readonly worker: string;
  readonly settings?: QueueSettings;
  readonly publicAddress?: string;
  readonly place?: DatabasePlace;
  /** Between the first kiosk and its database. */
  readonly between?: (database: Database<Schema>) => Database<Schema>;
}

export function openLobby(options: BenchOptions): LobbyBench {
  const folder = mkdtempSync(join(tmpdir(), 'forhal-lobby-'));
  const clock = new WallClock();
  const place = options.place ?? {
    kind: 'sqlite',
    path: join(folder, 'queue.sqlite'),
    worker: options.worker,
  };
  const timers: Clock = {
    now: () => performance.now(),
    date: () => new Date(),
    after: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
  };
  const opened: LobbyQueue[] = [];
  const open = (kiosk: string): { queue: LobbyQueue; database: Database<Schema> } => {
    const database = openDatabase<Schema>(place, { migrations: migrationsFor, clock: timers });
    const lobby: Lobby = {
      settings: options.settings ?? alwaysOpen,
      holidays: new Set<string>(),
      placeName: 'Borgerservice',
      publicAddress: options.publicAddress,
      speech: true,
      kiosk,
      dialect: place.kind,
      clock,
      newId: randomUUID,
      newToken: () => randomBytes(18).toString('base64url'),
    };
    const queue = new LobbyQueue({ database: options.between?.(database) ?? database, lobby });
    opened.push(queue);
    return { queue, database };
  };
  const first = open('kiosk-1');
  return {
    ...first,
    clock,
    tidy: () => clock.fire(),
    another: (kiosk) => open(kiosk).queue,
    close: async () => {
      for (const queue of opened) await queue.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
