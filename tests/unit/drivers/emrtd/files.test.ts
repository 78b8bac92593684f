import { describe, expect, it } from 'vitest';
import type { CommandChannel } from '../../../../drivers/emrtd/command-channel.js';
import { elementaryFiles, readFile, type ElementaryFile } from '../../../../drivers/emrtd/files.js';
import { ReadLimits } from '../../../../drivers/emrtd/read-limits.js';
import type { Command, Response } from '../../../../drivers/shared/apdu.js';
import { concat, fromHex } from '../../../../drivers/shared/bytes.js';
import { err, ok } from '../../../../drivers/shared/result.js';
import { encodeTlv } from '../../../../drivers/shared/tlv.js';

const { dg1, dg2 } = elementaryFiles;

/** A file of this many bytes, header included, that differs from byte to byte. */
function makeFile(tag: number, total: number): Uint8Array {
  for (let length = total; length >= 0; length--) {
    const file = encodeTlv(
      tag,
      Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff),
    );
    if (file.length === total) return file;
  }
  throw new RangeError('no file has this length');
}

interface Chip extends CommandChannel {
  readonly commands: Command[];
}

/** A chip with one file; `quirk` answers in its place where it gives a response. */
function chipWith(
  file: Uint8Array,
  { capacity = 231, quirk }: { capacity?: number; quirk?: (command: Command) => Response | undefined } = {},
): Chip {
  const commands: Command[] = [];
  return {
    shortCapacity: capacity,
    commands,
    send(command) {
      commands.push(command);
      const { ins, p1, p2, data, le = 0 } = command;
      const answer = quirk?.(command);
      if (answer !== undefined) return Promise.resolve(ok(answer));
      if (ins === 0xa4) return Promise.resolve(ok({ data: new Uint8Array(), sw: 0x9000 }));
      const odd = ins === 0xb1;
      const offset = odd
        ? parseInt(Buffer.from(data!.subarray(2)).toString('hex'), 16)
        : p1 & 0x80
          ? p2
          : (p1 << 8) | p2;
      let block = file.slice(offset, offset + le);
      if (odd) while (encodeTlv(0x53, block).length > le) block = block.slice(0, -1);
      return Promise.resolve(ok({ data: odd ? encodeTlv(0x53, block) : block, sw: 0x9000 }));
    },
  };
}

const read = (chip: Chip, file: ElementaryFile = dg2, limits = new ReadLimits(false)) =>
  readFile(chip, file, limits, { by: 'short-id', onProgress: () => undefined });

