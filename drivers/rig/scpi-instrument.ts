import { type Clock, within } from '../shared/clock.js';
import { err, ok, type Result } from '../shared/result.js';
import type { RigLine } from './line.js';
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
/** Bytes that a line does not take within this time will not be taken, ms. */
const writeDeadlineMs = 1000;
/** Nothing more is under way once it was quiet for so long, ms; and it is waited for that so long at most. */
const quietMs = 120;
const drainDeadlineMs = 1500;
/** The longest line that is one; SCPI sets no bound, a line without an end must have one. */
const longestLine = 512;
/** Entries of an error queue that are fetched at most: a broken instrument has no end of them. */
const mostErrors = 32;
/** Bit 7 of the standard event status register, IEEE 488.2 section 11.5.1.1.2: power on. */
const powerOn = 0x80;

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
  readonly #line: RigLine;
  readonly #clock: Clock;
  readonly #reader = new LineReader();
  #onLine: ((line: string) => void) | undefined;
  #heard = false;
  #onClosed: (() => void) | undefined;
  readonly #gone: Promise<void>;
  #closed = false;
  #restarts = 0;

  constructor(line: RigLine, clock: Clock) {
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
   * line is drained, the status cleared (`*CLS`) and the query asked once more.
   */
  async query<Value>(
    message: string,
    parse: Parse<Value>,
    deadlineMs = answerDeadlineMs,
  ): Promise<Result<Value, ScpiFault>> {
    const first = await this.#ask(message, parse, deadlineMs);
    if (first.ok || first.error.kind === 'closed') return first;
    if (!(await this.resynchronise())) return err({ kind: 'closed' });
    const second = await this.#ask(message, parse, deadlineMs);
    if (second.ok || second.error.kind === 'closed') return second;
    return first.error.kind === 'garbled' ? first : second;
  }

  /** Sends a command, which has no answer. */
  async command(message: string): Promise<Result<undefined, ScpiFault>> {
    this.#reader.clear();
    return (await this.#write(message)) ? ok(undefined) : err({ kind: this.#closed ? 'closed' : 'silent' });
  }

  /** `*IDN?`, IEEE 488.2 section 10.14: four fields between commas. */
  identify(): Promise<Result<RigIdentity, ScpiFault>> {
    return this.query('*IDN?', parseIdentity);
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

  /**
   * Waits until nothing more comes, asks whether the instrument has started anew, and clears its status. Whether the
   * line is still there.
   */
  async resynchronise(): Promise<boolean> {
    await this.#drain();
    const events = await this.#ask('*ESR?', parseInteger, answerDeadlineMs);
    if (events.ok && (events.value & powerOn) !== 0) this.#restarts++;
    await this.command('*CLS');
    return !this.#closed;
  }

  async close(): Promise<void> {
    await this.#line.close();
  }

  async #write(message: string): Promise<boolean> {
    if (this.#closed) return false;
    const bytes = new TextEncoder().encode(`${message}\n`);
    return (await within(this.#clock, writeDeadlineMs, this.#line.write(bytes))) === true;
  }

  async #ask<Value>(
    message: string,
    parse: Parse<Value>,
    deadlineMs: number,
  ): Promise<Result<Value, ScpiFault>> {
    this.#reader.clear();
    this.#heard = false;
    const answer = new Promise<Value | undefined>((resolve) => {
      this.#onLine = (line) => {
        const value = parse(line);
        if (value !== undefined) resolve(value);
      };
      this.#onClosed = () => resolve(undefined);
    });
    const value = (await this.#write(message)) ? await within(this.#clock, deadlineMs, answer) : undefined;
    this.#onLine = undefined;
    this.#onClosed = undefined;
    if (value !== undefined) return ok(value);
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

function parseIdentity(line: string): RigIdentity | undefined {
  const fields = line.split(',').map((text) => text.trim());
  const [manufacturer, model, serialNumber, firmware] = fields;
  if (manufacturer === undefined || model === undefined) return undefined;
  if (serialNumber === undefined || firmware === undefined) return undefined;
  if (manufacturer === '' || model === '') return undefined;
  if (fields.length !== 4 || !fields.every((text) => field.test(text))) return undefined;
  return { manufacturer, model, serialNumber, firmware };
}

/** `-113,"Undefined header"`. */
function parseError(line: string): RigError | undefined {
  const [, number, text] = /^([+-]?\d{1,6})\s*,\s*"(.*)"$/.exec(line) ?? [];
  if (number === undefined || text === undefined) return undefined;
  return { code: Number(number), text: text.replaceAll('""', '"').slice(0, 255) };
}

/** NR1, IEEE 488.2 section 8.7.2. */
export function parseInteger(line: string): number | undefined {
  return /^[+-]?\d{1,9}$/.test(line) ? Number(line) : undefined;
}

/** NR1, NR2 or NR3, IEEE 488.2 sections 8.7.2 to 8.7.4. */
export function parseNumber(line: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d{1,3})?$/i.test(line) ? Number(line) : undefined;
}
