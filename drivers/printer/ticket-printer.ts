import { type Clock, within } from '../shared/clock.js';
import type { Capabilities } from './capabilities.js';
import { layOut } from './layout.js';
import type { OpenLink, PrinterLink } from './link.js';
import { type Reply, ReplyReader } from './replies.js';
import {
  allClear,
  automaticStatus,
  customStatus,
  faultOf,
  type StatusBits,
  statusQueries,
  withAnswer,
} from './status.js';
import type { PrinterFault, PrinterStatus, PrintOutcome, PrintRequest } from './types.js';

export interface TicketPrinterOptions {
  readonly open: OpenLink;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly onStatus: (status: PrinterStatus) => void;
}

/** A printer answers a question about its status at once, also while it prints, ms. */
const answerDeadlineMs = 800;
/** From the last byte that left for the printer to its word that the ticket is out, ms. */
const printDeadlineMs = 15_000;
/** The same where a person has to take the ticket first, ms. */
const takeDeadlineMs = 30_000;
/** Whatever the line, a ticket has come to an end by then; main waits longer, ms. */
const ticketDeadlineMs = 45_000;
const clearDeadlineMs = 2000;
/** Bytes that a printer does not take within this time, and what the line itself needs, will not be taken, ms. */
const writeDeadlineMs = 5000;
/** The line's own time counts this many times: a printer holds it up now and then. */
const lineTimes = 1.5;
/** So long a line may take to become free for the next opening, ms. */
const closeDeadlineMs = 2000;
const settleEveryMs = 50;
/** So often the printer is asked between and during tickets, ms. */
const watchEveryMs = 1000;
const watchPrintEveryMs = 300;

const realTime = (query: number): Uint8Array => Uint8Array.of(0x10, 0x04, query);
/** `DLE DC4` function 8, "clear the buffer". */
const clearBuffer = Uint8Array.of(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08);
/** A line end, then feed and cut: what an earlier job left half done must not hang on the next ticket. */
const cutOff = Uint8Array.of(0x0a, 0x1b, 0x40, 0x1d, 0x56, 0x42, 0x18);

/** Why a line is of no use any more. */
type LineFault = 'not-connected' | 'silent';

type Asked =
  | { readonly kind: 'bits'; readonly bits: StatusBits }
  | { readonly kind: 'fault'; readonly fault: LineFault };

/** One open line, with what came back on it. */
class Conversation {
  readonly link: PrinterLink;
  readonly #reader = new ReplyReader();
  readonly #listeners = new Set<(reply: Reply) => void>();
  readonly #waiting = new Set<() => void>();
  #ended: LineFault | undefined;
  #free: Promise<void> = Promise.resolve();
  #owed = 0;
  #automatic: StatusBits | undefined;
  /** What an earlier process or job sent may still be in the printer. */
  dirty = true;

