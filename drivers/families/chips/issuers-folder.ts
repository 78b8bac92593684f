import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Issuers, loadIssuers } from '../../emrtd/index.js';

/** The trusted issuers of a folder, one certificate a file; `undefined` when it cannot be read or has none. */
export async function readIssuers(folder: string): Promise<Issuers | undefined> {
  try {
    const names = (await readdir(folder)).filter((name) => /\.(der|cer|crt|pem)$/i.test(name)).sort();
    if (names.length === 0) return undefined;
    return loadIssuers(await Promise.all(names.map((name) => readFile(join(folder, name)))));
  } catch {
    return undefined;
  }
}
