import { sql, type Expression, type ExpressionBuilder, type SqlBool } from 'kysely';
import type { DeskResult } from '../api/contract.js';
import type { Schema } from '../storage/schema.js';
import { serverTime } from './believed-time.js';
import { record, type Lobby, type Moment, type Tables } from './lobby.js';
import type { Desk } from './types.js';

/** A counter whose session was not heard of for so long is free, ms. */
const presentForMs = 3 * 60_000;

/** Now, ms since 1970, by the one clock that all kiosks of the lobby have in common. */
const now = ({ dialect }: Lobby, { at }: Moment): Expression<number> =>
  dialect === 'postgres' ? serverTime : sql.val(at);

/**
 * Whether a counter's session is there. One that was last heard of later than now is not: the clock was put back since,
 * and a session that goes on says so again.
 */
export function isPresent(
  where: ExpressionBuilder<Schema, 'presence'>,
  lobby: Lobby,
  moment: Moment,
): Expression<SqlBool> {
  const at = now(lobby, moment);
  return where.and([
    where('presence.seen_at', '>', where(at, '-', presentForMs)),
    where('presence.seen_at', '<', where(at, '+', presentForMs)),
  ]);
}

/** Someone logs in to a counter; one whose session fell silent is free. */
export async function openDesk(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { counter, session }: Desk,
  run: string,
): Promise<DeskResult> {
  const { kiosk } = lobby;
  const { branch, counters } = lobby.settings;
  if (!counters.some(({ id }) => id === counter)) return { kind: 'no-counter' };
  // Whoever is there already has not come anew.
  const { numUpdatedRows } = await tables
    .updateTable('presence')
    .set({ seen_at: now(lobby, moment) })
    .where('branch', '=', branch)
    .where('counter', '=', counter)
    .where('session', '=', session)
    .where((where) => isPresent(where, lobby, moment))
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return { kind: 'ok' };
  const { numInsertedOrUpdatedRows: taken } = await tables
    .insertInto('presence')
    .values({ branch, counter, session, since: moment.at, seen_at: now(lobby, moment), kiosk, run })
    .onConflict((conflict) =>
      conflict
        .columns(['branch', 'counter'])
        .doUpdateSet({ session, since: moment.at, seen_at: now(lobby, moment), kiosk, run })
        .where((where) =>
          where.or([where('presence.session', '=', session), where.not(isPresent(where, lobby, moment))]),
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
  lobby: Lobby,
  moment: Moment,
  { counter, session }: Desk,
): Promise<'held' | 'no-counter' | 'counter-taken'> {
  const { branch } = lobby.settings;
  const { numUpdatedRows } = await tables
    .updateTable('presence')
    .set({ seen_at: now(lobby, moment) })
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
    .where((where) => isPresent(where, lobby, moment))
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
    .set({ seen_at: now(lobby, moment) })
    .where('branch', '=', lobby.settings.branch)
    .where('counter', '=', counter)
    .where('session', '=', session)
    .execute();
}

/** Frees the counters whose sessions ended with a run of this kiosk: with the one that ends, or with those before. */
export async function freeDesks(
  tables: Tables,
  lobby: Lobby,
  moment: Moment,
  { run, ended }: { readonly run: string; readonly ended: 'this-run' | 'earlier-runs' },
): Promise<number> {
  const freed = await tables
    .deleteFrom('presence')
    .where('branch', '=', lobby.settings.branch)
    // A file has one kiosk, also where that did not yet say so.
    .$if(lobby.dialect === 'postgres', (query) => query.where('kiosk', '=', lobby.kiosk))
    .where('run', ended === 'this-run' ? '=' : '!=', run)
    .returning('counter')
    .execute();
  for (const { counter } of freed) await record(tables, lobby, moment, { kind: 'unstaffed', counter });
  return freed.length;
}
