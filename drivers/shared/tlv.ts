import { concat } from './bytes.js';

/** One BER-TLV data object, ISO/IEC 7816-4 section 5.2.2. `tag` holds all tag bytes, for example 0x7f49. */
export interface DataObject {
  readonly tag: number;
  readonly value: Uint8Array;
  /** The whole object: tag, length and value. */
  readonly bytes: Uint8Array;
}

/** Tag and length alone. */
export interface TlvHeader {
  readonly tag: number;
  /** Bytes of tag and length. */
  readonly headerLength: number;
  /** Bytes of value. */
  readonly length: number;
}

/** Reads a definite-length header at the start of `bytes`; `undefined` when it is cut off or malformed. */
export function readHeader(bytes: Uint8Array): TlvHeader | undefined {
  let tag = bytes[0];
  if (tag === undefined) return undefined;
  let at = 1;
  if ((tag & 0x1f) === 0x1f) {
    for (;;) {
      const next = bytes[at++];
      if (next === undefined || at > 4) return undefined;
      tag = tag * 256 + next;
      if ((next & 0x80) === 0) break;
    }
  }
  const first = bytes[at++];
  if (first === undefined) return undefined;
  if (first < 0x80) return { tag, headerLength: at, length: first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) return undefined;
  let length = 0;
  for (let i = 0; i < count; i++) {
    const next = bytes[at++];
    if (next === undefined) return undefined;
    length = length * 256 + next;
  }
  return { tag, headerLength: at, length };
}

/** The data objects that fill `bytes` from end to end; `undefined` when they do not. */
export function decodeTlv(bytes: Uint8Array): readonly DataObject[] | undefined {
  const objects: DataObject[] = [];
  let at = 0;
  while (at < bytes.length) {
    const header = readHeader(bytes.subarray(at));
    if (header === undefined) return undefined;
    const end = at + header.headerLength + header.length;
    if (end > bytes.length) return undefined;
    objects.push({
      tag: header.tag,
      value: bytes.subarray(at + header.headerLength, end),
      bytes: bytes.subarray(at, end),
    });
    at = end;
  }
  return objects;
}

export function encodeTag(tag: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = tag; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}

/** Definite length in the fewest bytes (DER). */
export function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

export function encodeTlv(tag: number, ...values: readonly Uint8Array[]): Uint8Array {
  const value = concat(...values);
  return concat(encodeTag(tag), encodeLength(value.length), value);
}
