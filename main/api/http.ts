import { createServer, type IncomingMessage, type Server } from 'node:http';
import sirv from 'sirv';
import { pageHeaders } from './page-headers.js';

/** Everything listens here: the kiosk's own page is the only guest. */
export const loopback = '127.0.0.1';

/** Whether the request names this server exactly, so that no other name that resolves to it (DNS rebinding) gets in. */
export function hasOwnHost(request: IncomingMessage, server: Server): boolean {
  const authority = ownAuthority(server);
  return authority !== undefined && request.headers.host === authority;
}

/** `127.0.0.1:PORT`, or `undefined` while the server does not listen. */
export function ownAuthority(server: Server): string | undefined {
  const address = server.address();
  return address === null || typeof address === 'string' ? undefined : `${loopback}:${address.port}`;
}

/** Serves the built renderer out of `folder`, to whoever names this server as its host. */
export function createPageServer(folder: string): Server {
  const files = sirv(folder, {
    etag: true,
    setHeaders: (response, path) => {
      for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
      // The files beside the page carry their content's hash in their names.
      response.setHeader(
        'cache-control',
        path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
      );
    },
  });
  const server = createServer({ maxHeaderSize: 8 * 1024, requestTimeout: 10_000 }, (request, response) => {
    const refuseWith = (status: number): void => {
      response.writeHead(status, { ...pageHeaders, 'cache-control': 'no-store' }).end();
    };
    if (!hasOwnHost(request, server)) refuseWith(421);
    else if (request.method !== 'GET' && request.method !== 'HEAD') refuseWith(405);
    else files(request, response, () => refuseWith(404));
  });
  return server;
}
