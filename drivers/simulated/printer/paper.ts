import CodepageEncoder from '@point-of-sale/codepage-encoder';

/** What stands on paper, from top to bottom. */
export type PaperRow =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align: 'left' | 'center' | 'right';
      readonly width: number;
      readonly height: number;
      readonly bold: boolean;
    }
  | { readonly kind: 'qr'; readonly text: string }
  | { readonly kind: 'raster'; readonly rowBytes: number; readonly rows: number; readonly bits: Uint8Array };

/** One piece of paper; `cut`: off the roll. */
export interface Piece {
  readonly rows: readonly PaperRow[];
  readonly cut: boolean;
}

const points = CodepageEncoder.getCodepoints('cp858', true);

export function textOf(bytes: readonly number[]): string {
  return bytes.map((byte) => String.fromCodePoint(points[byte] ?? 0x3f)).join('');
}

/** A piece of paper in words, for people and tests: large text and pictures are marked as what they are. */
export function describe({ rows, cut }: Piece, columns: number): string {
  const lines = rows.map((row) => {
    switch (row.kind) {
      case 'text': {
        const room = Math.max(0, Math.floor((columns - row.text.length * row.width) / 2));
        return row.align === 'center' ? ' '.repeat(Math.floor(room)) + row.text : row.text;
      }
      case 'qr':
        return `[QR ${row.text}]`;
      case 'raster':
        return `[picture ${row.rowBytes * 8} × ${row.rows}]`;
    }
  });
  return [...lines, cut ? '-'.repeat(columns) : ''].join('\n').replace(/\n{3,}/g, '\n\n');
}
