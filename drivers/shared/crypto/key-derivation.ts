import { wipe } from '../bytes.js';
import { hash } from './symmetric.js';

export type CipherName = '3des' | 'aes-128' | 'aes-192' | 'aes-256';

/** Counter of the key derivation function, Doc 9303 part 11 section 9.7.1. */
export const keyUse = { encryption: 1, mac: 2, password: 3 } as const;

/** In place. */
function adjustParity(key: Uint8Array): void {
  for (const [i, byte] of key.entries()) {
    const ones = byte.toString(2).replaceAll('0', '').length;
    if (ones % 2 === 0) key[i] = byte ^ 1;
  }
}

function sizesOf(cipher: CipherName): { readonly digest: 'sha1' | 'sha256'; readonly keyLength: number } {
  switch (cipher) {
    case '3des':
    case 'aes-128':
      return { digest: 'sha1', keyLength: 16 };
    case 'aes-192':
      return { digest: 'sha256', keyLength: 24 };
    case 'aes-256':
      return { digest: 'sha256', keyLength: 32 };
  }
}

/**
 * KDF(K, c): SHA-1 for 3DES and AES-128, SHA-256 for AES-192 and AES-256; key of 16, 16, 24 or 32 bytes.
 * Doc 9303 part 11 section 9.7.1. Leaves nothing behind but the key.
 */
export function deriveKey(
  secret: Uint8Array,
  use: (typeof keyUse)[keyof typeof keyUse],
  cipher: CipherName,
): Uint8Array {
  const { digest, keyLength } = sizesOf(cipher);
  const whole = hash(digest, secret, Uint8Array.of(0, 0, 0, use));
  const key = whole.slice(0, keyLength);
  wipe(whole);
  if (cipher === '3des') adjustParity(key);
  return key;
}
