import { describe, expect, it } from 'vitest';
import { type Capabilities, capabilities } from '../../../../drivers/printer/capabilities.js';
import { layOut } from '../../../../drivers/printer/layout.js';
import type { TicketContent } from '../../../../drivers/printer/types.js';
import type { PaperRow } from '../../../../drivers/simulated/printer/paper.js';
import { SimulatedPrinter } from '../../../../drivers/simulated/printer/simulated-printer.js';
import { ManualClock } from '../../manual-clock.js';

const content: TicketContent = {
  language: 'da',
  direction: 'ltr',
  place: 'Borgerservice, Åbyhøj',
  title: 'Dit nummer er',
  number: 'A042',
  lines: ['Pas og kørekort', 'Ca. ventetid: 10–20 min.'],
  qr: 'https://koe.example.dk/t/Zm9yaGFs',
  qrNote: 'Følg dit nummer på din telefon, også når du går en tur',
  notes: ['Hold øje med skærmen. Du bliver kaldt op.'],
};
const arabic: TicketContent = {
  ...content,
  language: 'ar',
  direction: 'rtl',
  title: 'رقمك هو',
  lines: ['جواز السفر ورخصة القيادة'],
};

// Paper of 80, 58 and 48 mm: what is printed on is narrower.
const widths: readonly (readonly [string, Capabilities])[] = [
  ['80 mm', capabilities.generic],
  ['58 mm', { ...capabilities.generic, dots: 384, columns: 32 }],
  ['48 mm', { ...capabilities.generic, dots: 288, columns: 24 }],
];

function rowsOf(ticket: TicketContent, model: Capabilities): readonly PaperRow[] {
  const printer = new SimulatedPrinter({ traits: model, clock: new ManualClock() });
  printer.receive(layOut(ticket, model));
  expect(printer.pieces).toHaveLength(1);
  const [piece] = printer.pieces;
  expect(piece?.cut).toBe(true);
  return piece?.rows ?? [];
}

const texts = (rows: readonly PaperRow[]) => rows.filter((row) => row.kind === 'text');
const pictures = (rows: readonly PaperRow[]) => rows.filter((row) => row.kind === 'raster');

describe.each(widths)('a ticket on paper of %s', (_name, model) => {
  it('has each word of it, in order, nothing wider than the paper', () => {
    const rows = rowsOf(content, model);
    for (const { text, width } of texts(rows)) expect(text.length * width).toBeLessThanOrEqual(model.columns);
    const words = texts(rows)
      .map(({ text }) => text)
      .join(' ')
      .split(/\s+/)
      .filter((word) => word !== '');
    const { place, title, number, lines, qrNote, notes } = content;
    expect(words).toEqual(
      [place, title, number, ...lines, qrNote, ...notes].join(' ').replace('–', '-').split(' '),
    );
  });

  it('has its number largest, as large as fits', () => {
    const rows = texts(rowsOf(content, model));
    const number = rows.find(({ text }) => text === 'A042');
    expect(number).toMatchObject({ width: Math.min(8, model.columns / 4), bold: true, align: 'center' });
    expect(rows.filter(({ height }) => height >= (number?.height ?? 0))).toEqual([number]);
  });

  it('has its lines close below the number', () => {
    const rows = texts(rowsOf(content, model)).map(({ text }) => text);
    expect(rows[rows.indexOf('A042') + 1]).toBe('Pas og kørekort');
  });

  it.each(['A', 'A042', 'PAS-0042', 'ABCDEFGH-1234567'])('has room for the number %s', (number) => {
    const row = texts(rowsOf({ ...content, number }, model)).find(({ text }) => text === number);
    expect(row?.width).toBeGreaterThanOrEqual(1);
    expect(number.length * (row?.width ?? 99)).toBeLessThanOrEqual(model.columns);
  });

  it('breaks a word that is longer than a row, and loses no letter of it', () => {
    const word = 'Sundhedskortbestillingsansøgningsformularudfyldningsvejledning';
    const rows = texts(rowsOf({ ...content, lines: [word] }, model));
    for (const { text, width } of rows) expect(text.length * width).toBeLessThanOrEqual(model.columns);
    expect(rows.map(({ text }) => text).join('')).toContain(word);
  });

  it('is a picture in a script that the code page has not, no wider than the paper', () => {
    const rows = rowsOf(arabic, model);
    expect(texts(rows).filter(({ text }) => text !== '')).toEqual([]);
    expect(pictures(rows).length).toBeGreaterThan(5);
    for (const { rowBytes, align } of pictures(rows)) {
      expect(rowBytes * 8).toBeLessThanOrEqual(model.dots);
      expect(align).toBe('center');
    }
  });

  it('keeps a dot free at either side of a picture, also where a word is too long for its size', () => {
    const rows = rowsOf({ ...arabic, lines: ['وللاستفسارات'.repeat(4)], number: 'PAS-000042' }, model);
    for (const { rowBytes, rows: height, bits } of pictures(rows)) {
      if (rowBytes * 8 < model.dots) continue;
      for (let y = 0; y < height; y++) {
        expect((bits[y * rowBytes] ?? 0) & 0x80).toBe(0);
        expect((bits[(y + 1) * rowBytes - 1] ?? 0) & 0x01).toBe(0);
      }
    }
  });
});

describe('a ticket', () => {
  it('begins with ESC @ and ends with a cut at the start of a line', () => {
    const bytes = layOut(content, capabilities.generic);
    expect([...bytes.subarray(0, 2)]).toEqual([0x1b, 0x40]);
    expect([...bytes.subarray(-5)]).toEqual([0x0a, 0x1d, 0x56, 0x42, 0x18]);
  });

  it('chooses the code page by the number that the model has for it', () => {
    const bytes = layOut(content, { ...capabilities.generic, cp858: 77 });
    expect(Buffer.from(bytes).includes(Buffer.from([0x1b, 0x74, 77]))).toBe(true);
  });

  it('is a picture as soon as one letter is in no code page, whatever its direction', () => {
    const rows = rowsOf({ ...content, lines: ['Łódź'] }, capabilities.generic);
    expect(pictures(rows).length).toBeGreaterThan(0);
    expect(texts(rows).every(({ text }) => text === '')).toBe(true);
  });

  it('leaves the QR code to the printer where it draws one, and draws it where not', () => {
    expect(rowsOf(content, capabilities.generic)).toContainEqual({
      kind: 'qr',
      text: content.qr,
      align: 'center',
    });
    const drawn = rowsOf(content, capabilities['epson-tm-t88iii']);
    expect(drawn.some(({ kind }) => kind === 'qr')).toBe(false);
    expect(pictures(drawn).length).toBeGreaterThan(0);
  });

  it('has no QR code where there is none', () => {
    const { language, direction, place, title, number, lines, notes } = content;
    const plain = { language, direction, place, title, number, lines, notes };
    expect(rowsOf(plain, capabilities.generic).every(({ kind }) => kind === 'text')).toBe(true);
  });

  it('says first, and large, that it is a copy', () => {
    const [first] = rowsOf({ ...content, copyMark: 'KOPI' }, capabilities.generic);
    expect(first).toMatchObject({ kind: 'text', text: 'KOPI', width: 3, bold: true });
  });

  it('as a picture fits a line of 9600 baud within half a minute', () => {
    expect(layOut(arabic, capabilities.generic).length).toBeLessThan(30 * 960);
  });
});
