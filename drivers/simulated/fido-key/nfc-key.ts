import { decodeCommand } from '../../shared/apdu.js';
import { concat, equal, fromHex } from '../../shared/bytes.js';
import { contactlessAnswerToReset, otherCardAnswerToReset } from '../shared/answer-to-reset.js';
import type { SimulatedAnswer, SimulatedCard } from '../shared/card.js';
import { OtherCard } from '../shared/other-card.js';
import { Authenticator } from './authenticator.js';
import type { DemoKey } from './types.js';

// The key's side of FIDO over NFC, CTAP 2.1 section 11.3.

const applicationId = fromHex('A0000006472F0001');
const chaining = 0x10;
const success = fromHex('9000');
/** In P1 of NFCCTAP_MSG: whoever asks knows NFCCTAP_GETRESPONSE. */
const knowsPolling = 0x80;

export interface NfcKeyOptions {
  /** How much of an answer to a short APDU comes at once, bytes; the rest is fetched with GET RESPONSE. */
  readonly shortAnswerBytes?: number;
  /** The same of an answer to an extended-length APDU: all of it, by default. */
  readonly extendedAnswerBytes?: number;
  /** How often it says that it is at work before it answers GetInfo. */
  readonly polls?: number;
  /** Whether it carries extended-length APDUs. */
  readonly extendedLength?: boolean;
}

/** A FIDO key on a card reader. */
export class NfcKey implements SimulatedCard {
  readonly atr: Uint8Array;
  readonly #authenticator: Authenticator;
  readonly #other = new OtherCard();
  readonly #options: Required<NfcKeyOptions>;
  #selected = false;
  #torn: 'not-yet' | 'gone' | 'over' = 'not-yet';
  #chained: Uint8Array = new Uint8Array();
  /** What GET RESPONSE fetches. */
  #rest: Uint8Array = new Uint8Array();
  /** What NFCCTAP_GETRESPONSE brings, and after how many more times that it is asked for. */
  #work: { readonly answer: Uint8Array; polls: number } | undefined;

  constructor(
    kind: DemoKey,
    {
      shortAnswerBytes = 256,
      extendedAnswerBytes = Infinity,
      polls = 1,
      extendedLength = true,
    }: NfcKeyOptions = {},
  ) {
    this.#authenticator = new Authenticator(kind);
    this.#options = { shortAnswerBytes, extendedAnswerBytes, polls, extendedLength };
    this.atr =
      kind === 'not-a-key' ? otherCardAnswerToReset() : contactlessAnswerToReset(fromHex('8073C021C0'));
  }

  /** Lays the key on a reader, anew: one that was torn away before now stays. */
  place(): void {
    if (this.#torn === 'gone') this.#torn = 'over';
    this.reset();
  }

  reset(): void {
    this.#selected = false;
    this.#chained = new Uint8Array();
    this.#rest = new Uint8Array();
    this.#work = undefined;
  }

  transmit(command: Uint8Array): Promise<SimulatedAnswer> {
    return Promise.resolve(this.#answer(command));
  }

  #answer(bytes: Uint8Array): SimulatedAnswer {
    const { kind } = this.#authenticator;
    if (this.#torn === 'gone') return { kind: 'removed' };
    if (kind === 'silent') return { kind: 'silent' };
    if (kind === 'not-a-key') return response(this.#other.respond(bytes));
    const command = decodeCommand(bytes);
    if (command === undefined || (command.extended && !this.#options.extendedLength)) {
      return response(fromHex('6700'));
    }
    if (command.cla === 0x00 && command.ins === 0xc0) return this.#part(this.#rest, command.le ?? 0, false);
    if (command.cla === 0x00 && command.ins === 0xa4) return response(this.#select(command.data));
    if (!this.#selected) return response(fromHex(command.cla === 0x00 ? '6D00' : '6E00'));
    if ((command.cla & ~chaining) === 0x80) {
      if (!this.#authenticator.knowsCtap2) return response(fromHex('6E00'));
      const data = concat(this.#chained, command.data ?? new Uint8Array());
      this.#chained = (command.cla & chaining) === 0 ? new Uint8Array() : data;
      if ((command.cla & chaining) !== 0) return response(success);
      if (command.ins === 0x10 && kind === 'torn' && this.#torn === 'not-yet') {
        this.#torn = 'gone';
        return { kind: 'removed' };
      }
      return this.#carryOut(command.ins, command.p1, data, command.le ?? 0, command.extended);
    }
    return this.#part(this.#authenticator.u2f(bytes), command.le ?? 0, command.extended);
  }

  #select(name: Uint8Array | undefined): Uint8Array {
    this.reset();
    if (name === undefined || !equal(name, applicationId)) return fromHex('6A82');
    this.#selected = true;
    return concat(new TextEncoder().encode('U2F_V2'), success);
  }

  #carryOut(
    instruction: number,
    p1: number,
    data: Uint8Array,
    expected: number,
    extended: boolean,
  ): SimulatedAnswer {
    if (instruction === 0x10) {
      const answer = concat(this.#authenticator.cbor(data), success);
      if ((p1 & knowsPolling) === 0) return this.#part(answer, expected, extended);
      this.#work = { answer, polls: this.#options.polls };
    } else if (instruction !== 0x11 || this.#work === undefined) {
      return response(fromHex(instruction === 0x11 ? '6985' : '6D00'));
    }
    const work = this.#work;
    // One byte tells what it is doing: STATUS_PROCESSING.
    if (work.polls-- > 0) return response(fromHex('019100'));
    this.#work = undefined;
    return this.#part(work.answer, expected, extended);
  }

  /** As much of `answer`, which ends with its status word, as was asked for and goes at once. */
  #part(answer: Uint8Array, expected: number, extended: boolean): SimulatedAnswer {
    if (answer.length === 0) return response(fromHex('6985'));
    const { shortAnswerBytes, extendedAnswerBytes } = this.#options;
    const most = Math.min(expected || 256, extended ? extendedAnswerBytes : shortAnswerBytes);
    if (answer.length - 2 <= most) {
      this.#rest = new Uint8Array();
      return response(answer);
    }
    this.#rest = answer.slice(most);
    const waiting = Math.min(this.#rest.length - 2, shortAnswerBytes);
    return response(concat(answer.subarray(0, most), Uint8Array.of(0x61, waiting & 0xff)));
  }
}

function response(bytes: Uint8Array): SimulatedAnswer {
  return { kind: 'response', bytes };
}
