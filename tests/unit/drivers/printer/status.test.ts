import { describe, expect, it } from 'vitest';
import {
  allClear,
  automaticStatus,
  customStatus,
  faultOf,
  type StatusBits,
  type StatusQuery,
  withAnswer,
} from '../../../../drivers/printer/status.js';

/** What is set, by name. */
const set = (bits: StatusBits): string[] =>
  Object.entries(bits)
    .filter(([, value]) => value)
    .map(([name]) => name);

// Epson, ESC/POS command reference, "DLE EOT": bits 1 and 4 of each answer are always 1, 0 and 7 always 0.
const fixed = 0x12;

describe('the answer to DLE EOT', () => {
  it.each([
    [1, 2, 'drawer kick-out connector', []],
    [1, 3, 'offline', ['offline']],
    [1, 5, 'waiting for online recovery', []],
    [1, 6, 'paper feed button pressed', []],
    [2, 2, 'cover open', ['coverOpen']],
    [2, 3, 'paper fed by the button', []],
    [2, 5, 'printing stopped by a paper end', ['paperEnd']],
    [2, 6, 'error', ['error']],
    [3, 2, 'recoverable error', ['error']],
    [3, 3, 'autocutter error', ['cutter']],
    [3, 5, 'unrecoverable error', ['error']],
    [3, 6, 'automatically recoverable error', []],
    [4, 2, 'near end', ['paperLow']],
    [4, 3, 'near end', ['paperLow']],
    [4, 5, 'paper end', ['paperEnd']],
    [4, 6, 'paper end', ['paperEnd']],
  ] as const)('%i, bit %i: %s', (query, bit, _meaning, expected) => {
    expect(set(withAnswer(allClear, query, fixed | (1 << bit)))).toEqual(expected);
  });

  it.each([1, 2, 3, 4] as const)('%i, without any: all clear', (query) => {
    expect(withAnswer(allClear, query, fixed)).toEqual(allClear);
  });

  it('adds to what the answers before it said', () => {
    const answers: readonly (readonly [StatusQuery, number])[] = [
      [1, 0x1a],
      [2, 0x32],
      [3, 0x12],
      [4, 0x12],
    ];
    const bits = answers.reduce((known, [query, byte]) => withAnswer(known, query, byte), allClear);
    expect(set(bits)).toEqual(['offline', 'paperEnd']);
  });
});

describe('automatic status', () => {
  // Epson, ESC/POS command reference, "GS a": four bytes.
  it.each([
    [0, 2, 'drawer kick-out connector', []],
    [0, 3, 'offline', ['offline']],
    [0, 5, 'cover open', ['coverOpen']],
    [0, 6, 'paper fed by the button', []],
    [1, 0, 'waiting for online recovery', []],
    [1, 2, 'recoverable error', ['error']],
    [1, 3, 'autocutter error', ['cutter']],
    [1, 5, 'unrecoverable error', ['error']],
    [1, 6, 'automatically recoverable error', []],
    [2, 0, 'near end', ['paperLow']],
    [2, 1, 'near end', ['paperLow']],
    [2, 2, 'paper end', ['paperEnd']],
    [2, 3, 'paper end', ['paperEnd']],
    [3, 0, 'reserved', []],
  ] as const)('byte %i, bit %i: %s', (byte, bit, _meaning, expected) => {
    const bytes: [number, number, number, number] = [0x10, 0, 0, 0];
    bytes[byte] |= 1 << bit;
    expect(set(automaticStatus(bytes))).toEqual(expected);
  });
});

describe("Custom's full status", () => {
  // Custom, VKP80 command manual, "DLE EOT 20": paper, user, recoverable and unrecoverable errors.
  it.each([
    [0, 0, 'no paper', ['paperEnd']],
    [0, 2, 'near end', ['paperLow']],
    [0, 5, 'ticket in the mouth', ['ticketWaiting']],
    [1, 0, 'head up', ['coverOpen']],
    [1, 1, 'cover open', ['coverOpen']],
    [1, 5, 'line feed key pressed', []],
    [2, 0, 'head too hot', ['error']],
    [2, 1, 'serial line error', ['error']],
    [2, 3, 'wrong supply voltage', ['error']],
    [2, 5, 'command not acknowledged', []],
    [2, 6, 'paper jam', ['error']],
    [3, 0, 'cutter', ['cutter']],
    [3, 2, 'memory', ['error']],
    [3, 3, 'EEPROM', ['error']],
  ] as const)('byte %i, bit %i: %s', (byte, bit, _meaning, expected) => {
    const bytes: [number, number, number, number] = [0, 0, 0, 0];
    bytes[byte] |= 1 << bit;
    expect(set(customStatus(bytes))).toEqual(expected);
  });
});

describe('the fault that is mended first', () => {
  it('is the one that a person sees, before what follows from it', () => {
    const all: StatusBits = {
      offline: true,
      coverOpen: true,
      paperEnd: true,
      paperLow: true,
      cutter: true,
      error: true,
      ticketWaiting: true,
    };
    expect(faultOf(all)).toBe('cover-open');
    expect(faultOf({ ...all, coverOpen: false })).toBe('cutter-jam');
    expect(faultOf({ ...all, coverOpen: false, cutter: false })).toBe('paper-out');
    expect(faultOf({ ...all, coverOpen: false, cutter: false, paperEnd: false })).toBe('error');
    expect(faultOf({ ...allClear, offline: true })).toBe('offline');
    expect(faultOf({ ...allClear, paperLow: true, ticketWaiting: true })).toBeUndefined();
  });
});
