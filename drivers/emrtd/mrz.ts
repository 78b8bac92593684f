import type { MrzKey } from './types.js';

/** What the check needs from a machine-readable zone; names and the personal number are left where they are. */
export interface ParsedMrz {
  readonly format: 'TD1' | 'TD2' | 'TD3';
  /** First two characters, without filler: P, PE, I, AC … */
  readonly documentCode: string;
  /** Code of the issuing state, without filler: D, DNK, UTO … */
  readonly issuingState: string;
  /** Complete also where it runs over into the optional data; without filler at its end. */
  readonly documentNumber: string;
  /** YYMMDD; unknown parts are `<`. */
  readonly birthDate: string;
  /** YYMMDD. */
  readonly expiryDate: string;
  /** Whether every check digit is right, the composite one included. */
  readonly checkDigitsRight: boolean;
}

const weights = [7, 3, 1] as const;

function characterValue(character: string): number {
  if (character === '<') return 0;
  if (/^[0-9]$/.test(character)) return Number(character);
  if (/^[A-Z]$/.test(character)) return character.charCodeAt(0) - 'A'.charCodeAt(0) + 10;
  throw new RangeError('not a character of a machine-readable zone');
}

/** Check digit with weights 7, 3, 1 modulo 10, Doc 9303 part 3 section 4.9. Throws on characters outside A–Z, 0–9 and `<`. */
export function checkDigit(text: string): string {
  let sum = 0;
  for (const [i, character] of Array.from(text).entries()) {
    sum += characterValue(character) * (weights[i % weights.length] ?? 0);
  }
  return String(sum % 10);
}

const fillerAtEnd = /<+$/;

/** Length of the document number's own field in every format; a longer number runs over into the optional data. */
const numberField = 9;

/**
 * MRZ_information: document number, date of birth and date of expiry, each with its check digit.
 * Doc 9303 part 11 section 4.3.2 and appendix D.2; a document number of more than 9 characters counts in full.
 */
export function keyInformation({ documentNumber, birthDate, expiryDate }: MrzKey): string {
  const number = documentNumber.replace(fillerAtEnd, '').padEnd(numberField, '<');
  return [number, birthDate, expiryDate].map((field) => field + checkDigit(field)).join('');
}

interface Field {
  readonly text: string;
  readonly digit: string;
}

/** A check digit over nothing but filler may be left out (Doc 9303 part 4 section 4.2.2.2). */
function isRight({ text, digit }: Field): boolean {
  return digit === checkDigit(text) || (digit === '<' && /^<*$/.test(text));
}

/**
 * A filler in place of the check digit says that the number goes on in the optional data, up to the first filler
 * there; the last character before that filler is the check digit of the whole number.
 * Doc 9303 part 5 section 4.2.2.1 and part 6 section 4.2.2.2, note on long document numbers.
 */
function numberWithOverflow(field: Field, optionalData: string): Field {
  const overflow = /^[A-Z0-9]+/.exec(optionalData)?.[0];
  if (field.digit !== '<' || overflow === undefined) return field;
  return { text: field.text + overflow.slice(0, -1), digit: overflow.slice(-1) };
}

interface Layout {
  readonly format: ParsedMrz['format'];
  readonly number: Field;
  readonly birth: Field;
  readonly expiry: Field;
  /** Further fields with a check digit of their own. */
  readonly others: readonly Field[];
  readonly composite: Field;
}

/** Positions as in Doc 9303 part 5 section 4.2.2. */
function layoutTd1(mrz: string): Layout {
  const upper = mrz.slice(0, 30);
  const middle = mrz.slice(30, 60);
  return {
    format: 'TD1',
    number: numberWithOverflow({ text: upper.slice(5, 14), digit: upper.charAt(14) }, upper.slice(15)),
    birth: { text: middle.slice(0, 6), digit: middle.charAt(6) },
    expiry: { text: middle.slice(8, 14), digit: middle.charAt(14) },
    others: [],
    composite: {
      text: upper.slice(5) + middle.slice(0, 7) + middle.slice(8, 15) + middle.slice(18, 29),
      digit: middle.charAt(29),
    },
  };
}

/** The lower line of TD2 and TD3 up to the date of expiry, Doc 9303 part 4 section 4.2.2 and part 6 section 4.2.2. */
function lowerLine(lower: string): Pick<Layout, 'number' | 'birth' | 'expiry' | 'composite'> {
  return {
    number: { text: lower.slice(0, 9), digit: lower.charAt(9) },
    birth: { text: lower.slice(13, 19), digit: lower.charAt(19) },
    expiry: { text: lower.slice(21, 27), digit: lower.charAt(27) },
    composite: {
      text: lower.slice(0, 10) + lower.slice(13, 20) + lower.slice(21, -1),
      digit: lower.slice(-1),
    },
  };
}

function layoutTd2(mrz: string): Layout {
  const lower = mrz.slice(36);
  const fields = lowerLine(lower);
  return {
    ...fields,
    format: 'TD2',
    number: numberWithOverflow(fields.number, lower.slice(28, 35)),
    others: [],
  };
}

function layoutTd3(mrz: string): Layout {
  const lower = mrz.slice(44);
  return {
    ...lowerLine(lower),
    format: 'TD3',
    others: [{ text: lower.slice(28, 42), digit: lower.charAt(42) }],
  };
}

function layout(mrz: string): Layout | undefined {
  switch (mrz.length) {
    case 90:
      return layoutTd1(mrz);
    case 72:
      return layoutTd2(mrz);
    case 88:
      return layoutTd3(mrz);
    default:
      return undefined;
  }
}

/**
 * Reads a machine-readable zone of TD1 (3 × 30 characters), TD2 (2 × 36) or TD3 (2 × 44); line breaks may be there or
 * not. `undefined` when its length or its characters are those of no format. Wrong check digits are told, not refused.
 */
export function parseMrz(text: string): ParsedMrz | undefined {
  const mrz = text.replace(/[\r\n]/g, '');
  if (!/^[A-Z0-9<]*$/.test(mrz)) return undefined;
  const fields = layout(mrz);
  if (fields === undefined) return undefined;
  const { format, number, birth, expiry, others, composite } = fields;
  return {
    format,
    documentCode: mrz.slice(0, 2).replace(fillerAtEnd, ''),
    issuingState: mrz.slice(2, 5).replace(fillerAtEnd, ''),
    documentNumber: number.text.replace(fillerAtEnd, ''),
    birthDate: birth.text,
    expiryDate: expiry.text,
    // Only optional data may go without its check digit.
    checkDigitsRight:
      [number, birth, expiry, composite].every((field) => field.digit === checkDigit(field.text)) &&
      others.every(isRight),
  };
}
