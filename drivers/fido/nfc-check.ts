import { type Command, decodeResponse, encodeCommand, type Response } from '../shared/apdu.js';
import { concat, fromHex } from '../shared/bytes.js';
import type { CardChannel, CardFault } from '../shared/card-channel.js';
import type { Clock } from '../shared/clock.js';
import { pause } from '../shared/pause.js';
import { err, ok, type Result } from '../shared/result.js';
import { factsOf, getInfoRequest, infoFrom, type KeyInfo } from './get-info.js';
import { longestHidMessage } from './hid-packets.js';
import type { KeyHooks } from './hooks.js';
import type { KeyCheckFault, KeyCheckOutcome, KeyCheckRequest, KeyFacts } from './types.js';
import { isText, saysU2f, u2fVersion, u2fVersionCommand } from './u2f.js';

// FIDO over NFC: CTAP 2.1 section 11.3.

const applicationId = fromHex('A0000006472F0001');
const select: Command = { cla: 0x00, ins: 0xa4, p1: 0x04, p2: 0x00, data: applicationId, le: 256 };
/** NFCCTAP_MSG; P1 says that this program knows NFCCTAP_GETRESPONSE, sections 11.3.5.1 and 11.3.7. */
const getInfo: Command = { cla: 0x80, ins: 0x10, p1: 0x80, p2: 0x00, data: getInfoRequest, le: 256 };
/** NFCCTAP_GETRESPONSE: asks a key that is at work whether it has done. */
const poll: Command = { cla: 0x80, ins: 0x11, p1: 0x00, p2: 0x00, le: 256 };

/** GET RESPONSE of ISO/IEC 7816-4: one byte tells what waits, so it is short always. */
const getResponse: Command = { cla: 0x00, ins: 0xc0, p1: 0x00, p2: 0x00 };

const status = { success: 0x9000, atWork: 0x9100, wrongLength: 0x6700 } as const;
/** First status bytes of ISO/IEC 7816-4 section 5.6: more bytes wait, or the length was wrong and here is the right one. */
const moreBytes = 0x61;
const rightLength = 0x6c;

const pollPauseMs = 100;
/** How long a key may say that it is at work, ms. */
const pollDeadlineMs = 5000;
/** An answer in so many parts at most. */
const mostParts = 64;

type Stop = { readonly kind: KeyCheckFault };

/** Asks the card behind this channel whether it is a FIDO key, and what it says of itself. Never rejects. */
export async function checkNfcKey(
  channel: CardChannel,
  { id }: KeyCheckRequest,
  { clock, signal, onProgress }: KeyHooks & { readonly clock: Clock },
): Promise<KeyCheckOutcome> {
  const startedAt = clock.now();
  const card = new Card(channel, clock, signal);
  onProgress({ id, step: 'greeting' });
  const greeting = await selectFido(card);
  if (!greeting.ok) return { kind: 'stopped', during: 'greeting', fault: greeting.error.kind };
  onProgress({ id, step: 'asking' });
  const answer = await ask(card, greeting.value);
  if (!answer.ok) return { kind: 'stopped', during: 'asking', fault: answer.error.kind };
  return { kind: 'answers', facts: { ...answer.value, elapsedMs: clock.now() - startedAt } };
}

type Greeting = 'u2f' | 'fido2' | 'other';

/** Section 11.3.3. */
async function selectFido(card: Card): Promise<Result<Greeting, Stop>> {
  const answer = await card.send(select);
  if (!answer.ok) return answer;
  if (answer.value.sw !== status.success) return err({ kind: 'not-a-key' });
  if (isText(answer.value.data, u2fVersion)) return ok('u2f');
  return ok(isText(answer.value.data, 'FIDO_2_0') ? 'fido2' : 'other');
}

