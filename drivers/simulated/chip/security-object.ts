import {
  Attribute,
  CertificateChoices,
  CertificateSet,
  CMSVersion,
  ContentInfo,
  DigestAlgorithmIdentifier,
  DigestAlgorithmIdentifiers,
  EncapsulatedContent,
  EncapsulatedContentInfo,
  id_signedData,
  IssuerAndSerialNumber,
  SignatureAlgorithmIdentifier,
  SignedData,
  SignerIdentifier,
  SignerInfo,
  SignerInfos,
} from '@peculiar/asn1-cms';
import { AsnConvert, AsnObjectIdentifierConverter, OctetString } from '@peculiar/asn1-schema';
import { hash, type HashName } from '../../shared/crypto/symmetric.js';
import { encodeTlv } from '../../shared/tlv.js';
import { arrayBuffer } from './der.js';
import type { DocumentSigner } from './pki.js';
import { hashIdentifier } from './signing-key.js';

export interface SecurityObjectOptions {
  /** Number of the data group → whole file. */
  readonly dataGroups: ReadonlyMap<number, Uint8Array>;
  /** Of the data groups. */
  readonly digest: HashName;
  /** Of the content in the signed attributes; that of the data groups when left out. */
  readonly contentDigest?: HashName;
  /** 0 when left out. */
  readonly ldsVersion?: 0 | 1;
  /** Identifier of the content; that of Doc 9303 when left out. */
  readonly contentType?: string;
  /** `false`: the content is signed itself. */
  readonly signedAttributes?: boolean;
  /** Length of the whole file, bytes: filled up by an unsigned attribute. */
  readonly size?: number;
}

const idLdsSecurityObject = '2.23.136.1.1.1';
const idContentType = '1.2.840.113549.1.9.3';
const idMessageDigest = '1.2.840.113549.1.9.4';

/** Identifiers for filling up, without a meaning; two lengths, because the lengths around the filler jump by a byte. */
const fillerIds = ['2.25.1', '2.25.1.1'] as const;

/** By how many bytes a filler makes the lengths around it longer at most: ten of them, three bytes each. */
const lengthsGrowth = 30;

/** Doc 9303 part 10 section 4.6.2.3. */
function encodeLdsSecurityObject({ dataGroups, digest, ldsVersion = 0 }: SecurityObjectOptions): Uint8Array {
  const hashes = [...dataGroups].map(([number, bytes]) =>
    encodeTlv(0x30, encodeTlv(0x02, Uint8Array.of(number)), encodeTlv(0x04, hash(digest, bytes))),
  );
  const printable = (text: string) => encodeTlv(0x13, Buffer.from(text, 'latin1'));
  return encodeTlv(
    0x30,
    encodeTlv(0x02, Uint8Array.of(ldsVersion)),
    new Uint8Array(AsnConvert.serialize(hashIdentifier(digest))),
    encodeTlv(0x30, ...hashes),
    ...(ldsVersion === 1 ? [encodeTlv(0x30, printable('0108'), printable('040000'))] : []),
  );
}

function attribute(attrType: string, value: ArrayBuffer): Attribute {
  return new Attribute({ attrType, attrValues: [value] });
}

function octets(bytes: Uint8Array): ArrayBuffer {
  return arrayBuffer(encodeTlv(0x04, bytes));
}

function signerInfo(signer: DocumentSigner, content: Uint8Array, options: SecurityObjectOptions): SignerInfo {
  const {
    digest,
    contentDigest = digest,
    contentType = idLdsSecurityObject,
    signedAttributes = true,
  } = options;
  const { issuer, serialNumber } = signer.certificate.tbsCertificate;
  const attributes = [
    attribute(idContentType, AsnObjectIdentifierConverter.toASN(contentType).toBER()),
    attribute(idMessageDigest, octets(hash(contentDigest, content))),
  ];
  const attributeSet = encodeTlv(
    0x31,
    ...attributes.map((each) => new Uint8Array(AsnConvert.serialize(each))),
  );
  return new SignerInfo({
    version: CMSVersion.v1,
    sid: new SignerIdentifier({ issuerAndSerialNumber: new IssuerAndSerialNumber({ issuer, serialNumber }) }),
    digestAlgorithm: new DigestAlgorithmIdentifier(hashIdentifier(contentDigest)),
    ...(signedAttributes && { signedAttrs: attributes }),
    signatureAlgorithm: new SignatureAlgorithmIdentifier(signer.key.signatureAlgorithm),
    signature: new OctetString(signer.key.sign(signedAttributes ? attributeSet : content)),
  });
}

function encode(
  signer: DocumentSigner,
  info: SignerInfo,
  content: Uint8Array,
  { contentType = idLdsSecurityObject }: SecurityObjectOptions,
): Uint8Array {
  const signedData = new SignedData({
    version: CMSVersion.v3,
    digestAlgorithms: new DigestAlgorithmIdentifiers([info.digestAlgorithm]),
    encapContentInfo: new EncapsulatedContentInfo({
      eContentType: contentType,
      eContent: new EncapsulatedContent({ single: new OctetString(content) }),
    }),
    certificates: new CertificateSet([new CertificateChoices({ certificate: signer.certificate })]),
    signerInfos: new SignerInfos([info]),
  });
  const contentInfo = new ContentInfo({
    contentType: id_signedData,
    content: AsnConvert.serialize(signedData),
  });
  return encodeTlv(0x77, new Uint8Array(AsnConvert.serialize(contentInfo)));
}

/**
 * EF.SOD, Doc 9303 part 10 section 4.6.2: the hashes of the data groups, signed by the document signer. Throws a
 * RangeError when `size` cannot be met.
 */
export function signSecurityObject(signer: DocumentSigner, options: SecurityObjectOptions): Uint8Array {
  const content = encodeLdsSecurityObject(options);
  const info = signerInfo(signer, content, options);
  const { size } = options;
  if (size === undefined) return encode(signer, info, content, options);
  for (const id of fillerIds) {
    const fill = (length: number) => {
      info.unsignedAttrs = [attribute(id, octets(new Uint8Array(length)))];
      return encode(signer, info, content, options);
    };
    const longest = size - fill(0).length;
    for (let length = Math.max(0, longest - lengthsGrowth); length <= longest; length++) {
      const filled = fill(length);
      if (filled.length === size) return filled;
    }
  }
  throw new RangeError('no security object of this size');
}
