import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import {
  aesCbc,
  aesMac,
  hash,
  retailMac,
  tripleDesCbc,
} from '../../../../../drivers/shared/crypto/symmetric.js';

describe('message authentication codes', () => {
  it('retail MAC as in basic access control, Doc 9303 part 11 appendix D.3', () => {
    const mac = retailMac(
      fromHex('7962D9ECE03D1ACD4C76089DCE131543'),
      fromHex('72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2'),
    );
    expect(toHex(mac)).toBe('5F1448EEA8AD90A7');
  });

  it.each([
    ['2B7E151628AED2A6ABF7158809CF4F3C', '', 'BB1D6929E9593728'],
    ['2B7E151628AED2A6ABF7158809CF4F3C', '6BC1BEE22E409F96E93D7E117393172A', '070A16B46B4D4144'],
    ['8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B', '', 'D17DDF46ADAACDE5'],
    ['603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4', '', '028962F61B7BF89E'],
  ])('AES-CMAC, cut to 8 bytes, NIST SP 800-38B appendix D (key %s)', (key, message, mac) => {
    expect(toHex(aesMac(fromHex(key), fromHex(message)))).toBe(mac);
  });
});

describe('ciphers', () => {
  it('3DES in both directions, Doc 9303 part 11 appendix D.3', () => {
    const key = fromHex('AB94FDECF2674FDFB9B391F85D7F76F2');
    const plain = fromHex('781723860C06C2264608F919887022120B795240CB7049B01C19B33E32804F0B');
    const encrypted = tripleDesCbc('encrypt', key, new Uint8Array(8), plain);
    expect(toHex(encrypted)).toBe('72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2');
    expect(tripleDesCbc('decrypt', key, new Uint8Array(8), encrypted)).toEqual(plain);
  });

  it('AES, the nonce of PACE, Doc 9303 part 11 appendix G.1', () => {
    const nonce = aesCbc(
      'decrypt',
      fromHex('89DED1B26624EC1E634C1989302849DD'),
      new Uint8Array(16),
      fromHex('95A3A016522EE98D01E76CB6B98B42C3'),
    );
    expect(toHex(nonce)).toBe('3F00C4D39D153F2B2A214A078D899B22');
  });

  it('hash over parts is the hash over the whole', () => {
    expect(hash('sha224', fromHex('6162'), fromHex('63'))).toEqual(hash('sha224', fromHex('616263')));
    expect(toHex(hash('sha1', fromHex('616263')))).toBe('A9993E364706816ABA3E25717850C26C9CD0D89D');
  });
});
