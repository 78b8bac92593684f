import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Kiosk, KioskFolder, opened, Page } from './access-kiosk.js';
import { buildPrograms, type BuiltPrograms } from './built-programs.js';
import { eventually } from './pcscd.js';

// The kiosk as it is served, with a certificate made by OpenSSL, on an address of this machine beyond loopback where
// it has one.

const beyond =
  Object.values(networkInterfaces())
    .flat()
    .find((network) => network?.family === 'IPv4' && !network.internal)?.address ?? '127.0.0.2';
const name = 'kiosk.test';
const folder = mkdtempSync(join(tmpdir(), 'forhal-tls-'));
const file = (part: string): string => join(folder, part);

function makeCertificate(own: string): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', `/CN=${name}`, '-addext', `subjectAltName=IP:${beyond},DNS:${name}`],
      ...['-keyout', file(`${own}.key`), '-out', file(`${own}.pem`)],
    ],
    { stdio: 'ignore' },
  );
}

/** A port that was free a moment ago: the setting names one, since desks have to know it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, beyond, listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Where a process listens, IPv4 and IPv6, as the system has it (proc_net_tcp(5)). */
function listenersOf(pid: number): string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        // Closed since.
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((family) =>
    readFileSync(`/proc/${pid}/net/${family}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode ?? ''))
      .map(([, local = '']) => local.split(':')[0] ?? ''),
  );
}

/** Status of the answer, or the code of the failure. */
function status(url: string, options: { ca?: string; host?: string } = {}): Promise<number | string> {
  const { ca, host } = options;
  const get = url.startsWith('https') ? getSecure : getPlain;
  return new Promise((resolve) => {
    get(
      url,
      { ca, agent: false, servername: name, headers: host === undefined ? {} : { host } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    ).once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

let programs: BuiltPrograms;
let ca: string;
beforeAll(async () => {
  makeCertificate('own');
  makeCertificate('other');
  writeFileSync(file('rubbish'), 'this is no PEM');
  ca = readFileSync(file('own.pem'), 'utf8');
  programs = await buildPrograms();
});
afterAll(() => {
  programs.remove();
  rmSync(folder, { recursive: true });
});

let data: KioskFolder;
let kiosk: Kiosk;
afterEach(async () => {
  await kiosk.stop();
  data.remove();
});

async function serve(lobby: object): Promise<URL> {
  data = new KioskFolder({ lobby });
  kiosk = new Kiosk(programs.serve, data.path);
  return kiosk.ready();
}

const ownPage = (address: URL): Promise<Page> =>
  opened(Page.open(address.origin, address.hash.slice('#token='.length)));

describe('without a setting for it', () => {
  it('the kiosk listens on the loopback address and nowhere else', async () => {
    const address = await serve({});
    // 127.0.0.1 as the system writes it.
    expect(listenersOf(kiosk.pid)).toEqual(['0100007F']);
    if (beyond !== '127.0.0.2') {
      expect(await status(`http://${beyond}:${address.port}/`)).toBe('ECONNREFUSED');
    }
  });
});

describe('with an address, a certificate and its key', () => {
  let port: number;
  let origin: string;
  beforeAll(async () => {
    port = await freePort();
    origin = `https://${beyond}:${port}`;
  });
  const network = (): object => ({
    network: { host: beyond, port, certificate: file('own.pem'), key: file('own.key'), names: [name] },
  });

  it('a desk comes in over TLS, logs in, and works', async () => {
    await serve(network());
    const desk = await opened(Page.open(origin, undefined, { ca }));
    expect(await desk.call('desk.callNext', {})).toMatchObject({ error: { kind: 'not-allowed' } });
    expect(await desk.login('staff')).toMatchObject({ value: { kind: 'in' } });
    expect(await desk.call('desk.state', {})).toMatchObject({ ok: true });
    await desk.close();
  });

  it('nothing is told over a connection without TLS', async () => {
    await serve(network());
    expect(await status(`http://${beyond}:${port}/`)).toBe('ECONNRESET');
    expect(await Page.open(`http://${beyond}:${port}`)).toBeUndefined();
    expect(listenersOf(kiosk.pid)).toHaveLength(2);
  });

  it('TLS of before 1.2 is refused', async () => {
    await serve(network());
    expect(
      await Page.open(origin, undefined, { ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1' }),
    ).toBeUndefined();
  });

  it('a browser that does not know the certificate does not come in', async () => {
    await serve(network());
    expect(await Page.open(origin)).toBeUndefined();
    expect(await status(`${origin}/`)).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it("the kiosk's own page cannot be taken over from there, not even with its token", async () => {
    const address = await serve(network());
    const token = address.hash.slice('#token='.length);
    expect(await Page.open(origin, token, { ca })).toBeUndefined();
  });

  it('it answers to its address and its names, and to no other', async () => {
    await serve(network());
    // There is no page beside the program of this test: 404 is an answer of the house.
    expect(await status(`${origin}/`, { ca, host: `${name}:${port}` })).toBe(404);
    expect(await status(`${origin}/`, { ca })).toBe(404);
    expect(await status(`${origin}/`, { ca, host: 'example.org' })).toBe(421);
  });
});

describe('with a certificate that cannot be used', () => {
  it.each([
    ['is not there', { certificate: 'none.pem', key: 'own.key' }, /certificate \S+none\.pem cannot be read/],
    ['is rubbish', { certificate: 'rubbish', key: 'own.key' }, /rubbish holds no certificate/],
    ['has no key', { certificate: 'own.pem', key: 'none.key' }, /key \S+none\.key cannot be read/],
    ['has the key of another', { certificate: 'own.pem', key: 'other.key' }, /other\.key does not belong/],
  ])('because it %s, the kiosk says so and runs on', async (_what, { certificate, key }, text) => {
    const port = await freePort();
    const address = await serve({
      network: { host: beyond, port, certificate: file(certificate), key: file(key) },
    });
    await eventually('the operator is told', () => text.test(kiosk.said));
    expect(kiosk.said).toMatch(/forhal: desks cannot reach the kiosk: .*everything else works/);
    // Neither with TLS nor, worse, without it.
    expect(listenersOf(kiosk.pid)).toEqual(['0100007F']);
    const page = await ownPage(address);
    expect(await page.call('kiosk.state', {})).toMatchObject({ ok: true });
    await page.close();
    await eventually('the log tells it', () =>
      data.read('logs/forhal.log').includes('"lobby.not-listening"'),
    );
    expect(data.read('logs/forhal.log')).not.toContain(folder);
  });

  it('on an address that is not of this machine, the kiosk says so and runs on', async () => {
    const own = { certificate: file('own.pem'), key: file('own.key') };
    const address = await serve({ network: { host: '192.0.2.1', port: 8443, ...own } });
    expect(kiosk.said).toMatch(/port 8443 of 192\.0\.2\.1 cannot be listened on/);
    const page = await ownPage(address);
    expect(await page.call('kiosk.state', {})).toMatchObject({ ok: true });
    await page.close();
  });
});
