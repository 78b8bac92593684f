import type { CardChannel } from '../../shared/card-channel.js';
import { err, ok } from '../../shared/result.js';
import type { SimulatedChip } from './chip.js';

/** Puts a chip in this process behind the interface of a real one: freshly placed, with power on. */
export function openChannel(
  chip: SimulatedChip,
  { extendedLength = true }: { readonly extendedLength?: boolean } = {},
): CardChannel {
  chip.place();
  return {
    atr: chip.atr,
    extendedLength,
    transmit: async (command) => {
      const answer = await chip.transmit(command);
      switch (answer.kind) {
        case 'response':
          return ok(answer.bytes);
        case 'removed':
          return err({ kind: 'card-removed' });
        case 'silent':
          return err({ kind: 'card-silent' });
      }
    },
  };
}
