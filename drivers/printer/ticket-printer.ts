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
/** From the last byte sent to the printer's word that the ticket is out, ms. */
const printDeadlineMs = 15_000;
/** The same where a person has to take the ticket first, ms. */
const takeDeadlineMs = 30_000;
const clearDeadlineMs = 2000;
/** Bytes that a printer does not take within this time will not be taken, ms. */
const writeDeadlineMs = 5000;
/** So often the printer is asked between and during tickets, ms. */
const watchEveryMs = 1000;
const watchPrintEveryMs = 300;

const realTime = (query: number): Uint8Array => Uint8Array.of(0x10, 0x04, query);
/** `DLE DC4` function 8, "clear the buffer". */
const clearBuffer = Uint8Array.of(0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08);
/** A line end, then feed and cut: what an earlier job left half done must not hang on the next ticket. */
const cutOff = Uint8Array.of(0x0a, 0x1b, 0x40, 0x1d, 0x56, 0x42, 0x18);

type Asked =
  | { readonly kind: 'bits'; readonly bits: StatusBits }
  | { readonly kind: 'silent' }
  | { readonly kind: 'lost' };

/** One open line, with what came back on it. */
class Conversation {
  readonly link: PrinterLink;
  readonly #reader = new ReplyReader();
  readonly #listeners = new Set<(reply: Reply) => void>();
  readonly #waiting = new Set<() => void>();
  lost = false;
  /** What an earlier process or job sent may still be in the printer. */
  dirty = true;

