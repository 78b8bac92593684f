import { equal } from '../../shared/bytes.js';
import { hash } from '../../shared/crypto/symmetric.js';
import type { SecurityObjectFact } from '../types.js';
import type { Certificate } from './certificate.js';
import { decodeSignedContent, verifySignedContent, type SignedContent } from './cms.js';
import { issuerOf, type Issuers } from './issuers.js';
import { decodeLdsSecurityObject, type LdsSecurityObject } from './lds-security-object.js';

export { loadIssuers, type Issuers } from './issuers.js';

type ParsedFact = Extract<SecurityObjectFact, { kind: 'parsed' }>;
type SignatureFact = ParsedFact['signature'];
type Weakness = SignatureFact['weaknesses'][number];

function compareHashes(
  { digest, hashes }: LdsSecurityObject,
  dataGroups: ReadonlyMap<number, Uint8Array>,
): ParsedFact['hashes'] {
  const numbers = new Set([...hashes.keys(), ...dataGroups.keys()]);
  return [...numbers]
    .sort((a, b) => a - b)
    .map((dataGroup) => {
      const expected = hashes.get(dataGroup);
      const bytes = dataGroups.get(dataGroup);
      if (expected === undefined) return { dataGroup, outcome: 'not-in-security-object' };
      if (bytes === undefined) return { dataGroup, outcome: 'not-read' };
      return { dataGroup, outcome: equal(hash(digest, bytes), expected) ? 'match' : 'mismatch' };
    });
}

function weaknessesOf({ algorithm, digest, certificate }: SignedContent, lds: LdsSecurityObject): Weakness[] {
  const key = certificate.publicKey;
  const possible: readonly (readonly [Weakness, boolean])[] = [
    ['sha1', [algorithm?.hash, digest, lds.digest].includes('sha1')],
    ['rsa-under-2048', key?.kind === 'rsa' && key.bits < 2048],
    ['curve-under-224', key?.kind === 'ec' && key.bits < 224],
    ['explicit-parameters-unknown-curve', key?.kind === 'ec' && key.curve.name === undefined],
  ];
  return possible.filter(([, present]) => present).map(([weakness]) => weakness);
}

function signatureFact(signed: SignedContent, lds: LdsSecurityObject): SignatureFact {
  const { algorithm, certificate } = signed;
  const key = certificate.publicKey;
  return {
    outcome: verifySignedContent(signed),
    algorithm: algorithm?.kind ?? 'unknown',
    ...(algorithm && { hash: algorithm.hash }),
    ...(key && { keyBits: key.bits }),
    ...(key?.kind === 'ec' && {
      ...(key.curve.name !== undefined && { curve: key.curve.name }),
      explicitParameters: key.explicitParameters,
    }),
    weaknesses: weaknessesOf(signed, lds),
  };
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function signerFact({ country, notBefore, notAfter }: Certificate): ParsedFact['signer'] {
  return {
    ...(country !== undefined && { country }),
    notBefore: isoDate(notBefore),
    notAfter: isoDate(notAfter),
  };
}

function issuerFact(certificate: Certificate, issuers: Issuers | undefined): ParsedFact['issuer'] {
  if (issuers === undefined) return 'not-checked';
  return issuerOf(certificate, issuers) === undefined ? 'unknown' : 'trusted';
}

/**
 * Passive authentication, Doc 9303 part 11 section 5.1: compares the data groups that were read (number → whole file)
 * with the hashes in EF.SOD, and verifies the document signer's signature and whether a trusted issuer certified its
 * key. Anything that is no security object gives `unreadable`; it does not throw.
 */
export function verifySecurityObject(
  securityObject: Uint8Array,
  dataGroups: ReadonlyMap<number, Uint8Array>,
  issuers: Issuers | undefined,
): SecurityObjectFact {
  // The ASN.1 and curve libraries throw on what a chip made wrong: here it becomes a value.
  try {
    const signed = decodeSignedContent(securityObject);
    const lds = signed && decodeLdsSecurityObject(signed.content);
    if (signed === undefined || lds === undefined) return { kind: 'unreadable' };
    return {
      kind: 'parsed',
      ldsVersion: lds.version,
      digest: lds.digest,
      hashes: compareHashes(lds, dataGroups),
      signature: signatureFact(signed, lds),
      signer: signerFact(signed.certificate),
      issuer: issuerFact(signed.certificate, issuers),
    };
  } catch {
    return { kind: 'unreadable' };
  }
}
