import { concat } from '../shared/bytes.js';
import type { Bitmap } from './raster.js';

/** `GS v 0`, each band as wide as what is on it: a slow line carries no margins. Centred, as the printer is told before. */
export function rasterCommands(bitmap: Bitmap): Uint8Array {
  const commands: Uint8Array[] = [];
  for (const { top, rows, margin } of bands(bitmap)) {
    const width = bitmap.rowBytes - 2 * margin;
    const bits = new Uint8Array(width * rows);
    for (let y = 0; y < rows; y++) {
      const from = (top + y) * bitmap.rowBytes + margin;
      bits.set(bitmap.bits.subarray(from, from + width), y * width);
    }
    commands.push(
      Uint8Array.of(0x1d, 0x76, 0x30, 0, width & 0xff, width >> 8, rows & 0xff, rows >> 8),
      withoutRealTime(bits),
    );
  }
  return concat(...commands);
}

interface Band {
  readonly top: number;
  readonly rows: number;
  readonly isBlank: boolean;
  /** Bytes without a dot on either side. */
  readonly margin: number;
}

/** Fits the buffer of any printer. */
const bandHeight = 128;

/** Rows with dots and rows without, apart. */
function bands({ height, rowBytes, bits }: Bitmap): Band[] {
  const widest = Math.floor((rowBytes - 1) / 2);
  const found: Band[] = [];
  for (let y = 0; y < height; y++) {
    const row = bits.subarray(y * rowBytes, (y + 1) * rowBytes);
    const first = row.findIndex((byte) => byte !== 0);
    const isBlank = first < 0;
    const last = row.findLastIndex((byte) => byte !== 0);
    const margin = isBlank ? widest : Math.min(widest, first, rowBytes - 1 - last);
    const before = found.at(-1);
    if (before !== undefined && before.rows < bandHeight && before.isBlank === isBlank) {
      found.splice(-1, 1, { ...before, rows: before.rows + 1, margin: Math.min(before.margin, margin) });
    } else {
      found.push({ top: y, rows: 1, isBlank, margin });
    }
  }
  return found;
}

/** A printer obeys `DLE EOT`, `DLE ENQ` and `DLE DC4` also in the middle of a picture: one dot more, and it is none. */
function withoutRealTime(bits: Uint8Array): Uint8Array {
  return bits.map((byte, at) =>
    byte === 0x10 && [0x04, 0x05, 0x14].includes(bits[at + 1] ?? 0) ? 0x18 : byte,
  );
}
