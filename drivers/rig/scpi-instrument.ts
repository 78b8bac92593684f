import { type Clock, within } from '../shared/clock.js';
import { err, ok, type Result } from '../shared/result.js';
import type { ByteLine } from '../shared/byte-line.js';
import type { RigError, RigIdentity } from './types.js';

/** Why a query brought no answer. */
export type ScpiFault =
  /** The line is closed. */
  | { readonly kind: 'closed' }
  /** Nothing came back, also after it was resynchronised. */
  | { readonly kind: 'silent' }
  /** Something came back, and it was no answer, also after it was resynchronised. */
  | { readonly kind: 'garbled' };

/** Takes an answer for what it is; `undefined`: it is none, and another line may be. */
export type Parse<Value> = (line: string) => Value | undefined;

/** An instrument answers a query within this time, ms. */
const answerDeadlineMs = 1000;
/** What stands between the answers of a stalled instrument and ours is waited for so long, and asked for so often. */
const markerDeadlineMs = 1500;
const markerAttempts = 2;
/** Bytes that a line does not take within this time will not be taken, ms. */
const writeDeadlineMs = 1000;
const goneWithinMs = 1000;
/** Nothing more is under way once it was quiet for so long, ms; and it is waited for that so long at most. */
const quietMs = 120;
const drainDeadlineMs = 1500;
/** The longest line that is one; SCPI sets no bound, a line without an end must have one. */
const longestLine = 512;
/** Entries of an error queue that are fetched at most: a broken instrument has no end of them. */
const mostErrors = 32;
/** Bit 7 of the standard event status register, IEEE 488.2 section 11.5.1.1.2: power on. */
const powerOn = 0x80;

export interface QueryOptions {
  /** For the answer, ms. */
  readonly deadlineMs?: number;
  /** For what takes long or must not be done twice. */
  readonly once?: boolean;
  /** Nobody waits for the answer any more. */
  readonly signal?: AbortSignal;
}

/** Takes bytes apart into lines; noise that is not printable ASCII is dropped. */
class LineReader {
  #text = '';

  /** Whole lines that end in these bytes. */
  feed(bytes: Uint8Array): string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === 0x0a) {
        lines.push(this.#text.trim());
        this.#text = '';
      } else if (byte >= 0x20 && byte <= 0x7e) {
        this.#text += String.fromCharCode(byte);
        if (this.#text.length > longestLine) this.#text = '';
      }
    }
    return lines.filter((line) => line !== '');
  }

  clear(): void {
    this.#text = '';
  }
}

/** One SCPI instrument over any line, IEEE 488.2 and SCPI-99: lines that end with LF, one query at a time. */
export class ScpiInstrument {
  readonly #line: ByteLine;
  readonly #clock: Clock;
  readonly #reader = new LineReader();
  #onLine: ((line: string) => void) | undefined;
  #heard = false;
  #onClosed: (() => void) | undefined;
  readonly #gone: Promise<void>;
  #closed = false;
  #restarts = 0;
  #identity: RigIdentity | undefined;
  /** Something was asked and not answered in time: its answer may still come, and fit another question. */
  #answerIsOwed = false;

