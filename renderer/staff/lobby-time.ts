const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Copenhagen',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** The lobby's calendar day, YYYY-MM-DD, and time of day, HH:MM; `at`: ms since 1970. */
export function inLobby(at: number): { readonly day: string; readonly time: string } {
  const [day = '', time = ''] = format.format(new Date(at)).split(' ');
  return { day, time };
}

/** A moment at the lobby as it is written in the locale; `at`: ISO 8601. */
export function momentText(locale: string, at: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'Europe/Copenhagen',
    dateStyle: 'medium',
    timeStyle: 'short',
  }).format(new Date(at));
}
