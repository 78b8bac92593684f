import type { Reader } from 'nfc-pcsc';
import type { CardChannel, CardFault } from '../shared/card-channel.js';
import type { CardSession } from '../shared/card-readers.js';
import { type Clock, within } from '../shared/clock.js';
import { err, ok, type Result } from '../shared/result.js';
import { meaningOf } from './return-codes.js';
import type { ReaderStatus } from './types.js';

/** nfc-pcsc swallows a connect that fails when a card arrives; silence for this long means that, ms. */
const arrivalDeadlineMs = 5000;
/** How long the service takes to notice that a card or reader is gone after a command has failed, ms (measured: up to 400). */
const removalNoticeMs = 1500;
/** A driver may hang in a connect after suspend or a USB reset, ms. */
const connectDeadlineMs = 10_000;
/** Longer than any chip computes (PACE on slow ones takes over 6 s), ms. */
const transmitDeadlineMs = 25_000;
const disconnectDeadlineMs = 3000;
/** From a reader's end to that of the whole service, where it was the service that broke off, ms. */
const serviceNoticeMs = 500;

/** 65,536 data bytes and two status bytes. */
const longestExtendedResponse = 65_538;
const longestShortResponse = 258;
/** READ BINARY of EF.CardAccess: any answer at all shows that the reader carries the form. */
const lengthProbe = {
  extended: Buffer.from([0x00, 0xb0, 0x9c, 0x00, 0x00, 0x00, 0x00]),
  short: Buffer.from([0x00, 0xb0, 0x9c, 0x00, 0x00]),
} as const;

export interface PcscReaderOptions {
  /** What the reader is called here: no other one is. */
  readonly name: string;
  readonly clock: Clock;
  /** Readers by name, and whether they carry extended-length APDUs: some drivers do not, and each is tried once. */
  readonly carriesExtendedLength: Map<string, boolean>;
  readonly onChange: () => void;
  readonly onEnd: () => void;
  /** Settles once the service has broken off. */
  readonly serviceLost: Promise<void>;
  /** The service broke off, or a call into it did not come back. */
  readonly onLost: (reason: 'service-lost' | 'service-hung') => void;
}

type Presence = 'unknown' | 'absent' | 'arriving' | 'present' | 'silent';

/** One reader of nfc-pcsc: what lies on it, and sessions with it, one at a time. */
export class PcscReader {
  readonly #reader: Reader;
  readonly #options: PcscReaderOptions;
  readonly #waiting = new Set<() => void>();
  #presence: Presence = 'unknown';
  #over: 'reader-removed' | 'service-lost' | undefined;
  #atr = new Uint8Array();
  #eventCount = 0;
  /** Nobody has spoken over the connection that nfc-pcsc opened when the card came. */
  #untouched = false;
  #session: CardSession | undefined;
  #cancelArrival = (): void => undefined;

