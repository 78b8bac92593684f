import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// Everything but native addons is bundled: one file a process, in CommonJS, because a sandboxed preload and
// older Electrons load nothing else.
const native = [
  'nfc-pcsc',
  '@pokusew/pcsclite',
  'node-hid',
  'serialport',
  '@napi-rs/canvas',
  'libsql',
  'electron',
];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      externalizeDeps: false,
      target: 'node16',
      minify: false,
      rolldownOptions: {
        input: {
          index: at('main/index.ts'),
          serve: at('main/serve.ts'),
          'chip-check': at('main/chip-check/cli.ts'),
          host: at('drivers/host.ts'),
          'storage-worker': at('main/storage/sqlite-worker.ts'),
        },
        external: native,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shared/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: at('main/shell/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [svelte()],
    build: {
      outDir: at('out/renderer'),
      assetsInlineLimit: 0,
      target: 'chrome108',
      rolldownOptions: {
        input: {
          index: at('renderer/index.html'),
          staff: at('renderer/staff.html'),
          board: at('renderer/board.html'),
          ticket: at('renderer/ticket.html'),
        },
      },
    },
  },
});
