import { constants, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { ecdsa } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import * as ecc from '@peculiar/asn1-ecc';
import * as rsa from '@peculiar/asn1-rsa';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import { concat } from '../../shared/bytes.js';
import { curveByName, type Curve } from '../../shared/crypto/curves.js';
import { hash, type HashName } from '../../shared/crypto/symmetric.js';
import { encodeTlv } from '../../shared/tlv.js';
import { arrayBuffer, derInteger } from './der.js';

/** A kind of key and a way of signing with it. */
export type KeyAlgorithm =
  | {
      readonly kind: 'ecdsa';
      /** A standardized curve by its name, or any other one. */
      readonly curve: string | Curve;
      readonly hash: HashName;
      /** Whether the certificate spells the curve out; always so for a curve without a name. */
      readonly explicitParameters?: boolean;
      /** r‖s in place of ECDSA-Sig-Value, BSI TR-03111 section 5.2. */
      readonly plainSignature?: boolean;
    }
  | { readonly kind: 'rsa-pkcs1'; readonly hash: HashName; readonly privateKey: KeyObject }
  | {
      readonly kind: 'rsa-pss';
      readonly hash: HashName;
      readonly privateKey: KeyObject;
      /** Bytes. */
      readonly saltLength: number;
    };

export interface SigningKey {
  readonly publicKeyInfo: SubjectPublicKeyInfo;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  sign(data: Uint8Array): Uint8Array;
}

const hashIds: Readonly<Record<HashName, string>> = {
  sha1: rsa.id_sha1,
  sha224: rsa.id_sha224,
  sha256: rsa.id_sha256,
  sha384: rsa.id_sha384,
  sha512: rsa.id_sha512,
};

const ecdsaIds: Readonly<Record<HashName, string>> = {
  sha1: ecc.id_ecdsaWithSHA1,
  sha224: ecc.id_ecdsaWithSHA224,
  sha256: ecc.id_ecdsaWithSHA256,
  sha384: ecc.id_ecdsaWithSHA384,
  sha512: ecc.id_ecdsaWithSHA512,
};

/** BSI TR-03111 section 5.2.1.1. */
const plainEcdsaIds: Readonly<Record<HashName, string>> = {
  sha1: '0.4.0.127.0.7.1.1.4.1.1',
  sha224: '0.4.0.127.0.7.1.1.4.1.2',
  sha256: '0.4.0.127.0.7.1.1.4.1.3',
  sha384: '0.4.0.127.0.7.1.1.4.1.4',
  sha512: '0.4.0.127.0.7.1.1.4.1.5',
};

const rsaIds: Readonly<Record<HashName, string>> = {
  sha1: rsa.id_sha1WithRSAEncryption,
  sha224: rsa.id_sha224WithRSAEncryption,
  sha256: rsa.id_sha256WithRSAEncryption,
  sha384: rsa.id_sha384WithRSAEncryption,
  sha512: rsa.id_sha512WithRSAEncryption,
};

export function hashIdentifier(name: HashName): AlgorithmIdentifier {
  return new AlgorithmIdentifier({ algorithm: hashIds[name], parameters: null });
}

function resolveCurve(curve: string | Curve): Curve {
  if (typeof curve !== 'string') return curve;
  const known = curveByName(curve);
  if (known === undefined) throw new RangeError('not a standardized curve');
  return known;
}

/** A secret in [1, order - 1] that follows from the seed. */
function secretFrom(seed: Uint8Array, order: bigint): bigint {
  const wide = concat(...[0, 1].map((part) => hash('sha512', seed, Uint8Array.of(part))));
  return (bytesToNumberBE(wide) % (order - 1n)) + 1n;
}

/** ECParameters as namedCurve or, spelt out, as specifiedCurve (SEC 1 appendix C.2). */
function encodeCurve({ name, parameters, Point, fieldBytes }: Curve, explicit: boolean): ArrayBuffer {
  const known = name === undefined ? undefined : curveByName(name);
  if (known && !explicit) return AsnConvert.serialize(new ecc.ECParameters({ namedCurve: known.oid }));
  const field = (value: bigint) => arrayBuffer(numberToBytesBE(value, fieldBytes));
  return AsnConvert.serialize(
    new ecc.ECParameters({
      specifiedCurve: new ecc.SpecifiedECDomain({
        fieldID: new ecc.FieldID({
          fieldType: '1.2.840.10045.1.1',
          parameters: arrayBuffer(encodeTlv(0x02, derInteger(parameters.p))),
        }),
        curve: new ecc.Curve({ a: field(parameters.a), b: field(parameters.b) }),
        base: new ecc.ECPoint(Point.BASE.toBytes(false)),
        order: arrayBuffer(derInteger(parameters.n)),
      }),
    }),
  );
}

function makeEcKey(algorithm: Extract<KeyAlgorithm, { kind: 'ecdsa' }>, seed: Uint8Array): SigningKey {
  const { hash: hashName, explicitParameters = false, plainSignature = false } = algorithm;
  const curve = resolveCurve(algorithm.curve);
  const { Point, parameters } = curve;
  const secret = secretFrom(seed, parameters.n);
  const secretBytes = numberToBytesBE(secret, Point.Fn.BYTES);
  return {
    publicKeyInfo: new SubjectPublicKeyInfo({
      algorithm: new AlgorithmIdentifier({
        algorithm: ecc.id_ecPublicKey,
        parameters: encodeCurve(curve, explicitParameters),
      }),
      subjectPublicKey: arrayBuffer(Point.BASE.multiply(secret).toBytes(false)),
    }),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithm: (plainSignature ? plainEcdsaIds : ecdsaIds)[hashName],
    }),
    // Nonces follow from key and data (RFC 6979), so that the same document comes out the same each time.
    sign: (data) =>
      ecdsa(Point, sha256).sign(hash(hashName, data), secretBytes, {
        prehash: false,
        lowS: false,
        format: plainSignature ? 'compact' : 'der',
      }),
  };
}

