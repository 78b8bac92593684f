import { sql } from 'kysely';
import type { Clock } from '../clock.js';
import { isWitness } from '../storage/migrations.js';
import type { Lobby, Moment, Tables } from './lobby.js';

/** A clock that is wrong is put right within that, ms: whoever is in the lobby sees the time on its board. */
const noticedWithinMs = 20 * 3_600_000;
/** So far the clocks of a kiosk and of the database's server may be apart, ms. */
const apartMs = 10 * 60_000;

/** What the database tells of the time. */
export interface TimeEvidence {
  /** ms since 1970: it is later than that. */
  readonly since: number;
  /** False: the database's server has another time. */
  readonly agreed: boolean;
}

/**
 * What the event log says of the time: an event is a witness once another one followed so much later that a wrong clock
 * would have been noticed. Where there is a server, it must have the same time.
 */
export async function evidenceOf(
  tables: Tables,
  { settings: { branch }, dialect }: Lobby,
  { at }: Moment,
): Promise<TimeEvidence> {
  const newestUntil = async (until: number): Promise<number | undefined> => {
    const event = await tables
      .selectFrom('events')
      .select('at')
      .where('branch', '=', branch)
      .where('at', '<=', until)
      .where(isWitness)
      .orderBy('at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return event?.at;
  };
  const newest = await newestUntil(at);
  const before = (newest ?? at) - noticedWithinMs;
  // A log without anything has nothing to lose.
  const since = newest === undefined ? at : ((await newestUntil(before)) ?? before);
  if (dialect === 'sqlite') return { since, agreed: true };
  const { rows } = await sql<{ at: number }>`select ${serverTime} as at`.execute(tables);
  return { since, agreed: Math.abs(at - (rows[0]?.at ?? 0)) < apartMs };
}

/** PostgreSQL's own time, ms since 1970. */
export const serverTime = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;

/**
 * The time that it is at the least, whatever a clock says that has jumped ahead: what the log bears witness to, and what
 * the monotonic clock has counted since. What is thrown away is judged by that.
 */
export class BelievedTime {
  readonly #clock: Pick<Clock, 'now'>;
  #at: number | undefined;
  #countedTo = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Takes in evidence; never later than what the wall clock says, `at`, ms since 1970. */
  learn({ since }: TimeEvidence, { at }: Pick<Moment, 'at'>): number {
    const counted = this.#clock.now();
    const passed = this.#at === undefined ? since : this.#at + (counted - this.#countedTo);
    this.#countedTo = counted;
    this.#at = Math.min(at, Math.max(since, passed));
    return this.#at;
  }
}
