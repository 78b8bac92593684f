import { ContentInfo, SignedData, SignerInfo } from '@peculiar/asn1-cms';
import { AsnConvert } from '@peculiar/asn1-schema';
import { describe, expect, it } from 'vitest';
import { concat, fromHex } from '../../../../../drivers/shared/bytes.js';
import { decodeTlv, encodeTlv, type DataObject } from '../../../../../drivers/shared/tlv.js';
import { chipFacts } from '../../../../../drivers/emrtd/types.js';
import {
  loadIssuers,
  verifySecurityObject,
} from '../../../../../drivers/emrtd/passive-authentication/index.js';
import { makeDocumentSigner } from '../../../../../drivers/simulated/chip/pki.js';
import { dataGroups, issuerWith, p256, securityObject, signerWith, verified } from './parties.js';

function only(bytes: Uint8Array): DataObject {
  const [object] = decodeTlv(bytes) ?? [];
  if (object === undefined) throw new Error('not a data object');
  return object;
}

/** The same security object after a change to its SignedData. */
function changed(file: Uint8Array, change: (signedData: SignedData) => void): Uint8Array {
  const contentInfo = AsnConvert.parse(only(file).value, ContentInfo);
  const signedData = AsnConvert.parse(contentInfo.content, SignedData);
  change(signedData);
  contentInfo.content = AsnConvert.serialize(signedData);
  return encodeTlv(0x77, new Uint8Array(AsnConvert.serialize(contentInfo)));
}

/** A constructed object of indefinite length, ITU-T X.690 section 8.1.3.6. */
function indefinite(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(tag, 0x80), ...values, Uint8Array.of(0, 0));
}

/** The same security object as some issuers write it: indefinite lengths, and its content in two pieces. */
function withIndefiniteLengths(file: Uint8Array): Uint8Array {
  const [type, content] = decodeTlv(only(only(file).value).value) ?? [];
  const [version, digests, encapsulated, ...rest] = decodeTlv(only(content!.value).value) ?? [];
  const [contentType, explicit] = decodeTlv(encapsulated!.value) ?? [];
  const octets = only(explicit!.value).value;
  const pieces = [octets.subarray(0, 40), octets.subarray(40)].map((piece) => encodeTlv(0x04, piece));
  const newEncapsulated = indefinite(0x30, contentType!.bytes, indefinite(0xa0, indefinite(0x24, ...pieces)));
  const signedData = indefinite(
    0x30,
    version!.bytes,
    digests!.bytes,
    newEncapsulated,
    ...rest.map(({ bytes }) => bytes),
  );
  return encodeTlv(0x77, indefinite(0x30, type!.bytes, indefinite(0xa0, signedData)));
}

/** The same security object with other certificates, in DER. */
function rewritten(
  file: Uint8Array,
  change: (certificates: readonly Uint8Array[]) => readonly Uint8Array[],
): Uint8Array {
  const [type, content] = decodeTlv(only(only(file).value).value) ?? [];
  const parts = decodeTlv(only(content!.value).value) ?? [];
  const signedData = parts.map(({ tag, value, bytes }) =>
    tag === 0xa0 ? encodeTlv(tag, ...change((decodeTlv(value) ?? []).map((each) => each.bytes))) : bytes,
  );
  return encodeTlv(0x77, encodeTlv(0x30, type!.bytes, encodeTlv(0xa0, encodeTlv(0x30, ...signedData))));
}

/** The same certificate whose subject and authority key identifiers are no ASN.1 any more. */
function malformKeyId(der: Uint8Array): Uint8Array {
  const malformed = Buffer.from(der);
  // 2.5.29.14 and 2.5.29.35, each followed by its octet string, whose content begins two bytes later.
  for (const id of ['0603551D0E', '0603551D23']) {
    const at = malformed.indexOf(Buffer.from(fromHex(id)));
    expect(at).toBeGreaterThan(0);
    malformed[at + 5 + 3] = 0x7f;
  }
  return new Uint8Array(malformed);
}

