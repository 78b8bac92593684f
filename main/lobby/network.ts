import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createPageServer, serverNames, type LobbyPages, type ServerNames } from '../api/http.js';
import type { Settings } from '../settings/schema.js';

export type NetworkSettings = NonNullable<Settings['lobby']['network']>;

/** Why desks and boards on other machines cannot reach the kiosk. */
export type NetworkFault =
  /** A file of the certificate or its key cannot be read, or the two do not go together. */
  'certificate' | 'address';

export interface NetworkOptions {
  readonly settings: NetworkSettings;
  readonly publicAddress: string | undefined;
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

/** Listens for desks, boards and phones of the network, with TLS; the kiosk goes on without them where that fails. */
export async function listenOnNetwork(
  options: NetworkOptions,
): Promise<
  { readonly kind: 'listening'; readonly network: NetworkServer } | { readonly kind: NetworkFault }
> {
  const { settings, publicAddress, folder, lobby, now } = options;
  const names = serverNames({ scheme: 'https', names: settings.names, publicAddress });
  let server: Server;
  try {
    const [certificate, key] = await Promise.all([
      readFile(settings.certificate, 'utf8'),
      readFile(settings.key, 'utf8'),
    ]);
    server = createPageServer({ folder, names, tls: { certificate, key }, lobby, now });
  } catch {
    return { kind: 'certificate' };
  }
  const listening = await new Promise<boolean>((settle) => {
    server.once('error', () => settle(false));
    server.listen(settings.port, settings.host, () => settle(true));
  });
  return listening ? { kind: 'listening', network: { server, names } } : { kind: 'address' };
}
