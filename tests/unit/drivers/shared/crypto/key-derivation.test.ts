import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import { deriveKey, keyUse, type CipherName } from '../../../../../drivers/shared/crypto/key-derivation.js';
import { hash } from '../../../../../drivers/shared/crypto/symmetric.js';

const seed = fromHex('239AB9CB282DAF66231DC5A4DF6BFBAE');
const paceSecret = fromHex('28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925');
const paceMrz = fromHex('7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD');

describe('key derivation function', () => {
  it.each<[string, Uint8Array, keyof typeof keyUse, CipherName, string]>([
    ['D.1', seed, 'encryption', '3des', 'AB94FDECF2674FDFB9B391F85D7F76F2'],
    ['D.1', seed, 'mac', '3des', '7962D9ECE03D1ACD4C76089DCE131543'],
    ['G.1', paceMrz, 'password', 'aes-128', '89DED1B26624EC1E634C1989302849DD'],
    ['G.1', paceSecret, 'encryption', 'aes-128', 'F5F0E35C0D7161EE6724EE513A0D9A7F'],
    ['G.1', paceSecret, 'mac', 'aes-128', 'FE251C7858B356B24514B3BD5F4297D1'],
  ])('Doc 9303 part 11 appendix %s', (_, secret, use, cipher, key) => {
    expect(toHex(deriveKey(secret, keyUse[use], cipher))).toBe(key);
  });

  it('uses SHA-256 for the longer AES keys, Doc 9303 part 11 section 9.7.1', () => {
    const digest = hash('sha256', paceSecret, fromHex('00000001'));
    expect(deriveKey(paceSecret, keyUse.encryption, 'aes-256')).toEqual(digest);
    expect(deriveKey(paceSecret, keyUse.encryption, 'aes-192')).toEqual(digest.slice(0, 24));
  });
});
