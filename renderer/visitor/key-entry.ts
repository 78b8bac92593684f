import type { DocumentKind, KeyFields } from '../../main/api/contract.js';

// What can be said about the three key fields before the chip has seen them. Check digits are not asked for.

export type DateField = 'birth' | 'expiry';
export type DatePart = 'year' | 'month' | 'day';

/** A date as far as it has been entered; month and day are 0 where the document does not state them. */
export interface DateEntry {
  readonly year: string;
  readonly month: number | undefined;
  readonly day: number | undefined;
}

export interface KeyEntry {
  readonly documentNumber: string;
  readonly birth: DateEntry;
  readonly expiry: DateEntry;
}

export const emptyDate: DateEntry = { year: '', month: undefined, day: undefined };
export const emptyKey: KeyEntry = { documentNumber: '', birth: emptyDate, expiry: emptyDate };

/** What is wrong with an entry, so that it must be mended. */
export type EntryError =
  | 'number-empty'
  | 'number-too-long'
  | 'year-incomplete'
  | 'year-impossible'
  | 'month-missing'
  | 'day-missing'
  | 'no-such-day'
  | 'birth-in-future'
  | 'birth-too-long-ago'
  | 'expiry-before-birth'
  | 'expiry-too-long-ago';

/** What looks odd but may be right. */
export type EntryHint = 'number-short' | 'letter-or-digit' | 'expiry-passed' | 'expiry-far';

export type EntryRemark =
  | { readonly kind: 'error'; readonly error: EntryError }
  | { readonly kind: 'hint'; readonly hint: EntryHint };

/**
 * Most characters of a document number. In a passport's zone it has nine positions (Doc 9303 part 4 section 4.2.2),
 * and its check digit may be typed along; on a card it may run on into the optional data (part 5 section 4.2.4).
 */
export const numberLimits: Readonly<Record<DocumentKind, number>> = { passport: 10, 'identity-card': 22 };

const shortNumber = 6;
const oldestYears = 110;
const farExpiryYears = 20;

const error = (kind: EntryError): EntryRemark => ({ kind: 'error', error: kind });
const hint = (kind: EntryHint): EntryRemark => ({ kind: 'hint', hint: kind });

/** Keeps what can stand in a document number; a space or a hyphen in it is a filler (Doc 9303 part 4 section 4.2.2). */
export function numberCharacters(typed: string): string {
  return typed
    .toUpperCase()
    .replace(/[\s-]/g, '<')
    .replace(/[^A-Z0-9<]|^<+/g, '');
}

/**
 * What to say about a document number. While it is being typed (`finished` false) nothing is said about what may
 * still come.
 */
export function remarkOnNumber(
  number: string,
  document: DocumentKind,
  finished: boolean,
): EntryRemark | undefined {
  if (number.length > numberLimits[document]) return error('number-too-long');
  if (number === '') return finished ? error('number-empty') : undefined;
  if (/[O0]/.test(number)) return hint('letter-or-digit');
  return finished && number.length < shortNumber ? hint('number-short') : undefined;
}

/** Days of a month, 1 to 12, of a year. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function isoDate(date: DateEntry): string {
  const two = (part: number | undefined): string => String(part ?? 0).padStart(2, '0');
  return `${date.year.padStart(4, '0')}-${two(date.month)}-${two(date.day)}`;
}

// Compares as much of a date as has been entered: 'YYYY', 'YYYY-MM' or 'YYYY-MM-DD'.
function entered(date: DateEntry): string {
  if (!date.month) return date.year;
  return isoDate(date).slice(0, date.day ? 10 : 7);
}

function remarkOnForm(date: DateEntry, upTo: DatePart, finished: boolean): EntryError | undefined {
  if (date.year !== '' && !/^(1|2|19\d{0,2}|20\d{0,2})$/.test(date.year)) return 'year-impossible';
  if (date.year.length < 4) return finished ? 'year-incomplete' : undefined;
  if (upTo === 'year') return undefined;
  if (date.month === undefined) return finished ? 'month-missing' : undefined;
  if (upTo === 'month' || date.month === 0) return undefined;
  if (date.day === undefined) return finished ? 'day-missing' : undefined;
  return date.day > daysInMonth(Number(date.year), date.month) ? 'no-such-day' : undefined;
}

/**
 * What to say about a date.
 *
 * @param upTo the part that is being asked for; later parts do not count yet
 * @param today YYYY-MM-DD
 */
export function remarkOnDate(
  key: KeyEntry,
  field: DateField,
  upTo: DatePart,
  today: string,
  finished: boolean,
): EntryRemark | undefined {
  const whole = key[field];
  const date: DateEntry =
    upTo === 'year'
      ? { ...emptyDate, year: whole.year }
      : upTo === 'month'
        ? { ...whole, day: undefined }
        : whole;
  const wrong = remarkOnForm(date, upTo, finished);
  if (wrong !== undefined) return error(wrong);
  if (date.year.length < 4) return undefined;
  const soFar = entered(date);
  const todaySoFar = today.slice(0, soFar.length);
  const thisYear = Number(today.slice(0, 4));
  if (field === 'birth') {
    if (soFar > todaySoFar) return error('birth-in-future');
    return Number(date.year) < thisYear - oldestYears ? error('birth-too-long-ago') : undefined;
  }
  const birth = entered(key.birth);
  const length = Math.min(birth.length, soFar.length);
  if (length >= 4 && soFar.slice(0, length) < birth.slice(0, length)) return error('expiry-before-birth');
  // The chip knows two digits of the year: a slip in the century would go unnoticed.
  if (Number(date.year) < thisYear - farExpiryYears) return error('expiry-too-long-ago');
  if (soFar < todaySoFar) return hint('expiry-passed');
  return Number(date.year) > thisYear + farExpiryYears ? hint('expiry-far') : undefined;
}

/** The key fields for the check, or undefined while any of them is missing or impossible. */
export function keyFieldsOf(key: KeyEntry, document: DocumentKind, today: string): KeyFields | undefined {
  const remarks = [
    remarkOnNumber(key.documentNumber, document, true),
    remarkOnDate(key, 'birth', 'day', today, true),
    remarkOnDate(key, 'expiry', 'day', today, true),
  ];
  if (remarks.some((remark) => remark?.kind === 'error')) return undefined;
  return {
    documentNumber: key.documentNumber.replace(/<+$/, ''),
    birthDate: isoDate(key.birth),
    expiryDate: isoDate(key.expiry),
  };
}

/** The entry that gives these key fields. */
export function keyEntryOf(fields: KeyFields): KeyEntry {
  const date = (text: string): DateEntry => {
    const [year = '', month = '', day = ''] = text.split('-');
    return { year, month: Number(month), day: Number(day) };
  };
  return {
    documentNumber: fields.documentNumber,
    birth: date(fields.birthDate),
    expiry: date(fields.expiryDate),
  };
}
