import type { PrinterFault } from './types.js';

// Real-time status: DLE EOT n, the answers' bits as in Epson's command reference.

export type StatusQuery = 1 | 2 | 3 | 4;
export const statusQueries: readonly StatusQuery[] = [1, 2, 3, 4];

export interface StatusBits {
  readonly offline: boolean;
  readonly coverOpen: boolean;
  readonly paperEnd: boolean;
  readonly paperLow: boolean;
  readonly cutter: boolean;
  readonly error: boolean;
  /** Custom: a ticket in the mouth. */
  readonly ticketWaiting: boolean;
}

export const allClear: StatusBits = {
  offline: false,
  coverOpen: false,
  paperEnd: false,
  paperLow: false,
  cutter: false,
  error: false,
  ticketWaiting: false,
};

const has = (byte: number, mask: number): boolean => (byte & mask) !== 0;

/** What the answer to `DLE EOT n` adds to what is known. */
export function withAnswer(bits: StatusBits, query: StatusQuery, byte: number): StatusBits {
  switch (query) {
    case 1:
      return { ...bits, offline: has(byte, 0x08) };
    case 2:
      return {
        ...bits,
        coverOpen: has(byte, 0x04),
        paperEnd: bits.paperEnd || has(byte, 0x20),
        error: bits.error || has(byte, 0x40),
      };
    case 3:
      return { ...bits, cutter: has(byte, 0x08), error: bits.error || has(byte, 0x24) };
    case 4:
      return { ...bits, paperLow: has(byte, 0x0c), paperEnd: bits.paperEnd || has(byte, 0x60) };
  }
}

/** Automatic status: four bytes, `GS a`. */
export function automaticStatus(bytes: readonly [number, number, number, number]): StatusBits {
  const [first, second, third] = bytes;
  return {
    offline: has(first, 0x08),
    coverOpen: has(first, 0x20),
    cutter: has(second, 0x08),
    error: has(second, 0x20) || has(second, 0x04),
    paperLow: has(third, 0x03),
    paperEnd: has(third, 0x0c),
    ticketWaiting: false,
  };
}

/** The full status of Custom's printers: the four bytes after `10 0F`. */
export function customStatus([paper, user, recoverable, fatal]: readonly [
  number,
  number,
  number,
  number,
]): StatusBits {
  return {
    offline: false,
    paperEnd: has(paper, 0x01),
    paperLow: has(paper, 0x04),
    ticketWaiting: has(paper, 0x20),
    coverOpen: has(user, 0x03),
    error: has(recoverable, 0x4f) || has(fatal, 0x4c),
    cutter: has(fatal, 0x01),
  };
}

/** The fault that a person has to mend first; `undefined`: ready. */
export function faultOf(bits: StatusBits): PrinterFault | undefined {
  if (bits.coverOpen) return 'cover-open';
  if (bits.cutter) return 'cutter-jam';
  if (bits.paperEnd) return 'paper-out';
  if (bits.error) return 'error';
  if (bits.offline) return 'offline';
  return undefined;
}
