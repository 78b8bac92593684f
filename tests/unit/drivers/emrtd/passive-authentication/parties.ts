import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SecurityObjectFact } from '../../../../../drivers/emrtd/types.js';
import {
  verifySecurityObject,
  type Issuers,
} from '../../../../../drivers/emrtd/passive-authentication/index.js';
import {
  makeDocumentSigner,
  makeIssuer,
  type DocumentSigner,
  type Issuer,
} from '../../../../../drivers/simulated/chip/pki.js';
import {
  signSecurityObject,
  type SecurityObjectOptions,
} from '../../../../../drivers/simulated/chip/security-object.js';
import type { KeyAlgorithm } from '../../../../../drivers/simulated/chip/signing-key.js';

const validity = { notBefore: new Date('2020-02-03T04:05:06Z'), notAfter: new Date('2031-12-31T23:59:59Z') };

export const p256: KeyAlgorithm = { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' };

export function issuerWith(algorithm: KeyAlgorithm = p256, seed = 'issuer'): Issuer {
  return makeIssuer({ country: 'UT', commonName: 'CSCA Utopia', algorithm, seed, ...validity });
}

export function signerWith(algorithm: KeyAlgorithm = p256, issuer: Issuer = issuerWith()): DocumentSigner {
  return makeDocumentSigner(issuer, { commonName: 'DS Utopia', algorithm, seed: 'signer', ...validity });
}

export function rsaKey(bits: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
}

export const dataGroups: ReadonlyMap<number, Uint8Array> = new Map([
  [1, Uint8Array.of(0x61, 1, 1)],
  [2, Uint8Array.of(0x75, 1, 2)],
]);

export function securityObject(
  signer: DocumentSigner,
  options: Partial<SecurityObjectOptions> = {},
): Uint8Array {
  return signSecurityObject(signer, { dataGroups, digest: 'sha256', ...options });
}

export type ParsedSecurityObject = Extract<SecurityObjectFact, { kind: 'parsed' }>;

export function verified(file: Uint8Array, issuers?: Issuers): ParsedSecurityObject {
  const fact = verifySecurityObject(file, dataGroups, issuers);
  if (fact.kind !== 'parsed') throw new Error('the security object was not understood');
  return fact;
}
