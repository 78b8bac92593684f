import type { CardChannel, CardFault } from '../../shared/card-channel.js';
import type { CardReaders, CardSession, ReadersState } from '../../shared/card-readers.js';
import { systemClock, type Clock } from '../../shared/clock.js';
import { pause } from '../../shared/pause.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { SimulatedCard } from './card.js';

export const demoReaderName = 'Demo reader';

/** How long the air takes. */
export interface DemoTiming {
  /** For each command, ms. */
  readonly commandMs: number;
  /** For each byte of a response, ms. */
  readonly byteMs: number;
}

/** About what a passport takes on a usual reader: a photo of 16 kB comes in some 4 s. */
const realisticTiming: DemoTiming = { commandMs: 15, byteMs: 0.2 };

/** One card on the reader, until it is taken away. */
interface Placement {
  readonly card: SimulatedCard;
  readonly removal: AbortController;
}

/** One simulated reader in this process. Its cards come and go by `place` and `remove`. */
export class DemoReaders implements CardReaders {
  readonly #timing: DemoTiming;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: ReadersState) => void>();
  #placement: Placement | undefined;

  constructor({
    timing = realisticTiming,
    clock = systemClock,
  }: { readonly timing?: DemoTiming; readonly clock?: Clock } = {}) {
    this.#timing = timing;
    this.#clock = clock;
  }

  get state(): ReadersState {
    const card = this.#placement === undefined ? 'absent' : 'present';
    return { service: 'running', readers: [{ name: demoReaderName, card }] };
  }

  subscribe(listener: (state: ReadersState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Puts a card on the reader, after taking away what lies there. */
  place(card: SimulatedCard): void {
    this.#takeAway(this.#placement);
    card.place();
    this.#placement = { card, removal: new AbortController() };
    this.#publish();
  }

  /** Takes the card away, also in the middle of a command. */
  remove(): void {
    this.#takeAway(this.#placement);
  }

  connect(readerName: string): Promise<Result<CardSession, CardFault>> {
    return Promise.resolve(this.#open(readerName));
  }

  close(): Promise<void> {
    this.#listeners.clear();
    this.#placement?.removal.abort();
    this.#placement = undefined;
    return Promise.resolve();
  }

  #open(readerName: string): Result<CardSession, CardFault> {
    if (readerName !== demoReaderName) return err({ kind: 'reader-removed' });
    const placement = this.#placement;
    if (placement === undefined) return err({ kind: 'card-removed' });
    placement.card.reset();
    const channel: CardChannel = {
      atr: placement.card.atr,
      extendedLength: true,
      transmit: (command) => this.#transmit(placement, command),
    };
    const close = (): Promise<void> => {
      placement.card.reset();
      return Promise.resolve();
    };
    return ok({ channel, readerName, close });
  }

  async #transmit(placement: Placement, command: Uint8Array): Promise<Result<Uint8Array, CardFault>> {
    const { card, removal } = placement;
    const answer = await card.transmit(command, removal.signal);
    const length = answer.kind === 'response' ? answer.bytes.length : 0;
    await pause(this.#clock, this.#timing.commandMs + length * this.#timing.byteMs, removal.signal);
    if (removal.signal.aborted) return err({ kind: 'card-removed' });
    switch (answer.kind) {
      case 'response':
        return ok(answer.bytes);
      case 'removed':
        this.#takeAway(placement);
        return err({ kind: 'card-removed' });
      case 'silent':
        return err({ kind: 'card-silent' });
    }
  }

  #takeAway(placement: Placement | undefined): void {
    if (placement === undefined || placement !== this.#placement) return;
    this.#placement = undefined;
    placement.removal.abort();
    this.#publish();
  }

  #publish(): void {
    const { state } = this;
    for (const listener of [...this.#listeners]) listener(state);
  }
}
