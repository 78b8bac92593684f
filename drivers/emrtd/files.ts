import type { Command, Response } from '../shared/apdu.js';
import { wipe } from '../shared/bytes.js';
import { ok, type Result } from '../shared/result.js';
import { encodeTlv, readHeader } from '../shared/tlv.js';
import type { CommandChannel, CommandFault } from './command-channel.js';
import type { ReadLimits } from './read-limits.js';
import type { FileName } from './types.js';

export interface ElementaryFile {
  readonly name: FileName;
  readonly shortId: number;
  readonly fileId: number;
  /** Tag of the one data object that the file holds. */
  readonly tag: number;
}

/** Doc 9303 part 10 sections 3 and 4: file identifiers, short file identifiers and tags. */
export const elementaryFiles = {
  cardAccess: { name: 'EF.CardAccess', shortId: 0x1c, fileId: 0x011c, tag: 0x31 },
  securityObject: { name: 'EF.SOD', shortId: 0x1d, fileId: 0x011d, tag: 0x77 },
  dg1: { name: 'DG1', shortId: 0x01, fileId: 0x0101, tag: 0x61 },
  dg2: { name: 'DG2', shortId: 0x02, fileId: 0x0102, tag: 0x75 },
  dg14: { name: 'DG14', shortId: 0x0e, fileId: 0x010e, tag: 0x6e },
  dg15: { name: 'DG15', shortId: 0x0f, fileId: 0x010f, tag: 0x6f },
} as const satisfies Record<string, ElementaryFile>;

export type FileReading =
  | { readonly outcome: 'read'; readonly bytes: Uint8Array }
  | { readonly outcome: 'absent' }
  /** The chip answered with an error status. */
  | { readonly outcome: 'refused'; readonly status: number }
  /** What came is not a file: no header, the tag of another file, or cut off. */
  | { readonly outcome: 'damaged' };

export interface ReadOptions {
  /** `short-id` costs no command of its own; `select` is for what must be selected first. */
  readonly by: 'short-id' | 'select';
  /** Called after each block with the part that is read, from 0 to 1. */
  readonly onProgress: (fraction: number) => void;
}

/** Tag (1 byte) and length (5 bytes) at the most: enough to know how long a file is. */
const longestHeader = 6;
/** A header that tells of more is damaged: no travel document holds a file of this size, in bytes. */
const longestFile = 1 << 20;
/** Offsets beyond need the odd instruction, ISO/IEC 7816-4:2005 section 7.2.3. */
const lastShortOffset = 0x7fff;

const readInstruction = { offsetInParameters: 0xb0, offsetInData: 0xb1 } as const;

function selectFile(fileId: number): Command {
  return { cla: 0, ins: 0xa4, p1: 0x02, p2: 0x0c, data: Uint8Array.of(fileId >> 8, fileId & 0xff) };
}

/** The first block may select the file by its short identifier; the others read on in the current file. */
function readBlock(offset: number, length: number, shortId: number | undefined): Command {
  if (offset > lastShortOffset) {
    return {
      cla: 0,
      ins: readInstruction.offsetInData,
      p1: 0,
      p2: 0,
      data: encodeTlv(0x54, offsetBytes(offset)),
      le: length,
    };
  }
  const p1 = shortId === undefined ? offset >> 8 : 0x80 | shortId;
  return { cla: 0, ins: readInstruction.offsetInParameters, p1, p2: offset & 0xff, le: length };
}

function offsetBytes(offset: number): Uint8Array {
  return offset > 0xffff
    ? Uint8Array.of(offset >> 16, (offset >> 8) & 0xff, offset & 0xff)
    : Uint8Array.of(offset >> 8, offset & 0xff);
}

/** The odd instruction answers with a data object 53, whose header counts among the expected bytes. */
function expectedLength(offset: number, wanted: number, most: number): number {
  if (offset <= lastShortOffset) return Math.min(wanted, most);
  const header = wanted < 0x80 ? 2 : wanted < 0x100 ? 3 : 4;
  return Math.min(wanted + header, most);
}

/** The content of a block; `undefined` when the data object around it is malformed. */
function blockContent(offset: number, data: Uint8Array): Uint8Array | undefined {
  if (offset <= lastShortOffset) return data;
  const header = readHeader(data);
  if (header?.tag !== 0x53 || header.headerLength + header.length > data.length) return undefined;
  return data.subarray(header.headerLength, header.headerLength + header.length);
}

