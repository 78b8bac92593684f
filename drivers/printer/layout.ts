import CodepageEncoder from '@point-of-sale/codepage-encoder';
import { concat } from '../shared/bytes.js';
import type { Capabilities } from './capabilities.js';
import { rasterQr, rasterTicket } from './raster.js';
import { rasterCommands } from './raster-commands.js';
import type { TicketContent } from './types.js';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** CP858's printable characters; the encoder silently makes `?` of all others. */
const printable = new Set(
  CodepageEncoder.getCodepoints('cp858', true)
    .filter((point) => point >= 0x20)
    .map((point) => String.fromCodePoint(point)),
);

/** What stands on a ticket is typeset with what every till has. */
const typography: readonly (readonly [RegExp, string])[] = [
  [/[–—]/g, '-'],
  [/[‘’]/g, "'"],
  [/[“”]/g, '"'],
  [/…/g, '...'],
  [/\u00a0/g, ' '],
];

/** `ESC a`, at the start of a line. */
const centred = Uint8Array.of(0x1b, 0x61, 0x01);
const atTheLeft = Uint8Array.of(0x1b, 0x61, 0x00);

/** `undefined` where the code page ends. */
function inCodePage(text: string): string | undefined {
  const plain = typography.reduce((result, [from, to]) => result.replace(from, to), text);
  return Array.from(plain).every((character) => printable.has(character)) ? plain : undefined;
}

/** The bytes of one ticket, from the first to the cut; without the question for its process id. */
export function layOut(content: TicketContent, model: Capabilities): Uint8Array {
  const plain = content.direction === 'rtl' ? undefined : asPlain(content);
  const body =
    plain === undefined
      ? concat(centred, rasterCommands(rasterTicket(content, model.dots)), atTheLeft)
      : typeset(plain, model);
  // ESC @ first: whatever an earlier job had set is undone. GS V and GS v 0 work at the start of a line only.
  return concat(Uint8Array.of(0x1b, 0x40), body, Uint8Array.of(0x0a, 0x1d, 0x56, 0x42, 0x18));
}

/** The same content in the code page's letters, or `undefined`. */
function asPlain(content: TicketContent): TicketContent | undefined {
  const { place, title, number, lines, notes, qrNote, copyMark } = content;
  const all = [place, title, number, ...lines, ...notes, qrNote ?? '', copyMark ?? ''].map(inCodePage);
  if (all.includes(undefined)) return undefined;
  const plain = (text: string): string => inCodePage(text) ?? '';
  return {
    ...content,
    place: plain(place),
    title: plain(title),
    number: plain(number),
    lines: lines.map(plain),
    notes: notes.map(plain),
    ...(qrNote === undefined ? {} : { qrNote: plain(qrNote) }),
    ...(copyMark === undefined ? {} : { copyMark: plain(copyMark) }),
  };
}

function typeset(content: TicketContent, model: Capabilities): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x1b, 0x74, model.cp858), centred];
  const line = (text: string, scale = 1, bold = false): void => {
    const columns = Math.floor(model.columns / scale);
    for (const row of wrapWords(text, columns)) {
      parts.push(Uint8Array.of(0x1d, 0x21, ((scale - 1) << 4) | (scale - 1), 0x1b, 0x45, bold ? 1 : 0));
      parts.push(CodepageEncoder.encode(row, 'cp858'), Uint8Array.of(0x0a));
    }
  };
  const space = (): unknown => parts.push(Uint8Array.of(0x1d, 0x21, 0x00, 0x0a));
  if (content.copyMark !== undefined) line(content.copyMark, 3, true);
  line(content.place, 1, true);
  space();
  line(content.title, 2);
  // Its cell is as tall as its letters and as much again below them: no space is needed.
  line(content.number, numberScale(content.number, model.columns), true);
  for (const text of content.lines) line(text);
  if (content.qr !== undefined) {
    space();
    parts.push(model.qrCode ? qrCode(content.qr) : rasterCommands(rasterQr(content.qr)));
    if (content.qrNote !== undefined) line(content.qrNote);
  }
  if (content.notes.length > 0) space();
  for (const text of content.notes) line(text);
  parts.push(Uint8Array.of(0x1d, 0x21, 0x00, 0x1b, 0x45, 0x00), atTheLeft);
  return concat(...parts);
}

/** As large as the paper is wide, and as a printer can. */
function numberScale(number: string, columns: number): number {
  return Math.max(1, Math.min(8, Math.floor(columns / Math.max(1, number.length))));
}

/** `GS ( k`: model 2, 6 dots a module, error correction M, then the text, then print. */
function qrCode(text: string): Uint8Array {
  const bytes = ascii(text);
  const length = bytes.length + 3;
  return concat(
    Uint8Array.of(0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0),
    Uint8Array.of(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, 6),
    Uint8Array.of(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31),
    Uint8Array.of(0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30),
    bytes,
    Uint8Array.of(0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30, 0x0a),
  );
}

/** Between words; within one that is longer than a row. */
function wrapWords(text: string, columns: number): string[] {
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ')) {
    const longer = row === '' ? word : `${row} ${word}`;
    if (row !== '' && longer.length > columns) {
      rows.push(row);
      row = word;
    } else {
      row = longer;
    }
    for (; row.length > columns; row = row.slice(columns)) rows.push(row.slice(0, columns));
  }
  return [...rows, row];
}
