import { request, type Server } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createPageServer, loopback, serverNames } from '../../main/api/http.js';
import { createRouter, done, refuse, type Screen } from '../../main/api/router.js';
import { others } from '../unit/main/api/screens.js';
import { serveWebSocket, type WebSocketTransport } from '../../main/api/websocket.js';

const token = 'f0'.repeat(32);
const names = serverNames({ scheme: 'http' });
const windowToken = '0f'.repeat(32);

let folder: string;
let server: Server;
let transport: WebSocketTransport;
let port: number;
let refused: string[];
let screens: Set<Screen>;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-page-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  await writeFile(join(folder, 'page/index.html'), '<!doctype html>');
  await writeFile(join(folder, 'page/assets/a.js'), 'export {}');
  await writeFile(join(folder, 'secret'), 'not for anyone');
  refused = [];
  screens = new Set();
  server = createPageServer({ folder: join(folder, 'page'), names, now: () => performance.now() });
  transport = serveWebSocket({
    server,
    token,
    windowToken,
    names,
    now: () => performance.now(),
    onRefused: (reason) => refused.push(reason),
    screens: {
      opened: (screen) => screens.add(screen),
      closed: (screen) => screens.delete(screen),
      roleOf: ({ baseRole }) => baseRole,
    },
    router: createRouter(
      {
        'kiosk.state': () => refuse('internal'),
        'kiosk.heartbeat': () => done({}),
        'chipCheck.start': () => done({ id: 'check-1' }),
        'chipCheck.clear': () => done({}),
        'demo.specimens': () => refuse('demo-only'),
        'demo.place': () => refuse('demo-only'),
        'demo.remove': () => refuse('demo-only'),
        ...others,
      },
      { handlerFailed: () => undefined },
    ),
  });
  await new Promise<void>((resolve) => server.listen(0, loopback, resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await transport.close();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

interface Knock {
  readonly origin?: string;
  readonly host?: string;
  readonly tokens?: string[];
  readonly path?: string;
  /** Of this machine's own network, 127.0.0.0/8. */
  readonly from?: string;
}

/** The open connection, or the HTTP status with which it was refused. */
function knock({ origin, host, tokens = [token], path = '/', from = loopback }: Knock = {}): Promise<
  WebSocket | number
> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${loopback}:${port}${path}`, tokens, {
      origin: origin ?? `http://${loopback}:${port}`,
      headers: host === undefined ? {} : { host },
      localAddress: from,
    });
    sockets.push(socket);
    socket.once('open', () => resolve(socket));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.once('error', reject);
  });
}

async function comeIn(): Promise<WebSocket> {
  const socket = await knock();
  if (typeof socket === 'number') throw new Error(`refused with ${socket}`);
  return socket;
}

function next(socket: WebSocket): Promise<unknown> {
  return new Promise((resolve) => {
    socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString('utf8'))));
  });
}

/** The code with which the connection is ended. */
function ended(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.once('close', (code) => resolve(code));
  });
}

const call = (method: string, input: unknown = {}): string =>
  JSON.stringify({ t: 'q', i: 'a', m: method, a: [input] });

