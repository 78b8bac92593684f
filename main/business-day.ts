const local = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Copenhagen',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});

/** The lobby's local calendar day at `instant`, YYYY-MM-DD: the business day is never UTC's. */
export function businessDay(instant: Date): string {
  const parts = new Map<string, string>(local.formatToParts(instant).map(({ type, value }) => [type, value]));
  return ['year', 'month', 'day'].map((part) => parts.get(part) ?? '').join('-');
}
