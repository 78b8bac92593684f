import { randomBytes } from 'node:crypto';

/** `length` unpredictable bytes. Injected, so that the worked examples of the standards can be replayed. */
export type RandomBytes = (length: number) => Uint8Array;

export const systemRandom: RandomBytes = (length) => new Uint8Array(randomBytes(length));
