import { describe, expect, it } from 'vitest';
import { examineDetails } from '../../../../../drivers/emrtd/details.js';
import { examinePhoto } from '../../../../../drivers/emrtd/photo.js';
import {
  loadIssuers,
  verifySecurityObject,
} from '../../../../../drivers/emrtd/passive-authentication/index.js';
import type { ChipContents } from '../../../../../drivers/simulated/chip/contents.js';
import {
  demoIssuers,
  makeDemoDocument,
  makeDocument,
} from '../../../../../drivers/simulated/chip/documents.js';
import { makeDocumentSigner, makeIssuer } from '../../../../../drivers/simulated/chip/pki.js';
import { demoDocuments, demoSpecimens } from '../../../../../drivers/simulated/chip/types.js';

const issuers = loadIssuers(demoIssuers());

function file({ files }: ChipContents, id: number): Uint8Array {
  const bytes = files.get(id);
  if (bytes === undefined) throw new Error('no such file');
  return bytes;
}

function examine(contents: ChipContents) {
  const dataGroups = new Map([1, 2].map((number) => [number, file(contents, 0x0100 + number)]));
  const security = verifySecurityObject(file(contents, 0x011d), dataGroups, issuers);
  if (security.kind !== 'parsed') throw new Error('the security object was not understood');
  return {
    details: examineDetails(file(contents, 0x0101), contents.key),
    photo: examinePhoto(file(contents, 0x0102)),
    hashes: security.hashes.map(({ outcome }) => outcome),
    signature: security.signature,
    issuer: security.issuer,
  };
}

describe('the demo documents', () => {
  it.each(demoDocuments)('%s is genuine, with the details that are printed on it', (document) => {
    const { documentNumber, birthDate, expiryDate } = demoSpecimens[document];
    const contents = makeDemoDocument(document, { kind: 'none' });
    expect(contents.key).toEqual({
      documentNumber,
      birthDate: birthDate.replaceAll('-', '').slice(2),
      expiryDate: expiryDate.replaceAll('-', '').slice(2),
    });
    expect(examine(contents)).toMatchObject({
      details: {
        issuingState: 'UTO',
        checkDigitsRight: true,
        matches: { documentNumber: true, birthDate: true, expiryDate: true },
      },
      photo: { kind: 'parsed', format: 'jpeg', faces: 1 },
      hashes: ['match', 'match'],
      signature: { outcome: 'valid', weaknesses: [] },
      issuer: 'trusted',
    });
  });

  it('differ in how they are opened and signed', () => {
    const ways = demoDocuments.map((document) => {
      const contents = makeDemoDocument(document, { kind: 'none' });
      const { algorithm, curve } = examine(contents).signature;
      const pace = contents.pace.map(({ parameterId, cipher }) => `PACE ${parameterId} ${cipher}`);
      return [
        document,
        [...(contents.bac ? ['BAC'] : []), ...pace].join(', '),
        contents.extendedLength ? 'extended' : 'short',
        curve ?? algorithm,
      ].join(': ');
    });
    expect(ways).toEqual([
      'passport-pace: BAC, PACE 12 aes-128: extended: P-256',
      'passport-bac: BAC: short: rsa-pkcs1',
      'passport-brainpool: PACE 13 aes-256: extended: brainpoolP256r1',
      'identity-card: PACE 12 aes-128: extended: rsa-pss',
      'passport-expired: BAC: short: rsa-pkcs1',
      'passport-small-photo: BAC, PACE 12 aes-128: extended: P-256',
      'passport-emergency: BAC: short: rsa-pss',
    ]);
  });

  it('include a small photo, an emergency passport and a card with a card access number', () => {
    expect(examine(makeDemoDocument('passport-pace', { kind: 'none' })).photo).toMatchObject({
      width: 413,
      height: 531,
    });
    const smallPhoto = makeDemoDocument('passport-small-photo', { kind: 'none' });
    expect(examine(smallPhoto).photo).toMatchObject({ width: 160, height: 213 });
    const emergency = makeDemoDocument('passport-emergency', { kind: 'none' });
    expect(examine(emergency).details).toMatchObject({ format: 'TD3', documentCode: 'PE' });
    const card = makeDemoDocument('identity-card', { kind: 'none' });
    expect(examine(card).details).toMatchObject({ format: 'TD1', documentCode: 'I' });
    expect(card.can).toMatch(/^\d{6}$/);
  });

  it('are made once only', () => {
    const first = makeDemoDocument('passport-pace', { kind: 'none' });
    expect(makeDemoDocument('passport-pace', { kind: 'dead' })).toBe(first);
  });
});

describe('a fault in the contents of a demo document', () => {
  const genuine = { hashes: ['match', 'match'], signature: { outcome: 'valid' }, issuer: 'trusted' };
  it.each(demoDocuments)('shows in that alone: %s', (document) => {
    expect(examine(makeDemoDocument(document, { kind: 'tampered-photo' }))).toMatchObject({
      ...genuine,
      hashes: ['match', 'mismatch'],
    });
    expect(examine(makeDemoDocument(document, { kind: 'tampered-signature' }))).toMatchObject({
      ...genuine,
      signature: { outcome: 'invalid' },
    });
    expect(examine(makeDemoDocument(document, { kind: 'unknown-issuer' }))).toMatchObject({
      ...genuine,
      issuer: 'unknown',
    });
    expect(examine(makeDemoDocument(document, { kind: 'none' }))).toMatchObject(genuine);
  });
});

describe('a document made to measure', () => {
  const validity = {
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2040-01-01T00:00:00Z'),
  };
  const algorithm = { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' } as const;
  const issuer = makeIssuer({ country: 'UT', commonName: 'CSCA', algorithm, seed: 'x', ...validity });
  const common = {
    key: { documentNumber: 'X1', birthDate: '800101', expiryDate: '300101' },
    holder: { surname: 'Jensen', givenNames: 'Ib' },
    format: 'TD3',
    documentCode: 'P',
    access: { bac: true, pace: [], extendedLength: true },
    signer: makeDocumentSigner(issuer, { commonName: 'DS', algorithm, seed: 'x', ...validity }),
  } as const;

  it('has files of exactly the wanted sizes, and they are still right', () => {
    const contents = makeDocument({ ...common, dg2Size: 20_480, securityObjectSize: 1800 });
    expect(file(contents, 0x0102)).toHaveLength(20_480);
    expect(file(contents, 0x011d)).toHaveLength(1800);
    expect(examine(contents)).toMatchObject({
      photo: { width: 413, height: 531 },
      hashes: ['match', 'match'],
      signature: { outcome: 'valid' },
    });
  });

  it('refuses a size that is too small for the photo', () => {
    expect(() => makeDocument({ ...common, dg2Size: 10_000 })).toThrow(RangeError);
  });

  it('hashes with the algorithm that was asked for', () => {
    const contents = makeDocument({ ...common, digest: 'sha512' });
    expect(examine(contents).hashes).toEqual(['match', 'match']);
  });
});
