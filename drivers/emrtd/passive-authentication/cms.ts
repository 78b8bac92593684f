import {
  ContentInfo,
  id_signedData,
  SignedData,
  type Attribute,
  type SignerIdentifier,
  type SignerInfo,
} from '@peculiar/asn1-cms';
import { AsnConvert, AsnObjectIdentifierConverter, OctetString } from '@peculiar/asn1-schema';
import { equal, toHex } from '../../shared/bytes.js';
import { hash, type HashName } from '../../shared/crypto/symmetric.js';
import { decodeTlv, encodeTlv, readHeader } from '../../shared/tlv.js';
import { hashOf, signatureAlgorithmOf, type SignatureAlgorithm } from './algorithms.js';
import { withDefiniteLengths } from './ber.js';
import { comparable, decodeCertificate, type Certificate } from './certificate.js';
import { verifySignature } from './signature.js';

/** EF.SOD taken apart: Doc 9303 part 10 section 4.6.2, a CMS SignedData (RFC 5652) in an object with tag 77. */
export interface SignedContent {
  /** The encoded LDS security object. */
  readonly content: Uint8Array;
  readonly contentType: string;
  /** Certificate of the document signer. */
  readonly certificate: Certificate;
  /** Of the content; `undefined`: a hash that this program does not know. */
  readonly digest: HashName | undefined;
  readonly algorithm: SignatureAlgorithm | undefined;
  readonly signedAttributes: readonly Attribute[] | undefined;
  readonly signature: Uint8Array;
}

const securityObjectTag = 0x77;
const idContentType = '1.2.840.113549.1.9.3';
const idMessageDigest = '1.2.840.113549.1.9.4';

/** Identifiers of the LDS security object as content. */
const contentTypes: readonly string[] = [
  // Doc 9303 part 10 section 4.6.2.3.
  '2.23.136.1.1.1',
  // Of the first drafts of the LDS (2004); still in documents, and accepted by JMRTD as well.
  '1.3.27.1.1.1',
  // Of the supplier of early Dutch passports; accepted by JMRTD as well.
  '1.2.528.1.1006.1.20.1',
];

function isIdentifiedBy(
  { issuer, serialNumber, subjectKeyId }: Certificate,
  { issuerAndSerialNumber, subjectKeyIdentifier }: SignerIdentifier,
): boolean {
  if (subjectKeyIdentifier) return subjectKeyId === toHex(new Uint8Array(subjectKeyIdentifier.buffer));
  return (
    issuerAndSerialNumber !== undefined &&
    serialNumber === toHex(new Uint8Array(issuerAndSerialNumber.serialNumber)) &&
    issuer === comparable(issuerAndSerialNumber.issuer)
  );
}

interface Signer {
  readonly info: SignerInfo;
  readonly certificate: Certificate;
}

/**
 * The first signer whose certificate is there. A lone signer with a lone certificate belong together whatever the name
 * says; `undefined` among the certificates stands for one that cannot be read.
 */
function signerOf(
  { signerInfos }: SignedData,
  certificates: readonly (Certificate | undefined)[],
): Signer | undefined {
  for (const info of signerInfos) {
    const certificate = certificates.find((candidate) => candidate && isIdentifiedBy(candidate, info.sid));
    if (certificate) return { info, certificate };
  }
  const [info, ...otherInfos] = signerInfos;
  const [certificate, ...otherCertificates] = certificates;
  if (!info || !certificate || otherInfos.length + otherCertificates.length > 0) return undefined;
  return { info, certificate };
}

/** Tags in a SignedData and in its CertificateSet, RFC 5652 sections 5.1 and 10.2.3. */
const tags = { sequence: 0x30, certificates: 0xa0 } as const;

function readableCertificate(der: Uint8Array): Certificate | undefined {
  try {
    return decodeCertificate(der);
  } catch {
    return undefined;
  }
}

/**
 * A SignedData without its certificates, and those one by one: a broken one that is not the signer's must not make the
 * whole unreadable. `undefined` when it is no sequence.
 */
