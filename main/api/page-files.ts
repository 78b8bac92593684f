import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pageHeaders } from './page-headers.js';

/** Every type of file that a build of the page may hold; others are not served. */
const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
  ['.woff2', 'font/woff2'],
  ['.woff', 'font/woff'],
  ['.mp3', 'audio/mpeg'],
]);

export interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * The built page's files in memory, by their path within it ("/assets/a.js"): about a megabyte, so that nothing that
 * happens to the folder later, and nothing that a request asks for, can fail while it is answered.
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  return new Map(list(folder, '/'));
}

function list(folder: string, prefix: string): [path: string, file: PageFile][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): [string, PageFile][] => {
    const file = join(folder, entry.name);
    if (entry.isDirectory()) return list(file, `${prefix}${entry.name}/`);
    const type = contentTypes.get(extname(entry.name));
    if (type === undefined) return [];
    const path = `${prefix}${entry.name}`;
    return [[path, { headers: headersOf(path, type), body: readFileSync(file) }]];
  });
}

function headersOf(path: string, type: string): Record<string, string> {
  return {
    ...pageHeaders,
    'content-type': type,
    // The files beside the page carry their content's hash in their names.
    'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
  };
}
