import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';
import type { CardChannel } from '../../../../drivers/shared/card-channel.js';
import { err, ok } from '../../../../drivers/shared/result.js';

/** A command and its response, both in hexadecimal. */
export type Exchange = readonly [command: string, response: string];

/** Answers exactly the commands of a worked example, in their order; is gone from the first deviation on. */
export function scriptedChip(exchanges: readonly Exchange[]): CardChannel & { readonly sent: string[] } {
  const sent: string[] = [];
  return {
    atr: new Uint8Array(),
    extendedLength: false,
    sent,
    transmit(command) {
      const expected = exchanges[sent.length];
      sent.push(toHex(command));
      return Promise.resolve(
        expected !== undefined && toHex(fromHex(expected[0])) === toHex(command)
          ? ok(fromHex(expected[1]))
          : err({ kind: 'card-removed' }),
      );
    },
  };
}

/** Gives the values of a worked example, in their order. */
export function scriptedRandom(...values: readonly string[]): (length: number) => Uint8Array {
  const left = [...values];
  return (length) => {
    const value = fromHex(left.shift() ?? '');
    if (value.length !== length) throw new RangeError(`no ${length} bytes left in the example`);
    return value;
  };
}

/** A small reproducible generator (mulberry32): the same numbers from the same seed. */
export function seededNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function seededRandom(seed: number): (length: number) => Uint8Array {
  const next = seededNumbers(seed);
  return (length) => Uint8Array.from({ length }, () => Math.floor(next() * 256));
}
