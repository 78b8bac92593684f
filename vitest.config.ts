import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

const files = (...names: readonly string[]): string[] =>
  names.map((name) => `tests/integration/${name}*.test.ts`);
const lobby = files('queue', 'lobby', 'database', 'power-cut', 'slow-disk');
const desk = files('access', 'print-guarantee');

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [svelte()],
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 20_000 },
      },
      // Families that do not get in each other's way: card service and printers, database and lobby, desks and papers.
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: [...lobby, ...desk],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'lobby',
          include: [...lobby],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'desk',
          include: [...desk],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
