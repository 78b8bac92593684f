import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { DayStatistics } from '../api/contract.js';
import type { EventTable } from '../storage/schema.js';
import { localHourOf } from './local-time.js';

/** Events as they count; a `transferred` one names the service that the ticket is sent to. */
export type CountedEvent = Pick<Selectable<EventTable>, 'at' | 'kind' | 'ticket' | 'service' | 'data'>;

/** What `taken` and `arrived` carry: an appointment waits from its time on, ms since 1970; others from the event on. */
const beginning = z.object({ waitingFrom: z.int() });

/** One service's share in a ticket: a ticket that is sent on begins another. */
interface Visit {
  readonly service: string;
  /** When it began to wait there, ms. */
  readonly waitingFrom: number;
  /** Whether the ticket was taken for this service, and not sent on to it. */
  readonly taken: boolean;
  waitedMs?: number;
  /** Time at counters, breaks left out, ms. */
  servedMs: number;
  /** Since when it has been called to or served at a counter, ms. */
  since?: number;
  end: 'none' | 'done' | 'transferred' | 'no-show' | 'cancelled';
}

/**
 * A day's figures from its events alone, in their order:
 * - `taken`: tickets given out, for the service that they were taken for; void ones are left out.
 * - `served`: tickets that ended as done, at the service where they did.
 * - `noShows`: tickets that were called in vain and had not come by the end of the day; one that came after all is none.
 * - `cancelled`: tickets that staff cancelled.
 * - `waiting`: from when the ticket began to wait until it was first called, whoever came of it. A ticket that is sent on
 *   waits anew; one that is called again after it was parked or missed does not, nor does a recall count.
 * - `serving`: at the counter, from when the person came (where that was not said: from the call) until done or sent on.
 *   Spells before and after parking are added up, the break is left out; calls in vain count for nothing.
 *
 * Percentiles are of the nearest rank: the least value that p % of all do not exceed (definition 1 in Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages", The American Statistician 50, 1996), in whole seconds.
 */
export function dayStatistics(events: readonly CountedEvent[], day: string): DayStatistics {
  const visits = visitsOf(events);
  const byService = grouped(visits, ({ service }) => service);
  return {
    day,
    total: figuresOf(visits),
    services: [...byService]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([service, own]) => ({
        service,
        ...figuresOf(own),
        hours: [...grouped(own, ({ waitingFrom }) => localHourOf(waitingFrom))]
          .sort(([a], [b]) => a - b)
          .map(([hour, ofHour]) => ({ hour, ...figuresOf(ofHour) })),
      })),
  };
}

function visitsOf(events: readonly CountedEvent[]): Visit[] {
  const visits = new Map<string, Visit[]>();
  for (const event of events) {
    if (event.ticket === null) continue;
    const own = visits.get(event.ticket) ?? [];
    visits.set(event.ticket, own);
    follow(event, own);
  }
  return [...visits.values()].flat();
}

/** Takes one event of a ticket into its visits. */
function follow({ at, kind, service, data }: CountedEvent, visits: Visit[]): void {
  const visit = visits.at(-1);
  switch (kind) {
    case 'taken':
    case 'arrived':
      if (visit === undefined && service !== null) {
        visits.push({ service, waitingFrom: beginningOf(data) ?? at, taken: true, servedMs: 0, end: 'none' });
      }
      return;
    case 'called':
      if (visit === undefined) return;
      visit.waitedMs ??= Math.max(0, at - visit.waitingFrom);
      visit.since = at;
      visit.end = 'none';
      return;
    case 'serving':
      if (visit !== undefined) visit.since = at;
      return;
    case 'done':
    case 'parked':
    case 'transferred':
      if (visit === undefined) return;
      visit.servedMs += Math.max(0, at - (visit.since ?? at));
      delete visit.since;
      if (kind === 'parked') return;
      visit.end = kind;
      if (kind === 'transferred' && service !== null) {
        visits.push({ service, waitingFrom: at, taken: false, servedMs: 0, end: 'none' });
      }
      return;
    case 'no-show':
    case 'cancelled':
      if (visit === undefined) return;
      delete visit.since;
      visit.end = kind;
      return;
    case 'void':
      visits.length = 0;
      return;
    case 'recalled':
    case 'leased':
    case 'staffed':
    case 'unstaffed':
    case 'paused':
    case 'resumed':
    case 'printed':
    case 'print-failed':
    case 'print-unknown':
    case 'print-settled':
      return;
  }
}

function beginningOf(data: string | null): number | undefined {
  if (data === null) return undefined;
  const read = beginning.safeParse(JSON.parse(data));
  return read.success ? read.data.waitingFrom : undefined;
}

function figuresOf(visits: readonly Visit[]): DayStatistics['total'] {
  const ended = (end: Visit['end']): number => visits.filter((visit) => visit.end === end).length;
  const waiting = percentiles(visits.flatMap(({ waitedMs }) => waitedMs ?? []));
  const serving = percentiles(
    visits
      .filter(({ end, servedMs }) => end === 'done' || (end === 'transferred' && servedMs > 0))
      .map(({ servedMs }) => servedMs),
  );
  return {
    taken: visits.filter(({ taken }) => taken).length,
    served: ended('done'),
    noShows: ended('no-show'),
    cancelled: ended('cancelled'),
    ...(waiting === undefined ? {} : { waiting }),
    ...(serving === undefined ? {} : { serving }),
  };
}

function percentiles(samples: number[]): { p50: number; p90: number } | undefined {
  if (samples.length === 0) return undefined;
  const sorted = samples.sort((a, b) => a - b);
  const rank = (p: number): number =>
    Math.round((sorted[Math.ceil((p * sorted.length) / 100) - 1] ?? 0) / 1000);
  return { p50: rank(50), p90: rank(90) };
}

function grouped<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): Map<Key, Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
