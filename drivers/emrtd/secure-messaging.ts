import type { Command, Response } from '../shared/apdu.js';
import { concat, equal, pad, unpad, wipe } from '../shared/bytes.js';
import type { CipherName } from '../shared/crypto/key-derivation.js';
import { aesCbc, aesMac, retailMac, tripleDesCbc } from '../shared/crypto/symmetric.js';
import { err, ok, type Result } from '../shared/result.js';
import { decodeTlv, encodeTlv } from '../shared/tlv.js';
import type { CommandChannel, CommandFault } from './command-channel.js';

/** What access control leaves both sides with. */
export interface SessionKeys {
  readonly cipher: CipherName;
  readonly encryptionKey: Uint8Array;
  readonly macKey: Uint8Array;
  /** Send sequence counter before the first command: one block of the cipher. */
  readonly counter: Uint8Array;
}

interface CipherSuite {
  /** Bytes. */
  readonly blockLength: number;
  encrypt(keys: SessionKeys, padded: Uint8Array): Uint8Array;
  decrypt(keys: SessionKeys, cryptogram: Uint8Array): Uint8Array;
  mac(keys: SessionKeys, data: Uint8Array): Uint8Array;
}

/** Doc 9303 part 11 section 9.8.6. */
const tripleDes: CipherSuite = {
  blockLength: 8,
  encrypt: (keys, padded) => tripleDesCbc('encrypt', keys.encryptionKey, new Uint8Array(8), padded),
  decrypt: (keys, cryptogram) => tripleDesCbc('decrypt', keys.encryptionKey, new Uint8Array(8), cryptogram),
  mac: (keys, data) => retailMac(keys.macKey, data),
};

/** The initialization vector is the encrypted counter, Doc 9303 part 11 section 9.8.7.1. */
const initializationVector = ({ encryptionKey, counter }: SessionKeys): Uint8Array =>
  aesCbc('encrypt', encryptionKey, new Uint8Array(16), counter);

/** Doc 9303 part 11 section 9.8.7. */
const aes: CipherSuite = {
  blockLength: 16,
  encrypt: (keys, padded) => aesCbc('encrypt', keys.encryptionKey, initializationVector(keys), padded),
  decrypt: (keys, cryptogram) =>
    aesCbc('decrypt', keys.encryptionKey, initializationVector(keys), cryptogram),
  mac: (keys, data) => aesMac(keys.macKey, pad(data, 16)),
};

function suiteFor(cipher: CipherName): CipherSuite {
  switch (cipher) {
    case '3des':
      return tripleDes;
    case 'aes-128':
    case 'aes-192':
    case 'aes-256':
      return aes;
  }
}

/** Data objects of secure messaging, Doc 9303 part 11 section 9.8.4. */
const tags = {
  /** Padded cryptogram after commands with odd INS. */
  plainCryptogram: 0x85,
  /** Padding indicator 01 and padded cryptogram. */
  cryptogram: 0x87,
  expectedLength: 0x97,
  status: 0x99,
  mac: 0x8e,
} as const;

/** Of a response: status (4 bytes) and MAC (10 bytes) as data objects. */
const statusAndMac = 14;
/** Tag, length in two bytes and padding indicator of a cryptogram of 127 to 255 bytes. */
const cryptogramHeader = 4;

/** READ BINARY with the offset in the parameters and in the data, ISO/IEC 7816-4:2005 section 7.2.3. */
const readBinary: readonly number[] = [0xb0, 0xb1];
const endOfFile = 0x6282;

function increment(counter: Uint8Array): void {
  for (let i = counter.length - 1; i >= 0; i--) {
    const next = ((counter[i] ?? 0) + 1) & 0xff;
    counter[i] = next;
    if (next !== 0) return;
  }
}

function encodeExpectedLength(le: number): Uint8Array {
  return le > 256 ? Uint8Array.of((le >> 8) & 0xff, le & 0xff) : Uint8Array.of(le & 0xff);
}

/**
 * Secure messaging over a channel in clear, Doc 9303 part 11 section 9.8, with 3DES or AES. The first answer that is
 * not protected as it must be ends the session for good: nothing that the chip says in clear counts as a success.
 */
export class SecureMessaging implements CommandChannel {
  readonly shortCapacity: number;
  readonly #clear: CommandChannel;
  readonly #keys: SessionKeys;
  readonly #suite: CipherSuite;
  #open = true;

