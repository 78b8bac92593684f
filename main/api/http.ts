import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import sirv from 'sirv';
import { Allowance } from '../allowance.js';
import type { PhoneTicket } from './contract.js';
import { pageHeaders } from './page-headers.js';

/** The kiosk's own page is served here. */
export const loopback = '127.0.0.1';

/** By which names a server is asked for. */
export interface ServerNames {
  readonly scheme: 'http' | 'https';
  /** Whether the request names this server by its own address or by one of its names, so that no other name that resolves to it (DNS rebinding) gets in. */
  isOwn(request: IncomingMessage): boolean;
  /** Whether it names the public address, behind which tickets are followed and nothing else is reached. */
  isPublic(request: IncomingMessage): boolean;
}

export interface NamesOptions {
  readonly scheme: ServerNames['scheme'];
  /** Host names besides the address itself. */
  readonly names?: readonly string[] | undefined;
  readonly publicAddress?: string | undefined;
}

export function serverNames({ scheme, names = [], publicAddress }: NamesOptions): ServerNames {
  const publicHost = publicAddress === undefined ? undefined : new URL(publicAddress).host;
  return {
    scheme,
    isOwn: ({ headers, socket: { localAddress, localPort } }) => {
      const { host } = headers;
      if (host === undefined || localAddress === undefined || localPort === undefined) return false;
      const plain = localAddress.replace(/^::ffff:/, '');
      const own = isIPv6(plain) ? `[${plain}]` : plain;
      const standard = scheme === 'https' ? 443 : 80;
      return [own, ...names].some(
        (name) => host === `${name}:${localPort}` || (localPort === standard && host === name),
      );
    },
    isPublic: ({ headers }) => publicHost !== undefined && headers.host === publicHost,
  };
}

/** Where a request came from. */
export function addressOf({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}

/** `127.0.0.1:PORT`, or `undefined` while the server does not listen. */
export function ownAuthority(server: Server): string | undefined {
  const address = server.address();
  return address === null || typeof address === 'string' ? undefined : `${loopback}:${address.port}`;
}

/** What the lobby sees of the queue without logging in. */
export interface LobbyPages {
  /** By the token of its page; `undefined` for one that is over, and for every other text. */
  followed(token: string): Promise<PhoneTicket | undefined>;
  /** A call of the last minutes, spoken, as WAV. */
  spoken(language: string, label: string, counter: string): Promise<Buffer | undefined>;
}

export interface PageServerOptions {
  /** The built renderer. */
  readonly folder: string;
  readonly names: ServerNames;
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined;
  readonly lobby?: LobbyPages | undefined;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** Phones ask every five seconds, and may all come through one proxy. */
const asksAMinute = 2400;
/** Of one address, tokens that no ticket has: whoever asks for more is guessing. */
const missesAMinute = 30;
const minuteMs = 60_000;
const addressesKept = 1000;

const ticketPath = /^\/t\/([\w-]{16,64})$/;
const ticketStatePath = /^\/t\/([\w-]{1,64})\/state$/;
const speechPath = /^\/speech\/([a-z]{2})\/([A-ZÆØÅ]{0,3}\d{3,5})\/([a-z0-9-]{1,32})\.wav$/;

/** Serves the built renderer, tickets' pages and spoken calls, to whoever names this server as its host. */
export function createPageServer({ folder, names, tls, lobby, now }: PageServerOptions): Server {
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
  const asks = new Allowance(asksAMinute, minuteMs, now);
  const misses = new Map<string, Allowance>();

  const answer = (
    response: ServerResponse,
    status: number,
    content?: { readonly type: string; readonly body: string | Buffer },
  ): void => {
    response.writeHead(status, {
      ...pageHeaders,
      'cache-control': 'no-store',
      ...(content === undefined ? {} : { 'content-type': content.type }),
    });
    response.end(content?.body);
  };

  function mayMiss(address: string): boolean {
    let allowance = misses.get(address);
    if (allowance === undefined) {
      // The oldest is forgotten: guessing 128 bits from a thousand addresses is as hopeless as from one.
      for (const oldest of misses.size >= addressesKept ? [...misses.keys()].slice(0, 1) : [])
        misses.delete(oldest);
      allowance = new Allowance(missesAMinute, minuteMs, now);
      misses.set(address, allowance);
    }
    return allowance.take();
  }

  async function answerTicket(
    request: IncomingMessage,
    response: ServerResponse,
    token: string,
  ): Promise<void> {
    if (!asks.take()) {
      answer(response, 429);
      return;
    }
    const ticket = await lobby?.followed(token);
    if (ticket !== undefined) {
      answer(response, 200, { type: 'application/json', body: JSON.stringify(ticket) });
      return;
    }
    answer(response, mayMiss(addressOf(request)) ? 404 : 429);
  }

  async function answerSpeech(
    response: ServerResponse,
    [language, label, counter]: readonly [string, string, string],
  ): Promise<void> {
    const sound = await lobby?.spoken(language, label, counter);
    if (sound === undefined) answer(response, 404);
    else answer(response, 200, { type: 'audio/wav', body: sound });
  }

  const listener: RequestListener = (request, response) => {
    const isOwn = names.isOwn(request);
    if (!isOwn && !names.isPublic(request)) {
      answer(response, 421);
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(response, 405);
      return;
    }
    const path = pathOf(request.url);
    const failed = (): void => answer(response, 500);
    const state = ticketStatePath.exec(path)?.[1];
    if (state !== undefined) {
      answerTicket(request, response, state).catch(failed);
      return;
    }
    if (ticketPath.test(path)) request.url = '/ticket.html';
    // The ticket's page names its files beside itself.
    else if (path.startsWith('/t/assets/')) request.url = path.slice('/t'.length);
    else if (!isOwn && !path.startsWith('/assets/') && path !== '/icon.svg') {
      answer(response, 404);
      return;
    }
    const [, language, label, counter] = speechPath.exec(path) ?? [];
    if (language !== undefined && label !== undefined && counter !== undefined) {
      answerSpeech(response, [language, label, counter]).catch(failed);
      return;
    }
    files(request, response, () => answer(response, 404));
  };
  const limits = { maxHeaderSize: 8 * 1024, requestTimeout: 10_000 };
  return tls === undefined
    ? createServer(limits, listener)
    : createTlsServer({ ...limits, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, listener);
}

/** Without its query; letters beyond ASCII come encoded. */
function pathOf(url: string | undefined): string {
  const path = (url ?? '').split('?')[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
