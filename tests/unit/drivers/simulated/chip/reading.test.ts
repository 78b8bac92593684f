import { beforeAll, describe, expect, it } from 'vitest';
import { fromHex } from '../../../../../drivers/shared/bytes.js';
import { encodeTlv } from '../../../../../drivers/shared/tlv.js';
import {
  chipWith,
  contents,
  exchange,
  files,
  openTerminal,
  selectApplication,
  type OpenTerminal,
} from './terminal.js';

const key = contents().key;
const pace = [{ parameterId: 12, cipher: 'aes-128' }] as const;

describe('a chip that nobody has opened', () => {
  it('shows EF.CardAccess in the master file, by short identifier and by name', async () => {
    const chip = chipWith({ pace });
    const file = '31143012060A04007F0007020204020202010202010C';
    expect(await exchange(chip, '00B09C0000')).toBe(`${file}9000`);
    await exchange(chip, '00A4000C023F00');
    expect(await exchange(chip, '00A4020C02011C')).toBe('9000');
    expect(await exchange(chip, '00B0000004')).toBe(`${file.slice(0, 8)}9000`);
    await exchange(chip, selectApplication);
    expect(await exchange(chip, '00A4000C')).toBe('9000');
    expect(await exchange(chip, '00B09C0000')).toBe(`${file}9000`);
  });

  it('has no EF.CardAccess without PACE', async () => {
    expect(await exchange(chipWith(), '00B09C0000')).toBe('6A82');
  });

  it('shows none of the data groups, not even whether they exist', async () => {
    const chip = chipWith();
    await exchange(chip, selectApplication);
    for (const command of ['00B0810000', '00B09E0000', '00B08B0000', '00A4020C020101', '00A4020C02010B']) {
      expect(await exchange(chip, command), command).toBe('6982');
    }
  });

  it('is selected by its full name without a length to expect', async () => {
    const chip = chipWith();
    expect(await exchange(chip, selectApplication)).toBe('9000');
    expect(await exchange(chip, `${selectApplication}00`)).toBe('6700');
    expect(await exchange(chip, '00A4040007A000000247100100')).toBe('6F098407A00000024710019000');
    expect(await exchange(chip, '00A4040C07A0000002471002')).toBe('6A82');
    expect(await exchange(chip, '00A4050C07A0000002471001')).toBe('6A86');
  });

  it('refuses extended length when it has none', async () => {
    expect(await exchange(chipWith({ pace }), '00B09C00000000')).toBe('6700');
    expect(await exchange(chipWith({ pace, extendedLength: true }), '00B09C00000000')).toMatch(/9000$/);
  });

  it('refuses what it does not know', async () => {
    const chip = chipWith();
    const refused = {
      '00CA000000': '6D00',
      '80B0000000': '6E00',
      '01B0000000': '6881',
      '04B0000000': '6882',
    };
    for (const [command, status] of Object.entries(refused))
      expect(await exchange(chip, command)).toBe(status);
    expect(await exchange(chip, '10A4040C07A0000002471001')).toBe('6884');
    expect(await exchange(chip, '0CB0000000')).toBe('6982');
    expect(await exchange(chip, '00B000')).toBe('6700');
  });
});

