import type { MrzKey } from '../../drivers/emrtd/types.js';

// The machine-readable zone has two digits for the year, so the chip never confirms a century: it is told from today.

/** Nobody is reckoned to be older, years. */
const oldestAge = 110;
/** No chip is in a document that ran out before: the first were issued in 2004. */
const firstCentury = 20;

const centuryOf = (date: string): number => Number(date.slice(0, 2));
const yearOf = (date: string): number => Number(date.slice(0, 4));
const inCentury = (century: number, date: string): string => `${century}${date.slice(2)}`;

/** The date of birth as typed, or the last in the past where a person cannot have been born then; YYYY-MM-DD. */
export function likelyBirthDate(typed: string, today: string): string {
  if (typed <= today && yearOf(today) - yearOf(typed) <= oldestAge) return typed;
  const century = centuryOf(today);
  const last = inCentury(century, typed);
  return last <= today ? last : inCentury(century - 1, typed);
}

/** The date of expiry in the century that brings it nearest to today, YYYY-MM-DD. */
export function likelyExpiryDate(typed: string, today: string): string {
  const century = centuryOf(today);
  const away = (date: string): number => Math.abs(yearOf(date) - yearOf(today));
  return [century - 1, century, century + 1]
    .filter((each) => each >= firstCentury)
    .map((each) => inCentury(each, typed))
    .reduce((nearest, date) => (away(date) < away(nearest) ? date : nearest));
}

/**
 * The key's dates with their century, YYYY-MM-DD; 00 for a month or day that is unknown. Without the year there is no
 * date of birth.
 */
export function documentDates(
  { birthDate, expiryDate }: Pick<MrzKey, 'birthDate' | 'expiryDate'>,
  today: string,
): { readonly birthDate: string | undefined; readonly expiryDate: string } {
  const born = /^\d{2}/.test(birthDate) ? withDashes(birthDate) : undefined;
  return {
    birthDate: born && likelyBirthDate(born, today),
    expiryDate: likelyExpiryDate(withDashes(expiryDate), today),
  };
}

/** With the century left open: 00. */
function withDashes(date: string): string {
  const digits = date.replaceAll('<', '0');
  return `00${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)}`;
}
