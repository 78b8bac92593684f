import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pageOrigin } from '../api/ipc.js';
import { pageHeaders } from '../api/page-headers.js';

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

/** Answers requests to the page's own scheme from the files of `folder` that were there at the start, and no others. */
export function pageFiles(folder: string): (request: Request) => Promise<Response> {
  const files = new Map(list(folder, '/'));
  const empty = (status: number): Response => new Response(null, { status, headers: { ...pageHeaders } });

  return async ({ method, url }) => {
    if (method !== 'GET') return empty(405);
    if (!url.startsWith(`${pageOrigin}/`)) return empty(404);
    const { pathname } = new URL(url);
    const path = pathname === '/' ? '/index.html' : pathname;
    const file = files.get(path);
    const type = contentTypes.get(extname(path));
    if (file === undefined || type === undefined) return empty(404);
    return new Response(new Uint8Array(await readFile(file)), {
      headers: { ...pageHeaders, 'content-type': type, 'cache-control': 'no-store' },
    });
  };
}

function list(folder: string, prefix: string): [path: string, file: string][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const file = join(folder, entry.name);
    return entry.isDirectory() ? list(file, `${prefix}${entry.name}/`) : [[`${prefix}${entry.name}`, file]];
  });
}
