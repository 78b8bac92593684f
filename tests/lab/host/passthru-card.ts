import type { Socket } from 'node:net';
import { systemClock } from '../../../drivers/shared/clock.js';

/** Messages of QEMU's `ccid-card-passthru` (libcacard's vscard_common.h). */
const type = { init: 1, error: 2, readerAdd: 3, atr: 5, cardRemove: 6, command: 7 } as const;
const headerBytes = 12;
/** "VSCD", version 0.0.2, capabilities: none. */
const greeting = Buffer.from('5653434400000002' + '00000000', 'hex');
const reader = 0;

/** T=0, direct convention, two historical bytes (ISO/IEC 7816-3 section 8.2). */
const answerToReset = Buffer.from('3b021450', 'hex');

/** SELECT by name is answered with 9000, all else with 6D00: this card knows nothing else. */
const selectByName = Buffer.from('00a404', 'hex');

/** How long the card thinks before it answers: long enough to pull it in the meantime, ms. */
const thinkingMs = 150;

/** A card at the other end of the reader's socket; it counts what reaches it. */
export class PassthruCard {
  #socket: Socket | undefined;
  #pending = Buffer.alloc(0);
  #commands = 0;
  #inserted = false;
  #forgetAnswer = (): void => undefined;

  /** Commands that have reached it. */
  get commands(): number {
    return this.#commands;
  }

  /** A reader was plugged in: it knows nothing yet. */
  meet(socket: Socket): void {
    this.#socket = socket;
    this.#pending = Buffer.alloc(0);
    socket.on('data', (bytes) => {
      if (socket === this.#socket) this.#read(bytes);
    });
    this.#send(type.init, greeting);
    this.#send(type.readerAdd, Buffer.from('Lab\0'));
    if (this.#inserted) this.#send(type.atr, answerToReset);
  }

  /** The reader is about to be pulled. */
  leave(): void {
    this.#forgetAnswer();
    this.#socket = undefined;
  }

  insert(): void {
    this.#inserted = true;
    this.#send(type.atr, answerToReset);
  }

  remove(): void {
    this.#forgetAnswer();
    this.#inserted = false;
    this.#send(type.cardRemove, Buffer.alloc(0));
  }

  #send(kind: number, body: Buffer): void {
    const header = Buffer.alloc(headerBytes);
    header.writeUInt32BE(kind, 0);
    header.writeUInt32BE(reader, 4);
    header.writeUInt32BE(body.length, 8);
    this.#socket?.write(Buffer.concat([header, body]));
  }

  #read(bytes: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, bytes]);
    while (this.#pending.length >= headerBytes) {
      const end = headerBytes + this.#pending.readUInt32BE(8);
      if (this.#pending.length < end) return;
      const kind = this.#pending.readUInt32BE(0);
      const body = this.#pending.subarray(headerBytes, end);
      this.#pending = this.#pending.subarray(end);
      if (kind === type.command) this.#answer(body);
    }
  }

  #answer(command: Buffer): void {
    this.#commands++;
    const known = command.subarray(0, selectByName.length).equals(selectByName);
    // QEMU takes no answer to a question that it has forgotten.
    this.#forgetAnswer = systemClock.after(thinkingMs, () =>
      this.#send(type.command, Buffer.from(known ? '9000' : '6d00', 'hex')),
    );
  }
}
