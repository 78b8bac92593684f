import { createCanvas } from '@napi-rs/canvas';
import { encode } from 'uqr';
import type { Piece } from './paper.js';

const cellWidth = 12;
const cellHeight = 24;
const qrModule = 6;

/** A piece of paper as a PNG, to look at and for readers of QR codes. */
export function pictureOf({ rows }: Piece, dots: number): Buffer {
  const heights = rows.map((row) => {
    switch (row.kind) {
      case 'text':
        return (cellHeight + 6) * row.height;
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
  context.textBaseline = 'top';
  let y = 20;
  for (const [index, row] of rows.entries()) {
    switch (row.kind) {
      case 'text': {
        const width = row.text.length * cellWidth * row.width;
        const x = row.align === 'center' ? (dots - width) / 2 : row.align === 'right' ? dots - width : 0;
        context.save();
        context.translate(x, y);
        context.scale(row.width, row.height);
        context.font = `${row.bold ? 'bold ' : ''}20px monospace`;
        context.fillText(row.text, 0, 0);
        context.restore();
        break;
      }
      case 'qr': {
        const { data } = encode(row.text, { ecc: 'M', border: 4 });
        const left = Math.floor((dots - data.length * qrModule) / 2);
        for (const [r, cells] of data.entries()) {
          for (const [c, dark] of cells.entries()) {
            if (dark) context.fillRect(left + c * qrModule, y + r * qrModule, qrModule, qrModule);
          }
        }
        break;
      }
      case 'raster':
        for (let r = 0; r < row.rows; r++) {
          for (let c = 0; c < row.rowBytes * 8; c++) {
            const byte = row.bits[r * row.rowBytes + (c >> 3)] ?? 0;
            if ((byte & (0x80 >> (c & 7))) !== 0) context.fillRect(c, y + r, 1, 1);
          }
        }
    }
    y += heights[index] ?? 0;
  }
  return canvas.toBuffer('image/png');
}
