import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import os from 'node:os';
import { attempt } from '../attempt.js';
import { createPageServer, serverNames, type LobbyPages, type ServerNames } from '../api/http.js';
import type { Settings } from '../settings/schema.js';

export type NetworkSettings = NonNullable<Settings['lobby']['network']>;

/** Why desks and boards on other machines cannot reach the kiosk. */
export type NetworkFault =
  /** The file is not there, or may not be read. */
  | 'certificate-not-read'
  | 'key-not-read'
  /** It is not PEM of a certificate, or of a key without a passphrase. */
  | 'certificate-malformed'
  | 'key-malformed'
  /** The key belongs to another certificate. */
  | 'key-of-another'
  /** The system does not let the kiosk listen there: it is another machine's address, or the port is taken. */
  | 'address';

export interface NetworkOptions {
  readonly settings: NetworkSettings;
  readonly publicAddress: string | undefined;
  readonly proxies: readonly string[];
  /** The built renderer. */
  readonly folder: string;
  readonly lobby: LobbyPages | undefined;
  /** Monotonic, ms. */
  readonly now: () => number;
}

export interface NetworkServer {
  readonly server: Server;
  readonly names: ServerNames;
}

type Failed = { readonly kind: NetworkFault };

/** Listens for desks, boards and phones of the network, with TLS; the kiosk goes on without them where that fails. */
export async function listenOnNetwork(
  options: NetworkOptions,
): Promise<{ readonly kind: 'listening'; readonly network: NetworkServer } | Failed> {
  const { settings, publicAddress, proxies, folder, lobby, now } = options;
  const names = serverNames({ scheme: 'https', names: settings.names, publicAddress, proxies });
  const tls = await readTls(settings);
  if (tls.kind !== 'read') return tls;
  let server: Server;
  try {
    server = createPageServer({ folder, names, tls, lobby, now });
  } catch {
    // Each is sound by itself; OpenSSL refuses, for example, a key that is too short.
    return { kind: 'certificate-malformed' };
  }
  const listening = await new Promise<boolean>((settle) => {
    server.once('error', () => settle(false));
    server.listen(settings.port, settings.host, () => settle(true));
  });
  return listening ? { kind: 'listening', network: { server, names } } : { kind: 'address' };
}

async function readTls(
  settings: NetworkSettings,
): Promise<{ readonly kind: 'read'; readonly certificate: string; readonly key: string } | Failed> {
  const [certificate, key] = await Promise.all(
    [settings.certificate, settings.key].map((path) => readFile(path, 'utf8').catch(() => undefined)),
  );
  if (certificate === undefined) return { kind: 'certificate-not-read' };
  if (key === undefined) return { kind: 'key-not-read' };
  const own = attempt(() => new X509Certificate(certificate));
  if (own === undefined) return { kind: 'certificate-malformed' };
  const secret = attempt((): KeyObject => createPrivateKey(key));
  if (secret === undefined) return { kind: 'key-malformed' };
  return own.checkPrivateKey(secret) ? { kind: 'read', certificate, key } : { kind: 'key-of-another' };
}

/** Where others of the network reach the kiosk: by the first of its names, or else by an address that it listens on. */
export function networkAddress({
  names: [name],
  host,
  port,
}: Pick<NetworkSettings, 'names' | 'host' | 'port'>): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const reached = name ?? (everywhere ? ownAddress() : undefined) ?? host;
  return `https://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

function ownAddress(): string | undefined {
  return Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
}

/** For whoever starts the kiosk. */
export function networkNotice(fault: NetworkFault, settings: NetworkSettings): string {
  const { certificate, key, host, port } = settings;
  return `desks cannot reach the kiosk: ${whyOf()}; everything else works`;

  function whyOf(): string {
    switch (fault) {
      case 'certificate-not-read':
        return `its certificate ${certificate} cannot be read`;
      case 'key-not-read':
        return `its key ${key} cannot be read`;
      case 'certificate-malformed':
        return `${certificate} holds no certificate that can be used (PEM)`;
      case 'key-malformed':
        return `${key} holds no key that can be used (PEM, without a passphrase)`;
      case 'key-of-another':
        return `the key ${key} does not belong to the certificate ${certificate}`;
      case 'address':
        return `port ${port} of ${host} cannot be listened on`;
    }
  }
}
