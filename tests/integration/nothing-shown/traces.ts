import { base64Forms } from '../searched-places.js';

/** Segments of 0 to 9, a first: drawn here anew, so that nobody's mistake hides a trace. */
const glyphs = [
  '1111110',
  '0110000',
  '1101101',
  '1111001',
  '0110011',
  '1011011',
  '1011111',
  '1110000',
  '1111111',
  '1111011',
] as const;

/** A segment that is dead on the display, as the masks are then; digits and segments count from 0. */
export interface DeadSegment {
  readonly digit: number;
  readonly segment: number;
}

/** Segments of a whole code, a–g digit by digit, as '1' and '0'. */
export function segmentsOf(code: string, dead?: DeadSegment): string[] {
  return Array.from(code).map((digit, at) => {
    const segments = glyphs[Number(digit)] ?? '';
    if (dead?.digit !== at) return segments;
    return `${segments.slice(0, dead.segment)}0${segments.slice(dead.segment + 1)}`;
  });
}

const reversed = (text: string): string => Array.from(text).reverse().join('');

/** How a program may hold or write a code, form by form: its digits, or the segments that show it. */
export function tracesOf(code: string, dead: DeadSegment): Map<string, Buffer> {
  const digits = Array.from(code);
  const traces = new Map<string, Buffer>();
  const add = (form: string, trace: string | Buffer): void =>
    void traces.set(form, Buffer.from(trace as string));
  const addBytes = (form: string, bytes: Buffer): void => {
    add(form, bytes);
    add(`${form}, listed`, [...bytes].join(','));
    add(`${form}, listed wide`, [...bytes].join(', '));
    add(`${form}, hexadecimal`, bytes.toString('hex'));
    add(`${form}, HEXADECIMAL`, bytes.toString('hex').toUpperCase());
    for (const [at, text] of base64Forms(bytes).entries()) add(`${form}, base64 after ${at} bytes`, text);
  };
  addBytes('text', Buffer.from(code));
  addBytes('digits', Buffer.from(digits.map(Number)));
  add('text, spaced', digits.join(' '));
  add('text, halves', `${code.slice(0, 3)} ${code.slice(3)}`);
  add('text, hyphens', digits.join('-'));
  add('text, quoted', digits.join('","'));
  for (const [which, segments] of [
    ['', segmentsOf(code)],
    [' with a dead one', segmentsOf(code, dead)],
  ] as const) {
    const all = segments.join('');
    addBytes(`masks${which}`, Buffer.from(segments.map((each) => parseInt(reversed(each), 2))));
    addBytes(`masks, a the highest${which}`, Buffer.from(segments.map((each) => parseInt(each, 2))));
    addBytes(`states${which}`, Buffer.from(Array.from(all).map(Number)));
    addBytes(`states of off and on${which}`, Buffer.from(Array.from(all).map((each) => 2 * Number(each))));
    add(`segments as text${which}`, all);
    add(`segments as texts${which}`, segments.join('","'));
    add(
      `segments as truths${which}`,
      Array.from(all)
        .map((each) => each === '1')
        .join(','),
    );
  }
  return traces;
}

/** How a program may hold or write what the rig measured of a digit: it tells the digit as well as a mask does. */
export function tracesOfLevels(line: string): Map<string, Buffer> {
  const levels = line.split(',').map(Number);
  const narrow = Buffer.alloc(2 * levels.length);
  const wide = Buffer.alloc(8 * levels.length);
  for (const [at, level] of levels.entries()) {
    narrow.writeUInt16LE(level, 2 * at);
    // As V8 has a small integer, without the zeros before the first.
    wide.writeUInt32LE(level, 8 * at);
  }
  return new Map([
    ['levels, listed', Buffer.from(line)],
    ['levels, listed wide', Buffer.from(levels.join(', '))],
    ['levels, 2 bytes each', narrow],
    ['levels, 8 bytes each', wide.subarray(0, -6)],
  ]);
}

