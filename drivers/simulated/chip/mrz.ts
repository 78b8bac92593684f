import type { MrzKey } from '../../emrtd/types.js';
import { withCheckDigit } from './passwords.js';

/** Who a document speaks of, and what it is. All persons here are made up. */
export interface Holder {
  readonly surname: string;
  readonly givenNames: string;
  /** Unspecified when left out. */
  readonly sex?: 'F' | 'M';
}

export interface MrzOptions {
  readonly format: 'TD1' | 'TD3';
  /** One or two characters: P, PE, I … */
  readonly documentCode: string;
  /** Issuing state and nationality, up to three letters. */
  readonly state: string;
  readonly key: MrzKey;
  readonly holder: Holder;
}

/** Doc 9303 part 3 section 6: letters that become others than the one they are made from. */
const transliterations: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Å: 'AA',
  Æ: 'AE',
  Ð: 'D',
  Ł: 'L',
  Ö: 'OE',
  Ø: 'OE',
  Œ: 'OE',
  Þ: 'TH',
  ß: 'SS',
  Ü: 'UE',
};

/** A name in the letters of a machine-readable zone; spaces and hyphens become filler, apostrophes go (part 3 section 4.6). */
export function transliterate(name: string): string {
  return Array.from(name.normalize('NFC').replaceAll('ß', 'SS').toUpperCase(), (letter) =>
    (transliterations[letter] ?? letter).normalize('NFD').replace(/\p{Mark}/gu, ''),
  )
    .join('')
    .replace(/[\s-]+/g, '<')
    .replace(/[^A-Z<]/g, '');
}

function field(text: string, length: number): string {
  return text.slice(0, length).padEnd(length, '<');
}

function names({ surname, givenNames }: Holder): string {
  return `${transliterate(surname)}<<${transliterate(givenNames)}`;
}

/** Two lines of 44 characters, Doc 9303 part 4 section 4.2.2. */
function td3({ documentCode, state, key, holder }: MrzOptions): string {
  const number = withCheckDigit(field(key.documentNumber, 9));
  const birth = withCheckDigit(key.birthDate);
  const expiry = withCheckDigit(key.expiryDate);
  const personal = withCheckDigit(field('', 14));
  const composite = withCheckDigit(number + birth + expiry + personal).slice(-1);
  return [
    field(documentCode, 2) + field(state, 3) + field(names(holder), 39),
    number + field(state, 3) + birth + field(holder.sex ?? '', 1) + expiry + personal + composite,
  ].join('');
}

/** A number of more than 9 characters runs over into the optional data, Doc 9303 part 5 section 4.2.2.1 note j. */
function td1Number(documentNumber: string): string {
  const number = documentNumber.replace(/<+$/, '');
  if (number.length <= 9) return field(withCheckDigit(field(number, 9)), 25);
  return field(`${number.slice(0, 9)}<${withCheckDigit(number).slice(9)}`, 25);
}

/** Three lines of 30 characters, Doc 9303 part 5 section 4.2.2. */
function td1({ documentCode, state, key, holder }: MrzOptions): string {
  const number = td1Number(key.documentNumber);
  const birth = withCheckDigit(key.birthDate);
  const expiry = withCheckDigit(key.expiryDate);
  const optional = field('', 11);
  const composite = withCheckDigit(number + birth + expiry + optional).slice(-1);
  return [
    field(documentCode, 2) + field(state, 3) + number,
    birth + field(holder.sex ?? '', 1) + expiry + field(state, 3) + optional + composite,
    field(names(holder), 30),
  ].join('');
}

/** The lines of a machine-readable zone, one after the other without a break. */
export function makeMrz(options: MrzOptions): string {
  switch (options.format) {
    case 'TD1':
      return td1(options);
    case 'TD3':
      return td3(options);
  }
}
