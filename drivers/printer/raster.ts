import { createRequire } from 'node:module';
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { encode } from 'uqr';
import type { TicketContent } from './types.js';

/** A picture of one bit a dot: rows of whole bytes, the leftmost dot in the highest bit, 1 is black. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly rowBytes: number;
  readonly bits: Uint8Array;
}

const families = ['Forhal Sans', 'Forhal Arabic'] as const;
const fontFiles: readonly (readonly [string, string])[] = [
  ['@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-600-normal.woff2', 'Forhal Sans'],
  ['@fontsource/ibm-plex-sans-arabic/files/ibm-plex-sans-arabic-arabic-600-normal.woff2', 'Forhal Arabic'],
];
let fontsLoaded = false;

function loadFonts(): void {
  if (fontsLoaded) return;
  fontsLoaded = true;
  const { resolve } = createRequire(import.meta.url);
  for (const [file, family] of fontFiles) {
    try {
      GlobalFonts.registerFromPath(resolve(file), family);
    } catch {
      // Without it, the system's own fonts are used: a plainer ticket is better than none.
    }
  }
}

interface Row {
  readonly text: string;
  readonly size: number;
  readonly gap: number;
}

/** The whole ticket as a picture, for scripts that no code page has. Text is shaped by HarfBuzz, in the canvas. */
export function rasterTicket(content: TicketContent, dots: number): Bitmap {
  loadFonts();
  const font = (size: number): string =>
    `600 ${size}px ${families.map((name) => `"${name}"`).join(', ')}, sans-serif`;
  const rows: Row[] = [
    ...(content.copyMark === undefined ? [] : [{ text: content.copyMark, size: 64, gap: 8 }]),
    { text: content.place, size: 28, gap: 16 },
    // The number's own line has room enough above it.
    { text: content.title, size: 34, gap: -24 },
    { text: content.number, size: 190, gap: 0 },
    ...content.lines.map((text) => ({ text, size: 30, gap: 6 })),
  ];
  const after: Row[] = [
    ...(content.qrNote === undefined ? [] : [{ text: content.qrNote, size: 26, gap: 6 }]),
    ...content.notes.map((text) => ({ text, size: 26, gap: 6 })),
  ];
  const measuring = createCanvas(8, 8).getContext('2d');
  const room = dots - 16;
  const wrapped = (list: readonly Row[]): Row[] =>
    list.flatMap((row) => {
      measuring.font = font(row.size);
      // A word that is wider than the paper is set smaller: a script that joins its letters cannot be broken.
      const widest = Math.max(...row.text.split(' ').map((word) => measuring.measureText(word).width));
      const size = Math.min(row.size, Math.floor((row.size * room) / Math.max(1, widest)));
      measuring.font = font(size);
      return wrap(measuring, row.text, room).map((text) => ({ ...row, size, text }));
    });
  const [above, below] = [wrapped(rows), wrapped(after)];
  const heightOf = (list: readonly Row[]): number =>
    list.reduce((sum, { size, gap }) => sum + Math.ceil(size * 1.25) + gap, 0);
  const code = content.qr === undefined ? undefined : qrMatrix(content.qr);
  const module = code === undefined ? 0 : Math.max(4, Math.min(8, Math.floor(240 / code.length)));
  const codeHeight = code === undefined ? 0 : code.length * module + 2 * 16;
  const height = heightOf(above) + codeHeight + heightOf(below) + 16;

  const canvas = createCanvas(dots, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, dots, height);
  context.fillStyle = '#000';
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  context.direction = content.direction;
  let y = 8;
  const draw = (list: readonly Row[]): void => {
    for (const { text, size, gap } of list) {
      context.font = font(size);
      context.fillText(text, dots / 2, y + size);
      y += Math.ceil(size * 1.25) + gap;
    }
  };
  draw(above);
  if (code !== undefined) {
    const left = Math.floor((dots - code.length * module) / 2);
    y += 16;
    for (const [row, cells] of code.entries()) {
      for (const [column, dark] of cells.entries()) {
        if (dark) context.fillRect(left + column * module, y + row * module, module, module);
      }
    }
    y += code.length * module + 16;
  }
  draw(below);
  return bitmapOf(context.getImageData(0, 0, dots, height).data, dots, height);
}

/** A QR code as a picture, for printers that draw none themselves. */
export function rasterQr(text: string): Bitmap {
  const matrix = qrMatrix(text);
  const module = Math.max(4, Math.min(8, Math.floor(240 / matrix.length)));
  const width = matrix.length * module;
  const rowBytes = Math.ceil(width / 8);
  const bits = new Uint8Array(rowBytes * width);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      if (matrix[Math.floor(y / module)]?.[Math.floor(x / module)] === true) setBit(bits, rowBytes, x, y);
    }
  }
  return { width, height: width, rowBytes, bits };
}

function qrMatrix(text: string): boolean[][] {
  return encode(text, { ecc: 'M', border: 4 }).data;
}

function setBit(bits: Uint8Array, rowBytes: number, x: number, y: number): void {
  const at = y * rowBytes + (x >> 3);
  bits[at] = (bits[at] ?? 0) | (0x80 >> (x & 7));
}

function bitmapOf(pixels: Uint8ClampedArray, width: number, height: number): Bitmap {
  const rowBytes = Math.ceil(width / 8);
  const bits = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // White and black only: the red channel says it all.
      if ((pixels[4 * (y * width + x)] ?? 255) < 128) setBit(bits, rowBytes, x, y);
    }
  }
  return { width, height, rowBytes, bits };
}

/** Breaks a text between words, so that no line is wider than `width`. */
function wrap(context: SKRSContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line];
}
