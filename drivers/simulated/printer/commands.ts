/** One ESC/POS command as a printer reads it, or a piece of text. */
export type Command =
  | { readonly kind: 'text'; readonly bytes: readonly number[] }
  | { readonly kind: 'line-feed' }
  | { readonly kind: 'initialize' }
  | { readonly kind: 'align'; readonly to: 'left' | 'center' | 'right' }
  | { readonly kind: 'size'; readonly width: number; readonly height: number }
  | { readonly kind: 'bold'; readonly on: boolean }
  | { readonly kind: 'qr-store'; readonly text: string }
  | { readonly kind: 'qr-print' }
  | { readonly kind: 'raster'; readonly rowBytes: number; readonly rows: number; readonly bits: Uint8Array }
  | { readonly kind: 'cut' }
  | { readonly kind: 'process-id'; readonly id: readonly number[] }
  | { readonly kind: 'paper-sensor' }
  | { readonly kind: 'automatic-status'; readonly mask: number }
  /** Carried out at once, whatever else is waiting. */
  | { readonly kind: 'real-time-status'; readonly query: number }
  | { readonly kind: 'clear-buffer' }
  /** Known, and of no consequence here; or not known. */
  | { readonly kind: 'other' };

const aligns = ['left', 'center', 'right'] as const;

interface Parsed {
  readonly command: Command;
  readonly length: number;
}

/** Takes a stream of bytes apart, however it comes. */
export class CommandReader {
  #pending: number[] = [];

  feed(bytes: Uint8Array): Command[] {
    for (const byte of bytes) this.#pending.push(byte);
    const commands: Command[] = [];
    let at = 0;
    for (;;) {
      const parsed = parse(this.#pending, at);
      if (parsed === undefined) break;
      commands.push(parsed.command);
      at += parsed.length;
    }
    this.#pending = this.#pending.slice(at);
    return commands;
  }
}

/** `undefined`: more bytes are needed. */
function parse(bytes: readonly number[], at: number): Parsed | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  switch (first) {
    case 0x0a:
      return { command: { kind: 'line-feed' }, length: 1 };
    case 0x10:
      return parseRealTime(bytes, at);
    case 0x1b:
      return parseEscape(bytes, at);
    case 0x1c:
      return bytes.length - at < 2 ? undefined : { command: { kind: 'other' }, length: 2 };
    case 0x1d:
      return parseGroup(bytes, at);
    default: {
      if (first < 0x20) return { command: { kind: 'other' }, length: 1 };
      let end = at;
      while ((bytes[end] ?? 0) >= 0x20) end++;
      return { command: { kind: 'text', bytes: bytes.slice(at, end) }, length: end - at };
    }
  }
}

function parseRealTime(bytes: readonly number[], at: number): Parsed | undefined {
  const [, command, parameter] = bytes.slice(at, at + 3);
  if (command === undefined || parameter === undefined) return undefined;
  if (command === 0x04) return { command: { kind: 'real-time-status', query: parameter }, length: 3 };
  if (command === 0x14 && parameter === 0x08) {
    if (bytes.length - at < 10) return undefined;
    const isClear = [0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08].every(
      (byte, index) => bytes[at + 3 + index] === byte,
    );
    return { command: { kind: isClear ? 'clear-buffer' : 'other' }, length: 10 };
  }
  return { command: { kind: 'other' }, length: 3 };
}

function parseEscape(bytes: readonly number[], at: number): Parsed | undefined {
  const [, command, parameter = 0] = bytes.slice(at, at + 3);
  if (command === undefined) return undefined;
  if (command === 0x40) return { command: { kind: 'initialize' }, length: 2 };
  if (command === 0x2e || command === 0x32) return { command: { kind: 'other' }, length: 2 };
  if (bytes.length - at < 3) return undefined;
  switch (command) {
    case 0x61:
      return { command: { kind: 'align', to: aligns[parameter % 3] ?? 'left' }, length: 3 };
    case 0x45:
      return { command: { kind: 'bold', on: (parameter & 1) === 1 }, length: 3 };
    default:
      return { command: { kind: 'other' }, length: 3 };
  }
}

function parseGroup(bytes: readonly number[], at: number): Parsed | undefined {
  const [, command, third, fourth, fifth] = bytes.slice(at, at + 5);
  if (command === undefined || third === undefined) return undefined;
  switch (command) {
    case 0x21:
      return { command: { kind: 'size', width: (third >> 4) + 1, height: (third & 0x0f) + 1 }, length: 3 };
    case 0x56: {
      const length = third >= 0x41 ? 4 : 3;
      return bytes.length - at < length ? undefined : { command: { kind: 'cut' }, length };
    }
    case 0x61:
      return { command: { kind: 'automatic-status', mask: third }, length: 3 };
    case 0x72:
      return { command: { kind: 'paper-sensor' }, length: 3 };
    case 0x28: {
      if (fourth === undefined || fifth === undefined) return undefined;
      const length = 5 + fourth + 256 * fifth;
      if (bytes.length - at < length) return undefined;
      return { command: parseBlock(third, bytes.slice(at + 5, at + length)), length };
    }
    case 0x76: {
      const header = bytes.slice(at + 4, at + 8);
      const [xLow, xHigh, yLow, yHigh] = header;
      if (xLow === undefined || xHigh === undefined || yLow === undefined || yHigh === undefined)
        return undefined;
      const rowBytes = xLow + 256 * xHigh;
      const rows = yLow + 256 * yHigh;
      const length = 8 + rowBytes * rows;
      if (bytes.length - at < length) return undefined;
      const bits = Uint8Array.from(bytes.slice(at + 8, at + length));
      return { command: { kind: 'raster', rowBytes, rows, bits }, length };
    }
    default:
      return { command: { kind: 'other' }, length: 3 };
  }
}

/** `GS ( k` and `GS ( H`. */
function parseBlock(name: number, [first, second, ...rest]: readonly number[]): Command {
  if (name === 0x6b && first === 0x31 && second === 0x50) {
    return { kind: 'qr-store', text: String.fromCharCode(...rest.slice(1)) };
  }
  if (name === 0x6b && first === 0x31 && second === 0x51) return { kind: 'qr-print' };
  if (name === 0x48 && first === 0x30 && second === 0x30) return { kind: 'process-id', id: rest.slice(0, 4) };
  return { kind: 'other' };
}
