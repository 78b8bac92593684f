import { concat } from '../../shared/bytes.js';
import { decodeTlv, encodeLength } from '../../shared/tlv.js';
import { encodeCardAccess } from './card-access.js';
import type { ChipContents } from './contents.js';
import type { Reply } from '../shared/reply.js';
import { status } from '../shared/status-words.js';

/** Where a chip of Doc 9303 part 10 keeps its files: the master file, and the application with the data groups. */
export type Directory = 'master-file' | 'travel-document';

export interface Reader {
  /** Whether basic access control or PACE succeeded and its session still runs. */
  readonly authenticated: boolean;
  /** Most bytes of data that the response can carry. */
  readonly capacity: number;
}

interface Range {
  readonly offset: number;
  readonly most: number;
  /** Whatever there is up to the end was asked for, so that an early end is no warning. */
  readonly toEnd: boolean;
}

/** A length of zero in the command, short or extended. */
function asksForAll(le: number): boolean {
  return le === 0x100 || le === 0x10000;
}

const cardAccessIdentifier = 0x011c;
/** Fingerprints and irises open to authorised terminals only, Doc 9303 part 11 section 7. */
const guardedByTerminalAuthentication: readonly number[] = [0x0103, 0x0104];

/** Files, the selected directory and the selected file: SELECT and READ BINARY of ISO/IEC 7816-4 section 11. */
export class FileSystem {
  readonly #files: Readonly<Record<Directory, ReadonlyMap<number, Uint8Array>>>;
  #directory: Directory = 'master-file';
  #current: number | undefined;

  constructor({ pace, files }: ChipContents) {
    this.#files = {
      'master-file': new Map(pace.length > 0 ? [[cardAccessIdentifier, encodeCardAccess(pace)]] : []),
      'travel-document': files,
    };
  }

  get directory(): Directory {
    return this.#directory;
  }

  selectDirectory(directory: Directory): void {
    this.#directory = directory;
    this.#current = undefined;
  }

  /** Makes an elementary file of this directory the current one. */
  selectFile(identifier: number, reader: Reader): Reply {
    const found = this.#find(identifier, reader);
    if (found.status === status.success) this.#current = identifier;
    return { status: found.status };
  }

  /** READ BINARY with the even instruction: short identifier and offset of 8 bits, or offset of 15 bits. */
  readShortOffset(p1: number, p2: number, le: number, reader: Reader): Reply {
    const length = { most: Math.min(le, reader.capacity), toEnd: asksForAll(le) };
    if ((p1 & 0x80) === 0) return this.#read(this.#current, { offset: (p1 << 8) | p2, ...length }, reader);
    const short = p1 & 0x1f;
    if ((p1 & 0x60) !== 0 || short === 0 || short === 0x1f) return { status: status.wrongParameters };
    const identifier = 0x0100 | short;
    const reply = this.#read(identifier, { offset: p2, ...length }, reader);
    if (reply.data !== undefined) this.#current = identifier;
    return reply;
  }

  /** READ BINARY with the odd instruction: the offset is a data object, and so is the answer. */
  readDataObject(p1: number, p2: number, data: Uint8Array, le: number, reader: Reader): Reply {
    const [object, ...others] = decodeTlv(data) ?? [];
    if (object?.tag !== 0x54 || others.length > 0 || object.value.length === 0 || object.value.length > 4) {
      return { status: status.wrongData };
    }
    const offset = object.value.reduce((value, byte) => value * 256 + byte, 0);
    const parameter = (p1 << 8) | p2;
    const identifier = parameter === 0 ? this.#current : parameter < 0x1f ? 0x0100 | parameter : parameter;
    // Tag and length of the answer take part of what was asked for.
    const room = Math.min(le, reader.capacity);
    let most = room - 2;
    while (most > 0 && 1 + encodeLength(most).length + most > room) most--;
    if (most <= 0) return { status: status.wrongLength };
    const reply = this.#read(identifier, { offset, most, toEnd: asksForAll(le) }, reader);
    if (reply.data === undefined) return reply;
    this.#current = identifier;
    return {
      status: reply.status,
      data: concat(Uint8Array.of(0x53), encodeLength(reply.data.length), reply.data),
    };
  }

  #find(identifier: number, { authenticated }: Reader): Reply {
    if (this.#directory === 'travel-document') {
      if (!authenticated) return { status: status.securityStatusNotSatisfied };
      if (
        guardedByTerminalAuthentication.includes(identifier) &&
        this.#files[this.#directory].has(identifier)
      ) {
        return { status: status.securityStatusNotSatisfied };
      }
    }
    const file = this.#files[this.#directory].get(identifier);
    return file === undefined ? { status: status.fileNotFound } : { status: status.success, data: file };
  }

  #read(identifier: number | undefined, { offset, most, toEnd }: Range, reader: Reader): Reply {
    if (identifier === undefined) return { status: status.noCurrentFile };
    const found = this.#find(identifier, reader);
    if (found.data === undefined) return found;
    if (offset >= found.data.length) return { status: status.offsetBeyondFile };
    const data = found.data.slice(offset, offset + most);
    return { status: data.length < most && !toEnd ? status.endOfFile : status.success, data };
  }
}
