import type { MrzKey } from '../../../../drivers/emrtd/types.js';
import { checkDigit } from '../../../../drivers/emrtd/mrz.js';
import { concat } from '../../../../drivers/shared/bytes.js';
import type { CardChannel } from '../../../../drivers/shared/card-channel.js';
import { err, ok } from '../../../../drivers/shared/result.js';
import { encodeTlv } from '../../../../drivers/shared/tlv.js';
import type { ChipContents } from '../../../../drivers/simulated/chip/contents.js';

export const key: MrzKey = { documentNumber: 'L898902C3', birthDate: '740812', expiryDate: '320415' };

function mrzOf({ documentNumber, birthDate, expiryDate }: MrzKey): string {
  const field = (text: string) => text + checkDigit(text);
  const lower = `${field(documentNumber)}UTO${field(birthDate)}F${field(expiryDate)}<<<<<<<<<<<<<<0`;
  const composite = checkDigit(lower.slice(0, 10) + lower.slice(13, 20) + lower.slice(21));
  return `P<UTOERIKSSON<<ANNA<MARIA`.padEnd(44, '<') + lower + composite;
}

/** A file of exactly this many bytes, header included. */
function fileOf(tag: number, total: number): Uint8Array {
  for (let length = total - 2; length > 0; length--) {
    const file = encodeTlv(tag, new Uint8Array(length).fill(0x5a));
    if (file.length === total) return file;
  }
  throw new RangeError('no file has this length');
}

/**
 * Made-up contents, by default of the sizes that the costs are told for. What is in the security object and in the
 * photo is not to be understood: these documents are for the way there.
 */
export function contents(
  changes: Partial<ChipContents> = {},
  { securityObject, photo } = { securityObject: 1800, photo: 20480 },
): ChipContents {
  return {
    key,
    can: '123456',
    bac: true,
    pace: [],
    extendedLength: false,
    files: new Map([
      [0x011d, fileOf(0x77, securityObject)],
      [0x0101, encodeTlv(0x61, encodeTlv(0x5f1f, new TextEncoder().encode(mrzOf(key))))],
      [0x0102, fileOf(0x75, photo)],
    ]),
    ...changes,
  };
}

/** One command on its way: its number, counted from 0, and what the chip answers. */
export interface Passage {
  readonly command: Uint8Array;
  readonly index: number;
  readonly answer: () => Promise<Uint8Array>;
}

/** What comes back instead: the bytes of another response, or nothing because the card is gone. */
export type Interference = (passage: Passage) => Promise<Uint8Array | 'removed' | 'silent'>;

/** Stands between terminal and chip, and keeps the commands. */
export function interfere(
  card: CardChannel,
  interference: Interference,
): CardChannel & { readonly commands: Uint8Array[] } {
  const commands: Uint8Array[] = [];
  return {
    atr: card.atr,
    extendedLength: card.extendedLength,
    commands,
    async transmit(command) {
      const index = commands.length;
      commands.push(command.slice());
      const answer = await interference({
        command,
        index,
        answer: async () => {
          const given = await card.transmit(command);
          if (!given.ok) throw new Error(given.error.kind);
          return concat(given.value);
        },
      });
      if (answer === 'removed') return err({ kind: 'card-removed' });
      if (answer === 'silent') return err({ kind: 'card-silent' });
      return ok(answer);
    },
  };
}
