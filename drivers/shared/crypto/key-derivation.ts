import { concat } from '../bytes.js';
import { hash } from './symmetric.js';

export type CipherName = '3des' | 'aes-128' | 'aes-192' | 'aes-256';

/** Counter of the key derivation function, Doc 9303 part 11 section 9.7.1. */
export const keyUse = { encryption: 1, mac: 2, password: 3 } as const;

function adjustParity(key: Uint8Array): Uint8Array {
  return key.map((byte) => {
    const ones = byte.toString(2).replaceAll('0', '').length;
    return ones % 2 === 0 ? byte ^ 1 : byte;
  });
}

/**
 * KDF(K, c): SHA-1 for 3DES and AES-128, SHA-256 for AES-192 and AES-256; key of 16, 16, 24 or 32 bytes.
 * Doc 9303 part 11 section 9.7.1.
 */
export function deriveKey(
  secret: Uint8Array,
  use: (typeof keyUse)[keyof typeof keyUse],
  cipher: CipherName,
): Uint8Array {
  const input = concat(secret, Uint8Array.of(0, 0, 0, use));
  switch (cipher) {
    case '3des':
      return adjustParity(hash('sha1', input).slice(0, 16));
    case 'aes-128':
      return hash('sha1', input).slice(0, 16);
    case 'aes-192':
      return hash('sha256', input).slice(0, 24);
    case 'aes-256':
      return hash('sha256', input);
  }
}