describe('a security object', () => {
  const signer = signerWith();

  it('says of each data group whether it is what was signed', () => {
    const file = securityObject(signer, {
      dataGroups: new Map([...dataGroups, [14, Uint8Array.of(0x6e, 0)]]),
    });
    const read = new Map([
      [1, Uint8Array.of(0x61, 1, 1)],
      [2, Uint8Array.of(0x75, 1, 3)],
      [15, Uint8Array.of(0x6f, 0)],
    ]);
    expect(verifySecurityObject(file, read, undefined)).toMatchObject({
      hashes: [
        { dataGroup: 1, outcome: 'match' },
        { dataGroup: 2, outcome: 'mismatch' },
        { dataGroup: 14, outcome: 'not-read' },
        { dataGroup: 15, outcome: 'not-in-security-object' },
      ],
    });
  });

  it('tells who signed it and from when to when', () => {
    expect(verified(securityObject(signer)).signer).toEqual({
      country: 'UT',
      notBefore: '2020-02-03',
      notAfter: '2031-12-31',
    });
  });

  it('may hash data groups, content and signature in three different ways', () => {
    const mixed = signerWith({ kind: 'ecdsa', curve: 'P-384', hash: 'sha512' });
    const fact = verified(securityObject(mixed, { digest: 'sha224', contentDigest: 'sha384' }));
    expect(fact).toMatchObject({
      digest: 'sha224',
      hashes: [{ outcome: 'match' }, { outcome: 'match' }],
      signature: { outcome: 'valid', hash: 'sha512', weaknesses: [] },
    });
  });

  it('is weak when SHA-1 is used for any of the three', () => {
    for (const weak of [{ digest: 'sha1', contentDigest: 'sha256' }, { contentDigest: 'sha1' }] as const) {
      expect(verified(securityObject(signer, weak)).signature).toMatchObject({
        outcome: 'valid',
        weaknesses: ['sha1'],
      });
    }
  });

  it('may be of version 1, with the versions of LDS and Unicode', () => {
    expect(verified(securityObject(signer, { ldsVersion: 1 }))).toMatchObject({
      ldsVersion: '1',
      signature: { outcome: 'valid' },
    });
  });

  it.each(['1.3.27.1.1.1', '1.2.528.1.1006.1.20.1'])('may carry the old identifier %s', (contentType) => {
    expect(verified(securityObject(signer, { contentType })).signature.outcome).toBe('valid');
  });

  it('is not understood when it says to be something else', () => {
    const file = securityObject(signer, { contentType: '1.2.840.113549.1.7.1' });
    expect(verifySecurityObject(file, dataGroups, undefined)).toEqual({ kind: 'unreadable' });
  });

  it('may be signed without attributes', () => {
    expect(verified(securityObject(signer, { signedAttributes: false })).signature.outcome).toBe('valid');
  });

  it('may be written with indefinite lengths and its content in pieces', () => {
    const fact = verified(withIndefiniteLengths(securityObject(signer)));
    expect(fact.signature.outcome).toBe('valid');
    expect(fact.hashes.map(({ outcome }) => outcome)).toEqual(['match', 'match']);
  });

  it('is valid when its attributes were signed in another order than DER asks for', () => {
    const file = changed(securityObject(signer), (signedData) => {
      const [info] = signedData.signerInfos;
      const attributes = [...(info?.signedAttrs ?? [])].reverse();
      const set = encodeTlv(0x31, ...attributes.map((each) => new Uint8Array(AsnConvert.serialize(each))));
      info!.signedAttrs = attributes;
      info!.signature.buffer = Uint8Array.from(signer.key.sign(set)).buffer;
    });
    expect(verified(file).signature.outcome).toBe('valid');
  });

  it('with several signers goes by the first one whose certificate is there', () => {
    const file = changed(securityObject(signer), (signedData) => {
      const [info] = signedData.signerInfos;
      const stranger = AsnConvert.parse(AsnConvert.serialize(info), SignerInfo);
      stranger.sid.issuerAndSerialNumber!.serialNumber = Uint8Array.of(5).buffer;
      signedData.signerInfos.unshift(stranger);
    });
    expect(verified(file).signature.outcome).toBe('valid');
  });

  it('is verified with its only certificate, even if the signer is named otherwise', () => {
    const file = changed(securityObject(signer), ({ signerInfos: [info] }) => {
      info!.sid.issuerAndSerialNumber!.serialNumber = Uint8Array.of(5).buffer;
    });
    expect(verified(file).signature.outcome).toBe('valid');
  });

  /** Another signer's certificate, written by hand into the set before that of the signer. */
  function withStranger(change: (der: Uint8Array) => Uint8Array): Uint8Array {
    const stranger = makeDocumentSigner(issuerWith(), {
      commonName: 'DS Stranger',
      algorithm: p256,
      seed: 'stranger',
      notBefore: new Date('2020-01-01T00:00:00Z'),
      notAfter: new Date('2030-01-01T00:00:00Z'),
    });
    return rewritten(securityObject(signer), (certificates) => [change(stranger.der), ...certificates]);
  }

  it.each([
    ['one of another signer', (der: Uint8Array) => der],
    ['one with a malformed key identifier', malformKeyId],
    ['one that is none', () => encodeTlv(0x30, Uint8Array.of(2, 1, 1))],
  ])('is verified whatever other certificates are with it: %s', (_, change) => {
    expect(verified(withStranger(change)).signature.outcome).toBe('valid');
  });

  it('is verified though a key identifier in the certificate of its signer is malformed', () => {
    const file = rewritten(securityObject(signer), (certificates) => certificates.map(malformKeyId));
    expect(verified(file).signature.outcome).toBe('valid');
  });

  it('is not understood when the certificate of its signer is broken and another one is there', () => {
    const file = rewritten(securityObject(signer), ([own]) => [
      encodeTlv(0x30, own!.subarray(0, 40)),
      issuerWith().der,
    ]);
    expect(verifySecurityObject(file, dataGroups, undefined)).toEqual({ kind: 'unreadable' });
  });

  it('is not understood without the certificate of its signer', () => {
    const file = changed(securityObject(signer), (signedData) => delete signedData.certificates);
    expect(verifySecurityObject(file, dataGroups, undefined)).toEqual({ kind: 'unreadable' });
  });

  it('is invalid when the hashes were exchanged after signing', () => {
    const other = AsnConvert.parse(
      AsnConvert.parse(only(securityObject(signer, { dataGroups: new Map() })).value, ContentInfo).content,
      SignedData,
    );
    const file = changed(securityObject(signer), (signedData) => {
      signedData.encapContentInfo = other.encapContentInfo;
    });
    expect(verified(file).signature.outcome).toBe('invalid');
  });

  it('is invalid when its attributes speak of another kind of content', () => {
    const file = changed(securityObject(signer), (signedData) => {
      signedData.encapContentInfo.eContentType = '1.3.27.1.1.1';
    });
    expect(verified(file).signature.outcome).toBe('invalid');
  });

  it('is invalid when an attribute was changed after signing', () => {
    const file = changed(securityObject(signer), ({ signerInfos: [info] }) => {
      info!.signedAttrs!.push(info!.signedAttrs![0]!);
    });
    expect(verified(file).signature.outcome).toBe('invalid');
  });

  it('is invalid when its signature is neither a pair of numbers nor as long as two of them', () => {
    for (const length of [0, 63, 65]) {
      const file = changed(securityObject(signer), ({ signerInfos: [info] }) => {
        info!.signature.buffer = new ArrayBuffer(length);
      });
      expect(verified(file).signature.outcome).toBe('invalid');
    }
  });

  it('has an unsupported signature when the algorithm is unknown', () => {
    const file = changed(securityObject(signer), ({ signerInfos: [info] }) => {
      info!.signatureAlgorithm.algorithm = '1.3.101.112';
    });
    expect(verified(file).signature).toMatchObject({ outcome: 'unsupported', algorithm: 'unknown' });
  });
});

