import { join } from 'node:path';
import { build } from 'vite';

const native = ['nfc-pcsc', '@pokusew/pcsclite', 'node-hid', 'serialport', '@napi-rs/canvas'];

/** The guest's tests with the drivers as they are now in one file; addons are found from the folder it lies in. */
export async function buildGuestProgram(root: string, folder: string): Promise<string> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: native },
    build: {
      ssr: true,
      outDir: folder,
      target: 'node20',
      minify: false,
      rolldownOptions: {
        input: { guest: join(root, 'tests/lab/guest/index.ts') },
        external: native,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
      },
    },
  });
  return join(folder, 'guest.cjs');
}
