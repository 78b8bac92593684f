import { systemClock, type Clock } from '../../shared/clock.js';
import { pause } from '../../shared/pause.js';
import { otherCardAnswerToReset } from '../shared/answer-to-reset.js';
import type { SimulatedAnswer, SimulatedCard } from '../shared/card.js';
import { OtherCard } from '../shared/other-card.js';
import { travelDocumentAnswerToReset } from './answer-to-reset.js';
import type { ChipContents } from './contents.js';
import { personalisedPasswords } from './passwords.js';
import { secureRandom, type RandomSource } from './random-source.js';
import { TravelDocument } from './travel-document.js';
import type { ChipFault } from './types.js';

export interface SimulatedChipOptions {
  /** For challenges and keys. */
  readonly random?: RandomSource;
  readonly clock?: Clock;
}

/**
 * A travel document's chip in software, with something wrong about it where `fault` says so. Faults of the contents
 * (a changed photo, a wrong signature, an unknown issuer) are in `contents` already and change nothing here.
 */
export class SimulatedChip implements SimulatedCard {
  readonly atr: Uint8Array;
  readonly #card: TravelDocument | OtherCard;
  readonly #fault: ChipFault;
  readonly #clock: Clock;
  #commands = 0;
  #torn: 'not-yet' | 'gone' | 'over' = 'not-yet';

  constructor(
    contents: ChipContents,
    fault: ChipFault = { kind: 'none' },
    { random = secureRandom, clock = systemClock }: SimulatedChipOptions = {},
  ) {
    this.#fault = fault;
    this.#clock = clock;
    if (fault.kind === 'not-a-passport') {
      this.atr = otherCardAnswerToReset();
      this.#card = new OtherCard();
    } else {
      this.atr = travelDocumentAnswerToReset(contents);
      const passwords = personalisedPasswords(contents, fault.kind === 'wrong-key');
      this.#card = new TravelDocument(contents, passwords, random);
    }
  }

  /** Lays the chip on a reader, anew: a chip that was torn away before now stays. */
  place(): void {
    this.#commands = 0;
    if (this.#torn === 'gone') this.#torn = 'over';
    this.#card.reset();
  }

  /** Power off and on: the chip forgets everything but its files. */
  reset(): void {
    this.#card.reset();
  }

  /** Answers one command APDU. `signal` ends the wait of a slow chip that was taken away. */
  async transmit(command: Uint8Array, signal?: AbortSignal): Promise<SimulatedAnswer> {
    const number = this.#commands++;
    if (this.#torn === 'gone') return { kind: 'removed' };
    switch (this.#fault.kind) {
      case 'dead':
        return { kind: 'silent' };
      case 'torn':
        if (this.#torn === 'not-yet' && number === this.#fault.atCommand) {
          this.#torn = 'gone';
          return { kind: 'removed' };
        }
        break;
      case 'slow':
        await pause(this.#clock, this.#fault.delayMs, signal);
        break;
      case 'none':
      case 'wrong-key':
      case 'not-a-passport':
      case 'tampered-photo':
      case 'tampered-signature':
      case 'unknown-issuer':
        break;
    }
    return { kind: 'response', bytes: this.#card.respond(command) };
  }
}