describe('the issuer of a security object', () => {
  it('is not checked without a list', () => {
    expect(verified(securityObject(signerWith())).issuer).toBe('not-checked');
  });

  it('is trusted when it is on the list', () => {
    const others = issuerWith({ kind: 'ecdsa', curve: 'P-384', hash: 'sha384' }, 'others');
    const issuer = issuerWith();
    const issuers = loadIssuers([others.der, issuer.der]);
    expect(verified(securityObject(signerWith(p256, issuer)), issuers).issuer).toBe('trusted');
  });

  it('is unknown when it has the name of one on the list, but another key', () => {
    const issuers = loadIssuers([issuerWith(p256, 'genuine').der]);
    const file = securityObject(signerWith(p256, issuerWith(p256, 'forged')));
    expect(verified(file, issuers)).toMatchObject({ issuer: 'unknown', signature: { outcome: 'valid' } });
  });

  it('is unknown when the certificate was changed after it was issued', () => {
    const issuer = issuerWith();
    const file = changed(securityObject(signerWith(p256, issuer)), (signedData) => {
      const { certificate } = signedData.certificates![0]!;
      certificate!.tbsCertificate.validity.notAfter.utcTime = new Date('2049-12-31T23:59:59Z');
      delete certificate!.tbsCertificateRaw;
    });
    expect(verified(file, loadIssuers([issuer.der]))).toMatchObject({
      issuer: 'unknown',
      signer: { notAfter: '2049-12-31' },
    });
  });
});

/** Mulberry32: small, seeded, good enough for picking what to break. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

describe('garbage in place of a security object', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['another file', Uint8Array.of(0x61, 2, 1, 1)],
    ['an empty object', Uint8Array.of(0x77, 0)],
    ['a file cut off', securityObject(signerWith()).subarray(0, 300)],
    ['a thousand nested objects', encodeTlv(0x77, new Uint8Array(2000).fill(0x30))],
  ])('is called unreadable: %s', (_, file) => {
    expect(verifySecurityObject(file, dataGroups, undefined)).toEqual({ kind: 'unreadable' });
  });

  it('never throws, and never makes a changed document pass as signed', () => {
    const issuer = issuerWith();
    const issuers = loadIssuers([issuer.der]);
    const explicit = { kind: 'ecdsa', curve: 'P-256', hash: 'sha256', explicitParameters: true } as const;
    const file = securityObject(signerWith(explicit, issuer));
    const random = randomNumbers(20_240_607);
    for (let round = 0; round < 600; round++) {
      const broken = Uint8Array.from(file);
      for (let count = 1 + random(3); count > 0; count--) broken[random(broken.length)] = random(256);
      const fact = chipFacts.shape.securityObject.parse(verifySecurityObject(broken, dataGroups, issuers));
      if (fact.kind === 'unreadable' || Buffer.compare(broken, file) === 0) continue;
      const passes =
        fact.signature.outcome === 'valid' &&
        fact.issuer === 'trusted' &&
        fact.hashes.some(({ outcome }) => outcome === 'mismatch');
      expect(passes).toBe(false);
    }
  });
});
