import { beforeAll, describe, expect, it } from 'vitest';
import type { KeyObject } from 'node:crypto';
import { hashName } from '../../../../../drivers/emrtd/types.js';
import { loadIssuers } from '../../../../../drivers/emrtd/passive-authentication/index.js';
import { curveById, curveFromParameters } from '../../../../../drivers/shared/crypto/curves.js';
import type { KeyAlgorithm } from '../../../../../drivers/simulated/chip/signing-key.js';
import { issuerWith, rsaKey, securityObject, signerWith, verified } from './parties.js';

// Doc 9303 part 11 section 9.5.1: parameter ids 8 to 18.
const curves = Array.from({ length: 11 }, (_, i) => curveById(8 + i)?.name ?? 'none');
const hashNames = hashName.options;

/** The signature fact of a document whose signer and issuer both use the algorithm. */
function signatureBy(algorithm: KeyAlgorithm) {
  const issuer = issuerWith(algorithm);
  const file = securityObject(signerWith(algorithm, issuer));
  const fact = verified(file, loadIssuers([issuer.der]));
  expect(fact.issuer).toBe('trusted');
  return fact.signature;
}

describe('a document signed with ECDSA', () => {
  it.each(curves)('is valid over %s, named or spelt out', (curve) => {
    for (const explicitParameters of [false, true]) {
      expect(signatureBy({ kind: 'ecdsa', curve, hash: 'sha256', explicitParameters })).toMatchObject({
        outcome: 'valid',
        algorithm: 'ecdsa',
        curve,
        explicitParameters,
      });
    }
  });

  it.each(hashNames)('is valid with %s, longer than the order or not, in both encodings', (hash) => {
    for (const curve of ['P-192', 'P-521']) {
      for (const plainSignature of [false, true]) {
        expect(signatureBy({ kind: 'ecdsa', curve, hash, plainSignature })).toMatchObject({
          outcome: 'valid',
          hash,
        });
      }
    }
  });

  it('is valid over a curve that nobody knows, which counts as a weakness', () => {
    // secp256k1, SEC 2 section 2.4.1: on no list of Doc 9303.
    const curve = curveFromParameters({
      p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn,
      n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
      h: 1n,
      a: 0n,
      b: 7n,
      Gx: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
      Gy: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    });
    const signature = signatureBy({ kind: 'ecdsa', curve, hash: 'sha256' });
    expect(signature).toMatchObject({
      outcome: 'valid',
      explicitParameters: true,
      weaknesses: ['explicit-parameters-unknown-curve'],
    });
    expect(signature.curve).toBeUndefined();
  });

  it('counts SHA-1 and a curve under 224 bits as weaknesses', () => {
    expect(signatureBy({ kind: 'ecdsa', curve: 'P-192', hash: 'sha1' })).toMatchObject({
      keyBits: 192,
      weaknesses: ['sha1', 'curve-under-224'],
    });
    expect(signatureBy({ kind: 'ecdsa', curve: 'P-224', hash: 'sha224' }).weaknesses).toEqual([]);
  });
});

describe('a document signed with RSA', () => {
  let privateKey: KeyObject;
  beforeAll(() => {
    privateKey = rsaKey(2048);
  });

  it.each(hashNames)('is valid with PKCS #1 v1.5 and %s', (hash) => {
    expect(signatureBy({ kind: 'rsa-pkcs1', hash, privateKey })).toMatchObject({
      outcome: 'valid',
      algorithm: 'rsa-pkcs1',
      hash,
      keyBits: 2048,
    });
  });

  it.each(hashNames)('is valid with PSS and %s, whatever the length of the salt', (hash) => {
    for (const saltLength of [0, 20, 64]) {
      expect(signatureBy({ kind: 'rsa-pss', hash, saltLength, privateKey })).toMatchObject({
        outcome: 'valid',
        algorithm: 'rsa-pss',
        hash,
      });
    }
  });

  it('is valid with a key whose length is one bit more than whole bytes, where PSS drops a byte', () => {
    const algorithm: KeyAlgorithm = {
      kind: 'rsa-pss',
      hash: 'sha256',
      saltLength: 32,
      privateKey: rsaKey(1025),
    };
    expect(signatureBy(algorithm)).toMatchObject({ outcome: 'valid', keyBits: 1025 });
  });

  it('counts a key under 2048 bits as a weakness', () => {
    const algorithm: KeyAlgorithm = { kind: 'rsa-pkcs1', hash: 'sha256', privateKey: rsaKey(1024) };
    expect(signatureBy(algorithm).weaknesses).toEqual(['rsa-under-2048']);
    expect(signatureBy({ ...algorithm, privateKey }).weaknesses).toEqual([]);
  });

  it('is invalid when any byte of its signature differs', () => {
    for (const kind of ['rsa-pkcs1', 'rsa-pss'] as const) {
      const file = securityObject(signerWith({ kind, hash: 'sha256', saltLength: 32, privateKey }));
      for (let back = 1; back <= 256; back += 15) {
        const altered = Uint8Array.from(file, (byte, at) => (at === file.length - back ? byte ^ 0x10 : byte));
        expect(verified(altered).signature.outcome).toBe('invalid');
      }
    }
  });
});
