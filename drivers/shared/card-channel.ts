import type { Result } from './result.js';

/** Why a command brought no response from the card. */
export type CardFault =
  /** The card left the field, also in the middle of a command. */
  | { readonly kind: 'card-removed' }
  /** The card is there but did not answer (mute, or a protocol error on the air). */
  | { readonly kind: 'card-silent' }
  | { readonly kind: 'reader-removed' }
  /** The PC/SC service went away; this process cannot recover from it and will be replaced. */
  | { readonly kind: 'service-lost' };

/** One session with one powered card. A protocol above it never knows which reader, or that there is one. */
export interface CardChannel {
  /** Answer to reset, PC/SC part 3 section 3.1.3.2.3 for contactless cards. */
  readonly atr: Uint8Array;
  /** Whether the reader carries extended-length APDUs (ISO/IEC 7816-3 section 12.1.3). */
  readonly extendedLength: boolean;
  /**
   * Sends one command APDU and waits for its response: data and the two status bytes, never fewer than 2 bytes.
   * One command at a time.
   */
  transmit(command: Uint8Array): Promise<Result<Uint8Array, CardFault>>;
}