  constructor(link: PrinterLink, onLost: () => void, onAutomatic: (bits: StatusBits) => void) {
    this.link = link;
    link.onData((bytes) => {
      for (const reply of this.#reader.feed(bytes)) {
        if (reply.kind === 'automatic') {
          this.#automatic = automaticStatus(reply.bytes);
          onAutomatic(this.#automatic);
        }
        if (this.#owed > 0 && (reply.kind === 'status' || reply.kind === 'full')) {
          this.#owed--;
          continue;
        }
        for (const listener of [...this.#listeners]) listener(reply);
      }
    });
    link.onClose(() => {
      if (this.#ended === undefined) {
        this.end('not-connected');
        onLost();
      }
    });
  }

  get ended(): LineFault | undefined {
    return this.#ended;
  }

  /** Resolves once the next opener finds the device free. */
  get free(): Promise<void> {
    return this.#free;
  }

  /** What the printer last said by itself on this line. */
  get automatic(): StatusBits | undefined {
    return this.#automatic;
  }

  /** Answers that are late: the next so many are to questions that nobody asks any longer. */
  get owed(): number {
    return this.#owed;
  }

  oweAnswer(): void {
    this.#owed++;
  }

  forgetOwed(): void {
    this.#owed = 0;
  }

  end(fault: LineFault): void {
    if (this.#ended !== undefined) return;
    this.#ended = fault;
    this.#free = this.link.close();
    for (const end of [...this.#waiting]) end();
  }

  /** Called once when the line is lost, at once if it is; returns the way to call that off. */
  whenEnded(end: () => void): () => void {
    if (this.#ended !== undefined) end();
    else this.#waiting.add(end);
    return () => this.#waiting.delete(end);
  }

  listen(listener: (reply: Reply) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** A ticket printer over any line: its status, and tickets with the print guarantee's part that is the driver's. */
export class TicketPrinter {
  readonly #options: TicketPrinterOptions;
  #conversation: Conversation | undefined;
  #status: PrinterStatus = { kind: 'starting' };
  #last: Promise<unknown> = Promise.resolve();
  #cancelWatch = (): void => undefined;
  #stopped = false;

  constructor(options: TicketPrinterOptions) {
    this.#options = options;
    this.#watch();
  }

  /** Asks the printer itself. */
  status(): Promise<PrinterStatus> {
    return this.#inTurn(async () => {
      const conversation = await this.#open();
      return this.#become(
        conversation === undefined ? faulty('not-connected') : statusOf(await this.#ask(conversation)),
      );
    });
  }

  /** One after the other. */
  print(request: PrintRequest): Promise<PrintOutcome> {
    return this.#inTurn(() => this.#print(request));
  }

  /** Resolves once the device is free for the next opener. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWatch();
    this.#conversation?.end('not-connected');
    await this.#conversation?.free;
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const end = this.#last.then(work);
    this.#last = end.catch(() => undefined);
    return end;
  }

  #watch(): void {
    if (this.#stopped) return;
    void this.status().then(() => {
      if (this.#stopped) return;
      this.#cancelWatch = this.#options.clock.after(watchEveryMs, () => this.#watch());
    });
  }

  #become(status: PrinterStatus): PrinterStatus {
    if (!this.#stopped && JSON.stringify(status) !== JSON.stringify(this.#status)) {
      this.#status = status;
      this.#options.onStatus(status);
    }
    return status;
  }

  async #open(): Promise<Conversation | undefined> {
    const before = this.#conversation;
    if (before !== undefined && before.ended === undefined) {
      if (await this.#settled(before)) return before;
      // Answers that never come, or so late that they would be taken for others, end with their line.
      before.end('silent');
    }
    if (before !== undefined) await within(this.#options.clock, closeDeadlineMs, before.free);
    if (this.#isStopped()) return undefined;
    const link = await this.#options.open();
    if (link === undefined) {
      this.#conversation = undefined;
      return undefined;
    }
    if (this.#isStopped()) {
      await link.close();
      return undefined;
    }
    const conversation = new Conversation(
      link,
      () => {
        if (this.#conversation === conversation) this.#become(faulty('not-connected'));
      },
      (bits) => this.#become(statusOf({ kind: 'bits', bits })),
    );
    this.#conversation = conversation;
    // Automatic status, where the model has it: a fault is known before the next question.
    await this.#send(conversation, Uint8Array.of(0x1d, 0x61, 0xff));
    return conversation;
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  /** Sends, within a bounded time; a line that does not take bytes is given up, and with it what it has not taken. */
  async #send(
    conversation: Conversation,
    bytes: Uint8Array,
    deadlineMs = writeDeadline(conversation, bytes),
  ): Promise<boolean> {
    if (conversation.ended !== undefined) return false;
    const left = await within(this.#options.clock, deadlineMs, conversation.link.write(bytes));
    if (left === true) return true;
    if (left === false && this.#conversation === conversation) this.#become(faulty('not-connected'));
    conversation.end(left === false ? 'not-connected' : 'silent');
    return false;
  }

  /** The first reply that `pick` takes; `undefined` when it is called off, or the line is lost. */
  #reply<Value>(
    conversation: Conversation,
    pick: (reply: Reply) => Value | undefined,
  ): { readonly value: Promise<Value | undefined>; readonly cancel: () => void } {
    let cancel = (): void => undefined;
    const value = new Promise<Value | undefined>((resolve) => {
      const stops: (() => void)[] = [];
      const end = (found: Value | undefined): void => {
        for (const stop of stops) stop();
        resolve(found);
      };
      stops.push(
        conversation.listen((reply) => {
          const found = pick(reply);
          if (found !== undefined) end(found);
        }),
        conversation.whenEnded(() => end(undefined)),
      );
      cancel = () => end(undefined);
    });
    return { value, cancel };
  }

  /** Sends a question; the answer, or `undefined` when so long after it had left there was none. */
  async #question<Value>(
    conversation: Conversation,
    bytes: Uint8Array,
    ms: number,
    pick: (reply: Reply) => Value | undefined,
  ): Promise<Value | undefined> {
    const answer = this.#reply(conversation, pick);
    const left = await this.#send(conversation, bytes);
    const value = left ? await within(this.#options.clock, ms, answer.value) : undefined;
    answer.cancel();
    return value;
  }

  /** Waits for late answers, which the next question would take for its own; whether there are none any more. */
  async #settled(conversation: Conversation): Promise<boolean> {
    if (conversation.owed === 0) return true;
    const { clock } = this.#options;
    const until = clock.now() + answerDeadlineMs;
    while (conversation.owed > 0 && conversation.ended === undefined && clock.now() < until) {
      await new Promise<void>((look) => void clock.after(settleEveryMs, look));
    }
    return conversation.owed === 0 && conversation.ended === undefined;
  }

  async #ask(conversation: Conversation): Promise<Asked> {
    if (!(await this.#settled(conversation))) {
      conversation.forgetOwed();
      return { kind: 'fault', fault: conversation.ended ?? 'silent' };
    }
    const unanswered = (): Asked => {
      conversation.oweAnswer();
      return { kind: 'fault', fault: conversation.ended ?? 'silent' };
    };
    if (this.#options.capabilities.confirmation === 'ticket-taken') {
      const bytes = await this.#question(conversation, realTime(20), answerDeadlineMs, (reply) =>
        reply.kind === 'full' ? reply.bytes : undefined,
      );
      return bytes === undefined ? unanswered() : { kind: 'bits', bits: customStatus(bytes) };
    }
    let bits = allClear;
    for (const query of statusQueries) {
      const byte = await this.#question(conversation, realTime(query), answerDeadlineMs, (reply) =>
        reply.kind === 'status' ? reply.byte : undefined,
      );
      if (byte === undefined) return unanswered();
      bits = withAnswer(bits, query, byte);
    }
    return { kind: 'bits', bits };
  }

  async #print({ processId, content }: PrintRequest): Promise<PrintOutcome> {
    const { capabilities, clock } = this.#options;
    const giveUpAt = clock.now() + ticketDeadlineMs;
    const conversation = await this.#open();
    if (conversation === undefined) return notStarted('not-connected');
    const before = await this.#ask(conversation);
    const fault = faultOfAsked(before);
    this.#become(statusOf(before));
    if (fault !== undefined) return notStarted(fault);
    // Whoever takes an old ticket out of the mouth would confirm the new one.
    if (before.kind === 'bits' && before.bits.ticketWaiting) return notStarted('ticket-waiting');
    const body = layOut(content, capabilities);
    if (conversation.dirty) {
      if (!(await this.#clean(conversation))) return notStarted(conversation.ended ?? 'silent');
      conversation.dirty = false;
    }
    const ticket = withQuestion(body, processId, capabilities);
    // Half a ticket is worse than none.
    if (clock.now() + lineMs(conversation, ticket) > giveUpAt) return notStarted('error');
    // From here on bytes of the ticket are under way.
    conversation.dirty = true;
    const confirmed = this.#confirmation(conversation, processId);
    const outcome = await this.#sendAndConfirm(conversation, ticket, {
      confirmed: confirmed.value,
      giveUpAt,
    });
    confirmed.cancel();
    if (outcome.kind === 'printed') conversation.dirty = false;
    return outcome;
  }

  /** Empties what an earlier job may have left, and cuts off what it printed. */
  async #clean(conversation: Conversation): Promise<boolean> {
    if (this.#options.capabilities.clearsBuffer && !(await this.#clear(conversation))) return false;
    if (!(await this.#send(conversation, cutOff))) return false;
    // An echo carries no name: what an earlier job still has to answer must have come before this one asks.
    if (this.#options.capabilities.confirmation !== 'paper-sensor-echo') return true;
    const isEcho = (reply: Reply): true | undefined => reply.kind === 'paper-sensor' || undefined;
    const echo = await this.#question(conversation, Uint8Array.of(0x1d, 0x72, 0x01), printDeadlineMs, isEcho);
    if (echo !== true) return false;
    const another = this.#reply(conversation, isEcho);
    await within(this.#options.clock, answerDeadlineMs, another.value);
    another.cancel();
    return true;
  }

  async #clear(conversation: Conversation): Promise<boolean> {
    const cleared = await this.#question(
      conversation,
      clearBuffer,
      clearDeadlineMs,
      (reply) => reply.kind === 'buffer-cleared' || undefined,
    );
    return cleared === true;
  }

  async #sendAndConfirm(
    conversation: Conversation,
    ticket: Uint8Array,
    {
      confirmed,
      giveUpAt: latest,
    }: { readonly confirmed: Promise<true | undefined>; readonly giveUpAt: number },
  ): Promise<PrintOutcome> {
    const { clock, capabilities } = this.#options;
    // A question would have to wait behind the ticket: none is asked while it is on its way.
    const sendMs = Math.min(writeDeadline(conversation, ticket), latest - clock.now());
    if (!(await this.#send(conversation, ticket, sendMs))) {
      const told = conversation.automatic === undefined ? undefined : faultOf(conversation.automatic);
      const fault = conversation.ended === 'not-connected' ? 'not-connected' : (told ?? 'silent');
      this.#become(faulty(fault));
      return unknown(fault);
    }
    const giveUpAt = Math.min(
      latest,
      clock.now() + (capabilities.confirmation === 'ticket-taken' ? takeDeadlineMs : printDeadlineMs),
    );
    let wasWaiting = false;
    for (;;) {
      const word = await within(clock, watchPrintEveryMs, confirmed);
      if (word === true) break;
      if (conversation.ended !== undefined) return unknown(conversation.ended);
      const now = await this.#ask(conversation);
      this.#become(statusOf(now));
      const fault = faultOfAsked(now);
      if (now.kind === 'bits' && capabilities.confirmation === 'ticket-taken' && fault === undefined) {
        if (wasWaiting && !now.bits.ticketWaiting) break;
        wasWaiting = now.bits.ticketWaiting;
      }
      if (fault === 'paper-out' || fault === 'cover-open' || fault === 'cutter-jam' || fault === 'error') {
        return this.#stop(conversation, fault);
      }
      if (clock.now() >= giveUpAt) return unknown(wasWaiting ? 'ticket-waiting' : (fault ?? 'silent'));
    }
    // A confirmation counts with a clean status only; the roll may have ended just behind the ticket.
    const after = await this.#ask(conversation);
    this.#become(statusOf(after));
    const fault = faultOfAsked(after);
    return fault === 'cutter-jam' || fault === 'cover-open' || fault === 'error'
      ? unknown(fault)
      : { kind: 'printed' };
  }

  /** Nothing more of this ticket may come out by itself once the printer is mended. */
  async #stop(conversation: Conversation, fault: PrinterFault): Promise<PrintOutcome> {
    const { capabilities } = this.#options;
    const cleared = capabilities.clearsBuffer && (await this.#clear(conversation));
    return cleared ? { kind: 'stopped', fault } : unknown(fault);
  }

  #confirmation(
    conversation: Conversation,
    processId: string,
  ): { readonly value: Promise<true | undefined>; readonly cancel: () => void } {
    const { confirmation } = this.#options.capabilities;
    return this.#reply(conversation, (reply): true | undefined => {
      switch (reply.kind) {
        case 'process-id':
          // A late answer to an earlier job says nothing about this one.
          return confirmation === 'process-id' && reply.id === processId ? true : undefined;
        case 'paper-sensor':
          return confirmation === 'paper-sensor-echo' ? true : undefined;
        case 'automatic':
        case 'status':
        case 'full':
        case 'buffer-cleared':
          return undefined;
      }
    });
  }
}

/** So long the line itself takes for these bytes, ms. */
function lineMs({ link }: Conversation, { length }: Uint8Array): number {
  return link.bytesPerSecond === undefined ? 0 : (1000 * length) / link.bytesPerSecond;
}

function writeDeadline(conversation: Conversation, bytes: Uint8Array): number {
  return writeDeadlineMs + lineTimes * lineMs(conversation, bytes);
}

/** The ticket, then the question that is answered once it is out. */
function withQuestion(body: Uint8Array, processId: string, { confirmation }: Capabilities): Uint8Array {
  const question = ((): number[] => {
    switch (confirmation) {
      case 'process-id':
        return [0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30, ...Array.from(processId, (each) => each.charCodeAt(0))];
      case 'paper-sensor-echo':
        return [0x1d, 0x72, 0x01];
      case 'ticket-taken':
        return [];
    }
  })();
  return Uint8Array.from([...body, ...question]);
}

const notStarted = (fault: PrinterFault): PrintOutcome => ({ kind: 'not-started', fault });
const unknown = (fault: PrinterFault): PrintOutcome => ({ kind: 'unknown', fault });
const faulty = (fault: PrinterFault): PrinterStatus => ({ kind: 'fault', fault });

function faultOfAsked(asked: Asked): PrinterFault | undefined {
  return asked.kind === 'bits' ? faultOf(asked.bits) : asked.fault;
}

function statusOf(asked: Asked): PrinterStatus {
  const fault = faultOfAsked(asked);
  if (fault !== undefined) return faulty(fault);
  return { kind: 'ready', paperLow: asked.kind === 'bits' && asked.bits.paperLow };
}