  constructor(line: ByteLine, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
    line.onData((bytes) => {
      this.#heard = true;
      for (const text of this.#reader.feed(bytes)) this.#onLine?.(text);
    });
    this.#gone = new Promise((gone) => {
      line.onClose(() => {
        this.#closed = true;
        this.#onClosed?.();
        gone();
      });
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** How often the instrument was found to have started anew. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Sends a query and waits for the first line that `parse` takes; lines before it are noise. Without an answer the
   * line is resynchronised and the query asked once more.
   */
  async query<Value>(
    message: string,
    parse: Parse<Value>,
    { deadlineMs = answerDeadlineMs, once = false, signal }: QueryOptions = {},
  ): Promise<Result<Value, ScpiFault>> {
    if (this.#answerIsOwed) {
      const marked = await this.#awaitMarker(signal);
      if (!marked.ok) return marked;
    }
    const first = await this.#ask(message, parse, deadlineMs, signal);
    if (first.ok || first.error.kind === 'closed' || once || signal?.aborted === true) return first;
    const synchronised = await this.resynchronise(signal);
    if (!synchronised.ok) return synchronised.error.kind === 'closed' ? synchronised : first;
    const second = await this.#ask(message, parse, deadlineMs, signal);
    if (second.ok || second.error.kind === 'closed') return second;
    return first.error.kind === 'garbled' ? first : second;
  }

  /** Sends a command, which has no answer. */
  async command(message: string): Promise<Result<undefined, ScpiFault>> {
    this.#reader.clear();
    return (await this.#write(message)) ? ok(undefined) : err({ kind: this.#closed ? 'closed' : 'silent' });
  }

  /** `*IDN?`, IEEE 488.2 section 10.14: four fields between commas. */
  async identify(): Promise<Result<RigIdentity, ScpiFault>> {
    const answer = await this.query('*IDN?', parseIdentity);
    if (answer.ok) this.#identity = answer.value;
    return answer;
  }

  /** The error queue from its oldest entry until it says that it is empty, SCPI-99 volume 2 section 21.8; it is bounded. */
  async errors(): Promise<Result<readonly RigError[], ScpiFault>> {
    const errors: RigError[] = [];
    while (errors.length < mostErrors) {
      const next = await this.query('SYST:ERR?', parseError);
      if (!next.ok) return next;
      if (next.value.code === 0) break;
      errors.push(next.value);
    }
    return ok(errors);
  }

  /** `*CLS`, IEEE 488.2 section 10.3, after `*ESR?`: that it was switched on some time ago is no news. */
  async clearStatus(): Promise<Result<undefined, ScpiFault>> {
    const events = await this.query('*ESR?', parseInteger);
    if (!events.ok) return events;
    return this.command('*CLS');
  }

  /**
   * Waits until what was asked before is answered or will not be, asks whether the instrument has started anew, and
   * clears its status. Fails where the instrument does not say who it is.
   */
  async resynchronise(signal?: AbortSignal): Promise<Result<undefined, ScpiFault>> {
    await this.#drain();
    const marked = await this.#awaitMarker(signal);
    if (!marked.ok) return marked;
    const events = await this.#ask('*ESR?', parseInteger, answerDeadlineMs, signal);
    if (events.ok) {
      if ((events.value & powerOn) !== 0) this.#restarts++;
    } else {
      const markedAgain = await this.#awaitMarker(signal);
      if (!markedAgain.ok) return markedAgain;
    }
    await this.command('*CLS');
    return this.#closed ? err({ kind: 'closed' }) : ok(undefined);
  }

  async close(): Promise<void> {
    await this.#line.close();
  }

  /**
   * An instrument answers in order: once it has said who it is, all earlier answers are here or lost. Quiet alone does
   * not tell: a stall is quiet too, and a bare number answers many questions.
   */
  async #awaitMarker(signal: AbortSignal | undefined): Promise<Result<undefined, ScpiFault>> {
    for (let attempt = 1; ; attempt++) {
      const marker = await this.#ask('*IDN?', (line) => this.#takeMarker(line), markerDeadlineMs, signal);
      if (marker.ok) {
        this.#answerIsOwed = false;
        return ok(undefined);
      }
      if (marker.error.kind === 'closed' || attempt >= markerAttempts || signal?.aborted === true)
        return marker;
    }
  }

  #takeMarker(line: string): RigIdentity | undefined {
    const found = parseIdentity(line);
    const known = this.#identity;
    if (found === undefined || known === undefined) return found;
    return JSON.stringify(found) === JSON.stringify(known) ? found : undefined;
  }

  async #write(message: string): Promise<boolean> {
    if (this.#closed) return false;
    const bytes = new TextEncoder().encode(`${message}\n`);
    if ((await within(this.#clock, writeDeadlineMs, this.#line.write(bytes))) === true) return true;
    // A line that is pulled refuses what is written before it says that it is gone.
    await within(this.#clock, goneWithinMs, this.#gone);
    return false;
  }

  async #ask<Value>(
    message: string,
    parse: Parse<Value>,
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Result<Value, ScpiFault>> {
    this.#reader.clear();
    this.#heard = false;
    let giveUp = (): void => undefined;
    const answer = new Promise<Value | undefined>((resolve) => {
      this.#onLine = (line) => {
        const value = parse(line);
        if (value !== undefined) resolve(value);
      };
      giveUp = () => resolve(undefined);
    });
    this.#onClosed = giveUp;
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted === true) giveUp();
    const value = (await this.#write(message)) ? await within(this.#clock, deadlineMs, answer) : undefined;
    signal?.removeEventListener('abort', giveUp);
    this.#onLine = undefined;
    this.#onClosed = undefined;
    if (value !== undefined) return ok(value);
    this.#answerIsOwed = true;
    return err({ kind: this.#closed ? 'closed' : this.#hasHeard() ? 'garbled' : 'silent' });
  }

  async #drain(): Promise<void> {
    const until = this.#clock.now() + drainDeadlineMs;
    do {
      this.#heard = false;
      await within(this.#clock, quietMs, this.#gone);
    } while (this.#hasHeard() && this.#clock.now() < until);
    this.#reader.clear();
  }

  #hasHeard(): boolean {
    return this.#heard && !this.#closed;
  }
}

const field = /^[\x20-\x7e]{0,64}$/;

/** A manufacturer has a name: what is a number there is no identity but measurements. */
export function parseIdentity(line: string): RigIdentity | undefined {
  const fields = line.split(',').map((text) => text.trim());
  const [manufacturer, model, serialNumber, firmware] = fields;
  if (manufacturer === undefined || model === undefined) return undefined;
  if (serialNumber === undefined || firmware === undefined) return undefined;
  if (!/[A-Z]/i.test(manufacturer) || parseNumber(manufacturer) !== undefined || model === '')
    return undefined;
  if (fields.length !== 4 || !fields.every((text) => field.test(text))) return undefined;
  return { manufacturer, model, serialNumber, firmware };
}

/** `-113,"Undefined header"`. */
export function parseError(line: string): RigError | undefined {
  const [, number, text] = /^([+-]?\d{1,6})\s*,\s*"(.*)"$/.exec(line) ?? [];
  if (number === undefined || text === undefined) return undefined;
  return { code: Number(number), text: standardText(text.replaceAll('""', '"')).slice(0, 255) };
}

/**
 * SCPI-99 volume 2 section 21.8.1: after a semicolon stands what the instrument has to say of its own, which could be
 * what it measured, and so could any run of digits, however it is spaced.
 */
function standardText(text: string): string {
  const [standard = ''] = text.split(';');
  return standard.replace(/\d(?:[\s,.:/+-]*\d){3,}/g, '').trim();
}

/** NR1, IEEE 488.2 section 8.7.2. */
export function parseInteger(line: string): number | undefined {
  return /^[+-]?\d{1,9}$/.test(line) ? Number(line) : undefined;
}

/** NR1, NR2 or NR3, IEEE 488.2 sections 8.7.2 to 8.7.4. */
export function parseNumber(line: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,3})?$/i.test(line) ? Number(line) : undefined;
}
