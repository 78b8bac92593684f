import type { Transaction } from 'kysely';
import type { Clock } from '../clock.js';
import type { Dialect } from '../storage/database.js';
import type { EventTable, Schema } from '../storage/schema.js';
import { localDayOf } from './local-time.js';
import type { Holidays } from './opening-hours.js';
import type { QueueSettings, SeriesSettings, ServiceSettings } from './settings.js';

export type Tables = Transaction<Schema>;

/** What every part of the queue needs to know of the lobby that it works for. */
export interface Lobby {
  readonly settings: QueueSettings;
  readonly holidays: Holidays;
  readonly placeName: string;
  readonly publicAddress: string | undefined;
  /** Whether calls are spoken. */
  readonly speech: boolean;
  /** This kiosk's name among those that share the lobby. */
  readonly kiosk: string;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly newId: () => string;
  /** 128 bits of chance or more, for an address. */
  readonly newToken: () => string;
}

/** Now, ms since 1970, and the business day that it belongs to. */
export interface Moment {
  readonly at: number;
  readonly day: string;
}

export function momentOf({ clock }: Pick<Lobby, 'clock'>): Moment {
  const at = clock.date().getTime();
  return { at, day: localDayOf(at) };
}

export function serviceOf({ settings }: Lobby, id: string): ServiceSettings | undefined {
  return settings.services.find((service) => service.id === id);
}

export function seriesOf({ settings }: Lobby, service: ServiceSettings): SeriesSettings | undefined {
  return settings.series.find(({ id }) => id === service.series);
}

/** Adds to the event log, in the transaction of what it tells. */
export async function record(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  event: Pick<EventTable, 'kind'> &
    Partial<Pick<EventTable, 'ticket' | 'service' | 'counter'>> & { readonly data?: object },
): Promise<void> {
  const { data, ...rest } = event;
  await tables
    .insertInto('events')
    .values({
      id: lobby.newId(),
      at: moment.at,
      branch: lobby.settings.branch,
      day: moment.day,
      ticket: null,
      service: null,
      counter: null,
      kiosk: lobby.kiosk,
      ...rest,
      data: data === undefined ? null : JSON.stringify(data),
    })
    .execute();
}
