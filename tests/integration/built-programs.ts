import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const native = ['nfc-pcsc', '@pokusew/pcsclite', 'node-hid', 'serialport', '@napi-rs/canvas', 'libsql'];

export interface BuiltPrograms {
  readonly host: string;
  readonly chipCheck: string;
  /** The kiosk under Node. */
  readonly serve: string;
  remove(): void;
}

/** The driver host, the command line and the kiosk, bundled from the source as it is now, as the product's build does. */
export async function buildPrograms(): Promise<BuiltPrograms> {
  // Inside the project, so that native addons are found from there.
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'forhal-integration-'));
  // The kiosk serves its page from beside its program; these tests talk to it without one.
  mkdirSync(join(folder, 'renderer'));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: native },
    build: {
      ssr: true,
      outDir: join(folder, 'main'),
      target: 'node16',
      minify: false,
      rolldownOptions: {
        input: {
          host: join(root, 'drivers/host.ts'),
          'chip-check': join(root, 'main/chip-check/cli.ts'),
          serve: join(root, 'main/serve.ts'),
          'storage-worker': join(root, 'main/storage/sqlite-worker.ts'),
        },
        external: native,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'shared/[name]-[hash].cjs' },
      },
    },
  });
  return {
    host: join(folder, 'main/host.cjs'),
    chipCheck: join(folder, 'main/chip-check.cjs'),
    serve: join(folder, 'main/serve.cjs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
