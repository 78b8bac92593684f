import type { Clock } from '../../shared/clock.js';
import { type Command, CommandReader } from './commands.js';
import { type Align, type PaperRow, type Piece, textOf } from './paper.js';
import type { DemoPrinterFault } from './types.js';

/** What the printer has just come to, for faults that begin there. */
export type Step =
  /** Its status was asked. */
  | 'status'
  /** The first line of a ticket is on paper. */
  | 'body'
  /** Some lines of it are. */
  | 'midway'
  /** It is about to cut. */
  | 'cut'
  /** It has cut, and is about to read what follows. */
  | 'process-id'
  /** It is about to say that the ticket is out. */
  | 'reply';

/** In what the simulated model differs from others. */
export interface PrinterTraits {
  readonly confirmation: 'process-id' | 'paper-sensor-echo' | 'ticket-taken';
  readonly clearsBuffer: boolean;
  readonly columns: number;
}

export interface SimulatedPrinterOptions {
  readonly traits: PrinterTraits;
  readonly clock: Clock;
  /** Lines left on the roll; near its end from 30 on. */
  readonly paperLines?: number;
  /** Told of each step before it is taken. */
  readonly onStep?: (step: Step) => void;
}

const nearEndLines = 30;
const midwayLine = 4;
/** A slow printer takes so long for a line, ms. */
const slowLineMs = 150;
const piecesKept = 5;
/** Lines of a new roll. */
const fullRoll = 100_000;

/** A ticket printer as it behaves: a buffer that is worked off line by line, sensors, and status that is answered at once. */
export class SimulatedPrinter {
  readonly #options: SimulatedPrinterOptions;
  readonly #reader = new CommandReader();
  readonly #pieces: Piece[] = [];
  readonly #onUnplugged = new Set<() => void>();
  #buffer: Command[] = [];
  #rows: PaperRow[] = [];
  #line: number[] = [];
  #linesOfTicket = 0;
  #paperLines: number;
  #fault: DemoPrinterFault = 'none';
  /** It fell silent after a ticket. */
  #fellSilent = false;
  #align: Align = 'left';
  #size = { width: 1, height: 1 };
  #bold = false;
  #qr = '';
  #automatic = false;
  #ticketInMouth = false;
  #working = false;
  #pausing = false;
  #send: (bytes: Uint8Array) => void = () => undefined;

  constructor(options: SimulatedPrinterOptions) {
    this.#options = options;
    this.#paperLines = options.paperLines ?? fullRoll;
  }

  get fault(): DemoPrinterFault {
    return this.#fault;
  }

