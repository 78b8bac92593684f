import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.js';
import type { SeriesSettings } from './settings.js';

/** Numbers that one kiosk may give out on one day while the lobby's database is out of reach. */
export interface NumberBlock {
  readonly id: string;
  readonly series: string;
  /** Local day, YYYY-MM-DD. */
  readonly day: string;
  readonly first: number;
  readonly last: number;
}

export interface LeaseRequest {
  readonly branch: string;
  readonly series: SeriesSettings;
  readonly day: string;
  readonly kiosk: string;
  /** ms since 1970. */
  readonly now: number;
}

/** The row that counts a series' leased numbers; no series of the settings can be called that. */
const counterOf = ({ id }: SeriesSettings): string => `${id}/leased`;

/**
 * Takes the next block of a series and a day; `undefined` when all are taken. Blocks never overlap: the counter's row
 * is locked until the transaction ends. A block whose commit was not heard of is never used, and stays accounted for
 * in `number_leases`.
 */
export async function leaseBlock(
  transaction: Kysely<Schema>,
  { branch, series, day, kiosk, now }: LeaseRequest,
): Promise<NumberBlock | undefined> {
  const { first, last, block } = series.leased;
  const counter = await transaction
    .insertInto('series_counters')
    .values({ branch, series: counterOf(series), day, last: first - 1 + block })
    .onConflict((conflict) =>
      conflict
        .columns(['branch', 'series', 'day'])
        .doUpdateSet(({ eb }) => ({ last: eb('series_counters.last', '+', block) }))
        .where('series_counters.last', '<', last),
    )
    .returning('last')
    .executeTakeFirst();
  if (counter === undefined) return undefined;
  const lease: NumberBlock = {
    id: randomUUID(),
    series: series.id,
    day,
    first: counter.last - block + 1,
    last: Math.min(counter.last, last),
  };
  await transaction
    .insertInto('number_leases')
    .values({ ...lease, branch, kiosk, leased_at: now })
    .execute();
  await transaction
    .insertInto('events')
    .values({
      id: randomUUID(),
      at: now,
      branch,
      day,
      kind: 'leased',
      ticket: null,
      service: null,
      counter: null,
      kiosk,
      data: JSON.stringify({ series: series.id, first: lease.first, last: lease.last }),
    })
    .execute();
  return lease;
}
