import { toHex } from '../shared/bytes.js';
import type { Curve, Point } from '../shared/crypto/curves.js';
import type { RandomBytes } from './random.js';

export interface EcdhKeyPair {
  readonly secret: bigint;
  readonly publicPoint: Point;
  /** Uncompressed point: 04, x, y. */
  readonly publicKey: Uint8Array;
}

/** A curve with a generator of its own choice: that of the standard, or one that PACE has mapped. */
export interface EcdhGroup {
  readonly curve: Curve;
  readonly generator: Point;
}

/** Rejecting more often than this has a chance of less than 2^-64: the source of randomness is broken. */
const mostAttempts = 64;

function bytesToInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
}

/** Uniform from 1 to n-1 by rejection, with the surplus bits cut off first. */
function randomScalar(order: bigint, random: RandomBytes): bigint {
  const bits = order.toString(2).length;
  const length = Math.ceil(bits / 8);
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const scalar = bytesToInteger(random(length)) & ((1n << BigInt(bits)) - 1n);
    if (scalar > 0n && scalar < order) return scalar;
  }
  throw new Error('the source of randomness is broken');
}

export function makeKeyPair({ curve, generator }: EcdhGroup, random: RandomBytes): EcdhKeyPair {
  const secret = randomScalar(curve.parameters.n, random);
  const publicPoint = generator.multiply(secret);
  return { secret, publicPoint, publicKey: publicPoint.toBytes(false) };
}

/** An uncompressed point that lies on the curve and is not the one at infinity; `undefined` for anything else. */
export function decodePoint({ Point, fieldBytes }: Curve, bytes: Uint8Array): Point | undefined {
  if (bytes.length !== 1 + 2 * fieldBytes || bytes[0] !== 0x04) return undefined;
  try {
    const point = Point.fromBytes(bytes);
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

/**
 * The x coordinate of the common point, padded with zeros to the length of the field: leading zeros count.
 * BSI TR-03111 section 4.3.1; Doc 9303 part 11 section 9.6.
 */
export function sharedSecret({ fieldBytes }: Curve, secret: bigint, peer: Point): Uint8Array {
  return peer
    .multiply(secret)
    .toBytes(false)
    .slice(1, 1 + fieldBytes);
}

/**
 * Generic mapping of a nonce to a generator: s × G + H, where H is the common point of a first anonymous key
 * agreement. Doc 9303 part 11 section 4.4.3.3.1. `undefined` when that is no generator.
 */
export function mapGeneric(
  { curve, generator }: EcdhGroup,
  nonce: Uint8Array,
  own: EcdhKeyPair,
  peer: Point,
): EcdhGroup | undefined {
  const factor = bytesToInteger(nonce) % curve.parameters.n;
  if (factor === 0n) return undefined;
  const mapped = generator.multiply(factor).add(peer.multiply(own.secret));
  return mapped.is0() ? undefined : { curve, generator: mapped };
}
