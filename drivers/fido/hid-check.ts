import { randomBytes } from 'node:crypto';
import { equal } from '../shared/bytes.js';
import type { Clock } from '../shared/clock.js';
import { pause } from '../shared/pause.js';
import { err, ok, type Result } from '../shared/result.js';
import { factsOf, getInfoRequest, infoFrom, type KeyInfo } from './get-info.js';
import { type HidExchange, type HidFault, HidMessages, hidError, isUnanswered } from './hid-messages.js';
import type { HidLine } from './hid-line.js';
import { broadcastChannel, channelOf, hidCommand } from './hid-packets.js';
import type { KeyCheckFault, KeyCheckOutcome, KeyFacts } from './types.js';
import { saysU2f, u2fVersionMessage } from './u2f.js';

/** A key answers within some ms; one that was just plugged in may still be starting. */
const quietMs = 1000;
/** How long a key may say that it is at work, ms. */
const deadlineMs = 5000;
/** A key that is silent, or busy with another program, is asked so often in all. */
const attempts = 3;
const retryPauseMs = 300;
/** How long a key that left something unanswered may take until it is ready for the next question, ms. */
const resynchroniseMs = 3000;

/** CTAP 2.1 section 11.2.9.1.3. */
const nonceBytes = 8;
const initAnswerBytes = 17;
const capability = { wink: 0x01, cbor: 0x04, noMessage: 0x08 } as const;

/** More than one packet, so that the echo shows whether packets come in their order. */
const pingBytes = 100;

export interface HidCheck {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStep: (step: 'greeting' | 'asking') => void;
}

type Hello = NonNullable<KeyFacts['hid']>;
type Stop = { readonly kind: KeyCheckFault };

/** Greets the key on this line, asks what it is and lets it blink. Does not close the line. Never rejects. */
export async function checkHidKey(line: HidLine, check: HidCheck): Promise<KeyCheckOutcome> {
  const conversation = new Conversation(line, check);
  check.onStep('greeting');
  const greeted = await conversation.greet();
  if (!greeted.ok) return { kind: 'stopped', during: 'greeting', fault: greeted.error.kind };
  check.onStep('asking');
  const asked = await conversation.ask(greeted.value);
  return asked.ok
    ? { kind: 'answers', facts: asked.value }
    : { kind: 'stopped', during: 'asking', fault: asked.error.kind };
}

class Conversation {
  readonly #messages: HidMessages;
  readonly #check: HidCheck;
  readonly #startedAt: number;
  #channel = broadcastChannel;
  /** What was asked last may be answered yet. */
  #outOfStep = false;

  constructor(line: HidLine, check: HidCheck) {
    this.#messages = new HidMessages(line, check.clock);
    this.#check = check;
    this.#startedAt = check.clock.now();
  }

  /** Gets a channel of its own, section 11.2.9.1.3. */
  async greet(): Promise<Result<Hello, Stop>> {
    const answer = await this.#exchange(newGreeting(), ['silent', 'busy']);
    if (!answer.ok) return err(stopOf(answer.error));
    const [protocolVersion, major, minor, build, capabilities] = answer.value.subarray(nonceBytes + 4);
    this.#channel = channelOf(answer.value.subarray(nonceBytes));
    if (
      answer.value.length < initAnswerBytes ||
      this.#channel === broadcastChannel ||
      this.#channel === 0 ||
      protocolVersion === undefined ||
      major === undefined ||
      minor === undefined ||
      build === undefined ||
      capabilities === undefined
    ) {
      return err({ kind: 'protocol-error' });
    }
    return ok({
      protocolVersion,
      deviceVersion: [major, minor, build],
      wink: (capabilities & capability.wink) !== 0,
      cbor: (capabilities & capability.cbor) !== 0,
      message: (capabilities & capability.noMessage) === 0,
    });
  }

  async ask(hid: Hello): Promise<Result<KeyFacts, Stop>> {
    const ping = await this.#ping();
    if (!ping.ok) return ping;
    const info = hid.cbor ? await this.#getInfo() : ok(undefined);
    if (!info.ok) return info;
    const u2f = hid.message ? await this.#u2f(info.value !== undefined) : ok(false);
    if (!u2f.ok) return u2f;
    if (info.value === undefined && !u2f.value) return err({ kind: 'protocol-error' });
    const winked = hid.wink ? await this.#wink() : ok(false);
    if (!winked.ok) return winked;
    return ok({
      way: 'usb',
      ...factsOf(info.value),
      u2f: u2f.value,
      hid,
      ping: ping.value,
      winked: winked.value,
      elapsedMs: this.#check.clock.now() - this.#startedAt,
    });
  }

