import { pageOrigin } from '../api/ipc.js';
import { readPageFiles } from '../api/page-files.js';
import { pageHeaders } from '../api/page-headers.js';

/** Answers requests to the page's own scheme from the files of `folder` that were there at the start, and no others. */
export function pageFiles(folder: string): (request: Request) => Response {
  const files = readPageFiles(folder);
  const empty = (status: number): Response => new Response(null, { status, headers: { ...pageHeaders } });

  return ({ method, url }) => {
    if (method !== 'GET') return empty(405);
    if (!url.startsWith(`${pageOrigin}/`)) return empty(404);
    const { pathname } = new URL(url);
    const file = files.get(pathname === '/' ? '/index.html' : pathname);
    if (file === undefined) return empty(404);
    return new Response(new Uint8Array(file.body), {
      headers: { ...file.headers, 'cache-control': 'no-store' },
    });
  };
}
