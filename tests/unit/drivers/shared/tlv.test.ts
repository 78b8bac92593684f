import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';
import { decodeTlv, encodeLength, encodeTlv, readHeader } from '../../../../drivers/shared/tlv.js';

describe('BER-TLV data objects, ISO/IEC 7816-4 section 5.2.2', () => {
  it.each([
    [0, '00'],
    [0x7f, '7F'],
    [0x80, '8180'],
    [0xff, '81FF'],
    [0x100, '820100'],
    [0x10000, '83010000'],
  ])('write a length of %i in the fewest bytes', (length, encoded) => {
    expect(toHex(encodeLength(length))).toBe(encoded);
  });

  it('come back as they were written, also with tags of two and three bytes', () => {
    for (const tag of [0x04, 0x7f49, 0x5f8101]) {
      for (const length of [0, 1, 127, 128, 300]) {
        const value = new Uint8Array(length).fill(7);
        const bytes = encodeTlv(tag, value);
        expect(decodeTlv(bytes)).toEqual([{ tag, value, bytes }]);
        expect(readHeader(bytes)).toEqual({ tag, headerLength: bytes.length - length, length });
      }
    }
  });

  it('follow each other without a gap', () => {
    expect(decodeTlv(fromHex('0101AA0200'))?.map(({ tag }) => tag)).toEqual([1, 2]);
    expect(decodeTlv(new Uint8Array())).toEqual([]);
  });

  it.each([
    '01',
    '0102AA',
    '0101AA02',
    '7F',
    '0182',
    '018201',
    '0180AA0000',
    '0185FFFFFFFFFF',
    '1FFFFFFFFFFF01',
  ])('are refused when they are cut off or have no definite length: %s', (bytes) => {
    expect(decodeTlv(fromHex(bytes))).toBeUndefined();
  });
});
