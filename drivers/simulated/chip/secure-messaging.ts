import { concat, equal, pad, unpad } from '../../shared/bytes.js';
import type { Command } from '../../shared/apdu.js';
import type { CipherName } from '../../shared/crypto/key-derivation.js';
import { aesCbc, aesMac, retailMac, tripleDesCbc } from '../../shared/crypto/symmetric.js';
import { err, ok, type Result } from '../../shared/result.js';
import { decodeTlv, encodeTlv, type DataObject } from '../../shared/tlv.js';
import type { Reply } from '../shared/reply.js';
import { status, type StatusWord } from '../shared/status-words.js';

const macLength = 8;
/** DO'99' with the status word and DO'8E' with the MAC: in every protected response. */
const trailerLength = 4 + 2 + macLength;

/** A command as it was meant, and how much data its protected response can carry. */
export interface ProtectedCommand {
  readonly command: Command;
  readonly capacity: number;
}

export interface SecureMessagingFault {
  readonly kind: 'refused';
  readonly status: StatusWord;
}

/** What a step of access control leads to. */
export interface AccessReply extends Reply {
  /** Agreed on now: protects everything from the next command on. */
  readonly session?: SecureMessaging;
}

/** Session keys, and the counter that both sides start from. */
export interface SessionKeys {
  readonly cipher: CipherName;
  readonly encryption: Uint8Array;
  readonly mac: Uint8Array;
  /** Send sequence counter of one cipher block. */
  readonly counter: Uint8Array;
}

interface DataObjects {
  readonly cryptogram: DataObject | undefined;
  readonly expectedLength: DataObject | undefined;
  readonly mac: DataObject;
  /** All but the MAC, as they came. */
  readonly authenticated: Uint8Array;
}

function dataObjects(data: Uint8Array): Result<DataObjects, SecureMessagingFault> {
  const objects = decodeTlv(data);
  if (objects === undefined) return err({ kind: 'refused', status: status.secureMessagingObjectWrong });
  const known = [0x85, 0x87, 0x97, 0x8e];
  const repeated = new Set(objects.map(({ tag }) => tag)).size !== objects.length;
  if (repeated || objects.some(({ tag }) => !known.includes(tag))) {
    return err({ kind: 'refused', status: status.secureMessagingObjectWrong });
  }
  const mac = objects.at(-1);
  if (mac?.tag !== 0x8e) return err({ kind: 'refused', status: status.secureMessagingObjectMissing });
  return ok({
    cryptogram: objects.find(({ tag }) => tag === 0x85 || tag === 0x87),
    expectedLength: objects.find(({ tag }) => tag === 0x97),
    mac,
    authenticated: concat(...objects.slice(0, -1).map(({ bytes }) => bytes)),
  });
}

/** Value of DO'97': one byte for a short, two for an extended length, zero for the most. */
function expectedLength(object: DataObject | undefined): number | undefined {
  if (object === undefined) return 0;
  const [first, second] = object.value;
  if (first === undefined || object.value.length > 2) return undefined;
  return second === undefined ? first || 0x100 : (first << 8) | second || 0x10000;
}

/** The chip's side of secure messaging, Doc 9303 part 11 section 9.8. */
export class SecureMessaging {
  readonly #keys: SessionKeys;
  readonly #blockLength: number;
  #counter: Uint8Array;

  constructor(keys: SessionKeys) {
    this.#keys = keys;
    this.#blockLength = keys.cipher === '3des' ? 8 : 16;
    this.#counter = keys.counter.slice();
  }

