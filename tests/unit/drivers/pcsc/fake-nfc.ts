import { EventEmitter } from 'node:events';
import type { NFC, Reader } from 'nfc-pcsc';
import { settled } from '../../manual-clock.js';

const EMPTY = 0x10;
const PRESENT = 0x20;
const MUTE = 0x200;
export const atr = Buffer.from('3B8180018080', 'hex');

/** An error as nfc-pcsc makes it: the native one, with its return code, is `previous`. */
export function pcscError(code: number): Error {
  const native = new Error(`SCardTransmit error: Some words.(0x${code.toString(16).padStart(8, '0')})`);
  return Object.assign(new Error('An error occurred while transmitting.'), { previous: native });
}

class FakeNativeReader extends EventEmitter {
  readonly SCARD_STATE_EMPTY = EMPTY;
  readonly SCARD_STATE_PRESENT = PRESENT;
  readonly SCARD_STATE_MUTE = MUTE;
  readonly SCARD_UNPOWER_CARD = 2;
  connected = false;
  /** How often the card was powered down. */
  resets = 0;

  disconnect(_disposition: number, callback: (error?: Error | null) => void): void {
    this.connected = false;
    this.resets++;
    callback(null);
  }
}

/** A reader that behaves as nfc-pcsc's does, its traps included. */
export class FakeReader extends EventEmitter {
  readonly reader = new FakeNativeReader();
  readonly sent: { readonly command: string; readonly longest: number }[] = [];
  autoProcessing = true;
  connection: { type: number; protocol?: number } | null = null;
  /** Answers a command; nothing settles for `hang`. */
  answer: (command: Buffer) => Buffer | Error | 'hang' = () => Buffer.from('9000', 'hex');
  connectFails: Error | 'hang' | undefined;
  #events = 0;

  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  get asReader(): Reader {
    return this;
  }

  empty(): void {
    this.#status(EMPTY);
  }

  async insert(options: { mute?: boolean; connects?: boolean } = {}): Promise<void> {
    this.#events++;
    if (options.mute === true) {
      this.#status(PRESENT | MUTE);
      return;
    }
    this.#status(PRESENT, atr);
    // A connect that fails here is swallowed: an event named by the error, and no `card`.
    if (options.connects === false) this.emit(String(pcscError(0x80100066)));
    else {
      await this.connect();
      this.emit('card', { atr });
    }
    await settled();
  }

  remove(): void {
    this.#events++;
    this.connection = null;
    this.reader.connected = false;
    this.#status(EMPTY);
  }

  /** Another card in place of this one, between two looks of the service. */
  exchange(): void {
    this.#events += 2;
    this.#status(PRESENT, atr);
  }

  connect(): Promise<unknown> {
    if (this.connectFails === 'hang') return new Promise(() => undefined);
    if (this.connectFails !== undefined) return Promise.reject(this.connectFails);
    // Over an open connection it resolves without a protocol.
    this.connection = this.reader.connected ? { type: 2 } : { type: 2, protocol: 2 };
    this.reader.connected = true;
    return Promise.resolve(this.connection);
  }

  transmit(command: Buffer, longest: number): Promise<Buffer> {
    if (this.connection === null) throw new Error('No card or connection available.');
    if (this.connection.protocol === undefined) throw new TypeError('Third argument must be an integer');
    this.sent.push({ command: command.toString('hex').toUpperCase(), longest });
    const answer = this.answer(command);
    if (answer === 'hang') return new Promise(() => undefined);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }

  #status(state: number, withAtr?: Buffer): void {
    const full = (this.#events << 16) | state;
    this.reader.emit('status', withAtr === undefined ? { state: full } : { state: full, atr: withAtr });
  }
}

export class FakeNfc extends EventEmitter {
  get asNfc(): NFC {
    return this;
  }

  /** A reader appears, with nothing on it. */
  add(name: string): FakeReader {
    const reader = new FakeReader(name);
    this.emit('reader', reader.asReader);
    reader.empty();
    return reader;
  }
}
