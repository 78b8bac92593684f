import type { Selectable } from 'kysely';
import type { EventTable } from '../storage/schema.js';
import type { ServiceSettings } from './settings.js';

/** How long a counter is taken up by one call of a service: from the call until the ticket leaves the counter. */
export interface ServingTime {
  readonly meanMs: number;
  /** Standard deviation from call to call, ms. */
  readonly deviationMs: number;
  /** Standard error of the mean: how little is known of it, ms. */
  readonly errorMs: number;
}

export type TimedEvent = Pick<
  Selectable<EventTable>,
  'at' | 'day' | 'kind' | 'ticket' | 'service' | 'counter'
>;

/** The configured time counts like so many calls. */
const priorWeight = 5;
/** Deviation over mean before anything was measured: serving times in citizen offices are skewed and spread widely. */
const priorVariation = 0.7;
/** Each call makes those before it count so much less: the last hundred or so are what counts. */
const memory = 0.99;
/** Longer, and nobody has pressed "done", ms. */
const longestMs = 4 * 3_600_000;

interface Moments {
  weight: number;
  sum: number;
  squares: number;
}

/**
 * Learns from the event log how long calls take, by service. What was configured fades as calls come in, and old calls
 * as new ones do. Takes the events in their order; holds one day's open calls and three numbers a service.
 */
export class ServiceTimes {
  readonly #prior: ReadonlyMap<string, number>;
  readonly #moments = new Map<string, Moments>();
  readonly #calls = new Map<string, { readonly service: string; readonly at: number }>();
  #day = '';

  constructor(services: readonly Pick<ServiceSettings, 'id' | 'servingMinutes'>[]) {
    this.#prior = new Map(services.map(({ id, servingMinutes }) => [id, servingMinutes * 60_000]));
  }

  learn({ at, day, kind, ticket, service }: TimedEvent): void {
    if (day !== this.#day) {
      this.#day = day;
      this.#calls.clear();
    }
    if (ticket === null) return;
    switch (kind) {
      case 'called':
        if (service !== null) this.#calls.set(ticket, { service, at });
        return;
      // All of them free the counter; a no-show takes it up as well, if not for long.
      case 'done':
      case 'no-show':
      case 'parked':
      case 'transferred':
      case 'cancelled': {
        const call = this.#calls.get(ticket);
        this.#calls.delete(ticket);
        if (call !== undefined) this.#add(call.service, at - call.at);
        return;
      }
      case 'taken':
      case 'arrived':
      case 'recalled':
      case 'serving':
      case 'void':
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

  /** Of a service that the settings do not know: as if ten minutes had been configured. */
  timesOf(service: string): ServingTime {
    const prior = this.#prior.get(service) ?? 600_000;
    const { weight, sum, squares } = this.#moments.get(service) ?? { weight: 0, sum: 0, squares: 0 };
    const total = priorWeight + weight;
    const mean = (priorWeight * prior + sum) / total;
    const priorSquares = prior ** 2 * (1 + priorVariation ** 2);
    const variance = Math.max(0, (priorWeight * priorSquares + squares) / total - mean ** 2);
    return { meanMs: mean, deviationMs: Math.sqrt(variance), errorMs: Math.sqrt(variance / total) };
  }

  #add(service: string, ms: number): void {
    // A clock that was set back, or a call that was never ended.
    if (!this.#prior.has(service) || ms < 0 || ms > longestMs) return;
    const before = this.#moments.get(service) ?? { weight: 0, sum: 0, squares: 0 };
    this.#moments.set(service, {
      weight: before.weight * memory + 1,
      sum: before.sum * memory + ms,
      squares: before.squares * memory + ms ** 2,
    });
  }
}
