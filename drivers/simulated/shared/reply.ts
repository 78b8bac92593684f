import { concat } from '../../shared/bytes.js';
import type { StatusWord } from './status-words.js';

/** What a command leads to, before secure messaging. */
export interface Reply {
  readonly status: StatusWord;
  readonly data?: Uint8Array;
}

/** A response APDU without secure messaging. */
export function plainResponse({ status, data = new Uint8Array() }: Reply): Uint8Array {
  return concat(data, Uint8Array.of(status >> 8, status & 0xff));
}