  /** Takes the keys over, and wipes them when the session ends. */
  constructor(clear: CommandChannel, keys: SessionKeys) {
    this.#clear = clear;
    this.#keys = keys;
    this.#suite = suiteFor(keys.cipher);
    const { blockLength } = this.#suite;
    const room = clear.shortCapacity - statusAndMac - cryptogramHeader;
    // One byte of the last block is padding at the least: 231 bytes with 3DES, 223 with AES.
    this.shortCapacity = Math.floor(room / blockLength) * blockLength - 1;
  }

  async send(command: Command): Promise<Result<Response, CommandFault>> {
    if (!this.#open) throw new Error('secure messaging has ended');
    increment(this.#keys.counter);
    const answer = await this.#clear.send(this.#protect(command));
    const response = answer.ok ? this.#unprotect(command.ins, answer.value) : answer;
    if (!response.ok) this.close();
    return response;
  }

  /** Forgets the keys. */
  close(): void {
    this.#open = false;
    wipe(this.#keys.encryptionKey, this.#keys.macKey, this.#keys.counter);
  }

  #protect({ cla, ins, p1, p2, data, le = 0 }: Command): Command {
    const header = Uint8Array.of(cla | 0x0c, ins, p1, p2);
    const objects = concat(
      data === undefined || data.length === 0 ? new Uint8Array() : this.#encrypt(ins, data),
      le === 0 ? new Uint8Array() : encodeTlv(tags.expectedLength, encodeExpectedLength(le)),
    );
    // The MAC pads by itself; a padded header counts as whole blocks only where data objects follow it.
    const authenticated =
      objects.length === 0 ? header : concat(pad(header, this.#suite.blockLength), objects);
    const mac = this.#suite.mac(this.#keys, concat(this.#keys.counter, authenticated));
    const body = concat(objects, encodeTlv(tags.mac, mac));
    return {
      cla: cla | 0x0c,
      ins,
      p1,
      p2,
      data: body,
      le: body.length > 255 || le > 256 ? 65536 : 256,
    };
  }

  #encrypt(ins: number, data: Uint8Array): Uint8Array {
    const cryptogram = this.#suite.encrypt(this.#keys, pad(data, this.#suite.blockLength));
    return ins % 2 === 1
      ? encodeTlv(tags.plainCryptogram, cryptogram)
      : encodeTlv(tags.cryptogram, Uint8Array.of(1), cryptogram);
  }

  #unprotect(ins: number, { data, sw }: Response): Result<Response, CommandFault> {
    if (data.length === 0 && sw >= 0x6400 && sw <= 0x6fff) return err({ kind: 'session-over', status: sw });
    const broken = err({ kind: 'broken-response' } as const);
    const objects = decodeTlv(data);
    const mac = objects?.at(-1);
    if (objects === undefined || mac?.tag !== tags.mac) return broken;
    const authenticated = objects.slice(0, -1);
    increment(this.#keys.counter);
    const expected = this.#suite.mac(
      this.#keys,
      concat(this.#keys.counter, ...authenticated.map(({ bytes }) => bytes)),
    );
    if (!equal(mac.value, expected)) return broken;
    const status = authenticated.find(({ tag }) => tag === tags.status)?.value;
    if (status?.length !== 2) return broken;
    const protectedStatus = ((status[0] ?? 0) << 8) | (status[1] ?? 0);
    const padded = this.#decrypt(authenticated);
    if (padded === undefined) return broken;
    if (padded.length === 0) return ok({ data: padded, sw: protectedStatus });
    // Doc 9303 part 11 section 9.8.4 asks for padding always. Chips in the field pad wrongly, or not at all, where a
    // READ BINARY reaches the end of a file: what the MAC vouches for is kept, and the file's own length cuts it.
    const paddingMayBeWrong = protectedStatus === endOfFile && readBinary.includes(ins);
    const plain = unpad(padded) ?? (paddingMayBeWrong ? padded : undefined);
    return plain === undefined ? broken : ok({ data: plain, sw: protectedStatus });
  }

  /** The data of a response with its padding, empty when it has none; `undefined` when it cannot be decrypted. */
  #decrypt(objects: readonly { readonly tag: number; readonly value: Uint8Array }[]): Uint8Array | undefined {
    const object = objects.find(({ tag }) => tag === tags.cryptogram || tag === tags.plainCryptogram);
    if (object === undefined) return new Uint8Array();
    if (object.tag === tags.cryptogram && object.value[0] !== 1) return undefined;
    const cryptogram = object.tag === tags.cryptogram ? object.value.subarray(1) : object.value;
    if (cryptogram.length === 0 || cryptogram.length % this.#suite.blockLength !== 0) return undefined;
    return this.#suite.decrypt(this.#keys, cryptogram);
  }
}
