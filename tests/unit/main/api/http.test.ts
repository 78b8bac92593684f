import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PhoneTicket } from '../../../../main/api/contract.js';
import { createPageServer, loopback, serverNames } from '../../../../main/api/http.js';

const publicHost = 'koe.example.dk';
const live = 'abcdefghijklmnopqrstuv';
const ticket: PhoneTicket = {
  label: 'A042',
  names: { da: 'Pas', en: 'Passport' },
  language: 'da',
  placeName: 'Borgerservice',
  state: { kind: 'waiting', ahead: 3, estimate: { kind: 'unknown' } },
};
const spokenCall = '/speech/da/A042/counter-1.wav';

let folder: string;
let server: Server;
let port: number;
let now: number;
let asked: string[];
let spoken: string[];

async function serve(proxies: readonly string[] = []): Promise<void> {
  const names = serverNames({ scheme: 'http', publicAddress: `https://${publicHost}`, proxies });
  server = createPageServer({
    folder,
    names,
    now: () => now,
    lobby: {
      followed: (token) => {
        asked.push(token);
        return Promise.resolve(token === live ? ticket : undefined);
      },
      spoken: (...call) => {
        spoken.push(call.join(' '));
        return Promise.resolve(call.join(' ') === 'da A042 counter-1' ? Buffer.from('RIFF') : undefined);
      },
    },
  });
  await new Promise<void>((listening) => server.listen(0, loopback, listening));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
}

function stop(): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed) => server.close(() => closed()));
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-http-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'ticket.html'), '<!doctype html>ticket');
  await writeFile(join(folder, 'index.html'), '<!doctype html>kiosk');
  await writeFile(join(folder, 'assets/a.js'), 'export {}');
  await writeFile(join(folder, 'notes.txt'), 'not part of a page');
  now = 0;
  asked = [];
  spoken = [];
  await serve();
});
afterEach(async () => {
  await stop();
  await rm(folder, { recursive: true });
});

interface Response {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** From an address of this machine's own network, 127.0.0.0/8. */
function get(
  path: string,
  { host = publicHost, from = loopback, forwarded = '', range = '', method = 'GET' } = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = {
      host,
      ...(forwarded === '' ? {} : { 'x-forwarded-for': forwarded }),
      ...(range === '' ? {} : { range }),
    };
    request({ host: loopback, port, path, method, headers, localAddress: from, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    })
      .once('error', reject)
      .end();
  });
}
const stateOf = (token: string): string => `/t/${token}/state`;
const own = (): string => `${loopback}:${port}`;

async function statuses(count: number, ask: () => Promise<Response>): Promise<(number | undefined)[]> {
  const answers: (number | undefined)[] = [];
  for (let n = 0; n < count; n++) answers.push((await ask()).status);
  return answers;
}

function tally(answers: readonly (number | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const status of answers) counts[String(status)] = (counts[String(status)] ?? 0) + 1;
  return counts;
}

const noTokens = [
  ['unknown', 'zzzzzzzzzzzzzzzzzzzzzz'],
  ['the beginning of one', live.slice(0, -1)],
  ['one in other letters', live.toUpperCase()],
  ['too short', 'a'],
  ['too long', 'a'.repeat(500)],
  ['empty', ''],
  ['of other characters', 'abc.def.ghi.jkl.mno.pq'],
  ['encoded', '%61bcdefghijklmnopqrstuv%00'],
  ['a way out of the folder', '%2e%2e'],
  ['not even encoded rightly', '%ff'],
  ['a piece of SQL', "'%20or%201=1--"],
] as const;

