import type { MrzKey } from '../../emrtd/types.js';
import type { HashName } from '../../shared/crypto/symmetric.js';
import type { ChipContents } from './contents.js';
import { demoRsaKey } from './demo-rsa-key.js';
import { encodeCom, encodeDg1, encodeDg2, lengthenJpeg, type FaceImage } from './lds.js';
import { makeMrz, type Holder } from './mrz.js';
import { makeDocumentSigner, makeIssuer, type DocumentSigner, type Issuer } from './pki.js';
import { portrait } from './portrait.js';
import { smallPortrait } from './portrait-small.js';
import { signSecurityObject } from './security-object.js';
import type { KeyAlgorithm } from './signing-key.js';
import { demoSpecimens, type ChipFault, type DemoDocument } from './types.js';

const fileIds = { com: 0x011e, securityObject: 0x011d, dataGroup2: 0x0102 } as const;

/** What opens a document, and how much it takes at a time. */
export type DocumentAccess = Pick<ChipContents, 'bac' | 'pace' | 'extendedLength' | 'can'>;

export interface DocumentOptions {
  readonly key: MrzKey;
  readonly holder: Holder;
  readonly format: 'TD1' | 'TD3';
  /** P, PE, I … */
  readonly documentCode: string;
  readonly access: DocumentAccess;
  readonly signer: DocumentSigner;
  /** Of the data groups; SHA-256 when left out. */
  readonly digest?: HashName;
  /** A JPEG; the large demo portrait when left out. */
  readonly photo?: FaceImage;
  /** Length of the whole of DG2, bytes: the photo is filled up. */
  readonly dg2Size?: number;
  /** Length of the whole of EF.SOD, bytes. */
  readonly securityObjectSize?: number;
}

/** Issuing state of all specimens: Utopia, Doc 9303 part 3 section 5. */
const utopia = 'UTO';
const utopiaCountry = 'UT';

const photos = {
  large: { bytes: Buffer.from(portrait, 'base64'), width: 413, height: 531, format: 'jpeg' },
  small: { bytes: Buffer.from(smallPortrait, 'base64'), width: 160, height: 213, format: 'jpeg' },
} as const satisfies Record<string, FaceImage>;

function encodePhoto(photo: FaceImage, size: number | undefined): Uint8Array {
  const dg2 = encodeDg2(photo);
  if (size === undefined) return dg2;
  const filled = encodeDg2({ ...photo, bytes: lengthenJpeg(photo.bytes, size - dg2.length) });
  if (filled.length !== size) throw new RangeError('no DG2 of this size');
  return filled;
}

/** Personalises a document. Throws a RangeError when a wanted size cannot be met. */
export function makeDocument(options: DocumentOptions): ChipContents {
  const { key, holder, format, documentCode, access, signer, digest = 'sha256' } = options;
  const dataGroups = new Map([
    [1, encodeDg1(makeMrz({ format, documentCode, state: utopia, key, holder }))],
    [2, encodePhoto(options.photo ?? photos.large, options.dg2Size)],
  ]);
  const securityObject = signSecurityObject(signer, {
    dataGroups,
    digest,
    ...(options.securityObjectSize !== undefined && { size: options.securityObjectSize }),
  });
  const files = new Map([
    [fileIds.com, encodeCom([...dataGroups.keys()])],
    [fileIds.securityObject, securityObject],
    ...[...dataGroups].map(([number, bytes]): [number, Uint8Array] => [0x0100 + number, bytes]),
  ]);
  return { key, ...access, files };
}

/** Remembers what `make` gave for each name. */
function once<Name extends string, Value>(make: (name: Name) => Value): (name: Name) => Value {
  const made = new Map<Name, Value>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    made.set(name, value);
    return value;
  };
}

const seed = 'Utopia';

