import { constants, privateEncrypt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import type { RsaPublicKey } from '../../../../../drivers/emrtd/passive-authentication/public-key.js';
import { verifyPkcs1, verifyPss } from '../../../../../drivers/emrtd/passive-authentication/rsa.js';
import { concat, fromHex } from '../../../../../drivers/shared/bytes.js';
import { hash } from '../../../../../drivers/shared/crypto/symmetric.js';
import { demoRsaKey } from '../../../../../drivers/simulated/chip/demo-rsa-key.js';

const data = Buffer.from('what is signed');
const dataDigest = hash('sha256', data);
const length = 256;

let key: RsaPublicKey;
/** Applies the private key to an encoded message, whatever it looks like. */
let apply: (message: Uint8Array) => Uint8Array;

beforeAll(() => {
  const privateKey = demoRsaKey();
  const { n = '', e = '' } = privateKey.export({ format: 'jwk' });
  const number = (base64: string) => bytesToNumberBE(new Uint8Array(Buffer.from(base64, 'base64url')));
  key = { kind: 'rsa', modulus: number(n), exponent: number(e), bits: 8 * length };
  apply = (message) => privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, message);
});

describe('an RSA signature after PKCS #1 v1.5', () => {
  const withNull = fromHex('3031300D060960864801650304020105000420');
  const withoutNull = fromHex('302F300B0609608648016503040201 0420');

  /** RFC 8017 section 9.2. */
  function encoded(info: Uint8Array, { digest = dataDigest, behind = 0, blockType = 1 } = {}): Uint8Array {
    const filler = new Uint8Array(length - 3 - info.length - digest.length - behind).fill(0xff);
    return concat(
      Uint8Array.of(0, blockType),
      filler,
      Uint8Array.of(0),
      info,
      digest,
      new Uint8Array(behind).fill(0x55),
    );
  }

  it('is valid with NULL parameters of the hash, and without', () => {
    expect(verifyPkcs1(key, 'sha256', data, apply(encoded(withNull)))).toBe(true);
    expect(verifyPkcs1(key, 'sha256', data, apply(encoded(withoutNull)))).toBe(true);
  });

  it('is invalid with anything behind the hash, or with another type of block', () => {
    expect(verifyPkcs1(key, 'sha256', data, apply(encoded(withNull, { behind: 40 })))).toBe(false);
    expect(verifyPkcs1(key, 'sha256', data, apply(encoded(withNull, { blockType: 2 })))).toBe(false);
  });

  it('is invalid when it is shorter than the key or not below the modulus', () => {
    expect(verifyPkcs1(key, 'sha256', data, apply(encoded(withNull)).subarray(1))).toBe(false);
    // A signature and the modulus together have the same remainder.
    const candidates = Array.from({ length: 64 }, (_, i) => Buffer.from(`what is signed, ${i}`));
    const raised = candidates.flatMap((text) => {
      const signature = apply(encoded(withNull, { digest: hash('sha256', text) }));
      const sum = bytesToNumberBE(signature) + key.modulus;
      return sum >> BigInt(8 * length) === 0n ? [{ text, signature: numberToBytesBE(sum, length) }] : [];
    });
    expect(raised).not.toEqual([]);
    for (const { text, signature } of raised) {
      expect(verifyPkcs1(key, 'sha256', text, signature)).toBe(false);
    }
  });
});

describe('an RSA signature after PSS', () => {
  const parameters = { hash: 'sha256', maskHash: 'sha1', saltLength: 20 } as const;

  /** EMSA-PSS with a mask by SHA-1, RFC 8017 section 9.1.1, `filler` before the 01 and the salt. */
  function encoded({ fillerByte = 0, separator = 1, trailer = 0xbc } = {}): Uint8Array {
    const salt = new Uint8Array(parameters.saltLength).fill(7);
    const check = hash('sha256', new Uint8Array(8), dataDigest, salt);
    const blockLength = length - check.length - 1;
    const filler = new Uint8Array(blockLength - salt.length - 1);
    filler[5] = fillerByte;
    const block = concat(filler, Uint8Array.of(separator), salt);
    const mask = concat(
      ...Array.from({ length: 12 }, (_, count) => hash('sha1', check, Uint8Array.of(0, 0, 0, count))),
    );
    const masked = block.map((byte, at) => (byte ^ (mask[at] ?? 0)) & (at === 0 ? 0x7f : 0xff));
    return concat(masked, check, Uint8Array.of(trailer));
  }

  it('is valid as the standard says', () => {
    expect(verifyPss(key, parameters, data, apply(encoded()))).toBe(true);
  });

  it('is invalid with a wrong filler, separator or trailer, or with another salt length than announced', () => {
    for (const wrong of [{ fillerByte: 1 }, { separator: 2 }, { trailer: 0xcc }]) {
      expect(verifyPss(key, parameters, data, apply(encoded(wrong)))).toBe(false);
    }
    expect(verifyPss(key, { ...parameters, saltLength: 19 }, data, apply(encoded()))).toBe(false);
    expect(verifyPss(key, { ...parameters, saltLength: 200 }, data, apply(encoded()))).toBe(false);
  });
});
