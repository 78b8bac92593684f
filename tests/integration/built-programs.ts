import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const native = ['nfc-pcsc', '@pokusew/pcsclite'];

export interface BuiltPrograms {
  readonly host: string;
  readonly chipCheck: string;
  remove(): void;
}

/** The driver host and the command line, bundled from the source as it is now, as the product's build does. */
export async function buildPrograms(): Promise<BuiltPrograms> {
  // Inside the project, so that native addons are found from there.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'forhal-integration-'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: native },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node16',
      minify: false,
      rolldownOptions: {
        input: {
          host: join(root, 'drivers/host.ts'),
          'chip-check': join(root, 'main/chip-check/cli.ts'),
        },
        external: native,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shared/[name]-[hash].cjs' },
      },
    },
  });
  return {
    host: join(folder, 'host.cjs'),
    chipCheck: join(folder, 'chip-check.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
