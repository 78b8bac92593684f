import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Program {
  readonly path: string;
  remove(): void;
}

/** A program of the tests, bundled as the product is, with the storage worker beside it. */
export async function buildProgram(source: string): Promise<Program> {
  // Inside the project, so that native addons are found from there.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'forhal-program-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['libsql'] },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: true,
      target: 'node16',
      minify: false,
      rolldownOptions: {
        input: {
          program: source,
          'storage-worker': join(root, 'main/storage/sqlite-worker.ts'),
        },
        external: ['libsql'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shared/[name]-[hash].cjs' },
      },
    },
  });
  return {
    path: join(folder, 'program.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
