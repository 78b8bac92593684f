import { bytesToNumberBE } from '@noble/curves/utils.js';
import { ECParameters, id_ecPublicKey, type SpecifiedECDomain } from '@peculiar/asn1-ecc';
import { id_rsaEncryption, id_RSASSA_PSS, RSAPublicKey } from '@peculiar/asn1-rsa';
import { AsnConvert } from '@peculiar/asn1-schema';
import type { SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import {
  curveByOid,
  curveByParameters,
  curveFromParameters,
  type Curve,
  type CurveParameters,
} from '../../shared/crypto/curves.js';
import { decodeTlv } from '../../shared/tlv.js';

export interface RsaPublicKey {
  readonly kind: 'rsa';
  readonly modulus: bigint;
  readonly exponent: bigint;
  readonly bits: number;
}

export interface EcPublicKey {
  readonly kind: 'ec';
  readonly curve: Curve;
  /** The point as encoded, SEC 1 section 2.3.3. */
  readonly point: Uint8Array;
  readonly explicitParameters: boolean;
  /** Of the group's order. */
  readonly bits: number;
}

export type PublicKey = RsaPublicKey | EcPublicKey;

const idPrimeField = '1.2.840.10045.1.1';

/** Longer keys than any issuer uses would only cost time. */
const longestBits = { modulus: 16_384, exponent: 64, field: 640 };
/** Of secp112r1, the smallest curve of SEC 2. */
const shortestFieldBits = 112;

function bitLength(value: bigint): number {
  return value.toString(2).length;
}

function integer(bytes: ArrayBuffer): bigint {
  return bytesToNumberBE(new Uint8Array(bytes));
}

function rsaKey(subjectPublicKey: ArrayBuffer): RsaPublicKey | undefined {
  const key = AsnConvert.parse(subjectPublicKey, RSAPublicKey);
  const modulus = integer(key.modulus);
  const exponent = integer(key.publicExponent);
  const bits = bitLength(modulus);
  if (bits > longestBits.modulus || bitLength(exponent) > longestBits.exponent) return undefined;
  return { kind: 'rsa', modulus, exponent, bits };
}

/** Explicit domain parameters, SEC 1 appendix C.2: a prime field and an uncompressed base point. */
function explicitCurve({ fieldID, curve, base, order }: SpecifiedECDomain): Curve | undefined {
  const prime = decodeTlv(new Uint8Array(fieldID.parameters))?.[0]?.value;
  if (fieldID.fieldType !== idPrimeField || prime === undefined) return undefined;
  const basePoint = new Uint8Array(base.buffer);
  const coordinates = basePoint.subarray(1);
  const half = coordinates.length / 2;
  if (basePoint[0] !== 4 || !Number.isInteger(half)) return undefined;
  const parameters: CurveParameters = {
    p: bytesToNumberBE(prime),
    a: integer(curve.a),
    b: integer(curve.b),
    n: integer(order),
    // Only the order counts for a signature, and some issuers leave the cofactor out.
    h: 1n,
    Gx: bytesToNumberBE(coordinates.subarray(0, half)),
    Gy: bytesToNumberBE(coordinates.subarray(half)),
  };
  const lengths = [bitLength(parameters.p), bitLength(parameters.n)];
  if (lengths.some((bits) => bits < shortestFieldBits || bits > longestBits.field)) return undefined;
  return curveByParameters(parameters) ?? curveFromParameters(parameters);
}

function ecKey(parameters: ArrayBuffer, subjectPublicKey: ArrayBuffer): EcPublicKey | undefined {
  const { namedCurve, specifiedCurve } = AsnConvert.parse(parameters, ECParameters);
  const curve = specifiedCurve === undefined ? curveByOid(namedCurve ?? '') : explicitCurve(specifiedCurve);
  if (curve === undefined) return undefined;
  return {
    kind: 'ec',
    curve,
    point: new Uint8Array(subjectPublicKey),
    explicitParameters: specifiedCurve !== undefined,
    bits: bitLength(curve.parameters.n),
  };
}

/**
 * RSA keys, and EC keys over standardized curves or over any prime field by explicit parameters (Doc 9303 part 12
 * section 4.4). `undefined` when the key is of another kind or beyond all sensible lengths. Throws when it is malformed.
 */
export function publicKeyOf({ algorithm, subjectPublicKey }: SubjectPublicKeyInfo): PublicKey | undefined {
  switch (algorithm.algorithm) {
    case id_rsaEncryption:
    case id_RSASSA_PSS:
      return rsaKey(subjectPublicKey);
    case id_ecPublicKey:
      return algorithm.parameters ? ecKey(algorithm.parameters, subjectPublicKey) : undefined;
    default:
      return undefined;
  }
}