describe('reading a file', () => {
  it.each([
    [93, 1, dg1, 231],
    [1800, 8, dg2, 231],
    [20480, 89, dg2, 231],
    [1800, 9, dg2, 223],
    [20480, 92, dg2, 223],
  ])('of %i bytes takes %i commands of short length', async (total, commands, file, capacity) => {
    const content = makeFile(file.tag, total);
    const chip = chipWith(content, { capacity });
    expect(await read(chip, file)).toEqual(ok({ outcome: 'read', bytes: content }));
    expect(chip.commands).toHaveLength(commands);
  });

  it('takes one command of extended length', async () => {
    const content = makeFile(dg2.tag, 20480);
    const chip = chipWith(content);
    expect(await read(chip, dg2, new ReadLimits(true))).toEqual(ok({ outcome: 'read', bytes: content }));
    expect(chip.commands).toEqual([{ cla: 0, ins: 0xb0, p1: 0x82, p2: 0, le: 65536 }]);
  });

  it.each([
    ['short', false],
    ['extended', true],
  ])('goes on beyond offset 32767 with the odd instruction (%s length)', async (_, extended) => {
    const content = makeFile(dg2.tag, 70_000);
    const chip = chipWith(content, {
      // This chip sends 40000 bytes at first.
      quirk: (command) =>
        extended && command.ins === 0xb0 && (command.p1 & 0x80) !== 0
          ? { data: content.slice(0, 40_000), sw: 0x9000 }
          : undefined,
    });
    expect(await read(chip, dg2, new ReadLimits(extended))).toEqual(ok({ outcome: 'read', bytes: content }));
    const odd = chip.commands.filter(({ ins }) => ins === 0xb1);
    expect(odd.length).toBeGreaterThan(0);
    expect(odd.every(({ le }) => (le ?? 0) <= (extended ? 65536 : 231))).toBe(true);
  });

  it('asks for no byte beyond the end once the length is known', async () => {
    const chip = chipWith(makeFile(dg2.tag, 500));
    await read(chip);
    expect(chip.commands.map(({ le }) => le)).toEqual([231, 231, 38]);
  });

  it('selects the file first where that is asked for', async () => {
    const content = makeFile(dg1.tag, 93);
    const chip = chipWith(content);
    const reading = await readFile(chip, dg1, new ReadLimits(false), {
      by: 'select',
      onProgress: () => undefined,
    });
    expect(reading).toEqual(ok({ outcome: 'read', bytes: content }));
    expect(chip.commands).toEqual([
      { cla: 0, ins: 0xa4, p1: 2, p2: 0x0c, data: fromHex('0101') },
      { cla: 0, ins: 0xb0, p1: 0, p2: 0, le: 231 },
    ]);
  });

  it('shows how far it is at each block', async () => {
    const fractions: number[] = [];
    const limits = new ReadLimits(false);
    await readFile(chipWith(makeFile(dg2.tag, 924)), dg2, limits, {
      by: 'short-id',
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(fractions).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('takes the data of a chip that says that the file ended', async () => {
    const content = makeFile(dg1.tag, 93);
    const chip = chipWith(content, { quirk: () => ({ data: content.slice(), sw: 0x6282 }) });
    expect(await read(chip, dg1)).toEqual(ok({ outcome: 'read', bytes: content }));
  });

  it('leaves out what a chip sends behind the end of the file', async () => {
    const content = makeFile(dg1.tag, 93);
    const chip = chipWith(concat(content, new Uint8Array(400)));
    expect(await read(chip, dg1)).toEqual(ok({ outcome: 'read', bytes: content }));
    expect(chip.commands).toHaveLength(1);
  });

  it('goes on where a chip sends less than it was asked for', async () => {
    const content = makeFile(dg2.tag, 1800);
    const chip = chipWith(concat(content), { capacity: 3 });
    expect(await read(chip)).toEqual(ok({ outcome: 'read', bytes: content }));
    expect(chip.commands).toHaveLength(600);
  });

  it.each([
    ['refuses extended length', true, (le: number) => le > 256, 0x6700],
    ['stops at 160 bytes', false, (le: number) => le > 160, 0x6c00],
    ['stops at 160 bytes and says that the file ended', false, (le: number) => le > 160, 0x6282],
    ['stops at 160 bytes for an unknown reason', true, (le: number) => le > 160, 0x6f00],
  ])('asks a chip that %s for less, and remembers it', async (_, extended, tooLong, status) => {
    const content = makeFile(dg2.tag, 1800);
    const limits = new ReadLimits(extended);
    const chip = chipWith(content, {
      quirk: ({ le = 0 }) => (tooLong(le) ? { data: new Uint8Array(), sw: status } : undefined),
    });
    expect(await read(chip, dg2, limits)).toEqual(ok({ outcome: 'read', bytes: content }));
    expect(limits.extendedLength).toBe(false);
    const before = chip.commands.length;
    await read(chip, dg2, limits);
    expect(chip.commands.slice(before).every(({ le = 0 }) => !tooLong(le))).toBe(true);
  });

  it('asks a chip that reads nothing beyond the end for the header first', async () => {
    const content = makeFile(dg1.tag, 93);
    const chip = chipWith(content, {
      quirk: ({ p1, p2, le = 0 }) =>
        ((p1 & 0x80) === 0 ? (p1 << 8) | p2 : 0) + le > content.length
          ? { data: new Uint8Array(), sw: 0x6b00 }
          : undefined,
    });
    expect(await read(chip, dg1)).toEqual(ok({ outcome: 'read', bytes: content }));
  });

  it.each([
    ['absent', 0x6a82, { outcome: 'absent' }],
    ['refused', 0x6982, { outcome: 'refused', status: 0x6982 }],
    ['refused', 0x6700, { outcome: 'refused', status: 0x6700 }],
    ['damaged', 0x9000, { outcome: 'damaged' }],
  ])('is %s when the chip answers nothing but %i', async (_, sw, reading) => {
    const chip = chipWith(new Uint8Array(), { quirk: () => ({ data: new Uint8Array(), sw }) });
    expect(await read(chip)).toEqual(ok(reading));
    expect(chip.commands.length).toBeLessThanOrEqual(4);
  });

  it.each([
    ['is another file', makeFile(0x61, 500)],
    ['is empty', new Uint8Array(500)],
    ['has no definite length', fromHex('7580000000000000')],
    ['ends too soon', makeFile(dg2.tag, 500).slice(0, 400)],
  ])('is damaged when it %s', async (_, content) => {
    expect(await read(chipWith(content))).toEqual(ok({ outcome: 'damaged' }));
  });

  it('is damaged when it claims 16 megabytes, and no more of it is read', async () => {
    const chip = chipWith(new Uint8Array(), {
      quirk: () => ({ data: fromHex('7583FFFFFF00000000'), sw: 0x9000 }),
    });
    expect(await read(chip)).toEqual(ok({ outcome: 'damaged' }));
    expect(chip.commands).toHaveLength(1);
  });

  it('passes on what happens to the card', async () => {
    const chip: Chip = {
      ...chipWith(new Uint8Array()),
      send: () => Promise.resolve(err({ kind: 'card-removed' })),
    };
    expect(await read(chip)).toEqual(err({ kind: 'card-removed' }));
  });
});