/** Issuer of the demo documents, and one that nobody trusts. */
const demoIssuer = once((name: 'trusted' | 'unknown'): Issuer =>
  makeIssuer({
    country: utopiaCountry,
    commonName: name === 'trusted' ? 'CSCA Utopia Demo' : 'CSCA Utopia Unknown',
    algorithm: { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' },
    notBefore: new Date('2010-01-01T00:00:00Z'),
    notAfter: new Date('2045-12-31T23:59:59Z'),
    seed,
  }),
);

type SignerName = 'p256' | 'brainpool' | 'rsa-pkcs1' | 'rsa-pss' | 'unknown';

function signerAlgorithm(name: SignerName): KeyAlgorithm {
  switch (name) {
    case 'p256':
    case 'unknown':
      return { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' };
    case 'brainpool':
      return { kind: 'ecdsa', curve: 'brainpoolP256r1', explicitParameters: true, hash: 'sha256' };
    case 'rsa-pkcs1':
      return { kind: 'rsa-pkcs1', hash: 'sha256', privateKey: demoRsaKey() };
    case 'rsa-pss':
      return { kind: 'rsa-pss', hash: 'sha256', saltLength: 32, privateKey: demoRsaKey() };
  }
}

const demoSigner = once((name: SignerName): DocumentSigner =>
  makeDocumentSigner(demoIssuer(name === 'unknown' ? 'unknown' : 'trusted'), {
    commonName: `DS Utopia Demo ${name}`,
    algorithm: signerAlgorithm(name),
    notBefore: new Date('2011-01-01T00:00:00Z'),
    notAfter: new Date('2035-12-31T23:59:59Z'),
    seed,
  }),
);

/** CSCA certificates in DER that the demo trusts. */
export function demoIssuers(): readonly Uint8Array[] {
  return [demoIssuer('trusted').der];
}

interface Specimen {
  readonly holder: Holder;
  readonly documentCode: string;
  readonly access: DocumentAccess;
  readonly signer: SignerName;
  readonly photo: FaceImage;
}

const paceP256: DocumentAccess = {
  bac: true,
  pace: [{ parameterId: 12, cipher: 'aes-128' }],
  extendedLength: true,
};
const bacShort: DocumentAccess = { bac: true, pace: [], extendedLength: false };

/** The persons are made up. */
const specimens: Readonly<Record<DemoDocument, Specimen>> = {
  'passport-pace': {
    holder: { surname: 'Mønsted', givenNames: 'Vilja Ågot', sex: 'F' },
    documentCode: 'P',
    access: paceP256,
    signer: 'p256',
    photo: photos.large,
  },
  'passport-bac': {
    holder: { surname: 'Testrup', givenNames: 'Egon', sex: 'M' },
    documentCode: 'P',
    access: bacShort,
    signer: 'rsa-pkcs1',
    photo: photos.large,
  },
  'passport-brainpool': {
    holder: { surname: 'Beispiel-Müster', givenNames: 'Jördis', sex: 'F' },
    documentCode: 'P',
    access: { bac: false, pace: [{ parameterId: 13, cipher: 'aes-256' }], extendedLength: true },
    signer: 'brainpool',
    photo: photos.large,
  },
  'identity-card': {
    holder: { surname: 'Exempel', givenNames: 'Lo' },
    documentCode: 'I',
    access: {
      bac: false,
      pace: [{ parameterId: 12, cipher: 'aes-128' }],
      can: '264815',
      extendedLength: true,
    },
    signer: 'rsa-pss',
    photo: photos.large,
  },
  'passport-expired': {
    holder: { surname: 'Fordums', givenNames: 'Asta Birgitte', sex: 'F' },
    documentCode: 'P',
    access: bacShort,
    signer: 'rsa-pkcs1',
    photo: photos.large,
  },
  'passport-small-photo': {
    holder: { surname: 'Frimærke', givenNames: 'Bo', sex: 'M' },
    documentCode: 'P',
    access: paceP256,
    signer: 'p256',
    photo: photos.small,
  },
  'passport-emergency': {
    holder: { surname: 'Hastværk', givenNames: 'Noël', sex: 'M' },
    documentCode: 'PE',
    access: bacShort,
    signer: 'rsa-pss',
    photo: photos.large,
  },
};

/** YYYY-MM-DD → YYMMDD. */
function mrzDate(date: string): string {
  return date.slice(2).replaceAll('-', '');
}

function makeSpecimen(document: DemoDocument, signedByUnknown: boolean): ChipContents {
  const { kind, documentNumber, birthDate, expiryDate } = demoSpecimens[document];
  const { signer, ...specimen } = specimens[document];
  return makeDocument({
    ...specimen,
    format: kind === 'passport' ? 'TD3' : 'TD1',
    key: { documentNumber, birthDate: mrzDate(birthDate), expiryDate: mrzDate(expiryDate) },
    signer: demoSigner(signedByUnknown ? 'unknown' : signer),
  });
}

const genuineSpecimen = once((document: DemoDocument) => makeSpecimen(document, false));
const unknownSpecimen = once((document: DemoDocument) => makeSpecimen(document, true));

/** The same contents with the last byte of one file changed. */
function alterLastByte(contents: ChipContents, fileId: number): ChipContents {
  const files = new Map(contents.files);
  const file = Uint8Array.from(files.get(fileId) ?? []);
  file.set([(file.at(-1) ?? 0) ^ 0xff], file.length - 1);
  return { ...contents, files: files.set(fileId, file) };
}

/** A specimen of the demo bench. Faults in the chip's behaviour, its key included, are the chip's own: its contents stay. */
export function makeDemoDocument(document: DemoDocument, fault: ChipFault): ChipContents {
  switch (fault.kind) {
    case 'tampered-photo':
      return alterLastByte(genuineSpecimen(document), fileIds.dataGroup2);
    case 'tampered-signature':
      // The signature is the last thing in the file.
      return alterLastByte(genuineSpecimen(document), fileIds.securityObject);
    case 'unknown-issuer':
      return unknownSpecimen(document);
    case 'none':
    case 'dead':
    case 'slow':
    case 'torn':
    case 'wrong-key':
    case 'not-a-passport':
      return genuineSpecimen(document);
  }
}