  async #ping(): Promise<Result<boolean, Stop>> {
    const data = randomBytes(pingBytes);
    const answer = await this.#exchange({ command: hidCommand.ping, data });
    if (answer.ok) return ok(equal(answer.value, data));
    return isOver(answer.error) ? err(laterStopOf(answer.error)) : ok(false);
  }

  /** `undefined` from a key that does not know CTAP2, whatever its capabilities say. */
  async #getInfo(): Promise<Result<KeyInfo | undefined, Stop>> {
    const answer = await this.#exchange({ command: hidCommand.cbor, data: getInfoRequest });
    if (!answer.ok) return isUnknown(answer.error) ? ok(undefined) : err(laterStopOf(answer.error));
    return infoFrom(answer.value);
  }

  /** `isOptional`: it has already said by CTAP2 what it is. */
  async #u2f(isOptional: boolean): Promise<Result<boolean, Stop>> {
    const answer = await this.#exchange({ command: hidCommand.message, data: u2fVersionMessage });
    if (answer.ok) return ok(saysU2f(answer.value));
    if (isUnknown(answer.error) || (isOptional && !isOver(answer.error))) return ok(false);
    return err(laterStopOf(answer.error));
  }

  async #wink(): Promise<Result<boolean, Stop>> {
    const answer = await this.#exchange({ command: hidCommand.wink, data: new Uint8Array() });
    if (answer.ok) return ok(true);
    return isOver(answer.error) ? err(laterStopOf(answer.error)) : ok(false);
  }

  /** A key that another program is using gets some time to become free. */
  async #exchange(
    message: Pick<HidExchange, 'command' | 'data' | 'isOurs'>,
    again: readonly ('silent' | 'busy')[] = ['busy'],
  ): Promise<Result<Uint8Array, HidFault>> {
    const { clock, signal } = this.#check;
    if (this.#outOfStep) await this.#resynchronise();
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#messages.exchange({
        ...message,
        channel: this.#channel,
        quietMs,
        deadlineMs,
        signal,
      });
      this.#outOfStep = !answer.ok && isUnanswered(answer.error);
      if (answer.ok || attempt === attempts) return answer;
      const fault = isBusy(answer.error) ? 'busy' : answer.error.kind;
      if (!again.some((kind) => kind === fault)) return answer;
      await pause(clock, retryPauseMs, signal);
    }
  }

  /**
   * INIT on its own channel makes a key drop what it was doing there, section 11.2.9.1.3. One that does not answer it
   * is asked on all the same.
   */
  async #resynchronise(): Promise<void> {
    await this.#messages.exchange({
      ...newGreeting(),
      channel: this.#channel,
      quietMs: resynchroniseMs,
      deadlineMs: resynchroniseMs,
      signal: this.#check.signal,
      resynchronises: true,
    });
  }
}

function newGreeting(): Pick<HidExchange, 'command' | 'data' | 'isOurs'> {
  const nonce = randomBytes(nonceBytes);
  return {
    command: hidCommand.init,
    data: nonce,
    isOurs: (answer) => equal(answer.subarray(0, nonceBytes), nonce),
  };
}

function isBusy(fault: HidFault): boolean {
  return fault.kind === 'refused' && fault.code === hidError.channelBusy;
}

function isUnknown(fault: HidFault): boolean {
  return fault.kind === 'refused' && fault.code === hidError.invalidCommand;
}

/** Nothing more can be asked of it. */
function isOver(fault: HidFault): boolean {
  return fault.kind === 'removed' || fault.kind === 'cancelled';
}

/** A key that was greeted is not dead: what it then leaves unanswered breaks the standard, and says no more of it. */
function laterStopOf(fault: HidFault): Stop {
  return fault.kind === 'silent' ? { kind: 'protocol-error' } : stopOf(fault);
}

function stopOf(fault: HidFault): Stop {
  switch (fault.kind) {
    case 'removed':
      return { kind: 'key-removed' };
    case 'silent':
      return { kind: 'key-silent' };
    case 'waiting':
      return { kind: 'key-busy' };
    case 'refused':
      return { kind: isBusy(fault) ? 'key-busy' : 'protocol-error' };
    case 'malformed':
      return { kind: 'protocol-error' };
    case 'cancelled':
      return { kind: 'cancelled' };
  }
}
