import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  Certificate as X509Certificate,
  id_ce_authorityKeyIdentifier,
  id_ce_subjectKeyIdentifier,
  SubjectKeyIdentifier,
  type Name,
} from '@peculiar/asn1-x509';
import { toHex } from '../../shared/bytes.js';
import { signatureAlgorithmOf, type SignatureAlgorithm } from './algorithms.js';
import { publicKeyOf, type PublicKey } from './public-key.js';
import { verifySignature } from './signature.js';

/** What passive authentication needs of an X.509 certificate, Doc 9303 part 12 section 7. */
export interface Certificate {
  /** Comparable form of the name, see `comparable`. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serialNumber: string;
  /** Key identifiers, hexadecimal. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** X.509 countryName of the issuer, or of the subject where the issuer has none; capitals. */
  readonly country: string | undefined;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** `undefined`: a kind of key that this program does not know. */
  readonly publicKey: PublicKey | undefined;
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  /** What the issuer signed. */
  readonly signedPart: Uint8Array;
  readonly signature: Uint8Array;
}

const idCountryName = '2.5.4.6';

/**
 * Names are compared without regard to capitals, to white space and to the type of string: issuers write the same
 * name in several ways (a simple form of RFC 5280 section 7.1).
 */
export function comparable(name: Name): string {
  return JSON.stringify(
    name.map((relative) =>
      relative.map(({ type, value }) => [type, value.toString().trim().replace(/\s+/g, ' ').toUpperCase()]),
    ),
  );
}

function countryOf(name: Name): string | undefined {
  const country = name
    .flatMap((relative) => [...relative])
    .find(({ type }) => type === idCountryName)
    ?.value.toString()
    .toUpperCase();
  return country !== undefined && /^[A-Z]{2,3}$/.test(country) ? country : undefined;
}

/** A key or an extension of unknown or broken make is no reason to refuse the whole certificate. */
function attempt<Value>(read: () => Value | undefined): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Throws when `der` is no X.509 certificate. */
export function decodeCertificate(der: Uint8Array): Certificate {
  const x509 = AsnConvert.parse(der, X509Certificate);
  const { tbsCertificate, tbsCertificateRaw, signatureAlgorithm, signatureValue } = x509;
  const extension = (id: string) =>
    tbsCertificate.extensions?.find(({ extnID }) => extnID === id)?.extnValue.buffer;
  const subjectKeyId = extension(id_ce_subjectKeyIdentifier);
  const authorityKeyId = extension(id_ce_authorityKeyIdentifier);
  const keyId = (id: { readonly buffer: ArrayBuffer } | undefined) => id && toHex(new Uint8Array(id.buffer));
  return {
    subject: comparable(tbsCertificate.subject),
    issuer: comparable(tbsCertificate.issuer),
    serialNumber: toHex(new Uint8Array(tbsCertificate.serialNumber)),
    subjectKeyId: attempt(() => subjectKeyId && keyId(AsnConvert.parse(subjectKeyId, SubjectKeyIdentifier))),
    authorityKeyId: attempt(
      () => authorityKeyId && keyId(AsnConvert.parse(authorityKeyId, AuthorityKeyIdentifier).keyIdentifier),
    ),
    country: countryOf(tbsCertificate.issuer) ?? countryOf(tbsCertificate.subject),
    notBefore: tbsCertificate.validity.notBefore.getTime(),
    notAfter: tbsCertificate.validity.notAfter.getTime(),
    publicKey: attempt(() => publicKeyOf(tbsCertificate.subjectPublicKeyInfo)),
    signatureAlgorithm: attempt(() => signatureAlgorithmOf(signatureAlgorithm)),
    signedPart: new Uint8Array(tbsCertificateRaw ?? AsnConvert.serialize(tbsCertificate)),
    signature: new Uint8Array(signatureValue),
  };
}

/** Whether the issuer's key made the certificate's signature. */
export function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  const { signatureAlgorithm, signedPart, signature } = certificate;
  if (issuer.publicKey === undefined || signatureAlgorithm === undefined) return false;
  return verifySignature(issuer.publicKey, signatureAlgorithm, signedPart, signature);
}
