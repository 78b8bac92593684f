import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { performance } from 'node:perf_hooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Kiosk, KioskFolder, opened, Page } from './access-kiosk.js';
import { buildPrograms, type BuiltPrograms } from './built-programs.js';

// What phones and boards reach without logging in, of a kiosk as it is served, with its own database.

const publicHost = 'koe.example.dk';
let programs: BuiltPrograms;
let folder: KioskFolder;
let kiosk: Kiosk;
let address: URL;
let visitor: Page;
let desk: Page;

async function start(env?: NodeJS.ProcessEnv): Promise<void> {
  kiosk = new Kiosk(programs.serve, folder.path, env);
  address = await kiosk.ready();
  visitor = await opened(Page.open(address.origin, address.hash.slice('#token='.length)));
  desk = await opened(Page.open(address.origin));
  expect(await desk.login('staff')).toMatchObject({ value: { kind: 'in' } });
}

beforeAll(async () => {
  programs = await buildPrograms();
});
afterAll(() => programs.remove());
beforeEach(() => {
  folder = new KioskFolder({ lobby: { publicAddress: `https://${publicHost}` } });
});
afterEach(async () => {
  await Promise.all([visitor.close(), desk.close()]);
  await kiosk.stop();
  folder.remove();
});

interface Response {
  readonly status: number | undefined;
  readonly body: string;
  readonly ms: number;
}

/** From an address of this machine's own network, 127.0.0.0/8. */
function get(path: string, { from = '127.0.0.1', host = publicHost } = {}): Promise<Response> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    request(
      { host: '127.0.0.1', port: address.port, path, headers: { host }, localAddress: from, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, body, ms: performance.now() - began }),
        );
      },
    )
      .once('error', reject)
      .end();
  });
}

interface Ticket {
  readonly id: string;
  readonly label: string;
  readonly token: string;
}

async function takeNumber(): Promise<Ticket> {
  const answer = await visitor.call('queue.takeNumber', { service: 'other', language: 'da' });
  if (answer?.ok !== true || answer.value.kind !== 'ticket') throw new Error(JSON.stringify(answer));
  const { id, label, qr } = answer.value['ticket'] as { id: string; label: string; qr: string };
  const token = new RegExp(`^https://${publicHost}/t/([\\w-]+)$`).exec(qr)?.[1];
  if (token === undefined) throw new Error(qr);
  return { id, label, token };
}

const end = async ({ id }: Ticket): Promise<void> => {
  expect(await desk.call('desk.cancel', { ticket: id })).toMatchObject({ value: { kind: 'ok' } });
};

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

