import { hash } from '../../shared/crypto/symmetric.js';
import type { ChipContents } from './contents.js';

/** What the chip was given as the secrets printed on its document. */
export interface Passwords {
  /** Hash of the key fields of the machine-readable zone; basic access control uses its first 16 bytes. */
  readonly mrz: Uint8Array;
  readonly can: Uint8Array | undefined;
}

const weights = [7, 3, 1] as const;

/** Weighted sum modulo 10, Doc 9303 part 3 section 4.9: digits count as they are, A to Z as 10 to 35, filler as 0. */
export function withCheckDigit(field: string): string {
  let sum = 0;
  for (const [i, character] of Array.from(field).entries()) {
    const value = character === '<' ? 0 : Number.parseInt(character, 36);
    sum += value * (weights[i % 3] ?? 0);
  }
  return `${field}${sum % 10}`;
}

/**
 * The secrets of Doc 9303 part 11 sections 4.3.2 and 4.4.3.1. `otherDocument`: those of a document that has nothing
 * to do with the printed one; the added character makes them longer than any right ones.
 */
export function personalisedPasswords({ key, can }: ChipContents, otherDocument: boolean): Passwords {
  const suffix = otherDocument ? '0' : '';
  const information = [
    withCheckDigit(key.documentNumber.padEnd(9, '<')),
    withCheckDigit(key.birthDate),
    withCheckDigit(key.expiryDate),
    suffix,
  ].join('');
  return {
    mrz: hash('sha1', Buffer.from(information, 'latin1')),
    can: can === undefined ? undefined : Buffer.from(can + suffix, 'latin1'),
  };
}
