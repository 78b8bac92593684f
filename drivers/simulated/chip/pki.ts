import { randomBytes } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectKeyIdentifier,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import { hash } from '../../shared/crypto/symmetric.js';
import { arrayBuffer } from './der.js';
import { makeSigningKey, type KeyAlgorithm, type SigningKey } from './signing-key.js';

/** A key with the certificate that says whose it is. */
export interface Party {
  readonly key: SigningKey;
  readonly certificate: Certificate;
  /** The certificate in DER. */
  readonly der: Uint8Array;
}

/** A country signing certification authority (CSCA). */
export type Issuer = Party & { readonly kind: 'issuer'; readonly country: string };

/** A document signer (DS). */
export type DocumentSigner = Party & { readonly kind: 'document-signer' };

interface PartyOptions {
  readonly commonName: string;
  readonly algorithm: KeyAlgorithm;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** EC keys and serial numbers follow from it; random when left out. */
  readonly seed?: string;
}

export interface IssuerOptions extends PartyOptions {
  /** Two capital letters. */
  readonly country: string;
}

export type DocumentSignerOptions = PartyOptions;

function nameOf(country: string, commonName: string): Name {
  const attribute = (type: string, value: AttributeValue) =>
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type, value })]);
  return new Name([
    attribute('2.5.4.6', new AttributeValue({ printableString: country })),
    attribute('2.5.4.3', new AttributeValue({ utf8String: commonName })),
  ]);
}

function seedBytes({ seed, commonName }: PartyOptions): Uint8Array {
  return seed === undefined ? randomBytes(32) : hash('sha256', Buffer.from(`${seed}\n${commonName}`));
}

/** SHA-1 of the public key, RFC 5280 section 4.2.1.2. */
function keyIdOf({ publicKeyInfo }: SigningKey): Uint8Array {
  return hash('sha1', new Uint8Array(publicKeyInfo.subjectPublicKey));
}

function extension(extnID: string, critical: boolean, value: unknown): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

interface CertificateContent {
  readonly subject: Name;
  readonly issuer: Name;
  readonly key: SigningKey;
  readonly issuerKey: SigningKey;
  readonly seed: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** A certificate with the profile of Doc 9303 part 12 section 7.1, without what only publishes it (CRL, names, document types). */
function certify(content: CertificateContent, { notBefore, notAfter }: PartyOptions): Party {
  const { subject, issuer, key, issuerKey, seed, extensions } = content;
  // Eight bytes, the first of them neither zero nor negative.
  const serialNumber = hash('sha256', seed)
    .slice(0, 8)
    .map((byte, at) => (at === 0 ? (byte & 0x3f) | 0x40 : byte));
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber.buffer,
    signature: issuerKey.signatureAlgorithm,
    issuer,
    validity: new Validity({ notBefore, notAfter }),
    subject,
    subjectPublicKeyInfo: key.publicKeyInfo,
    extensions: new Extensions([
      extension(
        id_ce_authorityKeyIdentifier,
        false,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdOf(issuerKey)) }),
      ),
      extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdOf(key))),
      ...extensions,
    ]),
  });
  const signature = issuerKey.sign(new Uint8Array(AsnConvert.serialize(tbsCertificate)));
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: issuerKey.signatureAlgorithm,
    signatureValue: arrayBuffer(signature),
  });
  return { key, certificate, der: new Uint8Array(AsnConvert.serialize(certificate)) };
}

/** A CSCA with its self-signed certificate. */
export function makeIssuer(options: IssuerOptions): Issuer {
  const { country, commonName, algorithm } = options;
  const seed = seedBytes(options);
  const key = makeSigningKey(algorithm, seed);
  const name = nameOf(country, commonName);
  const party = certify(
    {
      subject: name,
      issuer: name,
      key,
      issuerKey: key,
      seed,
      extensions: [
        extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
        extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign)),
      ],
    },
    options,
  );
  return { ...party, kind: 'issuer', country };
}

/** A document signer whose certificate the issuer signed. */
export function makeDocumentSigner(issuer: Issuer, options: DocumentSignerOptions): DocumentSigner {
  const seed = seedBytes(options);
  const party = certify(
    {
      subject: nameOf(issuer.country, options.commonName),
      issuer: issuer.certificate.tbsCertificate.subject,
      key: makeSigningKey(options.algorithm, seed),
      issuerKey: issuer.key,
      seed,
      extensions: [extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.digitalSignature))],
    },
    options,
  );
  return { ...party, kind: 'document-signer' };
}
