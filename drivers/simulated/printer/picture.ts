import { createCanvas } from '@napi-rs/canvas';
import { encode } from 'uqr';
import type { Align, Piece } from './paper.js';

// Font A: cells of 12 × 24 dots, on lines of 30 (1/6 inch and a little) or as tall as what stands on them.
const cellWidth = 12;
const cellHeight = 24;
const lineHeight = 30;
const baseline = 19;
/** The type at hand is this much lower than font A, whose capitals are 18 dots tall. */
const fontSize = 20;
const stretch = 1.2;
const qrModule = 6;

/** A piece of paper as a PNG, to look at and for readers of QR codes. */
export function pictureOf({ rows }: Piece, dots: number): Buffer {
  const heights = rows.map((row) => {
    switch (row.kind) {
      case 'text':
        return Math.max(lineHeight, cellHeight * row.height);
      case 'qr':
        return encode(row.text, { ecc: 'M', border: 4 }).data.length * qrModule;
      case 'raster':
        return row.rows;
    }
  });
  const canvas = createCanvas(
    dots,
    heights.reduce((sum, height) => sum + height, 40),
  );
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = '#000';
  context.textBaseline = 'alphabetic';
  const leftOf = (align: Align, width: number): number =>
    align === 'left' ? 0 : align === 'right' ? dots - width : Math.floor((dots - width) / 2);
  let y = 20;
  for (const [index, row] of rows.entries()) {
    switch (row.kind) {
      case 'text': {
        const width = row.text.length * cellWidth * row.width;
        context.save();
        context.translate(leftOf(row.align, width), y + baseline * row.height);
        context.scale(row.width, row.height * stretch);
        context.font = `${row.bold ? 'bold ' : ''}${fontSize}px monospace`;
        context.fillText(row.text, 0, 0);
        context.restore();
        break;
      }
      case 'qr': {
        const { data } = encode(row.text, { ecc: 'M', border: 4 });
        const left = leftOf(row.align, data.length * qrModule);
        for (const [r, cells] of data.entries()) {
          for (const [c, dark] of cells.entries()) {
            if (dark) context.fillRect(left + c * qrModule, y + r * qrModule, qrModule, qrModule);
          }
        }
        break;
      }
      case 'raster': {
        const left = leftOf(row.align, row.rowBytes * 8);
        for (let r = 0; r < row.rows; r++) {
          for (let c = 0; c < row.rowBytes * 8; c++) {
            const byte = row.bits[r * row.rowBytes + (c >> 3)] ?? 0;
            if ((byte & (0x80 >> (c & 7))) !== 0) context.fillRect(left + c, y + r, 1, 1);
          }
        }
      }
    }
    y += heights[index] ?? 0;
  }
  return canvas.toBuffer('image/png');
}
