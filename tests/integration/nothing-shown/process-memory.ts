import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { setImmediate as otherWork } from 'node:timers/promises';

const pieceBytes = 64 * 1024;
const empty = Buffer.alloc(2 * pieceBytes);

/** What a process may have written, in pieces that overlap by `overlap` bytes, without those that are empty. Needs root. */
export async function* memoryOf(pid: number, overlap: number): AsyncGenerator<Buffer> {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from = '', to = '', rights = ''] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? [];
      if (!rights.startsWith('rw')) continue;
      const end = parseInt(to, 16);
      for (let at = parseInt(from, 16); at < end; at += pieceBytes) {
        const piece = Buffer.alloc(Math.min(pieceBytes + overlap, end - at));
        const count = readOrNothing(memory, piece, at);
        // Whatever else this process does, such as being the rig, goes on.
        await otherWork();
        if (!piece.equals(empty.subarray(0, piece.length))) yield piece.subarray(0, count);
      }
    }
  } finally {
    closeSync(memory);
  }
}

/** A region may be gone again, or be the kernel's own. */
function readOrNothing(memory: number, into: Buffer, at: number): number {
  try {
    return readSync(memory, into, 0, into.length, at);
  } catch {
    return 0;
  }
}
