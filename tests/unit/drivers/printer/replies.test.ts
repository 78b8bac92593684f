import { describe, expect, it } from 'vitest';
import { type Reply, ReplyReader } from '../../../../drivers/printer/replies.js';

const read = (...pieces: readonly (readonly number[])[]): Reply[] => {
  const reader = new ReplyReader();
  return pieces.flatMap((piece) => reader.feed(Uint8Array.from(piece)));
};

const processId = [0x37, 0x22, 0x4a, 0x30, 0x30, 0x31, 0x00];

describe('what a printer sends back', () => {
  // Epson, ESC/POS command reference, "Identifying the transmitted data".
  it.each<[string, number[], Reply]>([
    ['an answer to DLE EOT', [0x16], { kind: 'status', byte: 0x16 }],
    ['automatic status', [0x18, 0x00, 0x0c, 0x0f], { kind: 'automatic', bytes: [0x18, 0x00, 0x0c, 0x0f] }],
    ["Custom's full status", [0x10, 0x0f, 0x20, 0, 0, 0], { kind: 'full', bytes: [0x20, 0, 0, 0] }],
    ['a process id', processId, { kind: 'process-id', id: 'J001' }],
    ['a cleared buffer', [0x37, 0x25, 0x00], { kind: 'buffer-cleared' }],
    ['an echo of the paper sensor', [0x03], { kind: 'paper-sensor' }],
  ])('%s is known, however it comes', (_name, bytes, expected) => {
    expect(read(bytes)).toEqual([expected]);
    expect(read(...bytes.map((byte) => [byte]))).toEqual([expected]);
  });

  it('is told apart when it comes in one piece', () => {
    expect(read([0x12, ...processId, 0x18, 0, 0, 0, 0x12, 0x37, 0x25, 0x00])).toEqual([
      { kind: 'status', byte: 0x12 },
      { kind: 'process-id', id: 'J001' },
      { kind: 'automatic', bytes: [0x18, 0, 0, 0] },
      { kind: 'status', byte: 0x12 },
      { kind: 'buffer-cleared' },
    ]);
  });

  it('is passed over where it is nothing known: flow control, a foreign block, noise', () => {
    expect(read([0x11, 0x13, 0x37, 0x21, 0x41, 0x00, 0xff, 0x12])).toEqual([{ kind: 'status', byte: 0x12 }]);
  });

  it('does not hide an answer behind automatic status of which bytes were lost', () => {
    expect(read([0x18, 0x00], [0x12])).toContainEqual({ kind: 'status', byte: 0x12 });
  });

  it('does not wait for the end of a block without end', () => {
    expect(read([0x37, ...Array.from({ length: 20 }, () => 0x9f)], [0x12])).toEqual([
      { kind: 'status', byte: 0x12 },
    ]);
  });
});
