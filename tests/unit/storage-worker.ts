import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The thread that owns a SQLite file, built from the source as it is now; `remove` deletes it. */
export async function buildStorageWorker(): Promise<{ readonly path: string; remove(): void }> {
  // Inside the project, so that the native binding is found from there.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'forhal-storage-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: folder,
      target: 'node16',
      minify: false,
      rolldownOptions: {
        input: { 'storage-worker': join(root, 'main/storage/sqlite-worker.ts') },
        external: ['libsql'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  });
  return {
    path: join(folder, 'storage-worker.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
