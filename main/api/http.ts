import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { isIPv6 } from 'node:net';
import { Allowance } from '../allowance.js';
import { AddressAllowances } from './address-allowances.js';
import { addressOf, networkOf } from './addresses.js';
import type { PhoneTicket } from './contract.js';
import { readPageFiles } from './page-files.js';
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
  /** Where a request came from, as far as limits go: an IPv4 address, or the network of an IPv6 one. */
  placeOf(request: IncomingMessage): string;
}

export interface NamesOptions {
  readonly scheme: ServerNames['scheme'];
  /** Host names besides the address itself. */
  readonly names?: readonly string[] | undefined;
  readonly publicAddress?: string | undefined;
  /** Addresses of proxies whose word on where a request came from is taken. */
  readonly proxies?: readonly string[] | undefined;
}

export function serverNames({ scheme, names = [], publicAddress, proxies = [] }: NamesOptions): ServerNames {
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
    placeOf: (request) => networkOf(addressOf(request, proxies)),
  };
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
/** Of one address: a board asks for each call in two languages, and asks anew when it was loaded anew. */
const spokenAMinute = 60;
const minuteMs = 60_000;

/** Whatever stands for the token: the answer is the same for every text that no ticket has. */
const ticketPath = /^\/t\/[^/]+$/;
const ticketStatePath = /^\/t\/([^/]*)\/state$/;
const tokenShape = /^[\w-]{16,64}$/;
/** Of the same shape, and no ticket's. */
const nobodysToken = '-'.repeat(22);
/** What is reached behind the public address. */
const publicPath = /^\/(t\/[^/]+|(t\/)?assets\/.+|icon\.svg)$/;
const speechPath = /^\/speech\//;
const spokenCall = /^\/speech\/([a-z]{2})\/([A-ZÆØÅ]{0,3}\d{3,5})\/([a-z0-9-]{1,32})\.wav$/;

/** Serves the built renderer, tickets' pages and spoken calls, to whoever names this server as its host. */
export function createPageServer({ folder, names, tls, lobby, now }: PageServerOptions): Server {
  const files = readPageFiles(folder);
  const asks = new Allowance(asksAMinute, minuteMs, now);
  const misses = new AddressAllowances(missesAMinute, minuteMs, now);
  const spoken = new AddressAllowances(spokenAMinute, minuteMs, now);

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

  async function answerTicket(
    request: IncomingMessage,
    response: ServerResponse,
    token: string,
  ): Promise<void> {
    if (!asks.take()) {
      answer(response, 429);
      return;
    }
    // One that cannot be a token is looked for as well, so that not even the time tells it from another.
    const ticket = await lobby?.followed(tokenShape.test(token) ? token : nobodysToken);
    if (ticket !== undefined) {
      answer(response, 200, { type: 'application/json', body: JSON.stringify(ticket) });
      return;
    }
    answer(response, misses.take(names.placeOf(request)) ? 404 : 429);
  }

  async function answerSpeech(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    if (!spoken.take(names.placeOf(request))) {
      answer(response, 429);
      return;
    }
    const [, language, label, counter] = spokenCall.exec(path) ?? [];
    const sound =
      language === undefined || label === undefined || counter === undefined
        ? undefined
        : await lobby?.spoken(language, label, counter);
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
    if (isOwn && speechPath.test(path)) {
      answerSpeech(request, response, path).catch(failed);
      return;
    }
    const file = isOwn || publicPath.test(path) ? files.get(fileOf(path)) : undefined;
    if (file === undefined) {
      answer(response, 404);
      return;
    }
    response.writeHead(200, { ...file.headers, 'content-length': file.body.length });
    response.end(file.body);
  };
  const limits = { maxHeaderSize: 8 * 1024, requestTimeout: 10_000 };
  return tls === undefined
    ? createServer(limits, listener)
    : createTlsServer({ ...limits, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }, listener);
}

/** What a path asks for: pages go by their names without an ending, and a ticket's page names its files beside itself. */
function fileOf(path: string): string {
  if (path === '/') return '/index.html';
  if (ticketPath.test(path)) return '/ticket.html';
  if (path.startsWith('/t/assets/')) return path.slice('/t'.length);
  return path.includes('.') ? path : `${path}.html`;
}

/** Without its query; letters beyond ASCII come encoded. */
function pathOf(url: string | undefined): string {
  const path = (url ?? '').split('?')[0] ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
