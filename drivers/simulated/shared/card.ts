/** `silent`: nothing comes, ever. `removed`: the card left the field during this command or before it. */
export type SimulatedAnswer =
  | { readonly kind: 'response'; readonly bytes: Uint8Array }
  | { readonly kind: 'removed' }
  | { readonly kind: 'silent' };

/** A card in software, as readers see it: a passport's chip, or a FIDO key. */
export interface SimulatedCard {
  readonly atr: Uint8Array;
  /** Lays the card on a reader, anew. */
  place(): void;
  /** Power off and on: the card forgets what was under way. */
  reset(): void;
  /** Answers one command APDU. `signal` ends the wait of a slow card that was taken away. */
  transmit(command: Uint8Array, signal?: AbortSignal): Promise<SimulatedAnswer>;
}
