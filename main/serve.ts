import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { version } from '../package.json';
import { createPageServer, loopback, ownAuthority } from './api/http.js';
import { serveWebSocket } from './api/websocket.js';
import { startApp } from './app.js';
import { systemClock } from './clock.js';
import { dataFolder } from './data-folder.js';
import { nodeLauncher } from './devices/node-launcher.js';
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
  const app = await startApp({
    dataFolder: options.data === undefined ? dataFolder(process.env) : resolve(options.data),
    version,
    shell: options.shell,
    launchHost: nodeLauncher(join(__dirname, 'host.cjs')),
    clock: systemClock,
    chipSource: options.chips,
  });
  const server = createPageServer(join(__dirname, '../renderer'));
  const token = randomBytes(32).toString('hex');
  const sockets = serveWebSocket({
    server,
    router: app.router,
    screens: app.screens,
    token,
    role: 'visitor',
    now: () => systemClock.now(),
    onRefused: (reason) => app.log.write('api.connection-refused', { reason }),
  });
  let status = 0;
  const stopRequested = new Promise<string>((stop) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop(signal));
    // Whoever started the kiosk starts it anew; its browser and its hosts must not outlive it until then.
    process.once('uncaughtException', (error) => {
      app.log.write('app.fault', placeOfFault(error));
      status = 70;
      stop('fault');
    });
  });

  let shell: Shell | undefined;
  const port = options.port ?? app.settings.http.port;
  const listening = await new Promise<boolean>((settle) => {
    server.once('error', () => settle(false));
    server.listen(port, loopback, () => settle(true));
  });
  if (listening) {
    const address = `http://${ownAuthority(server) ?? ''}/#token=${token}`;
    process.stdout.write(`Forhal is ready: ${address}\n`);
    if (executable !== undefined) {
      shell = startChromiumShell({
        address,
        executable,
        asRoot: process.getuid?.() === 0,
        clock: systemClock,
        log: app.log,
        onHeartbeat: (listener) => app.onHeartbeat(listener),
      });
    }
    await stopRequested.then(async (reason) => {
      await shell?.stop();
      await sockets.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await app.stop(reason);
    });
  } else {
    process.stderr.write(`forhal: port ${port} of ${loopback} cannot be listened on\n`);
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
