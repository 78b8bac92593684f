import { numberToVarBytesBE } from '@noble/curves/utils.js';
import { concat } from '../../shared/bytes.js';

/** Value of a DER INTEGER that is not negative: the fewest bytes, the first of them below 0x80. */
export function derInteger(value: bigint): Uint8Array {
  const bytes = numberToVarBytesBE(value);
  return (bytes[0] ?? 0) < 0x80 ? bytes : concat(Uint8Array.of(0), bytes);
}

/** The bytes alone, as the ASN.1 schemas take them. */
export function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
