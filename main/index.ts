import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { app, protocol } from 'electron';
import { version } from '../package.json';
import { accessNotices } from './access/notices.js';
import { startApp, type App } from './app.js';
import { systemClock } from './clock.js';
import { dataFolder } from './data-folder.js';
import { nodeLauncher } from './devices/node-launcher.js';
import { startNetwork, type Network } from './lobby/start-network.js';
import { placeOfFault } from './program-fault.js';
import { electronHostLauncher } from './shell/electron-host-launcher.js';
import { openElectronShell, type ElectronShell } from './shell/electron.js';
import { lockProgram } from './shell/lock-down.js';
import { isProfileInUse, profileFolder } from './shell/profile-folder.js';
import { nextRelaunch, relaunchArguments, relaunchDelayMs, startAnewStatus } from './shell/relaunch.js';
import { parseElectronOptions, type ElectronOptions } from './start-options.js';

// The kiosk as an Electron program: the product's own shell.

function run(options: ElectronOptions): void {
  const folder = options.data === undefined ? dataFolder(process.env) : resolve(options.data);
  const profile = profileFolder(folder);
  // Before the lock, which lies in it: two kiosks with two data folders do not shut each other out.
  app.setPath('userData', profile.path);
  if (!app.requestSingleInstanceLock()) {
    const why = isProfileInUse(profile.path) ? 'already running' : `${profile.path} cannot be locked`;
    process.stderr.write(`forhal: ${why}\n`);
    app.exit(69);
    return;
  }

  let kiosk: App | undefined;
  let shell: ElectronShell | undefined;
  let network: Network | undefined;
  let ending = false;
  const end = (reason: string, status = 0): void => {
    if (ending) return;
    ending = true;
    shell?.stop();
    void stopAll(reason).finally(() => {
      if (profile.fault !== undefined) rmSync(profile.path, { recursive: true, force: true });
      app.exit(status);
    });
  };
  const stopAll = async (reason: string): Promise<void> => {
    await network?.close();
    await kiosk?.stop(reason);
  };
  const startedAt = systemClock.now();
  const relaunched = options.relaunched ?? 0;
  const relaunch = (): void => {
    if (ending) return;
    // A process that starts itself anew would leave whoever started it, and the terminal.
    if (process.env['FORHAL_SUPERVISED'] === undefined) {
      const count = nextRelaunch(relaunched, systemClock.now() - startedAt);
      app.relaunch({ args: relaunchArguments(process.argv.slice(1), count) });
      end('relaunch');
    } else {
      end('relaunch', startAnewStatus);
    }
  };

  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  lockProgram((what) => kiosk?.log.write('shell.attempt-denied', { what }));
  app.on('before-quit', (event) => {
    event.preventDefault();
    end('quit');
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  // Electron would show a dialog to the visitor and go on in an unknown state.
  process.on('uncaughtException', (error) => {
    kiosk?.log.write('app.fault', placeOfFault(error));
    relaunch();
  });
  process.on('unhandledRejection', (error) => {
    kiosk?.log.write('app.fault', placeOfFault(error));
    relaunch();
  });

  void app
    .whenReady()
    .then(() => new Promise<void>((go) => systemClock.after(relaunchDelayMs(relaunched), go)))
    .then(async () => {
      if (ending) return;
      const hostPath = join(__dirname, 'host.cjs');
      // The PC/SC addon is compiled for one of the two; `FORHAL_NODE` names the Node that it was compiled for.
      const node = process.env['FORHAL_NODE'];
      kiosk = await startApp({
        dataFolder: folder,
        version,
        shell: 'electron',
        launchHost:
          node === undefined
            ? electronHostLauncher(hostPath, process.env)
            : nodeLauncher(hostPath, process.env, node),
        storageWorker: join(__dirname, 'storage-worker.cjs'),
        clock: systemClock,
        chipSource: options.chips,
      });
      if (kiosk.settingsWarning !== undefined) process.stderr.write(`forhal: ${kiosk.settingsWarning}\n`);
      for (const line of accessNotices(kiosk)) process.stdout.write(`forhal: ${line}\n`);
      network = await startNetwork({
        app: kiosk,
        folder: join(__dirname, '../renderer'),
        now: () => systemClock.now(),
      });
      if (profile.fault !== undefined) kiosk.log.write('shell.profile-elsewhere', { code: profile.fault });
      shell = openElectronShell({
        kiosk,
        clock: systemClock,
        page: join(__dirname, '../renderer'),
        preload: join(__dirname, '../preload/preload.cjs'),
        relaunch,
      });
    })
    .catch((error: unknown) => {
      // It would fail again: whoever started it has to see to it.
      process.stderr.write(`forhal: could not start (${placeOfFault(error).error})\n`);
      end('could not start', 70);
    });
}

const options = parseElectronOptions(process.argv.slice(1));
if (options === undefined) {
  process.stderr.write('usage: forhal [--data FOLDER] [--chips auto|pcsc|demo]\n');
  app.exit(64);
} else {
  run(options);
}
