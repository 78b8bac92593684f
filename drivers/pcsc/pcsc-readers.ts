import type { NFC, Reader } from 'nfc-pcsc';
import type { CardFault } from '../shared/card-channel.js';
import type { CardReaders, CardSession, ReadersState } from '../shared/card-readers.js';
import { type Clock, systemClock } from '../shared/clock.js';
import { err, type Result } from '../shared/result.js';
import { PcscReader } from './pcsc-reader.js';
import { serviceAnswers, serviceSocket } from './service.js';

/** How often an absent service is looked for, ms. */
const lookEveryMs = 1000;
/** The service names its readers within this time, ms; nfc-pcsc says nothing when there is none. */
const firstReadersMs = 500;

export interface PcscReadersOptions {
  /** The service is gone or hangs; nfc-pcsc does not recover, so this process has to be replaced. Called once. */
  readonly onLost: (reason: 'service-lost' | 'service-hung') => void;
  readonly clock?: Clock;
  readonly serviceAnswers?: () => Promise<boolean>;
  /** Loads the native addon and connects to the service, which must be known to run: without it this never returns. */
  readonly openNfc?: () => Promise<NFC>;
}

async function openNfc(): Promise<NFC> {
  const { NFC } = await import('nfc-pcsc');
  return new NFC();
}

/** The readers of this machine's PC/SC service. */
export class PcscReaders implements CardReaders {
  readonly #clock: Clock;
  readonly #serviceAnswers: () => Promise<boolean>;
  readonly #openNfc: () => Promise<NFC>;
  readonly #onLost: (reason: 'service-lost' | 'service-hung') => void;
  readonly #readers = new Set<PcscReader>();
  readonly #listeners = new Set<(state: ReadersState) => void>();
  readonly #carriesExtendedLength = new Map<string, boolean>();
  #service: ReadersState['service'] = 'starting';
  #published: ReadersState = { service: 'starting', readers: [] };
  #lost = false;
  #tellLost = (): void => undefined;
  readonly #serviceLost = new Promise<void>((resolve) => (this.#tellLost = resolve));
  #closed = false;
  #cancelTimer = (): void => undefined;

  constructor(options: PcscReadersOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#serviceAnswers =
      options.serviceAnswers ?? (() => serviceAnswers(serviceSocket(process.env), this.#clock));
    this.#openNfc = options.openNfc ?? openNfc;
    this.#onLost = options.onLost;
    void this.#look();
  }

  get state(): ReadersState {
    return this.#published;
  }

  subscribe(listener: (state: ReadersState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async connect(readerName: string): Promise<Result<CardSession, CardFault>> {
    if (this.#lost) return err({ kind: 'service-lost' });
    const reader = [...this.#readers].find(({ name }) => name === readerName);
    return reader === undefined ? err({ kind: 'reader-removed' }) : reader.connect();
  }

  /** The native side goes with the process: closing it can block for most of a minute. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    this.#listeners.clear();
    await Promise.resolve();
  }

  async #look(): Promise<void> {
    const nfc = (await this.#serviceAnswers()) ? await this.#open() : undefined;
    if (this.#closed) return;
    if (nfc === undefined) {
      this.#service = 'absent';
      this.#publish();
      this.#cancelTimer = this.#clock.after(lookEveryMs, () => void this.#look());
      return;
    }
    nfc.on('reader', (reader) => this.#add(reader));
    nfc.on('error', () => this.#lose('service-lost'));
    this.#cancelTimer = this.#clock.after(firstReadersMs, () => this.#run());
  }

  /** `undefined` also when the service refuses this user, or the addon does not load into this program. */
  async #open(): Promise<NFC | undefined> {
    try {
      return await this.#openNfc();
    } catch {
      return undefined;
    }
  }

  #add(native: Reader): void {
    const reader = new PcscReader(native, {
      name: this.#freeName(native.name),
      clock: this.#clock,
      carriesExtendedLength: this.#carriesExtendedLength,
      onChange: () => this.#run(),
      onEnd: () => {
        this.#readers.delete(reader);
        this.#publish();
      },
      serviceLost: this.#serviceLost,
      onLost: (reason) => this.#lose(reason),
    });
    this.#readers.add(reader);
  }

  /** A reader that is plugged in again can be named before the end of its predecessor is told. */
  #freeName(name: string): string {
    const taken = new Set([...this.#readers].map((reader) => reader.name));
    let free = name;
    for (let count = 2; taken.has(free); count++) free = `${name} (${count})`;
    return free;
  }

  #run(): void {
    if (this.#lost) return;
    this.#service = 'running';
    this.#publish();
  }

  #lose(reason: 'service-lost' | 'service-hung'): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#cancelTimer();
    this.#service = 'absent';
    if (reason === 'service-lost') {
      this.#tellLost();
      for (const reader of this.#readers) reader.end('service-lost');
    }
    this.#readers.clear();
    this.#publish();
    this.#onLost(reason);
  }

  #publish(): void {
    const readers = [...this.#readers].flatMap(({ status }) => (status === undefined ? [] : [status]));
    this.#published = { service: this.#service, readers };
    for (const listener of [...this.#listeners]) listener(this.#published);
  }
}
