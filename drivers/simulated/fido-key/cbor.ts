import { concat } from '../../shared/bytes.js';

/** As much of CBOR as an answer to GetInfo holds. */
export type CborValue =
  number | boolean | string | Uint8Array | readonly CborValue[] | ReadonlyMap<number | string, CborValue>;

/** Encodes by CTAP2's canonical rules, CTAP 2.1 section 8; keys of a map have to come in their order. */
export function encodeCanonical(value: CborValue): Uint8Array {
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'number') return head(0, value);
  if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    return concat(head(3, text.length), text);
  }
  if (value instanceof Uint8Array) return concat(head(2, value.length), value);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number | string, CborValue>)];
    return concat(
      head(5, entries.length),
      ...entries.flatMap(([key, entry]) => [encodeCanonical(key), encodeCanonical(entry)]),
    );
  }
  const items = value as readonly CborValue[];
  return concat(head(4, items.length), ...items.map(encodeCanonical));
}

/** Major type and the shortest form of a number, RFC 8949 section 3. */
function head(major: number, argument: number): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | argument);
  if (argument < 0x100) return Uint8Array.of(type | 24, argument);
  if (argument < 0x1_0000) return Uint8Array.of(type | 25, argument >> 8, argument & 0xff);
  return Uint8Array.of(type | 26, ...[24, 16, 8, 0].map((shift) => (argument >>> shift) & 0xff));
}
