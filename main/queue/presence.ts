import type { DeskResult } from '../api/contract.js';
import { record, type Lobby, type Moment, type Tables } from './lobby.js';
import type { Desk } from './types.js';
import { presentForMs } from './waits.js';

/** Someone logs in to a counter; one whose session fell silent is free. */
export async function openDesk(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { counter, session }: Desk,
): Promise<DeskResult> {
  const { branch, counters } = lobby.settings;
  if (!counters.some(({ id }) => id === counter)) return { kind: 'no-counter' };
  // Whoever is there already has not come anew.
  const { numUpdatedRows } = await tables
    .updateTable('presence')
    .set({ seen_at: moment.at })
    .where('branch', '=', branch)
    .where('counter', '=', counter)
    .where('session', '=', session)
    .where('seen_at', '>', moment.at - presentForMs)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return { kind: 'ok' };
  const { numInsertedOrUpdatedRows: taken } = await tables
    .insertInto('presence')
    .values({ branch, counter, session, since: moment.at, seen_at: moment.at })
    .onConflict((conflict) =>
      conflict
        .columns(['branch', 'counter'])
        .doUpdateSet({ session, since: moment.at, seen_at: moment.at })
        .where((where) =>
          where.or([
            where('presence.session', '=', session),
            where('presence.seen_at', '<=', moment.at - presentForMs),
          ]),
        ),
    )
    .executeTakeFirst();
  if (taken === 0n) return { kind: 'counter-taken' };
  await record(tables, lobby, moment, { kind: 'staffed', counter });
  return { kind: 'ok' };
}

/**
 * Whether the session has the counter that it acts at; no more than one acts at a counter at a time, the others wait
 * here. Who acts is there: a session that had fallen silent still has a counter that nobody else has taken.
 */
export async function hold(
  tables: Tables,
  { settings: { branch } }: Lobby,
  { at }: Moment,
  { counter, session }: Desk,
): Promise<'held' | 'no-counter' | 'counter-taken'> {
  const { numUpdatedRows } = await tables
    .updateTable('presence')
    .set({ seen_at: at })
    .where('branch', '=', branch)
    .where('counter', '=', counter)
    .where('session', '=', session)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return 'held';
  const others = await tables
    .selectFrom('presence')
    .select('session')
    .where('branch', '=', branch)
    .where('counter', '=', counter)
    .where('seen_at', '>', at - presentForMs)
    .execute();
  return others.length > 0 ? 'counter-taken' : 'no-counter';
}

export async function closeDesk(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { counter, session }: Desk,
): Promise<DeskResult> {
  const { numDeletedRows } = await tables
    .deleteFrom('presence')
    .where('branch', '=', lobby.settings.branch)
    .where('counter', '=', counter)
    .where('session', '=', session)
    .executeTakeFirst();
  if (numDeletedRows > 0n) await record(tables, lobby, moment, { kind: 'unstaffed', counter });
  return { kind: 'ok' };
}

export async function keepDesk(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { counter, session }: Desk,
): Promise<void> {
  await tables
    .updateTable('presence')
    .set({ seen_at: moment.at })
    .where('branch', '=', lobby.settings.branch)
    .where('counter', '=', counter)
    .where('session', '=', session)
    .execute();
}