describe('reading under secure messaging with 3DES', () => {
  let terminal: OpenTerminal;
  beforeAll(async () => {
    terminal = await openTerminal(contents(), 'bac');
  });

  it('sends 231 bytes in a short response at the most', async () => {
    const { data, sw } = await terminal.send({ p1: 0x82, le: 256 });
    expect([data.length, sw]).toEqual([231, '9000']);
    expect(data).toEqual(files.dg2.slice(0, 231));
    expect(terminal.lastLength).toBeLessThanOrEqual(258);
  });

  it('goes on in the file that was read last, at any offset of 15 bits', async () => {
    await terminal.send({ p1: 0x82, le: 256 });
    const { data } = await terminal.send({ p1: 0x12, p2: 0x34, le: 100 });
    expect(data).toEqual(files.dg2.slice(0x1234, 0x1234 + 100));
  });

  it('tells the end of the file from the length that was asked for', async () => {
    expect((await terminal.send({ p1: 0x81, le: 256 })).sw).toBe('9000');
    expect(await terminal.send({ p1: 0x81, le: 231 })).toEqual({ data: files.dg1, sw: '6282' });
    expect((await terminal.send({ p1: 0x81, le: files.dg1.length })).sw).toBe('9000');
    expect((await terminal.send({ p2: files.dg1.length - 1, le: 2 })).sw).toBe('6282');
    expect(await terminal.send({ p2: files.dg1.length, le: 1 })).toEqual({
      data: new Uint8Array(),
      sw: '6B00',
    });
  });

  it('reads beyond 32,767 with the odd instruction', async () => {
    await terminal.send({ p1: 0x82, le: 256 });
    const odd = (offset: string, le: number, p2 = 0) =>
      terminal.send({ ins: 0xb1, p2, data: encodeTlv(0x54, fromHex(offset)), le });
    const answer = await odd('9000', 104);
    expect(answer.data).toEqual(encodeTlv(0x53, files.dg2.slice(0x9000, 0x9000 + 102)));
    expect((await odd('009000', 256)).data).toEqual(encodeTlv(0x53, files.dg2.slice(0x9000, 0x9000 + 228)));
    expect((await odd('00', 256, 1)).data).toEqual(encodeTlv(0x53, files.dg1));
    expect((await odd('FFFF', 256)).sw).toBe('6B00');
    expect((await odd('', 256)).sw).toBe('6A80');
  });

  it('keeps fingerprints closed, says what is not there, and wants a file before an offset', async () => {
    expect((await terminal.send({ p1: 0x83, le: 256 })).sw).toBe('6982');
    expect((await terminal.send({ p1: 0x84, le: 256 })).sw).toBe('6A82');
    expect((await terminal.send({ p1: 0x80, le: 256 })).sw).toBe('6A86');
    const name = fromHex('A0000002471001');
    expect((await terminal.send({ ins: 0xa4, p1: 4, p2: 0x0c, data: name })).sw).toBe('9000');
    expect((await terminal.send({ le: 8 })).sw).toBe('6986');
  });
});

describe('reading under secure messaging with AES', () => {
  it('sends 223 bytes in a short response at the most', async () => {
    const terminal = await openTerminal(contents({ pace }), { kind: 'mrz', key });
    expect((await terminal.send({ p1: 0x82, le: 256 })).data).toEqual(files.dg2.slice(0, 223));
    expect(terminal.lastLength).toBeLessThanOrEqual(258);
  });

  it('sends a whole photo in one extended response', async () => {
    const terminal = await openTerminal(contents({ pace, extendedLength: true }), { kind: 'mrz', key });
    const { data, sw } = await terminal.send({ p1: 0x82, le: 65536 });
    expect([data.length, sw]).toEqual([files.dg2.length, '9000']);
    expect(data).toEqual(files.dg2);
  });

  it('cuts a file that is longer than the longest response', async () => {
    const long = encodeTlv(0x75, new Uint8Array(70_000).fill(7));
    const document = contents({ pace, extendedLength: true, files: new Map([[0x0102, long]]) });
    const terminal = await openTerminal(document, { kind: 'mrz', key });
    expect((await terminal.send({ p1: 0x82, le: 65536 })).data.length).toBe(65_503);
    expect(terminal.lastLength).toBeLessThanOrEqual(65_538);
  });

  it('is still in the master file right after PACE', async () => {
    const terminal = await openTerminal(contents({ pace }), { kind: 'mrz', key }, { select: false });
    expect((await terminal.send({ p1: 0x9c, le: 256 })).sw).toBe('9000');
    expect((await terminal.send({ p1: 0x81, le: 256 })).sw).toBe('6A82');
  });
});