  constructor(reader: Reader, options: PcscReaderOptions) {
    this.#reader = reader;
    this.#options = options;
    reader.autoProcessing = false;
    reader.reader.on('status', ({ state, atr }) => this.#onStatus(state, atr));
    reader.on('card', () => this.#onConnected());
    // The service as a whole reports its loss; this listener keeps an error of one reader from being thrown.
    reader.on('error', () => undefined);
    reader.on('end', () => {
      this.end('reader-removed');
      options.onEnd();
    });
  }

  get name(): string {
    return this.#options.name;
  }

  /** `undefined` until the service has told about the reader. */
  get status(): ReaderStatus | undefined {
    switch (this.#presence) {
      case 'unknown':
        return undefined;
      case 'absent':
      case 'arriving':
        return { name: this.name, card: 'absent' };
      case 'present':
      case 'silent':
        return { name: this.name, card: this.#presence };
    }
  }

  /** The reader, or the whole service, is gone for good. */
  end(reason: 'reader-removed' | 'service-lost'): void {
    this.#over ??= reason;
    this.#cancelArrival();
    this.#notify();
  }

  /** Opens a session that starts from a reset. An earlier one is closed. */
  async connect(): Promise<Result<CardSession, CardFault>> {
    await this.#session?.close();
    await this.#until(() => this.#presence !== 'arriving', arrivalDeadlineMs);
    if (this.#over !== undefined) return err({ kind: this.#over });
    if (this.#presence === 'silent') return err({ kind: 'card-silent' });
    if (this.#presence !== 'present') return err({ kind: 'card-removed' });
    const fault = (await this.#powerUp()) ?? (await this.#learnLength());
    return fault === undefined ? ok(this.#openSession()) : err(fault);
  }

  #onStatus(state: number, atr: Buffer | undefined): void {
    const { SCARD_STATE_PRESENT, SCARD_STATE_MUTE } = this.#reader.reader;
    // PC/SC part 5: the upper half of the state counts arrivals and removals. A card that was exchanged between two
    // looks is seen by it alone, and leaves nfc-pcsc with a dead connection.
    const eventCount = state >>> 16;
    if (eventCount !== this.#eventCount) this.#untouched = false;
    this.#eventCount = eventCount;
    if ((state & SCARD_STATE_PRESENT) === 0) {
      this.#become('absent');
    } else if ((state & SCARD_STATE_MUTE) !== 0) {
      this.#become('silent');
    } else {
      if (atr !== undefined) this.#atr = Uint8Array.from(atr);
      if (this.#presence === 'unknown' || this.#presence === 'absent') {
        this.#become('arriving');
        this.#cancelArrival = this.#options.clock.after(arrivalDeadlineMs, () => this.#become('silent'));
      }
    }
  }

  #onConnected(): void {
    this.#untouched = true;
    this.#become(this.#atr.length === 0 ? 'silent' : 'present');
  }

  #become(presence: Presence): void {
    if (presence === this.#presence) return;
    this.#cancelArrival();
    this.#presence = presence;
    this.#notify();
    this.#options.onChange();
  }

  #notify(): void {
    for (const look of [...this.#waiting]) look();
  }

  /** Waits until `reached`, the end of the reader, or so many ms. */
  #until(reached: () => boolean, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#over === undefined && !reached()) return;
        cancel();
        this.#waiting.delete(look);
        resolve();
      };
      const cancel = this.#options.clock.after(ms, () => {
        this.#waiting.delete(look);
        resolve();
      });
      this.#waiting.add(look);
      look();
    });
  }

  async #powerUp(): Promise<CardFault | undefined> {
    // Connecting over an open connection resolves without a protocol, and nothing goes through it.
    if (this.#untouched && this.#reader.connection?.protocol !== undefined) {
      this.#untouched = false;
      return undefined;
    }
    await this.#powerDown();
    const fault = await this.#connectOnce();
    // A document that was exchanged for another faster than the service looks fails once, with
    // SCARD_W_UNPOWERED_CARD: the service takes it for the one that it powered down.
    return fault?.kind === 'card-silent' ? this.#connectOnce() : fault;
  }

  async #connectOnce(): Promise<CardFault | undefined> {
    try {
      const connection = await within(this.#options.clock, connectDeadlineMs, this.#reader.connect());
      if (connection === undefined) {
        this.#options.onLost('service-hung');
        return { kind: 'service-lost' };
      }
    } catch (error) {
      return this.#explain(meaningOf(error));
    }
    return this.#reader.connection?.protocol === undefined ? { kind: 'card-silent' } : undefined;
  }

  async #powerDown(): Promise<void> {
    const native = this.#reader.reader;
    if (!native.connected) return;
    const done = await within(
      this.#options.clock,
      disconnectDeadlineMs,
      new Promise<true>((resolve) => native.disconnect(native.SCARD_UNPOWER_CARD, () => resolve(true))),
    );
    if (done === undefined) this.#options.onLost('service-hung');
    this.#reader.connection = null;
  }

