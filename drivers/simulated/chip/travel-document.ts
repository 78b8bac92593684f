import { decodeCommand, type Command } from '../../shared/apdu.js';
import { equal, fromHex } from '../../shared/bytes.js';
import { encodeTlv } from '../../shared/tlv.js';
import { BasicAccess } from './basic-access.js';
import type { ChipContents } from './contents.js';
import { FileSystem, type Reader } from './file-system.js';
import { Pace } from './pace.js';
import type { Passwords } from './passwords.js';
import type { RandomSource } from './random-source.js';
import { plainResponse, type Reply } from '../shared/reply.js';
import type { AccessReply, SecureMessaging } from './secure-messaging.js';
import { status } from '../shared/status-words.js';

/** Application identifier of the eMRTD application, Doc 9303 part 10 section 3.6.1. */
const applicationIdentifier = fromHex('A0000002471001');
const masterFileIdentifier = 0x3f00;

const instruction = {
  manageSecurityEnvironment: 0x22,
  externalAuthenticate: 0x82,
  getChallenge: 0x84,
  generalAuthenticate: 0x86,
  select: 0xa4,
  readBinary: 0xb0,
  readBinaryOdd: 0xb1,
} as const;

/** The commands of a travel document's chip, Doc 9303 parts 10 and 11. Any bytes get an answer. */
export class TravelDocument {
  readonly #contents: ChipContents;
  readonly #files: FileSystem;
  readonly #basicAccess: BasicAccess;
  readonly #pace: Pace;
  #session: SecureMessaging | undefined;

  constructor(contents: ChipContents, passwords: Passwords, random: RandomSource) {
    this.#contents = contents;
    this.#files = new FileSystem(contents);
    this.#basicAccess = new BasicAccess(passwords.mrz, random);
    this.#pace = new Pace(contents.pace, passwords, random);
  }

  reset(): void {
    this.#session = undefined;
    this.#basicAccess.reset();
    this.#pace.abandon();
    this.#files.selectDirectory('master-file');
  }

  /** The response APDU to a command APDU. */
  respond(bytes: Uint8Array): Uint8Array {
    const command = decodeCommand(bytes);
    if (command === undefined || (command.extended && !this.#contents.extendedLength)) {
      return this.#unprotected({ status: status.wrongLength });
    }
    // Bits 8 to 6 of the class: inter-industry, no logical channels beyond 3; ISO/IEC 7816-4 section 5.4.1.
    if ((command.cla & 0xe0) !== 0) return this.#unprotected({ status: status.classNotSupported });
    if ((command.cla & 0x03) !== 0) return this.#unprotected({ status: status.logicalChannelNotSupported });
    switch (command.cla & 0x0c) {
      case 0x00:
        return this.#unprotected(this.#execute(command, { authenticated: false, capacity: 0x10000 }));
      case 0x0c:
        return this.#respondProtected(command);
      default:
        return this.#unprotected({ status: status.secureMessagingNotSupported });
    }
  }

  /** A command in clear ends the session, and so does an error in its protection: Doc 9303 part 11 section 9.8.3. */
  #unprotected(reply: AccessReply): Uint8Array {
    this.#session = reply.session;
    return plainResponse(reply);
  }

  #respondProtected(command: Command & { extended: boolean }): Uint8Array {
    const session = this.#session;
    if (session === undefined) return this.#unprotected({ status: status.securityStatusNotSatisfied });
    const unwrapped = session.unwrap(command);
    if (!unwrapped.ok) return this.#unprotected({ status: unwrapped.error.status });
    const { command: plain, capacity } = unwrapped.value;
    return session.wrap(command.ins, this.#execute(plain, { authenticated: true, capacity }));
  }

  #execute(command: Command, reader: Reader): AccessReply {
    const chained = (command.cla & 0x10) !== 0;
    if (command.ins !== instruction.generalAuthenticate) {
      this.#pace.abandon();
      if (chained) return { status: status.chainingNotSupported };
    }
    const data = command.data ?? new Uint8Array();
    switch (command.ins) {
      case instruction.select:
        return this.#select(command, reader);
      case instruction.readBinary:
        if (!command.le || data.length > 0) return { status: status.wrongLength };
        return this.#files.readShortOffset(command.p1, command.p2, command.le, reader);
      case instruction.readBinaryOdd:
        if (!command.le) return { status: status.wrongLength };
        return this.#files.readDataObject(command.p1, command.p2, data, command.le, reader);
      case instruction.getChallenge:
        if (command.p1 !== 0 || command.p2 !== 0) return { status: status.wrongParameters };
        if (command.le !== 8 && command.le !== 0x100) return { status: status.wrongLength };
        return this.#basicAccess.challenge();
      case instruction.externalAuthenticate:
        return this.#externalAuthenticate(command, data, reader);
      case instruction.manageSecurityEnvironment:
        return this.#setAuthenticationTemplate(command, data, reader);
      case instruction.generalAuthenticate:
        if (command.p1 !== 0 || command.p2 !== 0) return { status: status.wrongParameters };
        if (reader.authenticated) return { status: status.conditionsNotSatisfied };
        return this.#pace.authenticate(data, !chained);
      default:
        return { status: status.instructionNotSupported };
    }
  }

  #externalAuthenticate({ p1, p2 }: Command, data: Uint8Array, { authenticated }: Reader): AccessReply {
    if (p1 !== 0 || p2 !== 0) return { status: status.wrongParameters };
    // Documents that open by PACE only do not know this key; nor does the master file.
    if (!this.#contents.bac || this.#files.directory === 'master-file') {
      return { status: status.referencedDataNotFound };
    }
    if (authenticated) return { status: status.conditionsNotSatisfied };
    return this.#basicAccess.authenticate(data);
  }

  #setAuthenticationTemplate({ p1, p2 }: Command, data: Uint8Array, { authenticated }: Reader): Reply {
    if (this.#contents.pace.length === 0) return { status: status.instructionNotSupported };
    if (p1 !== 0xc1 || p2 !== 0xa4) return { status: status.wrongParameters };
    if (authenticated) return { status: status.conditionsNotSatisfied };
    return this.#pace.choose(data);
  }

  /** SELECT, ISO/IEC 7816-4 section 11.2.2, with the parameters of Doc 9303 part 10 section 3.6. */
  #select({ p1, p2, data = new Uint8Array(), le = 0 }: Command, reader: Reader): Reply {
    // P2 says that no data shall come back: a length to expect contradicts it, and chips refuse that.
    if (p2 === 0x0c && le > 0) return { status: status.wrongLength };
    if (p2 !== 0x00 && p2 !== 0x0c) return { status: status.wrongParameters };
    switch (p1) {
      case 0x04:
        if (!equal(data, applicationIdentifier)) return { status: status.fileNotFound };
        this.#files.selectDirectory('travel-document');
        return p2 === 0x00 && le > 0
          ? { status: status.success, data: encodeTlv(0x6f, encodeTlv(0x84, applicationIdentifier)) }
          : { status: status.success };
      case 0x00:
      case 0x02: {
        if (p1 === 0x00 && data.length === 0) return this.#selectMasterFile();
        const [high, low] = data;
        if (high === undefined || low === undefined || data.length > 2) return { status: status.wrongLength };
        const identifier = (high << 8) | low;
        return p1 === 0x00 && identifier === masterFileIdentifier
          ? this.#selectMasterFile()
          : this.#files.selectFile(identifier, reader);
      }
      default:
        return { status: status.wrongParameters };
    }
  }

  #selectMasterFile(): Reply {
    this.#files.selectDirectory('master-file');
    return { status: status.success };
  }
}
