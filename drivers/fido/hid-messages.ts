import type { Clock } from '../shared/clock.js';
import { err, ok, type Result } from '../shared/result.js';
import { hidAnswer, type HidCommand, hidCommand, MessageAssembler, packetsOf } from './hid-packets.js';
import type { HidLine } from './hid-line.js';

/** Error codes of CTAPHID_ERROR, CTAP 2.1 section 11.2.9.1.6, as far as they make a difference here. */
export const hidError = { invalidCommand: 0x01, channelBusy: 0x06 } as const;

export type HidFault =
  /** It was unplugged. */
  | { readonly kind: 'removed' }
  /** No packet came for its channel. */
  | { readonly kind: 'silent' }
  /** It answered CTAPHID_ERROR. */
  | { readonly kind: 'refused'; readonly code: number }
  /** It says again and again that it is at work, past the deadline. */
  | { readonly kind: 'waiting' }
  /** It answered what the standard does not allow, or broke off in the middle. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'cancelled' };

export interface HidExchange {
  readonly channel: number;
  readonly command: HidCommand;
  readonly data: Uint8Array;
  /** Without any packet for so long the key counts as silent, ms. */
  readonly quietMs: number;
  /** How long it may say that it is still at work, ms. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  /** Whether an answer is meant for this program: several share the broadcast channel. All are, by default. */
  readonly isOurs?: (answer: Uint8Array) => boolean;
  /** Takes nothing but its own answer, not even an error: the key may first answer what it was asked before. */
  readonly resynchronises?: boolean;
}

/** Whether its answer may come yet: the time was over, or something else came in its place. */
export function isUnanswered(fault: HidFault): boolean {
  return fault.kind === 'silent' || fault.kind === 'waiting' || fault.kind === 'malformed';
}

/** Messages to a key and its answers, one at a time. */
export class HidMessages {
  readonly #line: HidLine;
  readonly #clock: Clock;
  /** Commands that went unanswered: what comes of them later is for nobody. */
  readonly #late = new Set<number>();
  #receive: (packet: Uint8Array) => void = () => undefined;
  #end: () => void = () => undefined;
  #gone = false;

  constructor(line: HidLine, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
    line.onReport((packet) => this.#receive(packet));
    line.onClose(() => {
      this.#gone = true;
      this.#end();
    });
  }

  /** Sends a message and waits for its answer. Never rejects. */
  exchange(options: HidExchange): Promise<Result<Uint8Array, HidFault>> {
    const { channel, command, data, quietMs, deadlineMs, signal } = options;
    const { isOurs = () => true, resynchronises = false } = options;
    if (this.#gone) return Promise.resolve(err({ kind: 'removed' }));
    if (signal.aborted) return Promise.resolve(err({ kind: 'cancelled' }));
    return new Promise((resolve) => {
      const assembler = new MessageAssembler(channel);
      let atWork = false;
      const settle = (result: Result<Uint8Array, HidFault>): void => {
        cancelQuiet();
        cancelDeadline();
        signal.removeEventListener('abort', onAbort);
        this.#receive = () => undefined;
        this.#end = () => undefined;
        if (!result.ok && isUnanswered(result.error)) this.#late.add(command);
        resolve(result);
      };
      const giveUp = (): void => {
        if (atWork) void this.#send(channel, hidCommand.cancel, new Uint8Array());
        settle(err({ kind: atWork ? 'waiting' : assembler.begun ? 'malformed' : 'silent' }));
      };
      const onAbort = (): void => {
        // Only a CTAP2 command can be called off, section 11.2.9.1.5.
        if (command === hidCommand.cbor) void this.#send(channel, hidCommand.cancel, new Uint8Array());
        settle(err({ kind: 'cancelled' }));
      };
      let cancelQuiet = this.#clock.after(quietMs, giveUp);
      const cancelDeadline = this.#clock.after(deadlineMs, giveUp);
      signal.addEventListener('abort', onAbort, { once: true });
      this.#end = () => settle(err({ kind: 'removed' }));
      this.#receive = (packet) => {
        const message = assembler.push(packet);
        if (message === undefined) return;
        if (message === 'too-long') {
          if (!resynchronises) settle(err({ kind: 'malformed' }));
          return;
        }
        if (message.command !== command && (resynchronises || this.#late.has(message.command))) return;
        switch (message.command) {
          case command:
            if (isOurs(message.data)) settle(ok(message.data));
            return;
          case hidAnswer.keepalive:
            atWork = true;
            cancelQuiet();
            cancelQuiet = this.#clock.after(quietMs, giveUp);
            return;
          case hidAnswer.error:
            settle(err({ kind: 'refused', code: message.data[0] ?? 0 }));
            return;
          default:
            settle(err({ kind: 'malformed' }));
        }
      };
      void this.#send(channel, command, data).then((sent) => {
        if (!sent) this.#end();
      });
    });
  }

  async #send(channel: number, command: HidCommand, data: Uint8Array): Promise<boolean> {
    for (const packet of packetsOf(channel, command, data)) {
      if (!(await this.#line.write(packet))) return false;
    }
    return true;
  }
}