function rsaPublicKeyInfo(privateKey: KeyObject): SubjectPublicKeyInfo {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return AsnConvert.parse(spki, SubjectPublicKeyInfo);
}

function makeRsaPkcs1Key({
  hash: hashName,
  privateKey,
}: Extract<KeyAlgorithm, { kind: 'rsa-pkcs1' }>): SigningKey {
  return {
    publicKeyInfo: rsaPublicKeyInfo(privateKey),
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: rsaIds[hashName], parameters: null }),
    sign: (data) => sign(hashName, data, { key: privateKey, padding: constants.RSA_PKCS1_PADDING }),
  };
}

function makeRsaPssKey({
  hash: hashName,
  privateKey,
  saltLength,
}: Extract<KeyAlgorithm, { kind: 'rsa-pss' }>): SigningKey {
  const parameters = new rsa.RsaSaPssParams({
    hashAlgorithm: hashIdentifier(hashName),
    maskGenAlgorithm: new AlgorithmIdentifier({
      algorithm: rsa.id_mgf1,
      parameters: AsnConvert.serialize(hashIdentifier(hashName)),
    }),
    saltLength,
  });
  return {
    publicKeyInfo: rsaPublicKeyInfo(privateKey),
    signatureAlgorithm: new AlgorithmIdentifier({
      algorithm: rsa.id_RSASSA_PSS,
      parameters: AsnConvert.serialize(parameters),
    }),
    sign: (data) =>
      sign(hashName, data, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
  };
}

/** EC keys follow from the seed; RSA keys are given with the algorithm. */
export function makeSigningKey(algorithm: KeyAlgorithm, seed: Uint8Array): SigningKey {
  switch (algorithm.kind) {
    case 'ecdsa':
      return makeEcKey(algorithm, seed);
    case 'rsa-pkcs1':
      return makeRsaPkcs1Key(algorithm);
    case 'rsa-pss':
      return makeRsaPssKey(algorithm);
  }
}
