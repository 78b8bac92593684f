import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Allowance } from '../allowance.js';
import { AddressAllowances } from './address-allowances.js';
import type { ServerNames } from './http.js';
import type { Router } from './router.js';
import { maximumMessageBytes, openSession, type Refusal, type Screens } from './session.js';

/** Why a connection was not accepted or was ended. */
export type WebSocketRefusal =
  'host' | 'origin' | 'path' | 'token' | 'too-many-connections' | 'binary' | 'not-reading' | Refusal;

export interface WebSocketOptions {
  readonly server: Server;
  readonly router: Router;
  readonly screens: Screens;
  /**
   * The page has it from its address's fragment, which a browser never sends by itself, and offers it as its only
   * subprotocol, the one thing besides cookies that a page can send along with the request.
   */
  readonly token: string;
  /** Whether a request names this server by one of its own names, with the scheme that it came by. */
  readonly names: ServerNames;
  /** The same for the kiosk's own window, so that no other browser can pass for it; none where there is no window. */
  readonly windowToken?: string;
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly onRefused: (reason: WebSocketRefusal) => void;
}

/** One kiosk window, one while it is being replaced, and a technician's browser or two. */
const maximumWithToken = 4;
/** Desks and boards of a large lobby, and of one address. */
const maximumGuests = 64;
const maximumGuestsOfAddress = 16;
/** A page that lost its connection tries again every few seconds; more than that is a program. */
const guestsAMinute = 120;
/** So many refusals are told of: whoever knocks as fast as a program can must not fill the log. */
const refusalsToldAMinute = 60;
const minuteMs = 60_000;
/** What a page without a token offers: a desk's browser, or a board. */
const guestProtocol = 'forhal';
/** What waits for a screen that does not read, bytes: a few of the largest states. */
const maximumWaitingBytes = 1024 * 1024;
/** Without an answer to a ping for so long, a connection is gone, ms. */
const pingEveryMs = 30_000;

const closeCode: Readonly<Record<Refusal | 'binary', number>> = {
  malformed: 1007,
  binary: 1003,
  oversized: 1009,
  'too-many': 1008,
};

export interface WebSocketTransport {
  /** Ends every connection and takes no more. */
  close(): Promise<void>;
}

/** The API over WebSockets: own host and origin only, with the token, in small text messages. */
export function serveWebSocket(options: WebSocketOptions): WebSocketTransport {
  const { server, names, router, screens, now } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maximumMessageBytes,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const told = new Allowance(refusalsToldAMinute, minuteMs, now);
  const onRefused = (reason: WebSocketRefusal): void => {
    if (told.take()) options.onRefused(reason);
  };
  const answering = new WeakSet<WebSocket>();
  /** Connections without a token, with the address that each came from. */
  const guests = new Map<WebSocket, string>();
  /** The others: they have the token. */
  const holders = new Set<WebSocket>();
  const arrivals = new AddressAllowances(guestsAMinute, minuteMs, now);

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const reason = refusal(request);
    if (reason === undefined) sockets.handleUpgrade(request, socket, head, accept);
    else {
      onRefused(reason);
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${statusLine(reason)}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
  };

  function refusal(request: IncomingMessage): WebSocketRefusal | undefined {
    const { origin, host } = request.headers;
    if (!names.isOwn(request)) return 'host';
    if (origin !== `${names.scheme}://${host ?? ''}`) return 'origin';
    if (request.url !== '/') return 'path';
    const offered = request.headers['sec-websocket-protocol'] ?? '';
    if (offered === guestProtocol) {
      const place = names.placeOf(request);
      const same = guestsOf(place).length;
      if (same >= maximumGuestsOfAddress || !arrivals.take(place)) return 'too-many-connections';
      return guests.size < maximumGuests || makeRoomFor(same + 1) ? undefined : 'too-many-connections';
    }
    if (!sameSecret(offered, options.token) && !isWindow(offered)) return 'token';
    if (holders.size >= maximumWithToken) return 'too-many-connections';
    return undefined;
  }

  function guestsOf(place: string): WebSocket[] {
    return [...guests].filter(([, other]) => other === place).map(([socket]) => socket);
  }

  /** Whoever has the most connections gives up the latest, unless the newcomer would then have as many: a few addresses cannot keep the others out. */
  function makeRoomFor(newcomers: number): boolean {
    const most = [...new Set(guests.values())]
      .map(guestsOf)
      .reduce((one, other) => (other.length > one.length ? other : one), []);
    const last = most.at(-1);
    if (last === undefined || most.length <= newcomers) return false;
    onRefused('too-many-connections');
    guests.delete(last);
    last.terminate();
    return true;
  }

  function isWindow(offered: string): boolean {
    return options.windowToken !== undefined && sameSecret(offered, options.windowToken);
  }

  function accept(socket: WebSocket, request: IncomingMessage): void {
    const isGuest = socket.protocol === guestProtocol;
    const place = isGuest ? names.placeOf(request) : 'kiosk';
    if (isGuest) guests.set(socket, place);
    else holders.add(socket);
    const session = openSession({
      baseRole: isGuest ? 'guest' : 'visitor',
      place,
      window: isWindow(socket.protocol),
      router,
      screens,
      now,
      post: (text) => {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount <= maximumWaitingBytes) socket.send(text);
        else {
          onRefused('not-reading');
          socket.terminate();
        }
      },
    });
    answering.add(socket);
    const hangUp = (reason: Refusal | 'binary'): void => {
      onRefused(reason);
      session.close();
      socket.close(closeCode[reason]);
    };
    socket.on('message', (data, isBinary) => {
      const reason = isBinary ? 'binary' : session.receive(text(data));
      if (reason !== undefined) hangUp(reason);
    });
    socket.on('pong', () => answering.add(socket));
    // ws itself ends the connection with the right code; without a listener the error would end the process.
    socket.on('error', (error) => {
      onRefused(
        'code' in error && error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? 'oversized' : 'malformed',
      );
    });
    socket.on('close', () => {
      guests.delete(socket);
      holders.delete(socket);
      session.close();
    });
  }

  const pinging = setInterval(() => {
    for (const socket of sockets.clients) {
      if (answering.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, pingEveryMs);

  server.on('upgrade', onUpgrade);
  return {
    close: () => {
      clearInterval(pinging);
      server.off('upgrade', onUpgrade);
      for (const socket of sockets.clients) socket.terminate();
      return new Promise((resolve) => sockets.close(() => resolve()));
    },
  };
}

function text(data: Buffer | ArrayBuffer | readonly Buffer[]): string {
  if (data instanceof ArrayBuffer) return Buffer.from(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.concat(data).toString('utf8');
}

/** In a time that tells nothing of where they differ, or of how long the right one is. */
function sameSecret(one: string, other: string): boolean {
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function statusLine(reason: WebSocketRefusal): string {
  switch (reason) {
    case 'host':
      return '421 Misdirected Request';
    case 'origin':
      return '403 Forbidden';
    case 'token':
      return '401 Unauthorized';
    case 'path':
      return '404 Not Found';
    case 'too-many-connections':
      return '503 Service Unavailable';
    case 'not-reading':
    case 'binary':
    case 'malformed':
    case 'oversized':
    case 'too-many':
      return '400 Bad Request';
  }
}
