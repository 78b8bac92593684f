import { describe, expect, it } from 'vitest';
import { rasterCommands } from '../../../../drivers/printer/raster-commands.js';
import { CommandReader } from '../../../../drivers/simulated/printer/commands.js';

const commandsOf = (rowBytes: number, ...rows: readonly (readonly number[])[]): Uint8Array =>
  rasterCommands({
    width: rowBytes * 8,
    height: rows.length,
    rowBytes,
    bits: Uint8Array.from(rows.flat()),
  });
const bandsOf = (bytes: Uint8Array) =>
  new CommandReader().feed(bytes).map((command) => {
    if (command.kind !== 'raster') throw new Error(command.kind);
    return { rowBytes: command.rowBytes, rows: command.rows, bits: [...command.bits] };
  });

describe('a picture, as commands', () => {
  it('loses margins that are as wide on both sides, and its blank rows but for a byte', () => {
    expect(
      bandsOf(
        commandsOf(
          5,
          [0, 0, 0, 0, 0],
          [0, 0, 0, 0, 0],
          [0, 0, 0xff, 0, 0],
          [0, 1, 0xff, 0, 0],
          [0, 0, 0, 0, 0],
        ),
      ),
    ).toEqual([
      { rowBytes: 1, rows: 2, bits: [0, 0] },
      { rowBytes: 3, rows: 2, bits: [0, 0xff, 0, 1, 0xff, 0] },
      { rowBytes: 1, rows: 1, bits: [0] },
    ]);
  });

  it('keeps dots at either edge', () => {
    expect(bandsOf(commandsOf(3, [0x80, 0, 0], [0, 0, 0x01]))).toEqual([
      { rowBytes: 3, rows: 2, bits: [0x80, 0, 0, 0, 0, 0x01] },
    ]);
  });

  it('comes in bands of 128 rows at most, no row missing', () => {
    const rows = Array.from({ length: 300 }, () => [0xff, 0xff]);
    expect(bandsOf(commandsOf(2, ...rows)).map((band) => band.rows)).toEqual([128, 128, 44]);
  });

  // Epson: a printer obeys them also in the middle of other commands' data.
  it.each([
    ['DLE EOT', 0x04],
    ['DLE ENQ', 0x05],
    ['DLE DC4', 0x14],
  ])('never holds %s', (_name, second) => {
    const bytes = Buffer.from(commandsOf(2, [0x10, second], [second, 0x10], [second, 0x10]));
    expect(bytes.includes(Buffer.from([0x10, second]))).toBe(false);
  });
});
