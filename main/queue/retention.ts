import type { Lobby, Moment, Tables } from './lobby.js';
import { dayAfter } from './local-time.js';

/**
 * Deletes what has been kept long enough, a part at a time: tickets with their papers and bookings after some days, the
 * event log, which has nothing of a person in it, after a year or so.
 */
export async function forgetOld(
  tables: Tables,
  { settings: { branch, retention } }: Lobby,
  { day }: Moment,
): Promise<void> {
  const tickets = dayAfter(day, -retention.ticketDays);
  const old = tables
    .selectFrom('tickets')
    .select('id')
    .where('branch', '=', branch)
    .where('day', '<', tickets);
  await tables.deleteFrom('print_jobs').where('ticket', 'in', old).execute();
  await tables.deleteFrom('tickets').where('branch', '=', branch).where('day', '<', tickets).execute();
  // The counters of numbers stay: a clock that jumped ahead and back must find the day's where it left them.
  for (const table of ['appointments', 'pauses', 'number_leases'] as const) {
    await tables.deleteFrom(table).where('branch', '=', branch).where('day', '<', tickets).execute();
  }
  await tables
    .deleteFrom('events')
    .where('branch', '=', branch)
    .where('day', '<', dayAfter(day, -retention.eventDays))
    .execute();
}
