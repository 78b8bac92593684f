import type { Lobby, Moment, Tables } from './lobby.js';
import type { SeriesSettings } from './settings.js';

/** Number on ticket and board. */
export function labelOf({ prefix }: SeriesSettings, number: number): string {
  return `${prefix}${String(number).padStart(3, '0')}`;
}

/**
 * The next number of a series and day; `undefined` when all are given out. Taken in the transaction of its ticket, so
 * that one that fails leaves no gap.
 */
export async function nextNumber(
  tables: Tables,
  { settings: { branch } }: Lobby,
  { day }: Moment,
  series: SeriesSettings,
): Promise<number | undefined> {
  const { last } = await tables
    .insertInto('series_counters')
    .values({ branch, series: series.id, day, last: series.first })
    .onConflict((conflict) =>
      conflict
        .columns(['branch', 'series', 'day'])
        .doUpdateSet(({ eb }) => ({ last: eb('series_counters.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow();
  return last > series.last ? undefined : last;
}

/** The last number given out of each series today. */
export async function lastNumbers(
  tables: Tables,
  { settings: { branch } }: Lobby,
  { day }: Moment,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tables
    .selectFrom('series_counters')
    .select(['series', 'last'])
    .where('branch', '=', branch)
    .where('day', '=', day)
    .execute();
  return new Map(rows.map(({ series, last }) => [series, last]));
}