  /** Everything that came out, the first first; what still hangs at the roll last. */
  get pieces(): readonly Piece[] {
    return this.#rows.length === 0
      ? [...this.#pieces]
      : [...this.#pieces, { rows: [...this.#rows], cut: false }];
  }

  /** A person mends it, or breaks it. What waits in the buffer goes on when it can. */
  setFault(fault: DemoPrinterFault): void {
    this.#fault = fault;
    this.#fellSilent = false;
    // Whatever was wrong in between: it has paper.
    if (fault === 'none') this.#paperLines = fullRoll;
    if (fault === 'unplugged') {
      // The power is gone, and the buffer with it.
      this.#buffer = [];
      this.#line = [];
      for (const listener of [...this.#onUnplugged]) listener();
    }
    this.#tellChange();
    this.#work();
  }

  /** Somebody takes the ticket out of the mouth. */
  takeTicket(): void {
    this.#ticketInMouth = false;
  }

  /** The line from the computer: what the printer sends goes to `send`. Returns the way to unplug it. */
  connect(send: (bytes: Uint8Array) => void, onUnplugged: () => void): () => void {
    this.#send = send;
    this.#onUnplugged.add(onUnplugged);
    return () => {
      this.#onUnplugged.delete(onUnplugged);
      // The next line may be there before this one is known to have gone.
      if (this.#send !== send) return;
      this.#send = () => undefined;
      this.#automatic = false;
    };
  }

  receive(bytes: Uint8Array): void {
    if (this.#fault === 'unplugged') return;
    for (const command of this.#reader.feed(bytes)) {
      if (command.kind === 'real-time-status') this.#answerStatus(command.query);
      else if (command.kind === 'clear-buffer') this.#clearBuffer();
      else this.#buffer.push(command);
    }
    this.#work();
  }

  get #stands(): boolean {
    switch (this.#fault) {
      case 'none':
      case 'paper-low':
      case 'paper-out-midway':
      case 'silent-after-print':
      case 'slow':
        return this.#paperLines <= 0;
      case 'paper-out':
      case 'cover-open':
      case 'cutter-jam':
      case 'offline':
      case 'silent':
      case 'unplugged':
        return true;
    }
  }

  get #paperEnd(): boolean {
    return this.#fault === 'paper-out' || this.#paperLines <= 0;
  }

  get #paperLow(): boolean {
    return this.#fault === 'paper-low' || this.#paperLines <= nearEndLines;
  }

  #answer(...bytes: number[]): void {
    if (this.#fault === 'silent' || this.#fault === 'unplugged' || this.#fellSilent) return;
    this.#send(Uint8Array.from(bytes));
  }

  #answerStatus(query: number): void {
    this.#options.onStep?.('status');
    const fault = this.#fault;
    switch (query) {
      case 1:
        this.#answer(0x12 | (this.#stands ? 0x08 : 0));
        return;
      case 2:
        this.#answer(
          0x12 |
            (fault === 'cover-open' ? 0x04 : 0) |
            (this.#paperEnd ? 0x20 : 0) |
            (fault === 'cutter-jam' ? 0x40 : 0),
        );
        return;
      case 3:
        this.#answer(0x12 | (fault === 'cutter-jam' ? 0x08 : 0));
        return;
      case 4:
        this.#answer(0x12 | (this.#paperLow ? 0x0c : 0) | (this.#paperEnd ? 0x60 : 0));
        return;
      case 20:
        this.#answer(
          0x10,
          0x0f,
          (this.#paperEnd ? 0x01 : 0) | (this.#paperLow ? 0x04 : 0) | (this.#ticketInMouth ? 0x20 : 0),
          fault === 'cover-open' ? 0x02 : 0,
          0,
          fault === 'cutter-jam' ? 0x01 : 0,
        );
        return;
      default:
    }
  }

  #tellChange(): void {
    if (!this.#automatic) return;
    const fault = this.#fault;
    this.#answer(
      0x10 | (this.#stands ? 0x08 : 0) | (fault === 'cover-open' ? 0x20 : 0),
      fault === 'cutter-jam' ? 0x08 : 0,
      (this.#paperLow ? 0x03 : 0) | (this.#paperEnd ? 0x0c : 0),
      0,
    );
  }

  #clearBuffer(): void {
    if (!this.#options.traits.clearsBuffer) return;
    this.#buffer = [];
    this.#line = [];
    this.#answer(0x37, 0x25, 0x00);
  }

  /** Works off what is in the buffer, as far as it can now. */
  #work(): void {
    if (this.#working || this.#pausing) return;
    this.#working = true;
    while (!this.#stands && !this.#isPausing()) {
      const command = this.#buffer.shift();
      if (command === undefined) break;
      this.#carryOut(command);
      if (command.kind !== 'line-feed' || this.#fault !== 'slow') continue;
      this.#pausing = true;
      this.#options.clock.after(slowLineMs, () => {
        this.#pausing = false;
        this.#work();
      });
    }
    this.#working = false;
  }

  #isPausing(): boolean {
    return this.#pausing;
  }

  #carryOut(command: Command): void {
    const { traits, onStep } = this.#options;
    switch (command.kind) {
      case 'text':
        this.#line.push(...command.bytes);
        return;
      case 'line-feed':
        this.#printLine();
        return;
      case 'initialize':
        this.#align = 'left';
        this.#size = { width: 1, height: 1 };
        this.#bold = false;
        return;
      case 'align':
        // In the middle of a line it does nothing.
        if (this.#line.length === 0) this.#align = command.to;
        return;
      case 'size':
        this.#size = { width: command.width, height: command.height };
        return;
      case 'bold':
        this.#bold = command.on;
        return;
      case 'qr-store':
        this.#qr = command.text;
        return;
      case 'qr-print':
        this.#put({ kind: 'qr', text: this.#qr, align: this.#align });
        return;
      case 'raster':
        this.#put({ ...command, align: this.#align });
        return;
      case 'cut':
        this.#cut(command);
        return;
      case 'process-id':
        if (traits.confirmation !== 'process-id') return;
        onStep?.('reply');
        this.#answer(0x37, 0x22, ...command.id, 0x00);
        return;
      case 'paper-sensor':
        onStep?.('reply');
        this.#answer(this.#paperLow ? 0x03 : 0x00);
        return;
      case 'automatic-status':
        this.#automatic = command.mask !== 0;
        return;
      case 'real-time-status':
      case 'clear-buffer':
      case 'other':
    }
  }

  #printLine(): void {
    const text = textOf(this.#line);
    this.#line = [];
    this.#put({ kind: 'text', text, align: this.#align, ...this.#size, bold: this.#bold });
  }

  #put(row: PaperRow): void {
    const isBlank = row.kind === 'text' && row.text === '';
    this.#rows.push(row);
    this.#paperLines--;
    if (isBlank) return;
    this.#linesOfTicket++;
    if (this.#linesOfTicket === 1) this.#options.onStep?.('body');
    if (this.#linesOfTicket === midwayLine) {
      this.#options.onStep?.('midway');
      if (this.#fault === 'paper-out-midway') {
        this.#paperLines = 0;
        this.#tellChange();
      }
    }
  }

  #cut(command: Command): void {
    const printed = this.#rows.some((row) => row.kind !== 'text' || row.text !== '');
    if (printed) this.#options.onStep?.('cut');
    // What broke just now keeps it from cutting.
    if (this.#stands) {
      this.#buffer.unshift(command);
      return;
    }
    if (printed) {
      this.#pieces.push({ rows: this.#rows, cut: true });
      this.#pieces.splice(0, Math.max(0, this.#pieces.length - 200));
      this.#ticketInMouth = this.#options.traits.confirmation === 'ticket-taken';
      if (this.#fault === 'silent-after-print') this.#fellSilent = true;
    }
    this.#rows = [];
    this.#linesOfTicket = 0;
    if (printed) this.#options.onStep?.('process-id');
  }

  /** The last few tickets, the last first. */
  get recent(): readonly Piece[] {
    return this.pieces.slice(-piecesKept).reverse();
  }
}
