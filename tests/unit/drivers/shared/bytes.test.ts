import { describe, expect, it } from 'vitest';
import { concat, equal, fromHex, pad, toHex, unpad, wipe } from '../../../../drivers/shared/bytes.js';

describe('bytes', () => {
  it('are read from hexadecimal digits, laid out or not', () => {
    expect(toHex(fromHex('01 fE\n7f'))).toBe('01FE7F');
    expect(() => fromHex('012')).toThrow(TypeError);
    expect(() => fromHex('0g')).toThrow(TypeError);
  });

  it('are joined and compared', () => {
    expect(toHex(concat(fromHex('01'), new Uint8Array(), fromHex('0203')))).toBe('010203');
    expect(equal(fromHex('0102'), fromHex('0102'))).toBe(true);
    expect(equal(fromHex('0102'), fromHex('0103'))).toBe(false);
    expect(equal(fromHex('01'), fromHex('0100'))).toBe(false);
  });

  it('are padded by method 2 and back, with a whole block where they fill their blocks', () => {
    expect(toHex(pad(fromHex('011E'), 8))).toBe('011E800000000000');
    expect(pad(new Uint8Array(8), 8)).toHaveLength(16);
    for (let length = 0; length < 40; length++) {
      const data = new Uint8Array(length).fill(0x80);
      expect(unpad(pad(data, 16))).toEqual(data);
    }
  });

  it('that are not padded are not unpadded', () => {
    expect(unpad(fromHex('0102030000'))).toBeUndefined();
    expect(unpad(new Uint8Array(8))).toBeUndefined();
    expect(unpad(new Uint8Array())).toBeUndefined();
  });

  it('are overwritten when they are wiped', () => {
    const secret = fromHex('0102');
    wipe(secret, undefined);
    expect(toHex(secret)).toBe('0000');
  });
});
