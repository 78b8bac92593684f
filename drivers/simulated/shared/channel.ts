import type { CardChannel } from '../../shared/card-channel.js';
import { err, ok } from '../../shared/result.js';
import type { SimulatedCard } from './card.js';

/** Puts a card in this process behind the interface of a real one: freshly placed, with power on. */
export function openChannel(
  card: SimulatedCard,
  { extendedLength = true }: { readonly extendedLength?: boolean } = {},
): CardChannel {
  card.place();
  return {
    atr: card.atr,
    extendedLength,
    transmit: async (command) => {
      const answer = await card.transmit(command);
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