describe('the WebSocket', () => {
  it('answers a page of its own with the token', async () => {
    const socket = await comeIn();
    socket.send(call('kiosk.heartbeat'));
    expect(await next(socket)).toEqual({ t: 's', i: 'a', r: { ok: true, value: {} } });
    expect(refused).toEqual([]);
  });

  it("knows the kiosk's own window from another browser by its token", async () => {
    await knock({ tokens: [token] });
    await knock({ tokens: [windowToken] });
    expect([...screens].map(({ window }) => window)).toEqual([false, true]);
  });

  it.each([
    ['another site', 'https://example.org'],
    ['another port of this machine', `http://${loopback}:1`],
    ['another name of this machine', 'http://localhost'],
    ['a file or a sandboxed frame', 'null'],
  ])('refuses the origin of %s', async (_what, origin) => {
    expect(await knock({ origin })).toBe(403);
    expect(refused).toEqual(['origin']);
  });

  it.each(['example.org', 'localhost', loopback, `${loopback}:1`])(
    'refuses the host %s, a name that may have been made to point here',
    async (host) => {
      expect(await knock({ host })).toBe(421);
      expect(refused).toEqual(['host']);
    },
  );

  it.each([
    ['a wrong token', ['f1'.repeat(32)]],
    ['no token', []],
    ['the beginning of the token', [token.slice(0, -1)]],
    ['the token among guesses', [token, 'f1'.repeat(32)]],
  ])('refuses %s', async (_what, tokens) => {
    expect(await knock({ tokens })).toBe(401);
    expect(refused).toEqual(['token']);
  });

  it('refuses a request without an origin, which no browser sends', async () => {
    const status = await new Promise((resolve, reject) => {
      request({
        port,
        host: loopback,
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
          'sec-websocket-protocol': token,
        },
      })
        .once('response', (response) => resolve(response.statusCode))
        .once('error', reject)
        .end();
    });
    expect(status).toBe(403);
  });

  it('is at one address only', async () => {
    expect(await knock({ path: '/api' })).toBe(404);
  });

  it('hangs up on a screen that does not read what it is sent', async () => {
    const socket = await comeIn();
    const [screen] = screens;
    const closed = ended(socket);
    socket.pause();
    const progress = { id: 'x'.repeat(100_000), step: 'waiting', fraction: 0 } as const;
    for (let sent = 0; screens.size > 0 && sent < 2000; sent++) {
      screen?.send('chipCheck.progress', progress);
      await new Promise(setImmediate);
    }
    expect(screens.size).toBe(0);
    expect(refused).toEqual(['not-reading']);
    socket.resume();
    expect(await closed).toBe(1006);
  });

  it.each(['chipCheck.stop', 'constructor', '__proto__', 'toString', '$close'])(
    'knows no method called "%s"',
    async (method) => {
      const socket = await comeIn();
      socket.send(call(method));
      expect(await next(socket)).toEqual({
        t: 's',
        i: 'a',
        r: { ok: false, error: { kind: 'unknown-method' } },
      });
    },
  );

  it('refuses input that is not of the shape of its method', async () => {
    const socket = await comeIn();
    socket.send(call('chipCheck.start', { document: 'driving-licence' }));
    expect(await next(socket)).toMatchObject({ r: { ok: false, error: { kind: 'bad-input' } } });
  });

  it.each([
    ['no JSON', 'hello'],
    ['no call', '[]'],
    ['a call without a method', '{"t":"q","i":"a","a":[{}]}'],
    ['a method that is no name', '{"t":"q","i":"a","m":{},"a":[{}]}'],
    ['arguments that are no list', '{"t":"q","i":"a","m":"kiosk.state","a":{}}'],
    ['a field of another world', '{"t":"q","i":"a","m":"kiosk.state","a":[{}],"__proto__":{"t":"q"}}'],
    ['an empty message', ''],
  ])('hangs up on %s', async (_what, message) => {
    const socket = await comeIn();
    const end = ended(socket);
    socket.send(message);
    expect(await end).toBe(1007);
    expect(refused).toEqual(['malformed']);
    expect(screens.size).toBe(0);
  });

  it('hangs up on a binary message, even one that would be a call', async () => {
    const socket = await comeIn();
    const end = ended(socket);
    socket.send(Buffer.from(call('kiosk.heartbeat')), { binary: true });
    expect(await end).toBe(1003);
    expect(refused).toEqual(['binary']);
  });

  it('hangs up on a message that is too long, before it has all of it', async () => {
    const socket = await comeIn();
    const end = ended(socket);
    socket.send(call('kiosk.heartbeat', 'x'.repeat(17 * 1024)));
    expect(await end).toBe(1009);
    expect(refused).toEqual(['oversized']);
  });

  it('hangs up on text that is no UTF-8', async () => {
    const socket = await comeIn();
    const end = ended(socket);
    socket.send(Buffer.from([0xc3, 0x28]), { binary: false });
    expect(await end).toBe(1007);
  });

  it('hangs up on more messages than a person can cause', async () => {
    const socket = await comeIn();
    const end = ended(socket);
    for (let i = 0; i < 200; i++) socket.send(call('kiosk.heartbeat'));
    expect(await end).toBe(1008);
    expect(refused).toContain('too-many');
  });

  it('takes four connections and no more, and one again when one has gone', async () => {
    const [first] = await Promise.all([comeIn(), comeIn(), comeIn(), comeIn()]);
    expect(await knock()).toBe(503);
    const end = ended(first);
    first.close();
    await end;
    await expect.poll(() => screens.size).toBe(3);
    expect(await knock()).toBeInstanceOf(WebSocket);
  });

  describe('for guests, who have no token,', () => {
    const guest = (from: string): Promise<WebSocket | number> => knock({ tokens: ['forhal'], from });
    async function guests(count: number, from: string): Promise<(WebSocket | number)[]> {
      const all: (WebSocket | number)[] = [];
      for (let n = 0; n < count; n++) all.push(await guest(from));
      return all;
    }

    it('takes sixteen connections of one address', async () => {
      const answers = await guests(17, '127.0.0.2');
      expect(answers.filter((answer) => typeof answer !== 'number')).toHaveLength(16);
      expect(answers.at(-1)).toBe(503);
      expect(await guest('127.0.0.3')).toBeInstanceOf(WebSocket);
    });

    it('makes room for a newcomer at the cost of whoever has the most', async () => {
      for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) await guests(16, from);
      const most = await guests(16, '127.0.0.5');
      expect(screens.size).toBe(64);
      const desk = await guest('127.0.0.9');
      expect(desk).toBeInstanceOf(WebSocket);
      await expect.poll(() => screens.size).toBe(64);
      expect(refused).toEqual(['too-many-connections']);
      expect(most.filter((socket) => socket instanceof WebSocket)).toHaveLength(16);
      // An address that has many gets none more.
      expect(await guest('127.0.0.5')).toBe(503);
    });

    it('leaves their places to the others with the token', async () => {
      for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']) await guests(16, from);
      expect(await knock()).toBeInstanceOf(WebSocket);
    });

    it('takes no more than two connections a second of one address that comes and goes', async () => {
      const answers: (WebSocket | number)[] = [];
      for (let n = 0; n < 130; n++) {
        const answer = await guest('127.0.0.2');
        answers.push(answer);
        if (typeof answer === 'number') continue;
        const end = ended(answer);
        answer.close();
        await end;
        await expect.poll(() => screens.size).toBe(0);
      }
      expect(answers.slice(0, 100).filter((answer) => typeof answer === 'number')).toEqual([]);
      expect(answers.filter((answer) => answer === 503).length).toBeGreaterThan(0);
    });

    it('tells of the first refusals of a minute, not of thousands', async () => {
      await Promise.all(Array.from({ length: 200 }, () => knock({ path: '/api' })));
      expect(refused.length).toBeGreaterThanOrEqual(60);
      expect(refused.length).toBeLessThan(100);
    });
  });

  it('sends events to every page, and forgets one that went', async () => {
    const socket = await comeIn();
    const event = next(socket);
    for (const screen of screens) screen.send('chipCheck.progress', { id: 'a', step: 'photo', fraction: 1 });
    expect(await event).toMatchObject({ t: 'q', m: 'chipCheck.progress' });
    socket.close();
    await expect.poll(() => screens.size).toBe(0);
  });
});

