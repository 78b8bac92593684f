import { describe, expect, it } from 'vitest';
import { parseGetInfo } from '../../../../drivers/fido/get-info.js';
import { concat, fromHex } from '../../../../drivers/shared/bytes.js';
import { encodeCanonical } from '../../../../drivers/simulated/fido-key/cbor.js';

const malformed = { kind: 'malformed' };

/** CTAP 2.1 section 6.4: versions, extensions, AAGUID, options, and the largest message. */
const example =
  fromHex(`00 A5 01 82 66 5532465F5632 68 4649444F5F325F30 02 82 63 757670 6B 686D61632D736563726574
  03 50 F8A011F38C0A4D15800617111F9EDC7D 04 A4 62 726B F5 62 7570 F5 64 706C6174 F4 69 636C69656E7450696E F4
  05 1904B0`);

describe('what a key says of itself', () => {
  it('is read from CBOR', () => {
    expect(parseGetInfo(example)).toEqual({
      kind: 'info',
      info: {
        versions: ['U2F_V2', 'FIDO_2_0'],
        aaguid: 'f8a011f38c0a4d15800617111f9edc7d',
        transports: [],
        firmwareVersion: null,
        maxMessageSize: 1200,
      },
    });
  });

  it('names no model where the number is all zeros', () => {
    const answer = encodeCanonical(
      new Map<number, string[] | Uint8Array>([
        [1, ['FIDO_2_0']],
        [3, new Uint8Array(16)],
      ]),
    );
    expect(parseGetInfo(concat(fromHex('00'), answer))).toMatchObject({ info: { aaguid: null } });
  });

  it.each([
    ['an unknown command', '01', { kind: 'unknown-command' }],
    ['a busy key', '06', { kind: 'busy' }],
    ['another error', '27', malformed],
    ['nothing', '', malformed],
    ['no CBOR', '00', malformed],
    ['a CBOR number', '0005', malformed],
    ['an empty map', '00A0', malformed],
    ['a broken map', '00A5018266', malformed],
    ['an array of a billion entries', '009A3FFFFFFF', malformed],
    ['bytes after the end', '00A0A0', malformed],
    ['an AAGUID that is too short', '00A2 01 81 68 4649444F5F325F30 03 41 00', malformed],
    ['versions that are numbers', `00A2 01 81 05 03 50 ${'11'.repeat(16)}`, malformed],
    ['a version that is no plain text', `00A2 01 81 61 07 03 50 ${'11'.repeat(16)}`, malformed],
  ])('%s is a value', (_what, hex, expected) => {
    expect(parseGetInfo(fromHex(hex))).toEqual(expected);
  });

  it('never throws, whatever the bytes', () => {
    let seed = 1;
    const next = (): number => (seed = (seed * 48_271) % 0x7fffffff);
    for (let i = 0; i < 3000; i++) {
      const bytes = Uint8Array.from(example);
      for (let flips = next() % 4; flips >= 0; flips--) bytes[next() % bytes.length] = next() & 0xff;
      expect(['info', 'malformed', 'unknown-command', 'busy']).toContain(parseGetInfo(bytes).kind);
      expect(
        parseGetInfo(
          concat(
            fromHex('00'),
            bytes.map(() => next() & 0xff),
          ),
        ).kind,
      ).toBeDefined();
    }
    expect(parseGetInfo(concat(fromHex('00'), new Uint8Array(7000).fill(0x81)))).toEqual(malformed);
  });
});