/** End of the file reached before all expected bytes were read: the data up to there is good. */
const endOfFile = 0x6282;
const carriesData = (status: number): boolean => status === 0x9000 || status === endOfFile;

function isAbsent(status: number): boolean {
  return status === 0x6a82 || status === 0x6a83 || status === 0x6a88;
}

/** One file, filling up block by block; it knows its length once its header is complete. */
class FileBuffer {
  #content = new Uint8Array();
  #total: number | undefined;
  #filled = 0;
  readonly #tag: number;

  constructor(tag: number) {
    this.#tag = tag;
  }

  get filled(): number {
    return this.#filled;
  }

  /** Bytes that are missing; `undefined` while the header is not complete. */
  get missing(): number | undefined {
    return this.#total === undefined ? undefined : this.#total - this.#filled;
  }

  get fraction(): number {
    return this.#total === undefined ? 0 : this.#filled / this.#total;
  }

  /** Copies a block in; what a chip sends beyond the end of the file is left out. `false`: not this file. */
  append(block: Uint8Array): boolean {
    const room = this.#total ?? this.#filled + block.length;
    if (this.#content.length < room) this.#resize(room);
    const kept = block.subarray(0, room - this.#filled);
    this.#content.set(kept, this.#filled);
    this.#filled += kept.length;
    return this.#total === undefined ? this.#readLength() : true;
  }

  /** The whole file, handed over. */
  take(): Uint8Array {
    return this.#content;
  }

  wipe(): void {
    wipe(this.#content);
  }

  #readLength(): boolean {
    const header = readHeader(this.#content);
    if (header === undefined) return this.#filled < longestHeader;
    const total = header.headerLength + header.length;
    if (header.tag !== this.#tag || total > longestFile) return false;
    this.#total = total;
    this.#filled = Math.min(this.#filled, total);
    this.#resize(total);
    return true;
  }

  /** To exactly this length, longer or shorter. */
  #resize(length: number): void {
    const next = new Uint8Array(length);
    next.set(this.#content.subarray(0, Math.min(this.#filled, length)));
    wipe(this.#content);
    this.#content = next;
  }
}

/**
 * Reads a transparent file with the fewest commands: READ BINARY by short identifier (ISO/IEC 7816-4:2005 section
 * 7.2.3) whose first answer is already a full block, then block after block up to the length that the file's own
 * header tells. How much a block may hold is kept in `limits`, which a chip's refusals make smaller.
 */
export async function readFile(
  channel: CommandChannel,
  file: ElementaryFile,
  limits: ReadLimits,
  { by, onProgress }: ReadOptions,
): Promise<Result<FileReading, CommandFault>> {
  if (by === 'select') {
    const selected = await channel.send(selectFile(file.fileId));
    if (!selected.ok) return selected;
    if (selected.value.sw !== 0x9000) return ok(refusal(selected.value.sw));
  }
  const buffer = new FileBuffer(file.tag);
  const result = await readBlocks();
  if (!result.ok || result.value.outcome !== 'read') buffer.wipe();
  return result;

  async function readBlocks(): Promise<Result<FileReading, CommandFault>> {
    let left = buffer.missing;
    while (left === undefined || left > 0) {
      const offset = buffer.filled;
      const most = limits.blockLength(channel.shortCapacity, offset === 0);
      const length = left === undefined ? most : expectedLength(offset, left, most);
      const shortId = by === 'short-id' && offset === 0 ? file.shortId : undefined;
      const response = await channel.send(readBlock(offset, length, shortId));
      if (!response.ok) return response;
      const step = accept(offset, response.value);
      if (step !== 'next') return ok(step);
      onProgress(buffer.fraction);
      left = buffer.missing;
    }
    return ok({ outcome: 'read', bytes: buffer.take() });
  }

  function accept(offset: number, { data, sw }: Response): FileReading | 'next' {
    if (carriesData(sw) && data.length > 0) {
      const block = blockContent(offset, data);
      const good = block !== undefined && block.length > 0 && buffer.append(block);
      wipe(data);
      return good ? 'next' : { outcome: 'damaged' };
    }
    if (limits.narrow(sw)) return 'next';
    return carriesData(sw) ? { outcome: 'damaged' } : refusal(sw);
  }
}

function refusal(status: number): FileReading {
  return isAbsent(status) ? { outcome: 'absent' } : { outcome: 'refused', status };
}