describe("the page's server", () => {
  const get = (path: string, host = `${loopback}:${port}`, method = 'GET') =>
    new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]> }>(
      (resolve, reject) => {
        request({ port, host: loopback, path, method, headers: { host } })
          .once('response', (response) => {
            response.resume();
            resolve({ status: response.statusCode, headers: response.headers });
          })
          .once('error', reject)
          .end();
      },
    );

  it('serves the page with its policy, and has it asked for anew each time', async () => {
    const { status, headers } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; " +
        "connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  it('lets files with a hash in their names be kept', async () => {
    expect((await get('/assets/a.js')).headers['cache-control']).toContain('immutable');
  });

  it.each(['/../secret', '/..%2fsecret', '/%2e%2e/secret', '/assets/../../secret', '/secret'])(
    'serves nothing outside its folder (%s)',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it.each(['example.org', 'localhost', loopback])('refuses the host %s', async (host) => {
    const { status, headers } = await get('/', host);
    expect(status).toBe(421);
    expect(headers['content-security-policy']).toBeDefined();
  });

  it('is for reading only', async () => {
    expect((await get('/', undefined, 'POST')).status).toBe(405);
  });

  it('listens on the loopback address only', async () => {
    const other = Object.values((await import('node:os')).networkInterfaces())
      .flat()
      .find((network) => network?.family === 'IPv4' && !network.internal)?.address;
    if (other === undefined) return;
    const code = await new Promise((resolve) => {
      connect(port, other)
        .once('connect', () => resolve('connected'))
        .once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(code).toBe('ECONNREFUSED');
  });
});
