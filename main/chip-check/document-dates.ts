import type { MrzKey } from '../../drivers/emrtd/types.js';

/**
 * The key's dates with their century, YYYY-MM-DD; 00 for a part that is unknown. The machine-readable zone has two
 * digits for the year: nobody is born after `today` (YYYY-MM-DD), and no document in use ran out before 2000.
 */
export function documentDates(
  { birthDate, expiryDate }: Pick<MrzKey, 'birthDate' | 'expiryDate'>,
  today: string,
): { readonly birthDate: string; readonly expiryDate: string } {
  const born = withCentury('20', birthDate);
  return {
    birthDate: born > today ? withCentury('19', birthDate) : born,
    expiryDate: withCentury('20', expiryDate),
  };
}

function withCentury(century: string, date: string): string {
  const digits = date.replaceAll('<', '0');
  return `${century}${digits.slice(0, 2)}-${digits.slice(2, 4)}-${digits.slice(4, 6)}`;
}
