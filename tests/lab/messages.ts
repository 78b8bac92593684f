import { z } from 'zod';

/** What the guest asks the host to do to the card reader, and to the card in it. */
export const readerDeed = z.enum([
  'plug-reader',
  'unplug-reader',
  'insert-card',
  'remove-card',
  'count-commands',
]);
export type ReaderDeed = z.infer<typeof readerDeed>;

/** What a test measured, by what it is called in the table. */
export const figures = z.record(z.string(), z.union([z.string(), z.number()]));
export type Figures = z.infer<typeof figures>;

/** From the guest, one JSON text a line. */
export const guestMessage = z.discriminatedUnion('kind', [
  /** How many there will be; the first message. */
  z.strictObject({ kind: z.literal('started'), tests: z.int().min(0) }),
  z.strictObject({ kind: z.literal('reader'), id: z.int(), deed: readerDeed }),
  z.strictObject({
    kind: z.literal('tested'),
    name: z.string(),
    ms: z.number(),
    figures,
    /** Why it failed; `null`: it passed. */
    fault: z.string().nullable(),
  }),
  /** It could not be tried here. */
  z.strictObject({ kind: z.literal('skipped'), name: z.string(), why: z.string() }),
  /** All tests have been told of. */
  z.strictObject({ kind: z.literal('ended') }),
]);
export type GuestMessage = z.infer<typeof guestMessage>;
export type Tested = Extract<GuestMessage, { kind: 'tested' }>;

/** From the host, one JSON text a line: the deed with this number is done. */
export const hostMessage = z.strictObject({
  id: z.int(),
  fault: z.string().nullable(),
  /** Commands that have reached the card since the start. */
  cardCommands: z.int().min(0),
});
export type HostMessage = z.infer<typeof hostMessage>;

/** Name of the virtual serial port that carries them. */
export const channelName = 'forhal.lab';

/** Splits a stream into lines, wherever it was cut. */
export class Lines {
  readonly #decoder = new TextDecoder();
  #rest = '';

  push(bytes: Uint8Array): readonly string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    return lines.filter((line) => line !== '');
  }
}
