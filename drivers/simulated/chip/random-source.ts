import { randomBytes } from 'node:crypto';

/** So many random bytes. The worked examples of the standard put their own in its place. */
export type RandomSource = (length: number) => Uint8Array;

export const secureRandom: RandomSource = (length) => new Uint8Array(randomBytes(length));
