import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { timeZone } from '../local-time.js';
import { type Booking, type ImportDraft, mostBookings } from './import-draft.js';

/** Properties that booking systems give a code in; none is registered with IANA. */
const codeProperties = ['x-booking-code', 'x-bookingcode', 'x-code', 'x-kode'];

/** Zone names of Outlook and Exchange for what is used here (Unicode CLDR, windowsZones). */
const windowsZones: ReadonlyMap<string, string> = new Map([
  ['Romance Standard Time', timeZone],
  ['Central European Standard Time', 'Europe/Warsaw'],
  ['Central Europe Standard Time', 'Europe/Budapest'],
  ['W. Europe Standard Time', 'Europe/Berlin'],
  ['GMT Standard Time', 'Europe/London'],
  ['Greenwich Standard Time', 'UTC'],
]);

/** What is read of an event; the rest, names and addresses among it, is not even looked at. */
const wanted = /^(DTSTART|RECURRENCE-ID|RRULE|RDATE|STATUS|SUMMARY|CATEGORIES|UID|X-[A-Z-]*(CODE|KODE))[;:]/i;

/**
 * Bookings of an iCalendar text (RFC 5545): each VEVENT is one. They are read one by one, so that a broken one leaves
 * the rest alone. Time zones go by their names: rules of a zone that the text brings along are not run.
 */
export function readICalendar(text: string, draft: ImportDraft): void {
  const unfolded = text.replace(/\r?\n[ \t]/g, '');
  // RFC 5546 section 3.2.5: a calendar of cancellations.
  const cancels = /^METHOD:CANCEL\s*$/im.test(unfolded);
  const lines = unfolded.split(/\r?\n|\r/);
  let events = 0;
  let event: string[] | undefined;
  for (const line of lines) {
    if (/^BEGIN:VEVENT\s*$/i.test(line)) {
      events++;
      // The one before has no end.
      if (event !== undefined) draft.problem(events - 1, 'not-readable');
      if (events > mostBookings) {
        draft.problem(events, 'not-readable');
        return;
      }
      event = [];
    } else if (/^END:VEVENT\s*$/i.test(line)) {
      if (event !== undefined) readEvent(event, events, cancels, draft);
      event = undefined;
    } else {
      event?.push(line);
    }
  }
  if (event !== undefined) draft.problem(events, 'not-readable');
  if (events === 0) draft.problem(1, 'not-readable');
}

function readEvent(lines: readonly string[], number: number, cancels: boolean, draft: ImportDraft): void {
  const properties = propertiesOf(lines);
  if (properties === undefined) {
    draft.problem(number, 'not-readable');
    return;
  }
  const texts = (...names: readonly string[]): string[] =>
    properties.filter(([name]) => names.includes(name)).flatMap(([, , , ...values]) => values.map(String));
  const [uid = ''] = texts('uid');
  draft.add({
    line: number,
    services: [...texts('categories'), ...texts('summary')],
    at: startOf(properties),
    code: texts(...codeProperties)[0] ?? '',
    // One of a series is told apart by which it is (RFC 5545 section 3.8.4.4).
    key: uid === '' ? '' : [uid, ...texts('recurrence-id')].join('\n'),
    cancelled: cancels || texts('status')[0]?.toUpperCase() === 'CANCELLED',
  });
}

/** A property in jCal: name, parameters, type, values (RFC 7265 section 3.4). */
const jCalProperty = z.tuple([z.string(), z.record(z.string(), z.unknown()), z.string()], z.unknown());
type JCalProperty = z.infer<typeof jCalProperty>;
const jCalEvent = z.tuple([z.literal('vevent'), z.array(jCalProperty)], z.unknown());

/** `undefined`: not in the format. Components inside an event, such as alarms, are passed over. */
function propertiesOf(lines: readonly string[]): readonly JCalProperty[] | undefined {
  const own: string[] = [];
  let depth = 0;
  for (const line of lines) {
    if (/^BEGIN:/i.test(line)) depth++;
    else if (/^END:/i.test(line)) depth--;
    else if (depth === 0 && wanted.test(line)) own.push(line);
  }
  try {
    const read = jCalEvent.safeParse(ICAL.parse(['BEGIN:VEVENT', ...own, 'END:VEVENT'].join('\r\n')));
    return read.success ? read.data[1] : undefined;
  } catch (error) {
    // The library throws errors of its own and of the engine's for text that is not in the format.
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function startOf(properties: readonly JCalProperty[]): Booking['at'] {
  const [, parameters, type, value] = properties.find(([name]) => name === 'dtstart') ?? [];
  if (parameters === undefined || type !== 'date-time' || typeof value !== 'string') return 'no-time';
  // What comes again is no booking.
  if (properties.some(([name]) => name === 'rrule' || name === 'rdate')) return 'bad-time';
  const { tzid } = parameters;
  const zone = value.endsWith('Z') ? 'UTC' : typeof tzid === 'string' ? zoneOf(tzid) : timeZone;
  try {
    return Temporal.PlainDateTime.from(value.replace(/Z$/, '')).toZonedDateTime(zone).epochMilliseconds;
  } catch (error) {
    if (error instanceof RangeError) return 'bad-time';
    throw error;
  }
}

/** "Europe/Copenhagen", also behind the prefix of a registry (RFC 5545 section 3.8.3.1), or Outlook's name of it. */
function zoneOf(tzid: string): string {
  return windowsZones.get(tzid) ?? /[A-Z][A-Za-z_]+\/[A-Za-z_]+$/.exec(tzid)?.[0] ?? tzid;
}
