// A million tickets of the past year, as plain SQL: what a lobby has that keeps everything for as long as it may.

export const pastTickets = 1_000_000;
/** 360 days; divisible by the three series. */
const ticketsADay = 2778;

/** How each dialect says what is needed of it. */
interface Dialect {
  /** A table `n` with a column `i` from 0 on. */
  readonly numbers: string;
  readonly uuid: string;
  /** The local day so many days before today. */
  readonly daysBefore: (days: string) => string;
}

function dialectOf(kind: 'sqlite' | 'postgres', today: string): Dialect {
  switch (kind) {
    case 'sqlite':
      return {
        numbers: `(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${pastTickets - 1}) SELECT i FROM n)`,
        uuid: `lower(substr(hex(randomblob(16)), 1, 8) || '-0000-4000-8000-' || hex(randomblob(6)))`,
        daysBefore: (days) => `date('${today}', '-' || (${days}) || ' days')`,
      };
    case 'postgres':
      return {
        numbers: `(SELECT generate_series(0, ${pastTickets - 1}) AS i)`,
        uuid: 'gen_random_uuid()::text',
        daysBefore: (days) => `(DATE '${today}' - (${days}))::text`,
      };
  }
}

/** Statements that fill an empty database. `now`: ms since 1970; `today`: the same as a local day. */
export function fillingStatements(kind: 'sqlite' | 'postgres', now: number, today: string): string[] {
  const { numbers, uuid, daysBefore } = dialectOf(kind, today);
  const day = daysBefore(`1 + i / ${ticketsADay}`);
  const taken = `(${now} - 86400000 * (CAST(1 + i / ${ticketsADay} AS bigint)) + (i % ${ticketsADay}) * 5000)`;
  const series = `substr('abc', CAST(i % 3 AS int) + 1, 1)`;
  const number = `((i % ${ticketsADay}) / 3 + 1)`;
  const service = `CASE i % 3 WHEN 0 THEN 'passport' WHEN 1 THEN 'mitid' ELSE 'other' END`;
  // Some were never called before the office closed.
  const state = `CASE WHEN i % 200 = 0 THEN 'waiting' WHEN i % 20 = 1 THEN 'no-show' WHEN i % 40 = 2 THEN 'cancelled' ELSE 'done' END`;
  const event = (kindOf: string, at: string, counter: string): string => `
    INSERT INTO events (id, at, branch, day, kind, ticket, service, counter, kiosk, data)
    SELECT ${uuid}, ${at}, branch, day, ${kindOf}, id, service, ${counter}, kiosk, NULL FROM tickets`;
  return [
    `INSERT INTO tickets (id, branch, day, series, number, label, service, transferred_from, origin, appointment,
       appointment_at, state, language, reason, taken_at, waiting_from, order_at, counter, called_at, serving_at,
       ended_at, calls, token, kiosk, leased)
     SELECT ${uuid}, 'borgerservice', ${day}, ${series}, ${number}, upper(${series}) || (1000 + ${number}), ${service},
       NULL, 'walk-in', NULL, NULL, ${state}, 'da', NULL, ${taken}, ${taken}, ${taken}, '1', ${taken} + 600000, NULL,
       ${taken} + 1200000, 1, NULL, 'kiosk-1', 0
     FROM ${numbers} AS numbers`,
    event(`'taken'`, 'taken_at', 'NULL'),
    event(`'called'`, 'called_at', 'counter'),
    event(`CASE state WHEN 'waiting' THEN 'parked' ELSE state END`, 'ended_at', 'counter'),
    `INSERT INTO print_jobs (id, ticket, kiosk, copy, process_id, state, trouble, created_at, changed_at)
     SELECT ${uuid}, id, kiosk, 0, 'A000', 'confirmed', NULL, taken_at, taken_at FROM tickets`,
    // What the filling leaves to be tidied up must not run while something is measured.
    ...(kind === 'postgres' ? ['VACUUM ANALYZE', 'CHECKPOINT'] : ['ANALYZE']),
  ];
}