export interface Trace {
  readonly of: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** Shortest trace, and what each is first found by. */
const keyLength = 6;
/** Bits that say which beginnings there are; few enough to stay in a processor's cache. */
const filterBits = 21;

const filterAt = (high: number, low: number): number =>
  (Math.imul(high, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b)) >>> (32 - filterBits);
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Finds any of very many traces in one pass. */
export class TraceSearch {
  readonly #filter = new Uint8Array(1 << (filterBits - 3));
  readonly #traces = new Map<number, Trace[]>();
  /** Of the longest trace, bytes. */
  readonly longest: number;

  constructor(traces: Iterable<Trace>) {
    let longest = 0;
    for (const trace of traces) {
      const { bytes } = trace;
      if (bytes.length < keyLength) throw new Error(`too short to search for: ${trace.form}`);
      const high = bytes.readUIntBE(0, 3);
      const low = bytes.readUIntBE(3, 3);
      const bit = filterAt(high, low);
      this.#filter[bit >>> 3] = (this.#filter[bit >>> 3] ?? 0) | (1 << (bit & 7));
      const key = high * 0x1000000 + low;
      const same = this.#traces.get(key);
      if (same === undefined) this.#traces.set(key, [trace]);
      else same.push(trace);
      longest = Math.max(longest, bytes.length);
    }
    this.longest = longest;
  }

  /** Calls back for each trace in `content`. Digits that are part of a longer number are none. */
  in(content: Uint8Array, onFound: (trace: Trace) => void): void {
    const filter = this.#filter;
    let high = 0;
    let low = 0;
    for (let end = 0; end < content.length; end++) {
      high = ((high << 8) | (low >>> 16)) & 0xffffff;
      low = ((low << 8) | (content[end] ?? 0)) & 0xffffff;
      const bit = filterAt(high, low);
      if (((filter[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0 || end < keyLength - 1) continue;
      const at = end - keyLength + 1;
      for (const trace of this.#traces.get(high * 0x1000000 + low) ?? []) {
        if (isAt(trace.bytes, content, at)) onFound(trace);
      }
    }
  }

  /**
   * The same, and where each element takes two, four or eight bytes: text in UTF-16, numbers in typed arrays, and small
   * integers in V8's arrays, which stand in the upper half of eight bytes. `content` begins at such an element.
   */
  inMemory(content: Buffer, onFound: (trace: Trace) => void): void {
    this.in(content, onFound);
    const { buffer, byteOffset, length } = content;
    const twos = new Uint16Array(buffer, byteOffset, length >> 1);
    const fours = new Uint32Array(buffer, byteOffset, length >> 2);
    for (const [bytesEach, elements] of [
      [2, Uint8Array.from(twos, orNone)],
      [4, Uint8Array.from(fours, orNone)],
      [8, upperHalves(fours)],
    ] as const) {
      this.in(elements, (trace) => onFound({ ...trace, form: `${trace.form}, ${bytesEach} bytes each` }));
    }
  }
}

/** An element that is no single digit or mask is none of ours. */
function orNone(element: number): number {
  return element <= 0xff ? element : 0xff;
}

/** Of eight bytes each, the upper half where the lower is 0. */
function upperHalves(fours: Uint32Array): Uint8Array {
  const halves = new Uint8Array(fours.length >> 1);
  for (let at = 0; at < halves.length; at++) {
    halves[at] = fours[2 * at] === 0 ? orNone(fours[2 * at + 1] ?? 0) : 0xff;
  }
  return halves;
}

function isAt(trace: Buffer, content: Uint8Array, at: number): boolean {
  for (let index = keyLength; index < trace.length; index++) {
    if (content[at + index] !== trace[index]) return false;
  }
  return (
    (!isDigit(trace[0]) || !isDigit(content[at - 1])) &&
    (!isDigit(trace[trace.length - 1]) || !isDigit(content[at + trace.length]))
  );
}
