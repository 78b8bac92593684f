import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { examineDetails } from '../../../../../drivers/emrtd/details.js';
import { verifySecurityObject } from '../../../../../drivers/emrtd/passive-authentication/index.js';
import { examinePhoto } from '../../../../../drivers/emrtd/photo.js';

// The public specimen passport of the German Federal Office for Information Security (Mustermann, 2008).
const folder = resolve(process.env['FORHAL_SAMPLES'] ?? '../shared/samples', 'bsi2008');

function file(name: string): Uint8Array {
  return new Uint8Array(readFileSync(resolve(folder, `${name}.bin`)));
}

function verify(securityObject: Uint8Array, numbers: readonly number[]) {
  const dataGroups = new Map(numbers.map((number) => [number, file(`DG${number}`)]));
  const fact = verifySecurityObject(securityObject, dataGroups, undefined);
  if (fact.kind !== 'parsed') throw new Error('the security object was not understood');
  return fact;
}

describe('the specimen passport of the BSI', () => {
  beforeEach(({ skip }) => skip(!existsSync(folder), 'no samples'));

  it('has data groups that equal their signed hashes, and one that nobody signed', () => {
    expect(verify(file('EF_SOD'), [1, 2, 14, 15]).hashes).toEqual([
      { dataGroup: 1, outcome: 'match' },
      { dataGroup: 2, outcome: 'match' },
      { dataGroup: 3, outcome: 'not-read' },
      { dataGroup: 14, outcome: 'match' },
      { dataGroup: 15, outcome: 'not-in-security-object' },
    ]);
  });

  it('is signed over a curve given by explicit parameters, with a hash that is weak today', () => {
    expect(verify(file('EF_SOD'), [])).toMatchObject({
      ldsVersion: '0',
      digest: 'sha1',
      signature: {
        outcome: 'valid',
        algorithm: 'ecdsa',
        hash: 'sha1',
        keyBits: 224,
        curve: 'brainpoolP224r1',
        explicitParameters: true,
        weaknesses: ['sha1'],
      },
      signer: { country: 'DE', notBefore: '2008-01-28', notAfter: '2009-01-27' },
      issuer: 'not-checked',
    });
  });

  it('is no longer valid when the last byte of its signature differs', () => {
    const securityObject = file('EF_SOD');
    securityObject.set([(securityObject.at(-1) ?? 0) ^ 1], securityObject.length - 1);
    expect(verify(securityObject, []).signature.outcome).toBe('invalid');
  });

  it('shows a face of 413 × 531 px in JPEG 2000', () => {
    expect(examinePhoto(file('DG2'))).toEqual({
      kind: 'parsed',
      container: 'ISO 19794-5',
      format: 'jpeg2000',
      width: 413,
      height: 531,
      bytes: 14_999,
      faces: 1,
    });
  });

  it('holds the details that are printed on it', () => {
    const key = { documentNumber: 'C11T002JM', birthDate: '960812', expiryDate: '131031' };
    expect(examineDetails(file('DG1'), key)).toEqual({
      kind: 'parsed',
      format: 'TD3',
      documentCode: 'P',
      issuingState: 'D',
      checkDigitsRight: true,
      matches: { documentNumber: true, birthDate: true, expiryDate: true },
    });
  });
});