function takeApart(
  der: Uint8Array,
): { signedData: SignedData; certificates: readonly (Certificate | undefined)[] } | undefined {
  const [sequence] = decodeTlv(der) ?? [];
  const parts = sequence?.tag === tags.sequence ? decodeTlv(sequence.value) : undefined;
  if (parts === undefined) return undefined;
  const withoutCertificates = parts.filter(({ tag }) => tag !== tags.certificates);
  const certificates = parts
    .filter(({ tag }) => tag === tags.certificates)
    .flatMap(({ value }) => decodeTlv(value) ?? [])
    .filter(({ tag }) => tag === tags.sequence);
  return {
    signedData: AsnConvert.parse(
      encodeTlv(tags.sequence, ...withoutCertificates.map(({ bytes }) => bytes)),
      SignedData,
    ),
    certificates: certificates.map(({ bytes }) => readableCertificate(bytes)),
  };
}

/**
 * Takes EF.SOD apart; indefinite lengths are allowed inside. `undefined` when it is no signed LDS security object or
 * its signer's certificate is not there. Throws on malformed ASN.1.
 */
export function decodeSignedContent(securityObject: Uint8Array): SignedContent | undefined {
  const header = readHeader(securityObject);
  if (header?.tag !== securityObjectTag) return undefined;
  const message = withDefiniteLengths(securityObject.subarray(header.headerLength));
  if (message === undefined) return undefined;
  const { contentType, content } = AsnConvert.parse(message, ContentInfo);
  if (contentType !== id_signedData) return undefined;
  const parts = takeApart(new Uint8Array(content));
  if (parts === undefined) return undefined;
  const { eContentType, eContent } = parts.signedData.encapContentInfo;
  const signer = signerOf(parts.signedData, parts.certificates);
  if (!contentTypes.includes(eContentType) || !eContent?.single || !signer) return undefined;
  const { digestAlgorithm, signatureAlgorithm, signedAttrs, signature } = signer.info;
  const digest = hashOf(digestAlgorithm.algorithm);
  return {
    content: new Uint8Array(eContent.single.buffer),
    contentType: eContentType,
    certificate: signer.certificate,
    digest,
    algorithm: signatureAlgorithmOf(signatureAlgorithm, digest),
    signedAttributes: signedAttrs,
    signature: new Uint8Array(signature.buffer),
  };
}

/** The single value of an attribute; `undefined` when it is missing or there are several. */
function singleValue(attributes: readonly Attribute[], type: string): ArrayBuffer | undefined {
  const [attribute, ...others] = attributes.filter(({ attrType }) => attrType === type);
  const [value, ...more] = attribute?.attrValues ?? [];
  return others.length + more.length > 0 ? undefined : value;
}

/** Whether the attributes speak of this content, RFC 5652 sections 11.1 and 11.2. Throws on malformed attributes. */
function speakOf(
  attributes: readonly Attribute[],
  { content, contentType }: SignedContent,
  digest: HashName,
): boolean {
  const type = singleValue(attributes, idContentType);
  const messageDigest = singleValue(attributes, idMessageDigest);
  if (type === undefined || messageDigest === undefined) return false;
  return (
    equal(new Uint8Array(type), new Uint8Array(AsnObjectIdentifierConverter.toASN(contentType).toBER())) &&
    equal(new Uint8Array(AsnConvert.parse(messageDigest, OctetString).buffer), hash(digest, content))
  );
}

/**
 * What the signature may have been made over (RFC 5652 section 5.4): the content itself, or its attributes as a SET in
 * DER, sorted. Some issuers sign the SET in the order in which they wrote it.
 */
function signedForms({ content, signedAttributes }: SignedContent): readonly Uint8Array[] {
  if (signedAttributes === undefined) return [content];
  const asWritten = signedAttributes.map((attribute) => new Uint8Array(AsnConvert.serialize(attribute)));
  const sorted = [...asWritten].sort((a, b) => Buffer.compare(a, b));
  return [sorted, asWritten].map((attributes) => encodeTlv(0x31, ...attributes));
}

export type SignatureOutcome = 'valid' | 'invalid' | 'unsupported';

/** Verifies the document signer's signature over the content, Doc 9303 part 11 section 5.1. Throws on malformed attributes. */
export function verifySignedContent(signed: SignedContent): SignatureOutcome {
  const { algorithm, certificate, digest, signedAttributes, signature } = signed;
  const { publicKey } = certificate;
  if (algorithm === undefined || publicKey === undefined || digest === undefined) return 'unsupported';
  if (signedAttributes !== undefined && !speakOf(signedAttributes, signed, digest)) return 'invalid';
  return signedForms(signed).some((form) => verifySignature(publicKey, algorithm, form, signature))
    ? 'valid'
    : 'invalid';
}
