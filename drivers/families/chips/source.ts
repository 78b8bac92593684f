import type { Issuers } from '../../emrtd/index.js';
import type { ChipSource as SourceName, ChipsSnapshot } from '../../protocol.js';
import type { CardFault } from '../../shared/card-channel.js';
import type { CardReaders, CardSession, ReadersState } from '../../shared/card-readers.js';
import type { Result } from '../../shared/result.js';
import type { DemoPlacement } from '../../simulated/chip/types.js';
import type { DemoKey } from '../../simulated/fido-key/types.js';

/** vsmartcard's virtual readers: they carry no real document, so that they do not end the demo by themselves. */
const virtualReader = /^Virtual PCD\b/;

/** Simulated readers on which documents and keys can be put by name. */
export interface DemoDevices {
  readonly readers: CardReaders;
  /** Trusts the issuers of the demo documents. */
  readonly issuers: Promise<Issuers | undefined>;
  place(placement: DemoPlacement): Promise<void>;
  placeKey(key: DemoKey): void;
  remove(): void;
}

export interface ChipSourceOptions {
  readonly source: SourceName;
  /** Started only when the source asks for it. */
  readonly openPcsc: () => CardReaders;
  readonly openDemo: () => DemoDevices;
  /** Issuers for real documents. */
  readonly issuers: Promise<Issuers | undefined>;
}

/**
 * Where documents come from at the moment: PC/SC, or demo devices. With `auto` a real reader takes over as soon as
 * it is there, and stays: a kiosk whose reader broke must not show demo passports.
 */
export class ChipSource {
  readonly #source: SourceName;
  readonly #pcsc: CardReaders | undefined;
  readonly #openDemo: () => DemoDevices;
  readonly #issuers: Promise<Issuers | undefined>;
  readonly #listeners = new Set<(state: ChipsSnapshot) => void>();
  #demo: DemoDevices | undefined;
  #realReaderSeen = false;
  #state: ChipsSnapshot = { service: 'starting', demo: false, readers: [] };

  constructor({ source, openPcsc, openDemo, issuers }: ChipSourceOptions) {
    this.#source = source;
    this.#openDemo = openDemo;
    this.#issuers = issuers;
    this.#pcsc = source === 'demo' ? undefined : openPcsc();
    this.#pcsc?.subscribe(() => this.#update());
    this.#update();
  }

  get state(): ChipsSnapshot {
    return this.#state;
  }

  /** The demo devices, while they are what documents come from. */
  get demo(): DemoDevices | undefined {
    return this.#state.demo ? this.#demo : undefined;
  }

  get issuers(): Promise<Issuers | undefined> {
    return this.demo?.issuers ?? this.#issuers;
  }

  subscribe(listener: (state: ChipsSnapshot) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  connect(readerName: string): Promise<Result<CardSession, CardFault>> {
    const readers = this.demo?.readers ?? this.#pcsc;
    if (readers === undefined) return Promise.resolve({ ok: false, error: { kind: 'reader-removed' } });
    return readers.connect(readerName);
  }

  #update(): void {
    const next = this.#look();
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener(next);
  }

  #look(): ChipsSnapshot {
    const pcsc = this.#pcsc?.state;
    if (pcsc === undefined) return this.#lookAtDemo();
    if (this.#source === 'pcsc') return snapshot(pcsc);
    const real = { ...pcsc, readers: pcsc.readers.filter(({ name }) => !virtualReader.test(name)) };
    if (real.readers.length > 0) this.#realReaderSeen = true;
    return this.#realReaderSeen || pcsc.service === 'starting' ? snapshot(real) : this.#lookAtDemo();
  }

  #lookAtDemo(): ChipsSnapshot {
    if (this.#demo === undefined) {
      this.#demo = this.#openDemo();
      this.#demo.readers.subscribe(() => this.#update());
    }
    return snapshot(this.#demo.readers.state, true);
  }
}

function snapshot({ service, readers }: ReadersState, demo = false): ChipsSnapshot {
  return { service, demo, readers: [...readers] };
}
