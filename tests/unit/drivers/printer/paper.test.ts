import { expect, it } from 'vitest';
import { describe as wordsOf, type PaperRow } from '../../../../drivers/simulated/printer/paper.js';

const row = (text: string, width: number): PaperRow => ({
  kind: 'text',
  text,
  align: 'center',
  width,
  height: width,
  bold: false,
});

it('stands centred on the demo bench, whatever its size on paper is', () => {
  const words = wordsOf({ rows: [row('Borgerservice', 1), row('A001', 8)], cut: true }, 41).split('\n');
  const middles = words.slice(0, 2).map((line) => line.search(/\S/) + line.trim().length / 2);
  expect(middles).toEqual([20.5, 20]);
});
