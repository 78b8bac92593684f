import type { Selectable } from 'kysely';
import type { DayStatistics } from '../api/contract.js';
import type { EventTable } from '../storage/schema.js';

export type CountedEvent = Pick<Selectable<EventTable>, 'at' | 'kind' | 'ticket' | 'service' | 'data'>;

/** A day's figures from its events, in their order. */
export function dayStatistics(events: readonly CountedEvent[], day: string): DayStatistics {
  void events;
  return { day, total: { taken: 0, served: 0, noShows: 0, cancelled: 0 }, services: [] };
}
