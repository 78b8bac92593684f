import { isWitness, keptEventsMs } from '../storage/migrations.js';
import type { Lobby, Tables } from './lobby.js';
import { dayAfter } from './local-time.js';

/** So many rows of a table are deleted at once: some ms. */
const forgottenAtOnce = 250;

/**
 * Deletes a part of what has been kept long enough: tickets with their papers, and bookings, after some days, the event
 * log, which has nothing of a person in it, after a year or so. `day` is the local day that it is at the least. Returns
 * how many rows that were; none: all is done.
 */
export async function forgetOld(
  tables: Tables,
  { settings: { branch, retention }, dialect }: Lobby,
  day: string,
): Promise<number> {
  const before = dayAfter(day, -retention.ticketDays);
  const old = await tables
    .selectFrom('tickets')
    .select('id')
    .where('branch', '=', branch)
    .where('day', '<', before)
    .limit(forgottenAtOnce)
    // Two kiosks that tidy up at once take different ones.
    .$if(dialect === 'postgres', (query) => query.forUpdate().skipLocked())
    .execute();
  if (old.length > 0) {
    const ids = old.map(({ id }) => id);
    await tables.deleteFrom('print_jobs').where('ticket', 'in', ids).execute();
    await tables.deleteFrom('tickets').where('id', 'in', ids).execute();
    return old.length;
  }
  // The counters of numbers stay: a clock that jumped ahead and back must find the day's where it left them.
  for (const table of ['appointments', 'number_leases'] as const) {
    const { numDeletedRows } = await tables
      .deleteFrom(table)
      .where('id', 'in', (query) =>
        query
          .selectFrom(table)
          .select('id')
          .where('branch', '=', branch)
          .where('day', '<', before)
          .limit(forgottenAtOnce),
      )
      .executeTakeFirst();
    if (numDeletedRows > 0n) return Number(numDeletedRows);
  }
  // A row for a service and day at the most.
  await tables.deleteFrom('pauses').where('branch', '=', branch).where('day', '<', before).execute();
  const { numDeletedRows } = await tables
    .deleteFrom('events')
    .where('seq', 'in', (query) =>
      query
        .selectFrom('events')
        .select('seq')
        .where('branch', '=', branch)
        .where('day', '<', dayAfter(day, -retention.eventDays))
        // A lobby that was shut for so long: the log's own guard keeps its last day.
        .where('at', '<', (newest) =>
          newest
            .selectFrom('events')
            .select(({ eb }) => eb('at', '-', keptEventsMs).as('until'))
            .where(isWitness)
            .orderBy('at', 'desc')
            .limit(1),
        )
        .limit(forgottenAtOnce),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