  async #learnLength(): Promise<CardFault | undefined> {
    const { carriesExtendedLength } = this.#options;
    if (carriesExtendedLength.has(this.name)) return undefined;
    const extended = await this.#transmit(lengthProbe.extended, longestExtendedResponse);
    if (!extended.ok) {
      if (extended.error.kind !== 'card-silent') return extended.error;
      // Only if the same in short form gets an answer it was the length, and not the card.
      const fault = await this.#powerCycle();
      if (fault !== undefined) return fault;
      const short = await this.#transmit(lengthProbe.short, longestShortResponse);
      if (!short.ok) return short.error;
    }
    carriesExtendedLength.set(this.name, extended.ok);
    return this.#powerCycle();
  }

  async #powerCycle(): Promise<CardFault | undefined> {
    await this.#powerDown();
    return this.#powerUp();
  }

  #openSession(): CardSession {
    let open = true;
    const extendedLength = this.#options.carriesExtendedLength.get(this.name) === true;
    const channel: CardChannel = {
      atr: this.#atr,
      extendedLength,
      transmit: async (command) => {
        if (!open) return err({ kind: 'card-removed' });
        const answer = await this.#transmit(
          Buffer.from(command),
          extendedLength ? longestExtendedResponse : longestShortResponse,
        );
        // Extended form is told by a zero where the short form has its length (ISO/IEC 7816-3 section 12.1.3).
        const extended = command.length > 5 && command[4] === 0;
        if (!answer.ok && answer.error.kind === 'card-silent' && extended) {
          this.#options.carriesExtendedLength.set(this.name, false);
        }
        return answer;
      },
    };
    const session: CardSession = {
      channel,
      readerName: this.name,
      close: async () => {
        if (!open) return;
        open = false;
        if (this.#session === session) this.#session = undefined;
        // nfc-pcsc lets go by itself of a card that was removed.
        if (this.#over === undefined && this.#presence === 'present') await this.#powerDown();
      },
    };
    this.#session = session;
    return session;
  }

  async #transmit(command: Buffer, longestResponse: number): Promise<Result<Uint8Array, CardFault>> {
    if (this.#over !== undefined) return err(await this.#explainEnd(this.#over));
    try {
      const sent = this.#reader.transmit(command, longestResponse);
      const response = await within(this.#options.clock, transmitDeadlineMs, sent);
      if (response === undefined) {
        this.#options.onLost('service-hung');
        return err({ kind: 'card-silent' });
      }
      // A card pulled in the middle of a command can come back as an empty response.
      return response.length < 2 ? err(await this.#explain('card-removed')) : ok(response);
    } catch (error) {
      return err(await this.#explain(meaningOf(error)));
    }
  }

  /** The service tells what happened a moment after a command has failed; its word counts more than the return code. */
  async #explain(kind: CardFault['kind']): Promise<CardFault> {
    await this.#until(() => this.#presence !== 'present', removalNoticeMs);
    const over = this.#over;
    if (over !== undefined) return kind === 'service-lost' ? this.#loseService() : this.#explainEnd(over);
    if (this.#presence !== 'present') return { kind: 'card-removed' };
    return kind === 'service-lost' ? this.#loseService() : { kind };
  }

  #loseService(): CardFault {
    this.#options.onLost('service-lost');
    return { kind: 'service-lost' };
  }

  /** A service that breaks off takes its readers along, and the end of one may be told before that of the service. */
  async #explainEnd(over: 'reader-removed' | 'service-lost'): Promise<CardFault> {
    if (over === 'service-lost') return { kind: over };
    const { clock, serviceLost } = this.#options;
    const lost = await within(
      clock,
      serviceNoticeMs,
      serviceLost.then(() => true),
    );
    return { kind: lost === true ? 'service-lost' : over };
  }
}
