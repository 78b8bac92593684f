import { ecdsa } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concat } from '../../shared/bytes.js';
import { hash, type HashName } from '../../shared/crypto/symmetric.js';
import { decodeTlv } from '../../shared/tlv.js';
import type { EcPublicKey } from './public-key.js';

/**
 * r and s from ECDSA-Sig-Value (RFC 3279 section 2.2.3). Leading zeros too many or too few are let pass: some issuers
 * encode the integers as unsigned. `undefined` when it is none.
 */
function fromSequence(signature: Uint8Array): readonly [bigint, bigint] | undefined {
  const [sequence, ...rest] = decodeTlv(signature) ?? [];
  if (sequence?.tag !== 0x30 || rest.length > 0) return undefined;
  const [r, s, ...more] = decodeTlv(sequence.value) ?? [];
  if (r?.tag !== 2 || s?.tag !== 2 || more.length > 0) return undefined;
  return [bytesToNumberBE(r.value), bytesToNumberBE(s.value)];
}

/**
 * ECDSA over any curve, with the hash cut to the order's bits (FIPS 186-4 section 6.4). The signature may be an
 * ECDSA-Sig-Value or plain r‖s (BSI TR-03111 section 5.2).
 */
export function verifyEcdsa(
  { curve, point, bits }: EcPublicKey,
  hashName: HashName,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const length = Math.ceil(bits / 8);
  const pair = fromSequence(signature);
  if (pair === undefined && signature.length !== 2 * length) return false;
  const order = curve.parameters.n;
  if (pair?.some((value) => value <= 0n || value >= order)) return false;
  const plain = pair ? concat(...pair.map((value) => numberToBytesBE(value, length))) : signature;
  // The hash given to the library would only make nonces for new signatures.
  return ecdsa(curve.Point, sha256).verify(plain, hash(hashName, data), point, {
    prehash: false,
    lowS: false,
  });
}