describe("a ticket's page", () => {
  it('has a token of 128 bits or more, unlike any other, and tells nothing but the ticket', async () => {
    await start();
    const tickets = [await takeNumber(), await takeNumber(), await takeNumber()];
    expect(new Set(tickets.map(({ token }) => token)).size).toBe(3);
    for (const { token, id, label } of tickets) {
      expect(Buffer.from(token, 'base64url').length).toBeGreaterThanOrEqual(16);
      const { status, body } = await get(`/t/${token}/state`);
      expect(status).toBe(200);
      const told = JSON.parse(body) as Record<string, unknown>;
      expect(Object.keys(told).sort()).toEqual(['label', 'language', 'names', 'placeName', 'state']);
      expect(told['label']).toBe(label);
      // By neither is it found.
      expect((await get(`/t/${id}/state`, { from: '127.0.0.2' })).status).toBe(404);
      expect((await get(`/t/${label}/state`, { from: '127.0.0.2' })).status).toBe(404);
    }
  });

  it('dies with the ticket', async () => {
    await start();
    const [ended, done] = [await takeNumber(), await takeNumber()];
    await end(ended);
    expect(await get(`/t/${ended.token}/state`)).toMatchObject({ status: 404, body: '' });
    await desk.call('desk.open', { counter: '1' });
    await desk.call('desk.call', { label: done.label });
    expect(await get(`/t/${done.token}/state`)).toMatchObject({ status: 200 });
    expect(await desk.call('desk.done', {})).toMatchObject({ value: { kind: 'ok' } });
    expect(await get(`/t/${done.token}/state`)).toMatchObject({ status: 404, body: '' });
  });

  it('answers unknown, ended and malformed tokens alike, and in about the same time', async () => {
    await start();
    const tickets = [await takeNumber(), await takeNumber()];
    const [ended] = tickets;
    await end(ended!);
    const kinds: Record<string, () => string> = {
      unknown: () => randomBytes(16).toString('base64url'),
      ended: () => ended!.token,
      malformed: () => '%00%ff.',
    };
    const times: Record<string, number[]> = { unknown: [], ended: [], malformed: [] };
    const answers = new Set<string>();
    for (let n = 0; n < 100; n++) {
      for (const [kind, token] of Object.entries(kinds)) {
        // Not so often from one address that it counts as guessing; the first rounds warm up.
        const { status, body, ms } = await get(`/t/${token()}/state`, { from: `127.0.0.${10 + (n % 20)}` });
        answers.add(`${status} ${body}`);
        if (n >= 20) times[kind]?.push(ms);
      }
    }
    expect([...answers]).toEqual(['404 ']);
    const medians = Object.values(times).map(median);
    console.info('ms', JSON.stringify(Object.fromEntries(Object.keys(times).map((k, n) => [k, medians[n]]))));
    // Far less than the network's own unevenness; what tells is that none takes twice as long as another.
    expect(Math.max(...medians)).toBeLessThan(2 * Math.min(...medians) + 2);
  });

  it('is not found by guessing, and guessing is held back', async () => {
    await start();
    const { token } = await takeNumber();
    const statuses: (number | undefined)[] = [];
    for (let n = 0; n < 200; n++) {
      statuses.push((await get(`/t/${randomBytes(16).toString('base64url')}/state`)).status);
    }
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(404));
    expect(statuses).not.toContain(200);
    // A slow machine lets some more through meanwhile: thirty a minute.
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(100);
    expect((await get(`/t/${token}/state`)).status).toBe(200);
  });

  it('is no way in to anything else', async () => {
    await start();
    for (const path of ['/staff', '/board', '/speech/da/C001/1.wav', '/index.html', '/']) {
      expect((await get(path)).status).toBe(404);
    }
    const guest = await Page.open(address.origin, undefined, { headers: { host: publicHost } });
    expect(guest).toBeUndefined();
  });
});

describe('a spoken call', () => {
  const speechOf = (label: string): string => `/speech/da/${label}/1.wav`;
  async function called(): Promise<string> {
    const { label } = await takeNumber();
    expect(await desk.call('desk.open', { counter: '1' })).toMatchObject({ value: { kind: 'ok' } });
    expect(await desk.call('desk.call', { label })).toMatchObject({ value: { kind: 'ok' } });
    return label;
  }

  it('is sound for what was called, and for nothing else', async () => {
    await start();
    const label = await called();
    const { status, body } = await get(speechOf(label), { host: address.host });
    expect([status, body.slice(0, 4)]).toEqual([200, 'RIFF']);
    for (const other of ['C899', 'hello', '..%2f..', '%00']) {
      expect((await get(speechOf(other), { host: address.host })).status).toBe(404);
    }
  });

  it('is none where espeak-ng is missing, and the kiosk runs on', async () => {
    await start({ ...process.env, PATH: '/nowhere' });
    const label = await called();
    for (let n = 0; n < 3; n++) {
      expect((await get(speechOf(label), { host: address.host })).status).toBe(404);
    }
    expect(await visitor.call('kiosk.state', {})).toMatchObject({ ok: true });
  });

  it('is asked for so often by one address, and then no more', async () => {
    await start();
    const label = await called();
    const statuses: (number | undefined)[] = [];
    for (let n = 0; n < 100; n++) {
      statuses.push((await get(speechOf(label), { host: address.host })).status);
    }
    expect(statuses.slice(0, 60)).toEqual(Array(60).fill(200));
    expect(statuses).toContain(429);
    expect((await get(speechOf(label), { host: address.host, from: '127.0.0.9' })).status).toBe(200);
  });
});
