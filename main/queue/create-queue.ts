import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import type { Settings } from '../settings/schema.js';
import { openDatabase } from '../storage/database.js';
import { migrationsFor } from '../storage/migrations.js';
import { outboxMigrations, type OutboxSchema } from '../storage/outbox-schema.js';
import type { Schema } from '../storage/schema.js';
import { watched, type StorageChange } from '../storage/watched.js';
import type { Lobby } from './lobby.js';
import { FailoverQueue } from './lobby-failover.js';
import { LobbyQueue } from './lobby-queue.js';
import { loadHolidays } from './opening-hours.js';
import type { Queue } from './types.js';

/** The queue's database, and the kiosk's own file for while that is away. */
export type StoreName = 'queue' | 'outbox';

export interface CreateQueueOptions {
  readonly settings: Pick<Settings, 'queue' | 'storage' | 'lobby' | 'placeName'>;
  readonly dataFolder: string;
  /** The program of a database file's thread (`sqlite-worker.ts`, built). */
  readonly storageWorker: string;
  readonly clock: Clock;
  readonly onStorage: (store: StoreName, change: StorageChange) => void;
}

/** Name of a kiosk that shares its database with no other. */
const onlyKiosk = 'kiosk-1';

/**
 * The queue as the settings have it: in a file of the data folder; or in the database that kiosks of a lobby share, with
 * a file of the kiosk's own for as long as that is out of reach.
 */
export async function createQueue(options: CreateQueueOptions): Promise<Queue> {
  const { settings, dataFolder, storageWorker: worker, clock, onStorage } = options;
  const { url, kiosk = onlyKiosk } = settings.storage;
  const file = (name: string) => ({ kind: 'sqlite', path: join(dataFolder, name), worker }) as const;
  const place = url === undefined ? file('queue.sqlite') : ({ kind: 'postgres', url } as const);
  const holidays = await loadHolidays(settings.queue);
  const database = watched(openDatabase<Schema>(place, { migrations: migrationsFor, clock }), (change) =>
    onStorage('queue', change),
  );
  const lobby: Lobby = {
    settings: settings.queue,
    holidays,
    placeName: settings.placeName,
    publicAddress: settings.lobby.publicAddress,
    speech: settings.lobby.speech,
    kiosk,
    dialect: database.dialect,
    clock,
    newId: randomUUID,
    newToken: () => randomBytes(16).toString('base64url'),
  };
  if (url === undefined) return new LobbyQueue({ database, lobby });
  const outbox = watched(
    openDatabase<OutboxSchema>(file('outbox.sqlite'), { migrations: () => outboxMigrations, clock }),
    (change) => onStorage('outbox', change),
  );
  return FailoverQueue.start({
    lobby: (onUncertain) => new LobbyQueue({ database, lobby, onUncertain }),
    central: database,
    outbox,
    about: lobby,
  });
}
