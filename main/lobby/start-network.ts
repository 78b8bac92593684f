import { randomBytes } from 'node:crypto';
import type { App } from '../app.js';
import { serveWebSocket } from '../api/websocket.js';
import { listenOnNetwork, networkAddress, networkNotice } from './network.js';

export interface Network {
  close(): Promise<void>;
}

export interface StartNetworkOptions {
  readonly app: Pick<App, 'settings' | 'router' | 'screens' | 'lobby' | 'log'>;
  /** The built renderer. */
  readonly folder: string;
  /** Monotonic, ms. */
  readonly now: () => number;
}

/** Opens the kiosk to desks, boards and phones of the network, where the settings say so. */
export async function startNetwork({ app, folder, now }: StartNetworkOptions): Promise<Network | undefined> {
  const { network: settings, publicAddress, proxies } = app.settings.lobby;
  if (settings === undefined) return undefined;
  const result = await listenOnNetwork({ settings, publicAddress, proxies, folder, lobby: app.lobby, now });
  if (result.kind !== 'listening') {
    process.stderr.write(`forhal: ${networkNotice(result.kind, settings)}\n`);
    app.log.write('lobby.not-listening', { why: result.kind });
    return undefined;
  }
  const { server, names } = result.network;
  app.log.write('lobby.listening', { port: settings.port });
  const address = networkAddress(settings);
  process.stdout.write(`forhal: on the network, desks at ${address}/staff, the board at ${address}/board\n`);
  const sockets = serveWebSocket({
    server,
    names,
    router: app.router,
    screens: app.screens,
    // The kiosk's own page is not for the network: nobody has this one.
    token: randomBytes(32).toString('hex'),
    now,
    onRefused: (reason) => app.log.write('api.connection-refused', { reason }),
  });
  return {
    close: async () => {
      await sockets.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
