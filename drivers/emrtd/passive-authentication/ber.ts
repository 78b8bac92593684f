import { decodeTlv, encodeTlv, readHeader } from '../../shared/tlv.js';

interface Rewritten {
  readonly bytes: Uint8Array;
  /** How many bytes it was long before. */
  readonly consumed: number;
  readonly changed: boolean;
}

/** Far deeper than any certificate is nested. */
const deepest = 32;

const constructed = 0x20;
const octetString = 0x04;

function join(tag: number, parts: readonly Rewritten[]): Uint8Array | undefined {
  const contents = parts.map(({ bytes }) => bytes);
  if (tag !== (octetString | constructed)) return encodeTlv(tag, ...contents);
  const pieces = contents.flatMap((bytes) => decodeTlv(bytes) ?? []);
  if (pieces.some((piece) => piece.tag !== octetString)) return undefined;
  return encodeTlv(octetString, ...pieces.map(({ value }) => value));
}

/** The objects in `bytes`, up to their end or to the end-of-contents octets. */
function rewriteAll(
  bytes: Uint8Array,
  untilEndOfContents: boolean,
  depth: number,
): { readonly parts: readonly Rewritten[]; readonly consumed: number } | undefined {
  const parts: Rewritten[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (untilEndOfContents && bytes[at] === 0 && bytes[at + 1] === 0) return { parts, consumed: at + 2 };
    const part = rewrite(bytes.subarray(at), depth);
    if (part === undefined) return undefined;
    parts.push(part);
    at += part.consumed;
  }
  return untilEndOfContents ? undefined : { parts, consumed: at };
}

function rewrite(bytes: Uint8Array, depth: number): Rewritten | undefined {
  if (depth > deepest) return undefined;
  const [tag = 0, length] = bytes;
  if ((tag & constructed) !== 0 && length === 0x80) {
    const content = rewriteAll(bytes.subarray(2), true, depth + 1);
    const joined = content && join(tag, content.parts);
    return joined && { bytes: joined, consumed: 2 + content.consumed, changed: true };
  }
  const header = readHeader(bytes);
  if (header === undefined) return undefined;
  const consumed = header.headerLength + header.length;
  if (consumed > bytes.length) return undefined;
  const whole = bytes.subarray(0, consumed);
  if ((tag & constructed) === 0) return { bytes: whole, consumed, changed: false };
  const content = rewriteAll(whole.subarray(header.headerLength), false, depth + 1);
  if (content === undefined) return undefined;
  // What needs no change keeps its very bytes: a signature may have been made over them.
  if (tag !== (octetString | constructed) && !content.parts.some(({ changed }) => changed)) {
    return { bytes: whole, consumed, changed: false };
  }
  const joined = join(header.tag, content.parts);
  return joined && { bytes: joined, consumed, changed: true };
}

/**
 * The first object of `bytes` with definite lengths throughout and its octet strings in one piece (ITU-T X.690 sections
 * 8.1.3.6 and 8.7): issuers write the outer parts of EF.SOD in BER. `undefined` when it is malformed.
 */
export function withDefiniteLengths(bytes: Uint8Array): Uint8Array | undefined {
  return rewrite(bytes, 0)?.bytes;
}
