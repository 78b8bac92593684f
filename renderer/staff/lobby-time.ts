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
