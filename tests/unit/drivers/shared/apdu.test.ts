import { describe, expect, it } from 'vitest';
import {
  decodeCommand,
  decodeResponse,
  encodeCommand,
  type Command,
} from '../../../../drivers/shared/apdu.js';
import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';

const head = { cla: 0x00, ins: 0xb0, p1: 0x01, p2: 0x02 };
const hex = (command: Command) => toHex(encodeCommand(command));

describe('command APDU, the seven cases of ISO/IEC 7816-3 section 12.1', () => {
  it.each<[string, Command, string]>([
    ['1: header alone', head, '00B00102'],
    ['2S: expects 1 byte', { ...head, le: 1 }, '00B0010201'],
    ['2S: expects 256 bytes', { ...head, le: 256 }, '00B0010200'],
    ['2E: expects 257 bytes', { ...head, le: 257 }, '00B00102000101'],
    ['2E: expects 65536 bytes', { ...head, le: 65536 }, '00B00102000000'],
    ['3S: brings data', { ...head, data: fromHex('AABB') }, '00B0010202AABB'],
    ['4S: brings data and expects some', { ...head, data: fromHex('AA'), le: 256 }, '00B0010201AA00'],
    ['3E: brings 256 bytes', { ...head, data: new Uint8Array(256) }, `00B00102000100${'00'.repeat(256)}`],
    [
      '4E: brings data and expects 65536 bytes',
      { ...head, data: fromHex('AA'), le: 65536 },
      '00B00102000001AA0000',
    ],
  ])('%s', (_, command, encoded) => {
    expect(hex(command)).toBe(encoded);
    expect(decodeCommand(fromHex(encoded))).toMatchObject(command);
  });

  it('tells short from extended form', () => {
    expect(decodeCommand(fromHex('00B0010200'))?.extended).toBe(false);
    expect(decodeCommand(fromHex('00B00102000000'))?.extended).toBe(true);
    expect(toHex(encodeCommand({ ...head, le: 1 }, true))).toBe('00B00102000001');
  });

  it.each([
    '',
    '00B001',
    '00B0010205AA',
    '00B0010201AABBCC',
    '00B001020000',
    '00B00102000000AA',
    '00B00102000002AA',
  ])('that says %s has lengths that do not fit', (bytes) => {
    expect(decodeCommand(fromHex(bytes))).toBeUndefined();
  });
});

describe('response APDU', () => {
  it('is data and status', () => {
    expect(decodeResponse(fromHex('AABB6282'))).toEqual({ data: fromHex('AABB'), sw: 0x6282 });
    expect(decodeResponse(fromHex('9000'))).toEqual({ data: new Uint8Array(), sw: 0x9000 });
  });

  it('is none when it has fewer than two bytes', () => {
    expect(decodeResponse(fromHex('90'))).toBeUndefined();
    expect(decodeResponse(new Uint8Array())).toBeUndefined();
  });
});
