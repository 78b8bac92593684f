import { describe, expect, it } from 'vitest';
import { concat } from '../../../../../drivers/shared/bytes.js';
import { contents, exchange, openTerminal } from './terminal.js';

const key = contents().key;
const pace = [{ parameterId: 12, cipher: 'aes-256' }] as const;
const read = { p1: 0x81, le: 256 };

describe.each([
  ['3DES', () => openTerminal(contents(), 'bac')],
  ['AES', () => openTerminal(contents({ pace }), { kind: 'mrz', key })],
] as const)('secure messaging with %s', (_, open) => {
  it('stays open over errors that the chip itself protects', async () => {
    const terminal = await open();
    expect((await terminal.send({ p1: 0x8b, le: 256 })).sw).toBe('6A82');
    expect((await terminal.send(read)).sw).toBe('9000');
  });

  it.each([
    ['a changed MAC', '6988', (bytes: Uint8Array) => bytes.with(-2, bytes.at(-2)! ^ 1)],
    ['a changed header', '6988', (bytes: Uint8Array) => bytes.with(2, 0x82)],
    ['a changed length to expect', '6988', (bytes: Uint8Array) => bytes.with(7, 1)],
    ['no MAC', '6987', (bytes: Uint8Array) => concat(bytes.slice(0, 4), Uint8Array.of(3), bytes.slice(5, 8))],
    ['nothing protected', '6987', (bytes: Uint8Array) => concat(bytes.slice(0, 4), Uint8Array.of(0))],
    ['data objects that do not fit', '6988', (bytes: Uint8Array) => bytes.with(6, 0x7f)],
    ['an unknown data object', '6988', (bytes: Uint8Array) => bytes.with(5, 0x91)],
    ['no protection at all', '6982', () => Uint8Array.of(0, 0xb0, 0x81, 0, 0)],
  ])('ends with %s, and what comes next finds the chip closed', async (_, status, change) => {
    const terminal = await open();
    await terminal.send(read);
    expect(await terminal.sendChanged(read, change)).toBe(status);
    expect(await exchange(terminal.chip, '0CB081000D9701008E08000000000000000000')).toBe('6982');
    expect(await exchange(terminal.chip, '00B0810000')).toBe('6982');
  });

  it('takes the same protected command only once', async () => {
    const terminal = await open();
    let sent: Uint8Array = new Uint8Array();
    await terminal.sendChanged(read, (bytes) => (sent = bytes.slice()));
    expect(await terminal.chip.transmit(sent)).toEqual({
      kind: 'response',
      bytes: Uint8Array.of(0x69, 0x88),
    });
  });

  it('is over after a reset', async () => {
    const terminal = await open();
    terminal.chip.reset();
    expect(await terminal.sendChanged(read, (bytes) => bytes)).toBe('6982');
  });
});