  constructor(link: PrinterLink, onLost: () => void, onAutomatic: (bits: StatusBits) => void) {
    this.link = link;
    link.onData((bytes) => {
      for (const reply of this.#reader.feed(bytes)) {
        if (reply.kind === 'automatic') onAutomatic(automaticStatus(reply.bytes));
        for (const listener of [...this.#listeners]) listener(reply);
      }
    });
    link.onClose(() => {
      this.lost = true;
      onLost();
      for (const end of [...this.#waiting]) end();
    });
  }

  /** Called once when the line is lost, at once if it is; returns the way to call that off. */
  whenLost(end: () => void): () => void {
    if (this.lost) end();
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

  stop(): void {
    this.#stopped = true;
    this.#cancelWatch();
    this.#conversation?.link.close();
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
    if (this.#stopped) return undefined;
    if (this.#conversation !== undefined && !this.#conversation.lost) return this.#conversation;
    const link = await this.#options.open();
    if (link === undefined) {
      this.#conversation = undefined;
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

  /** Sends, within a bounded time; a line that does not take bytes is given up. */
  async #send(conversation: Conversation, bytes: Uint8Array, deadlineMs = writeDeadlineMs): Promise<boolean> {
    if (conversation.lost) return false;
    return (await within(this.#options.clock, deadlineMs, conversation.link.write(bytes))) ?? false;
  }

  /** The first reply that `pick` takes, or `undefined` after so long, or when the line is lost. */
  #reply<Value>(
    conversation: Conversation,
    ms: number,
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
        this.#options.clock.after(ms, () => end(undefined)),
        conversation.whenLost(() => end(undefined)),
      );
      cancel = () => end(undefined);
    });
    return { value, cancel };
  }

  async #ask(conversation: Conversation): Promise<Asked> {
    if (this.#options.capabilities.confirmation === 'ticket-taken') return this.#askCustom(conversation);
    let bits = allClear;
    for (const query of statusQueries) {
      const answer = this.#reply(conversation, answerDeadlineMs, (reply) =>
        reply.kind === 'status' ? reply.byte : undefined,
      );
      if (!(await this.#send(conversation, realTime(query), answerDeadlineMs))) {
        answer.cancel();
        return { kind: conversation.lost ? 'lost' : 'silent' };
      }
      const byte = await answer.value;
      if (byte === undefined) return { kind: conversation.lost ? 'lost' : 'silent' };
      bits = withAnswer(bits, query, byte);
    }
    return { kind: 'bits', bits };
  }

  async #askCustom(conversation: Conversation): Promise<Asked> {
    const answer = this.#reply(conversation, answerDeadlineMs, (reply) =>
      reply.kind === 'full' ? reply.bytes : undefined,
    );
    if (!(await this.#send(conversation, realTime(20), answerDeadlineMs))) {
      answer.cancel();
      return { kind: conversation.lost ? 'lost' : 'silent' };
    }
    const bytes = await answer.value;
    return bytes === undefined
      ? { kind: conversation.lost ? 'lost' : 'silent' }
      : { kind: 'bits', bits: customStatus(bytes) };
  }

  async #print({ processId, content }: PrintRequest): Promise<PrintOutcome> {
    const { capabilities } = this.#options;
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
      if (!(await this.#clean(conversation)))
        return notStarted(conversation.lost ? 'not-connected' : 'silent');
      conversation.dirty = false;
    }
    // From here on bytes of the ticket are under way.
    conversation.dirty = true;
    const outcome = await this.#sendAndConfirm(conversation, body, processId);
    if (outcome.kind === 'printed') conversation.dirty = false;
    return outcome;
  }

  /** Empties what an earlier job may have left, and cuts off what it printed. */
  async #clean(conversation: Conversation): Promise<boolean> {
    if (this.#options.capabilities.clearsBuffer && !(await this.#clear(conversation))) return false;
    if (!(await this.#send(conversation, cutOff))) return false;
    // An echo carries no name: what an earlier job still has to answer must have come before this one asks.
    if (this.#options.capabilities.confirmation !== 'paper-sensor-echo') return true;
    const echo = this.#reply(
      conversation,
      printDeadlineMs,
      (reply) => reply.kind === 'paper-sensor' || undefined,
    );
    if (!(await this.#send(conversation, Uint8Array.of(0x1d, 0x72, 0x01)))) {
      echo.cancel();
      return false;
    }
    if ((await echo.value) !== true) return false;
    const another = this.#reply(
      conversation,
      answerDeadlineMs,
      (reply) => reply.kind === 'paper-sensor' || undefined,
    );
    await another.value;
    return true;
  }

  async #clear(conversation: Conversation): Promise<boolean> {
    const cleared = this.#reply(
      conversation,
      clearDeadlineMs,
      (reply) => reply.kind === 'buffer-cleared' || undefined,
    );
    if (!(await this.#send(conversation, clearBuffer, clearDeadlineMs))) {
      cleared.cancel();
      return false;
    }
    return (await cleared.value) === true;
  }

  async #sendAndConfirm(
    conversation: Conversation,
    body: Uint8Array,
    processId: string,
  ): Promise<PrintOutcome> {
    const { clock, capabilities } = this.#options;
    const sent = this.#send(conversation, withQuestion(body, processId, capabilities));
    const confirmed = this.#confirmation(conversation, processId);
    const giveUpAt =
      clock.now() + (capabilities.confirmation === 'ticket-taken' ? takeDeadlineMs : printDeadlineMs);
    let wasWaiting = false;
    for (;;) {
      const word = await within(clock, watchPrintEveryMs, confirmed.value);
      if (word === true) break;
      if (conversation.lost) return unknown('not-connected');
      const now = await this.#ask(conversation);
      this.#become(statusOf(now));
      const fault = faultOfAsked(now);
      if (now.kind === 'bits' && capabilities.confirmation === 'ticket-taken' && fault === undefined) {
        if (wasWaiting && !now.bits.ticketWaiting) break;
        wasWaiting = now.bits.ticketWaiting;
      }
      if (fault === 'paper-out' || fault === 'cover-open' || fault === 'cutter-jam' || fault === 'error') {
        confirmed.cancel();
        return this.#stop(conversation, fault);
      }
      if (clock.now() >= giveUpAt) {
        confirmed.cancel();
        return unknown(wasWaiting ? 'ticket-waiting' : (fault ?? 'silent'));
      }
    }
    confirmed.cancel();
    await sent;
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
    return this.#reply(conversation, takeDeadlineMs, (reply): true | undefined => {
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
  switch (asked.kind) {
    case 'bits':
      return faultOf(asked.bits) ?? undefined;
    case 'silent':
      return 'silent';
    case 'lost':
      return 'not-connected';
  }
}

function statusOf(asked: Asked): PrinterStatus {
  const fault = faultOfAsked(asked);
  if (fault !== undefined) return faulty(fault);
  return { kind: 'ready', paperLow: asked.kind === 'bits' && asked.bits.paperLow };
}
