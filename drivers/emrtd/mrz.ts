import { wipe } from '../shared/bytes.js';
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

/** Characters of a machine-readable zone as bytes: ISO 646, as in DG1. */
const filler = 0x3c;
const zero = 0x30;
const capitalA = 0x41;

const isDigit = (byte: number): boolean => byte >= zero && byte < zero + 10;
const isLetter = (byte: number): boolean => byte >= capitalA && byte < capitalA + 26;

function characterValue(byte: number): number {
  if (byte === filler) return 0;
  if (isDigit(byte)) return byte - zero;
  if (isLetter(byte)) return byte - capitalA + 10;
  throw new RangeError('not a character of a machine-readable zone');
}

/** Check digit over the parts, one after the other, as a byte. They are not joined: a copy would have to be wiped. */
function checkDigitOver(parts: readonly Iterable<number>[]): number {
  let sum = 0;
  let position = 0;
  for (const part of parts) {
    for (const byte of part) sum += characterValue(byte) * (weights[position++ % weights.length] ?? 0);
  }
  return zero + (sum % 10);
}

/** Check digit with weights 7, 3, 1 modulo 10, Doc 9303 part 3 section 4.9. Throws on characters outside A–Z, 0–9 and `<`. */
export function checkDigit(text: string): string {
  return String.fromCharCode(checkDigitOver([Array.from(text, (character) => character.charCodeAt(0))]));
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

/** A field in one or more pieces of the zone. */
interface Field {
  readonly parts: readonly Uint8Array[];
  readonly digit: number | undefined;
}

function isRight({ parts, digit }: Field): boolean {
  return digit === checkDigitOver(parts);
}

/** A check digit over nothing but filler may be left out (Doc 9303 part 4 section 4.2.2.2). */
function isRightOrLeftOut(field: Field): boolean {
  return (
    isRight(field) ||
    (field.digit === filler && field.parts.every((part) => part.every((byte) => byte === filler)))
  );
}

/**
 * A filler in place of the check digit says that the number goes on in the optional data, up to the first filler
 * there; the last character before that filler is the check digit of the whole number.
 * Doc 9303 part 5 section 4.2.2.1 and part 6 section 4.2.2.2, note on long document numbers.
 */
function numberWithOverflow(field: Field, optionalData: Uint8Array): Field {
  const end = optionalData.indexOf(filler);
  const overflow = end < 0 ? optionalData : optionalData.subarray(0, end);
  if (field.digit !== filler || overflow.length === 0) return field;
  return { parts: [...field.parts, overflow.subarray(0, -1)], digit: overflow.at(-1) };
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

/** The field between two positions, with its check digit right after it. */
function fieldAt(line: Uint8Array, from: number, to: number): Field {
  return { parts: [line.subarray(from, to)], digit: line[to] };
}

/** Positions as in Doc 9303 part 5 section 4.2.2. */
function layoutTd1(mrz: Uint8Array): Layout {
  const upper = mrz.subarray(0, 30);
  const middle = mrz.subarray(30, 60);
  return {
    format: 'TD1',
    number: numberWithOverflow(fieldAt(upper, 5, 14), upper.subarray(15)),
    birth: fieldAt(middle, 0, 6),
    expiry: fieldAt(middle, 8, 14),
    others: [],
    composite: {
      parts: [upper.subarray(5), middle.subarray(0, 7), middle.subarray(8, 15), middle.subarray(18, 29)],
      digit: middle[29],
    },
  };
}

/** The lower line of TD2 and TD3 up to the date of expiry, Doc 9303 part 4 section 4.2.2 and part 6 section 4.2.2. */
function lowerLine(lower: Uint8Array): Pick<Layout, 'number' | 'birth' | 'expiry' | 'composite'> {
  return {
    number: fieldAt(lower, 0, 9),
    birth: fieldAt(lower, 13, 19),
    expiry: fieldAt(lower, 21, 27),
    composite: {
      parts: [lower.subarray(0, 10), lower.subarray(13, 20), lower.subarray(21, -1)],
      digit: lower.at(-1),
    },
  };
}

function layoutTd2(mrz: Uint8Array): Layout {
  const lower = mrz.subarray(36);
  const fields = lowerLine(lower);
  return {
    ...fields,
    format: 'TD2',
    number: numberWithOverflow(fields.number, lower.subarray(28, 35)),
    others: [],
  };
}

function layoutTd3(mrz: Uint8Array): Layout {
  const lower = mrz.subarray(44);
  return {
    ...lowerLine(lower),
    format: 'TD3',
    others: [fieldAt(lower, 28, 42)],
  };
}

function layout(mrz: Uint8Array): Layout | undefined {
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

/** Only for what is compared or told: a string cannot be overwritten. */
function text(...parts: readonly Uint8Array[]): string {
  return parts.map((part) => String.fromCharCode(...part)).join('');
}

const isLineBreak = (byte: number): boolean => byte === 0x0a || byte === 0x0d;

function parseWithoutBreaks(mrz: Uint8Array): ParsedMrz | undefined {
  if (!mrz.every((byte) => byte === filler || isDigit(byte) || isLetter(byte))) return undefined;
  const fields = layout(mrz);
  if (fields === undefined) return undefined;
  const { format, number, birth, expiry, others, composite } = fields;
  return {
    format,
    documentCode: text(mrz.subarray(0, 2)).replace(fillerAtEnd, ''),
    issuingState: text(mrz.subarray(2, 5)).replace(fillerAtEnd, ''),
    documentNumber: text(...number.parts).replace(fillerAtEnd, ''),
    birthDate: text(...birth.parts),
    expiryDate: text(...expiry.parts),
    // Only optional data may go without its check digit.
    checkDigitsRight: [number, birth, expiry, composite].every(isRight) && others.every(isRightOrLeftOut),
  };
}

/**
 * Reads a machine-readable zone of TD1 (3 × 30 characters), TD2 (2 × 36) or TD3 (2 × 44); line breaks may be there or
 * not. `undefined` when its length or its characters are those of no format. Wrong check digits are told, not refused.
 * Names and the personal number stay bytes, which the caller can overwrite.
 */
export function parseMrz(zone: Uint8Array): ParsedMrz | undefined {
  const mrz = zone.filter((byte) => !isLineBreak(byte));
  const parsed = parseWithoutBreaks(mrz);
  wipe(mrz);
  return parsed;
}
