import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { App } from '../../../../main/app.js';
import {
  listenOnNetwork,
  networkAddress,
  networkNotice,
  type NetworkFault,
} from '../../../../main/lobby/network.js';
import { startNetwork } from '../../../../main/lobby/start-network.js';
import { settings as schema, type Settings } from '../../../../main/settings/schema.js';

const folder = mkdtempSync(join(tmpdir(), 'forhal-network-'));
const file = (name: string): string => join(folder, name);
let taken: Server;
let takenPort: number;

function makeCertificate(name: string): void {
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'],
      ...['-subj', '/CN=kiosk.test', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:kiosk.test'],
      ...['-keyout', file(`${name}.key`), '-out', file(`${name}.pem`)],
    ],
    { stdio: 'ignore' },
  );
}

beforeAll(async () => {
  makeCertificate('own');
  makeCertificate('other');
  writeFileSync(file('rubbish'), 'this is no PEM');
  const lock = [
    'pkcs8',
    '-topk8',
    '-in',
    file('own.key'),
    '-out',
    file('locked.key'),
    '-passout',
    'pass:secret',
  ];
  execFileSync('openssl', lock, { stdio: 'ignore' });
  taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening));
  const address = taken.address();
  takenPort = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  await new Promise((closed) => taken.close(closed));
  rmSync(folder, { recursive: true });
});

interface Network {
  host?: string;
  port?: number;
  certificate?: string;
  key?: string;
}

function settingsWith({ certificate = 'own.pem', key = 'own.key', ...rest }: Network): Settings {
  const network = { host: '127.0.0.1', ...rest, certificate: file(certificate), key: file(key) };
  return schema.parse({ lobby: { network } });
}

async function faultOf(network: Network): Promise<NetworkFault | 'listening'> {
  const { lobby } = settingsWith({ port: takenPort, ...network });
  if (lobby.network === undefined) throw new Error('no network');
  const options = { publicAddress: undefined, proxies: [], folder, lobby: undefined, now: () => 0 };
  const result = await listenOnNetwork({ settings: lobby.network, ...options });
  if (result.kind === 'listening') result.network.server.close();
  return result.kind;
}

describe('the address that the start prints', () => {
  it.each([
    [['kiosk.test', 'other.test'], '0.0.0.0', 'https://kiosk.test:8443'],
    [[], '192.0.2.7', 'https://192.0.2.7:8443'],
    [[], '2001:db8::7', 'https://[2001:db8::7]:8443'],
  ])('with the names %j on %s is %s', (names, host, address) => {
    expect(networkAddress({ names, host, port: 8443 })).toBe(address);
  });

  it('is none that means every address', () => {
    vi.spyOn(os, 'networkInterfaces').mockReturnValue({
      eth0: [{ address: '192.0.2.9', family: 'IPv4', internal: false, netmask: '', mac: '', cidr: null }],
    });
    expect(networkAddress({ names: [], host: '0.0.0.0', port: 8443 })).toBe('https://192.0.2.9:8443');
    vi.restoreAllMocks();
  });
});

describe('a network that cannot be opened', () => {
  it.each<[string, Network, NetworkFault]>([
    ['there is no certificate', { certificate: 'none.pem' }, 'certificate-not-read'],
    ['the certificate is a folder', { certificate: '.' }, 'certificate-not-read'],
    ['there is no key', { key: 'none.key' }, 'key-not-read'],
    ['the certificate is rubbish', { certificate: 'rubbish' }, 'certificate-malformed'],
    ['the certificate is a key', { certificate: 'own.key' }, 'certificate-malformed'],
    ['the key is rubbish', { key: 'rubbish' }, 'key-malformed'],
    ['the key is a certificate', { key: 'own.pem' }, 'key-malformed'],
    ['the key has a passphrase', { key: 'locked.key' }, 'key-malformed'],
    ['the key is that of another', { key: 'other.key' }, 'key-of-another'],
    ['the port is taken', {}, 'address'],
    ['the address is no own one', { host: '192.0.2.1' }, 'address'],
  ])('is told apart: %s', async (_what, network, fault) => {
    expect(await faultOf(network)).toBe(fault);
  });

  it.each<[NetworkFault, RegExp]>([
    ['certificate-not-read', /certificate .*own\.pem cannot be read/],
    ['key-not-read', /key .*own\.key cannot be read/],
    ['certificate-malformed', /own\.pem holds no certificate/],
    ['key-malformed', /own\.key holds no key.*passphrase/],
    ['key-of-another', /own\.key does not belong to the certificate .*own\.pem/],
    ['address', /port 8443 of 127\.0\.0\.1 cannot be listened on/],
  ])('is named with what to look at: %s', (fault, text) => {
    const { network } = settingsWith({}).lobby;
    const notice = network === undefined ? '' : networkNotice(fault, network);
    expect(notice).toMatch(text);
    expect(notice).toMatch(/desks cannot reach the kiosk.*everything else works/);
  });
});

describe('starting the network', () => {
  const appWith = (settings: Settings) => {
    const write = vi.fn();
    const app: Pick<App, 'settings' | 'router' | 'screens' | 'lobby' | 'log'> = {
      settings,
      router: { call: () => Promise.reject(new Error('not called')) },
      screens: { opened: () => undefined, closed: () => undefined, roleOf: () => 'guest' },
      lobby: undefined,
      log: { write, close: () => Promise.resolve() },
    };
    return { app, write };
  };

  it('opens nothing unless the settings say so', async () => {
    const { app, write } = appWith(schema.parse({}));
    expect(await startNetwork({ app, folder, now: () => 0 })).toBeUndefined();
    expect(write).not.toHaveBeenCalled();
  });

  it('says why where it cannot, on the terminal and in the log, without paths in the log', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { app, write } = appWith(settingsWith({ key: 'other.key' }));
    expect(await startNetwork({ app, folder, now: () => 0 })).toBeUndefined();
    expect(String(said.mock.calls[0]?.[0])).toMatch(/^forhal: desks cannot reach the kiosk: .*other\.key/);
    said.mockRestore();
    expect(write.mock.calls).toEqual([['lobby.not-listening', { why: 'key-of-another' }]]);
  });

  it('listens, and lets go of its port when it is closed', async () => {
    await new Promise((closed) => taken.close(closed));
    const { app, write } = appWith(settingsWith({ port: takenPort }));
    const network = await startNetwork({ app, folder, now: () => 0 });
    expect(write.mock.calls).toEqual([['lobby.listening', { port: takenPort }]]);
    await network?.close();
    taken = createServer();
    await new Promise<void>((listening, fail) => {
      taken.once('error', fail).listen(takenPort, '127.0.0.1', listening);
    });
  });
});