describe('the page', () => {
  it.each([
    ['/', 'kiosk'],
    ['/index.html', 'kiosk'],
    ['/ticket', 'ticket'],
  ])('is at %s', async (path, page) => {
    expect(await get(path, { host: own() })).toMatchObject({
      status: 200,
      body: `<!doctype html>${page}`,
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    });
  });

  it('keeps the files beside it, whose names tell their content', async () => {
    const { status, headers, body } = await get('/t/assets/a.js');
    expect([status, body]).toEqual([200, 'export {}']);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each(['bytes=5-2', 'bytes=99999-', 'bytes=-0', 'bytes=0-0,1-1', 'nonsense'])(
    'is served whole to whoever asks for the part "%s"',
    async (range) => {
      expect(await get('/t/x', { range })).toMatchObject({ status: 200, body: '<!doctype html>ticket' });
    },
  );

  it('is told of without its content', async () => {
    const { status, headers, body } = await get('/', { host: own(), method: 'HEAD' });
    expect([status, body]).toEqual([200, '']);
    expect(headers['content-length']).toBe('20');
  });

  it('is served on when its files are replaced below it', async () => {
    await rm(join(folder, 'ticket.html'));
    expect(await get('/t/x')).toMatchObject({ status: 200, body: '<!doctype html>ticket' });
  });

  it.each([
    '/notes.txt',
    '/../secret.json',
    '/..%2fsecret.json',
    '/assets/',
    '/assets',
    '/%00',
    '/t/assets/../index.html',
  ])('is not at %s', async (path) => {
    expect((await get(path, { host: own() })).status).toBe(404);
  });
});

describe("a ticket's page", () => {
  it('tells the ticket to whoever has its token, to be kept by nobody, and read from nowhere else', async () => {
    const { status, headers, body } = await get(stateOf(live));
    expect([status, JSON.parse(body)]).toEqual([200, ticket]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-type': 'application/json',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).not.toHaveProperty('etag');
  });

  it.each(noTokens)('answers a token that is %s as any other that is none', async (_what, token) => {
    const answer = await get(stateOf(token));
    const other = await get(stateOf('yyyyyyyyyyyyyyyyyyyyyy'));
    expect({ ...answer, headers: { ...answer.headers, date: '' } }).toEqual({
      ...other,
      headers: { ...other.headers, date: '' },
    });
    expect(answer).toMatchObject({ status: 404, body: '', headers: { 'cache-control': 'no-store' } });
  });

  it('looks for each of them, so that the time does not tell them apart, and for nothing of their text', async () => {
    for (const [, token] of noTokens) await get(stateOf(token));
    expect(asked).toHaveLength(noTokens.length);
    expect(asked.filter((token) => !/^[\w-]{16,64}$/.test(token))).toEqual([]);
  });

  it('is the same page for every token, before it has asked', async () => {
    const tokens = noTokens.map(([, token]) => token).filter((token) => token !== '' && token !== '%2e%2e');
    for (const token of [live, ...tokens]) {
      expect(await get(`/t/${token}`)).toMatchObject({
        status: 200,
        body: '<!doctype html>ticket',
        headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
      });
    }
  });

  it('lets an address guess thirty times a minute', async () => {
    const guess = () => get(stateOf('zzzzzzzzzzzzzzzzzzzzzz'));
    expect(tally(await statuses(50, guess))).toEqual({ 404: 30, 429: 20 });
    now += 60_000;
    expect(tally(await statuses(50, guess))).toEqual({ 404: 30, 429: 20 });
  });

  it('counts what cannot be a token as a guess too', async () => {
    expect(tally(await statuses(40, () => get(stateOf('.'))))).toEqual({ 404: 30, 429: 10 });
  });

  it('is there for its own visitor while others guess, from the same address or another', async () => {
    await statuses(50, () => get(stateOf('zzzzzzzzzzzzzzzzzzzzzz')));
    expect((await get(stateOf(live))).status).toBe(200);
    expect((await get(stateOf('zzzzzzzzzzzzzzzzzzzzzz'), { from: '127.0.0.9' })).status).toBe(404);
  });

  it('counts guesses by the address that a proxy tells, where the settings name that proxy', async () => {
    await stop();
    await serve([loopback]);
    const guess = (forwarded: string) => () => get(stateOf('zzzzzzzzzzzzzzzzzzzzzz'), { forwarded });
    expect(tally(await statuses(35, guess('192.0.2.1')))).toEqual({ 404: 30, 429: 5 });
    expect(tally(await statuses(1, guess('192.0.2.2')))).toEqual({ 404: 1 });
    // What the guesser writes itself stands before it.
    expect(tally(await statuses(1, guess('203.0.113.5, 192.0.2.1')))).toEqual({ 429: 1 });
  });

  it('does not take the word of a proxy that the settings do not name', async () => {
    const guess = (n: number) => get(stateOf('zzzzzzzzzzzzzzzzzzzzzz'), { forwarded: `192.0.2.${n}` });
    const answers = await Promise.all(Array.from({ length: 35 }, (_, n) => guess(n)));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 404: 30, 429: 5 });
  });

  it('is asked for no more than 2400 times a minute in all', async () => {
    const answers: (number | undefined)[] = [];
    for (let n = 0; n < 50; n++) {
      const some = await Promise.all(Array.from({ length: 50 }, () => get(stateOf(live))));
      answers.push(...some.map(({ status }) => status));
    }
    expect(tally(answers)).toEqual({ 200: 2400, 429: 100 });
  });
});

describe('behind the public address', () => {
  it.each(['/', '/index.html', '/staff', '/board', '/ticket.html', spokenCall, '/t', '/t/', '/t/a/b'])(
    'there is no %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
      expect(spoken).toEqual([]);
    },
  );
});

describe('a spoken call', () => {
  it('is told to a board', async () => {
    const { status, headers, body } = await get(spokenCall, { host: own() });
    expect([status, body]).toEqual([200, 'RIFF']);
    expect(headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'no-store' });
  });

  it.each([
    '/speech/da/A042/counter-2.wav',
    '/speech/xx/A042/counter-1.wav',
    '/speech/da/A042/counter-1.mp3',
    '/speech/da/A042/..%2fcounter-1.wav',
    '/speech/da/A042%20--help/counter-1.wav',
    '/speech/da/hello/counter-1.wav',
    '/speech/danish/A042/counter-1.wav',
    '/speech/da/A042/%00.wav',
    '/speech/da/A042/%ff.wav',
    '/speech/',
  ])('is none at %s', async (path) => {
    expect((await get(path, { host: own() })).status).toBe(404);
  });

  it('is asked for sixty times a minute by one address, bad ones counted too', async () => {
    const ask = (n: number) =>
      get(n % 2 === 0 ? spokenCall : '/speech/da/hello/counter-1.wav', { host: own() });
    let n = 0;
    expect(tally(await statuses(70, () => ask(n++)))).toEqual({ 200: 30, 404: 30, 429: 10 });
    expect(spoken).toHaveLength(30);
    expect((await get(spokenCall, { host: own(), from: '127.0.0.9' })).status).toBe(200);
    now += 60_000;
    expect((await get(spokenCall, { host: own() })).status).toBe(200);
  });
});
