import type { KeyCheckProgress } from './types.js';

/** What whoever asks for a check gives with it. */
export interface KeyHooks {
  readonly onProgress: (progress: KeyCheckProgress) => void;
  /** Aborted: the check ends with the fault `cancelled`. */
  readonly signal: AbortSignal;
}
