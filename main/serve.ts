import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { version } from '../package.json';
import { createPageServer, loopback, ownAuthority, serverNames } from './api/http.js';
import { serveWebSocket } from './api/websocket.js';
import { accessNotices } from './access/notices.js';
import { startApp } from './app.js';
import { systemClock } from './clock.js';
import { dataFolder } from './data-folder.js';
import { nodeLauncher } from './devices/node-launcher.js';
import { lockFolder } from './folder-lock.js';
import { startNetwork } from './lobby/start-network.js';
import { placeOfFault } from './program-fault.js';
import { parseServeOptions, usage, type ServeOptions } from './start-options.js';
import { findChromium, startChromiumShell, type Shell } from './shell/chromium.js';

// The kiosk under plain Node: its page on a loopback address, shown in the system's Chromium or in no window at all.

async function serve(options: ServeOptions): Promise<number> {
  const executable = options.shell === 'chromium' ? findChromium(process.env) : undefined;
  if (options.shell === 'chromium' && executable === undefined) {
    process.stderr.write('forhal: there is no Chromium here; start with --shell none\n');
    return 69;
  }
  const folder = options.data === undefined ? dataFolder(process.env) : resolve(options.data);
  if ((await lockFolder(folder)) === undefined) {
    process.stderr.write('forhal: already running\n');
    return 69;
  }
  const app = await startApp({
    dataFolder: folder,
    version,
    shell: options.shell,
    launchHost: nodeLauncher(join(__dirname, 'host.cjs')),
    storageWorker: join(__dirname, 'storage-worker.cjs'),
    clock: systemClock,
    chipSource: options.chips,
  });
  if (app.settingsWarning !== undefined) process.stderr.write(`forhal: ${app.settingsWarning}\n`);
  for (const line of accessNotices(app)) process.stdout.write(`forhal: ${line}\n`);
  const now = (): number => systemClock.now();
  const page = join(__dirname, '../renderer');
  const { publicAddress, proxies } = app.settings.lobby;
  const names = serverNames({ scheme: 'http', publicAddress, proxies });
  const server = createPageServer({ folder: page, names, lobby: app.lobby, now });
  const newToken = (): string => randomBytes(32).toString('hex');
  const token = newToken();
  // Every process of the machine can read it off the browser's command line: it is not the one that is printed.
  const windowToken = newToken();
  const sockets = serveWebSocket({
    server,
    names,
    router: app.router,
    screens: app.screens,
    token,
    windowToken,
    now,
    onRefused: (reason) => app.log.write('api.connection-refused', { reason }),
  });
  let status = 0;
  const stopRequested = new Promise<string>((stop) => {
    // Heard to the end: Ctrl+C comes twice, from the terminal and from whoever started the kiosk, and must not cut the
    // stop short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
    // Whoever started the kiosk starts it anew; its browser and its hosts must not outlive it until then.
    process.on('uncaughtException', (error) => {
      app.log.write('app.fault', placeOfFault(error));
      status = 70;
      stop('fault');
    });
  });

  const network = await startNetwork({ app, folder: page, now });
  let shell: Shell | undefined;
  const port = options.port ?? app.settings.http.port;
  const listening = await new Promise<boolean>((settle) => {
    server.once('error', () => settle(false));
    server.listen(port, loopback, () => settle(true));
  });
  if (listening) {
    const address = `http://${ownAuthority(server) ?? ''}`;
    const kioskPage = `${address}/#token=`;
    process.stdout.write(`Forhal is ready: ${kioskPage}${token}\n`);
    if (app.lobby !== undefined) {
      process.stdout.write(`forhal: desks at ${address}/staff, the board at ${address}/board\n`);
    }
    if (executable !== undefined) {
      shell = startChromiumShell({
        address: `${kioskPage}${windowToken}`,
        executable,
        asRoot: process.getuid?.() === 0,
        clock: systemClock,
        log: app.log,
        onHeartbeat: (listener) => app.onHeartbeat(listener),
      });
    }
    await stopRequested.then(async (reason) => {
      await shell?.stop();
      await network?.close();
      await sockets.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await app.stop(reason);
    });
  } else {
    process.stderr.write(`forhal: port ${port} of ${loopback} cannot be listened on\n`);
    await network?.close();
    await sockets.close();
    await app.stop('no port');
    status = 69;
  }
  return status;
}

const options = parseServeOptions(process.argv.slice(2));
if (options === undefined) {
  process.stderr.write(`${usage}\n`);
  process.exitCode = 64;
} else {
  void serve(options).then((status) => {
    process.exitCode = status;
  });
}
