import CodepageEncoder from '@point-of-sale/codepage-encoder';

export type Align = 'left' | 'center' | 'right';

/** What stands on paper, from top to bottom. */
export type PaperRow =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly align: Align;
      readonly width: number;
      readonly height: number;
      readonly bold: boolean;
    }
  | { readonly kind: 'qr'; readonly text: string; readonly align: Align }
  | {
      readonly kind: 'raster';
      readonly rowBytes: number;
      readonly rows: number;
      readonly bits: Uint8Array;
      readonly align: Align;
    };

/** One piece of paper; `cut`: off the roll. */
export interface Piece {
  readonly rows: readonly PaperRow[];
  readonly cut: boolean;
}

const points = CodepageEncoder.getCodepoints('cp858', true);

export function textOf(bytes: readonly number[]): string {
  return bytes.map((byte) => String.fromCodePoint(points[byte] ?? 0x3f)).join('');
}

/** A piece of paper in words, for people and tests: pictures are marked as what they are, and large text stands centred in its small letters. */
export function describe({ rows, cut }: Piece, columns: number): string {
  const lines: string[] = [];
  let picture: { width: number; height: number } | undefined;
  const endPicture = (): void => {
    if (picture !== undefined) lines.push(`[picture ${picture.width} × ${picture.height}]`);
    picture = undefined;
  };
  for (const row of rows) {
    if (row.kind === 'raster') {
      picture = {
        width: Math.max(picture?.width ?? 0, row.rowBytes * 8),
        height: (picture?.height ?? 0) + row.rows,
      };
      continue;
    }
    endPicture();
    if (row.kind === 'qr') lines.push(`[QR ${row.text}]`);
    else {
      const room = Math.max(0, Math.floor((columns - row.text.length) / 2));
      lines.push(row.align === 'center' ? ' '.repeat(room) + row.text : row.text);
    }
  }
  endPicture();
  return [...lines, cut ? '-'.repeat(columns) : ''].join('\n').replace(/\n{3,}/g, '\n\n');
}
