import type { ReaderStatus } from '../pcsc/types.js';
import type { CardChannel, CardFault } from './card-channel.js';
import type { Result } from './result.js';

/** One powered card and the way to let go of it. */
export interface CardSession {
  readonly channel: CardChannel;
  readonly readerName: string;
  /** Powers the card down. The next session starts from a reset. */
  close(): Promise<void>;
}

export interface ReadersState {
  /** `starting`: not known yet. */
  readonly service: 'starting' | 'running' | 'absent';
  readonly readers: readonly ReaderStatus[];
}

/** All readers of one kind (PC/SC, or simulated): the driver host sees no difference. */
export interface CardReaders {
  readonly state: ReadersState;
  /** Calls back at each change; returns the way to stop that. */
  subscribe(listener: (state: ReadersState) => void): () => void;
  /** Connects to the card that lies on this reader now. */
  connect(readerName: string): Promise<Result<CardSession, CardFault>>;
  close(): Promise<void>;
}
