import { describe, expect, it } from 'vitest';
import { makeDocumentSigner, makeIssuer } from '../../../../../drivers/simulated/chip/pki.js';
import { signSecurityObject } from '../../../../../drivers/simulated/chip/security-object.js';

const options = {
  commonName: 'Utopia',
  algorithm: { kind: 'ecdsa', curve: 'brainpoolP256r1', hash: 'sha256' },
  notBefore: new Date('2020-01-01T00:00:00Z'),
  notAfter: new Date('2040-01-01T00:00:00Z'),
} as const;

function issuer(seed?: string) {
  return makeIssuer({ country: 'UT', ...options, ...(seed !== undefined && { seed }) });
}

function securityObject(seed: string, size?: number): Uint8Array {
  const signer = makeDocumentSigner(issuer(seed), { ...options, seed });
  const dataGroups = new Map([[1, Uint8Array.of(0x61, 0)]]);
  return signSecurityObject(signer, { dataGroups, digest: 'sha256', ...(size !== undefined && { size }) });
}

describe('the test PKI', () => {
  it('makes the same certificates and signatures from the same seed, and others from another', () => {
    expect(issuer('a').der).toEqual(issuer('a').der);
    expect(securityObject('a')).toEqual(securityObject('a'));
    expect(securityObject('a')).not.toEqual(securityObject('b'));
  });

  it('makes new keys each time when there is no seed', () => {
    expect(issuer().der).not.toEqual(issuer().der);
  });

  it('makes a security object of any length that leaves room for what must be in it', () => {
    const smallest = securityObject('a').length;
    for (let size = smallest + 40; size < smallest + 400; size += 7) {
      expect(securityObject('a', size)).toHaveLength(size);
    }
    expect(securityObject('a', 70_000)).toHaveLength(70_000);
    expect(() => securityObject('a', smallest - 1)).toThrow(RangeError);
  });

  it('refuses a curve that is not standardized by its name', () => {
    const algorithm = { kind: 'ecdsa', curve: 'P-257', hash: 'sha256' } as const;
    expect(() => makeIssuer({ country: 'UT', ...options, algorithm })).toThrow(RangeError);
  });
});
