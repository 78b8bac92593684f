import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { cmac } from '@noble/ciphers/aes.js';
import { concat, pad, wipe } from '../bytes.js';

export type HashName = 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';

/** A copy in memory of its own; what Node made, perhaps in memory that it shares, is overwritten. */
function handOver(...parts: readonly Buffer[]): Uint8Array {
  const whole = concat(...parts);
  wipe(...parts);
  return whole;
}

export function hash(name: HashName, ...data: readonly Uint8Array[]): Uint8Array {
  const digest = createHash(name);
  for (const part of data) digest.update(part);
  return handOver(digest.digest());
}

function run(
  direction: 'encrypt' | 'decrypt',
  algorithm: string,
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  const cipher =
    direction === 'encrypt' ? createCipheriv(algorithm, key, iv) : createDecipheriv(algorithm, key, iv);
  cipher.setAutoPadding(false);
  return handOver(cipher.update(data), cipher.final());
}

/** 3DES with these three single keys. */
function tripleDes(
  direction: 'encrypt' | 'decrypt',
  keys: readonly [Uint8Array, Uint8Array, Uint8Array],
  iv: Uint8Array,
  data: Uint8Array,
): Uint8Array {
  const key = concat(...keys);
  const result = run(direction, 'des-ede3-cbc', key, iv, data);
  wipe(key);
  return result;
}

type CbcFunction = (
  direction: 'encrypt' | 'decrypt',
  key: Uint8Array,
  iv: Uint8Array,
  data: Uint8Array,
) => Uint8Array;

/** Two-key 3DES in CBC mode without padding; key of 16 bytes, data in whole blocks of 8. */
export const tripleDesCbc: CbcFunction = (direction, key, iv, data) =>
  tripleDes(direction, [key.subarray(0, 8), key.subarray(8), key.subarray(0, 8)], iv, data);

/** Single DES as 3DES with one key three times: OpenSSL 3 and BoringSSL offer no DES of its own. */
const desCbc: CbcFunction = (direction, key, iv, data) => tripleDes(direction, [key, key, key], iv, data);

/** AES in CBC mode without padding; key of 16, 24 or 32 bytes, data in whole blocks of 16. */
export const aesCbc: CbcFunction = (direction, key, iv, data) =>
  run(direction, `aes-${key.length * 8}-cbc`, key, iv, data);

/**
 * Retail MAC: ISO/IEC 9797-1 MAC algorithm 3 with DES, zero IV; pads with method 2 itself.
 * Key of 16 bytes, MAC of 8 bytes. Doc 9303 part 11 section 4.3.3 and 9.8.6.1.
 */
export function retailMac(key: Uint8Array, data: Uint8Array): Uint8Array {
  const first = key.subarray(0, 8);
  const second = key.subarray(8, 16);
  const zero = new Uint8Array(8);
  const last = desCbc('encrypt', first, zero, pad(data, 8)).subarray(-8);
  return desCbc('encrypt', first, zero, desCbc('decrypt', second, zero, last));
}

/** AES-CMAC (NIST SP 800-38B) cut to its first 8 bytes. Doc 9303 part 11 section 9.8.6.2. */
export function aesMac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return cmac(data, key).subarray(0, 8);
}