  /** Checks and decrypts a command. A fault ends the session. */
  unwrap(command: Command & { extended: boolean }): Result<ProtectedCommand, SecureMessagingFault> {
    const { cla, ins, p1, p2 } = command;
    const objects = dataObjects(command.data ?? new Uint8Array());
    if (!objects.ok) return objects;
    this.#count();
    const header = Uint8Array.of(cla, ins, p1, p2);
    const { authenticated } = objects.value;
    // The header is padded to a block of its own only where data objects follow it.
    const start = authenticated.length === 0 ? header : pad(header, this.#blockLength);
    if (!equal(this.#mac(start, authenticated), objects.value.mac.value)) {
      return err({ kind: 'refused', status: status.secureMessagingObjectWrong });
    }
    const le = expectedLength(objects.value.expectedLength);
    const data = this.#decrypt(objects.value.cryptogram, ins);
    if (le === undefined || data === 'wrong') {
      return err({ kind: 'refused', status: status.secureMessagingObjectWrong });
    }
    const outerLe = command.le ?? (command.extended ? 0x10000 : 0x100);
    return ok({
      command: { cla: cla & ~0x0c, ins, p1, p2, le, ...(data === undefined ? {} : { data }) },
      capacity: this.#capacity(outerLe),
    });
  }

  /** The protected response to a command with this instruction byte. */
  wrap(ins: number, reply: Reply): Uint8Array {
    this.#count();
    const statusBytes = Uint8Array.of(reply.status >> 8, reply.status & 0xff);
    const objects = concat(this.#encrypt(reply.data, ins), encodeTlv(0x99, statusBytes));
    return concat(objects, encodeTlv(0x8e, this.#mac(objects)), statusBytes);
  }

  #count(): void {
    for (let i = this.#counter.length - 1; i >= 0; i--) {
      const next = ((this.#counter[i] ?? 0) + 1) & 0xff;
      this.#counter[i] = next;
      if (next !== 0) return;
    }
  }

  #mac(...parts: readonly Uint8Array[]): Uint8Array {
    const input = concat(this.#counter, ...parts);
    // The retail MAC pads by itself; here CMAC's input is padded too, unlike that of PACE's tokens.
    return this.#keys.cipher === '3des'
      ? retailMac(this.#keys.mac, input)
      : aesMac(this.#keys.mac, pad(input, this.#blockLength));
  }

  #cbc(direction: 'encrypt' | 'decrypt', data: Uint8Array): Uint8Array {
    const { cipher, encryption } = this.#keys;
    const zero = new Uint8Array(this.#blockLength);
    if (cipher === '3des') return tripleDesCbc(direction, encryption, zero, data);
    return aesCbc(direction, encryption, aesCbc('encrypt', encryption, zero, this.#counter), data);
  }

  #decrypt(object: DataObject | undefined, ins: number): Uint8Array | undefined | 'wrong' {
    if (object === undefined) return undefined;
    // Odd instructions carry data objects, so that their cryptogram needs no padding indicator.
    const odd = (ins & 1) === 1;
    if (object.tag !== (odd ? 0x85 : 0x87)) return 'wrong';
    if (!odd && object.value[0] !== 0x01) return 'wrong';
    const cryptogram = object.value.subarray(odd ? 0 : 1);
    if (cryptogram.length === 0 || cryptogram.length % this.#blockLength !== 0) return 'wrong';
    return unpad(this.#cbc('decrypt', cryptogram)) ?? 'wrong';
  }

  #encrypt(data: Uint8Array | undefined, ins: number): Uint8Array {
    if (data === undefined || data.length === 0) return new Uint8Array();
    const cryptogram = this.#cbc('encrypt', pad(data, this.#blockLength));
    return (ins & 1) === 1 ? encodeTlv(0x85, cryptogram) : encodeTlv(0x87, Uint8Array.of(0x01), cryptogram);
  }

  /** Most bytes of data whose protected response is no longer than `le`, the status word not counted. */
  #capacity(le: number): number {
    const block = this.#blockLength;
    for (let length = Math.floor(le / block) * block; length > 0; length -= block) {
      const object = encodeTlv(0x87, new Uint8Array(1 + length));
      if (object.length + trailerLength <= le) return length - 1;
    }
    return 0;
  }
}
