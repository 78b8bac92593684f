import { concat } from './bytes.js';

/** A command APDU, ISO/IEC 7816-4 section 5.1. `le` is the number of bytes expected: 0 is none, 256 or 65536 the most. */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data?: Uint8Array;
  readonly le?: number;
}

export interface Response {
  readonly data: Uint8Array;
  /** Status word SW1-SW2, for example 0x9000. */
  readonly sw: number;
}

/** Encodes in short form where it fits, in extended form otherwise or when `extended` asks for it. */
export function encodeCommand({ cla, ins, p1, p2, data, le = 0 }: Command, extended = false): Uint8Array {
  const header = Uint8Array.of(cla, ins, p1, p2);
  const length = data?.length ?? 0;
  const body = data ?? new Uint8Array();
  if (!extended && length <= 255 && le <= 256) {
    return concat(
      header,
      length > 0 ? Uint8Array.of(length) : new Uint8Array(),
      body,
      le > 0 ? Uint8Array.of(le & 0xff) : new Uint8Array(),
    );
  }
  const lc = length > 0 ? Uint8Array.of(0, length >> 8, length & 0xff) : new Uint8Array();
  const expected = Uint8Array.of((le >> 8) & 0xff, le & 0xff);
  const trailer = le === 0 ? new Uint8Array() : length > 0 ? expected : concat(Uint8Array.of(0), expected);
  return concat(header, lc, body, trailer);
}

/** Decodes any of the seven cases of ISO/IEC 7816-3 section 12.1; `undefined` when the lengths do not fit. */
export function decodeCommand(bytes: Uint8Array): (Command & { readonly extended: boolean }) | undefined {
  const [cla, ins, p1, p2, first] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const header = { cla, ins, p1, p2 };
  const rest = bytes.subarray(4);
  if (first === undefined) return { ...header, extended: false };
  if (rest.length === 1) return { ...header, le: first === 0 ? 256 : first, extended: false };
  if (first !== 0) {
    const data = rest.subarray(1, 1 + first);
    if (data.length !== first) return undefined;
    const tail = rest.subarray(1 + first);
    if (tail.length === 0) return { ...header, data, extended: false };
    const le = tail[0];
    if (tail.length !== 1 || le === undefined) return undefined;
    return { ...header, data, le: le === 0 ? 256 : le, extended: false };
  }
  const high = rest[1];
  const low = rest[2];
  if (high === undefined || low === undefined) return undefined;
  const length = (high << 8) | low;
  if (rest.length === 3) return { ...header, le: length === 0 ? 65536 : length, extended: true };
  const data = rest.subarray(3, 3 + length);
  if (length === 0 || data.length !== length) return undefined;
  const tail = rest.subarray(3 + length);
  if (tail.length === 0) return { ...header, data, extended: true };
  const leHigh = tail[0];
  const leLow = tail[1];
  if (tail.length !== 2 || leHigh === undefined || leLow === undefined) return undefined;
  const le = (leHigh << 8) | leLow;
  return { ...header, data, le: le === 0 ? 65536 : le, extended: true };
}

/** Splits a response APDU into data and status word; `undefined` when it has fewer than two bytes. */
export function decodeResponse(bytes: Uint8Array): Response | undefined {
  const sw1 = bytes.at(-2);
  const sw2 = bytes.at(-1);
  if (sw1 === undefined || sw2 === undefined) return undefined;
  return { data: bytes.subarray(0, -2), sw: (sw1 << 8) | sw2 };
}