async function ask(card: Card, greeting: Greeting): Promise<Result<Omit<KeyFacts, 'elapsedMs'>, Stop>> {
  const info = await askInfo(card);
  if (!info.ok) return info;
  const u2f = greeting === 'u2f' || info.value !== undefined ? ok(greeting === 'u2f') : await askU2f(card);
  if (!u2f.ok) return u2f;
  if (info.value === undefined && !u2f.value) {
    // Some cards of other trades let any application be selected.
    return err({ kind: greeting === 'other' ? 'not-a-key' : 'protocol-error' });
  }
  return ok({
    way: 'nfc',
    ...factsOf(info.value),
    u2f: u2f.value,
    hid: null,
    ping: null,
    winked: false,
  });
}

/** `undefined` from a card that does not know the command. */
async function askInfo(card: Card): Promise<Result<KeyInfo | undefined, Stop>> {
  const giveUpAt = card.clock.now() + pollDeadlineMs;
  let answer = await card.send(getInfo);
  while (answer.ok && answer.value.sw === status.atWork) {
    if (card.clock.now() >= giveUpAt) return err({ kind: 'key-busy' });
    await pause(card.clock, pollPauseMs, card.signal);
    answer = await card.send(poll);
  }
  if (!answer.ok) return answer;
  if (answer.value.sw !== status.success) return ok(undefined);
  return infoFrom(answer.value.data);
}

async function askU2f(card: Card): Promise<Result<boolean, Stop>> {
  const answer = await card.send(u2fVersionCommand);
  if (!answer.ok) return answer;
  const { data, sw } = answer.value;
  return ok(saysU2f(concat(data, Uint8Array.of(sw >> 8, sw & 0xff))));
}

/** Commands to the card, and their answers put together. */
class Card {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly #channel: CardChannel;
  #extended: boolean;

  constructor(channel: CardChannel, clock: Clock, signal: AbortSignal) {
    this.#channel = channel;
    this.clock = clock;
    this.signal = signal;
    this.#extended = channel.extendedLength;
  }

  /** In extended length where the reader carries it, section 11.3.4. */
  async send(command: Command): Promise<Result<Response, Stop>> {
    // SELECT is short: what lies there may be any card.
    if (!this.#extended || command.ins === select.ins) return this.#sendInParts(command, false);
    const answer = await this.#sendInParts({ ...command, le: 65_536 }, true);
    if (!answer.ok || answer.value.sw !== status.wrongLength) return answer;
    // Old keys know short APDUs only.
    this.#extended = false;
    return this.#sendInParts(command, false);
  }

  /** An answer in extended length comes in one part from most cards, not from all. */
  async #sendInParts(command: Command, extended: boolean): Promise<Result<Response, Stop>> {
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let next = command;
    for (let part = 0; part < mostParts; part++) {
      const answer = await this.#transmit(encodeCommand(next, extended && next.ins !== getResponse.ins));
      if (!answer.ok) return answer;
      const { data, sw } = answer.value;
      parts.push(data);
      bytes += data.length;
      if (bytes > longestHidMessage) return err({ kind: 'protocol-error' });
      const length = sw & 0xff || 256;
      if (sw >> 8 === moreBytes) next = { ...getResponse, le: length };
      else if (sw >> 8 === rightLength) next = { ...next, le: length };
      else return ok({ data: concat(...parts), sw });
    }
    return err({ kind: 'protocol-error' });
  }

  async #transmit(command: Uint8Array): Promise<Result<Response, Stop>> {
    if (this.signal.aborted) return err({ kind: 'cancelled' });
    const answer = await this.#channel.transmit(command);
    if (!answer.ok) return err(stopOf(answer.error));
    const response = decodeResponse(answer.value);
    return response === undefined ? err({ kind: 'protocol-error' }) : ok(response);
  }
}

function stopOf(fault: CardFault): Stop {
  switch (fault.kind) {
    case 'card-removed':
      return { kind: 'key-removed' };
    case 'card-silent':
      return { kind: 'key-silent' };
    case 'reader-removed':
      return { kind: 'no-reader' };
    case 'service-lost':
      return { kind: 'service-unavailable' };
  }
}
