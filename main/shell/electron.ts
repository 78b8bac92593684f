import { app, BrowserWindow, ipcMain, powerSaveBlocker, screen, session } from 'electron';
import { isOwnPage, pageOrigin, serveIpc } from '../api/ipc.js';
import { ipcChannel } from '../api/ipc-channel.js';
import type { App } from '../app.js';
import type { Clock } from '../clock.js';
import { HeartbeatWatch } from './heartbeat-watch.js';
import { lockSession } from './lock-down.js';
import { pageFiles } from './page-files.js';
import { Recovery } from './recovery.js';

export interface ElectronShellOptions {
  readonly kiosk: App;
  readonly clock: Clock;
  /** Folder of the built page. */
  readonly page: string;
  /** Path of the built preload script. */
  readonly preload: string;
  /** Starts the whole program anew. */
  readonly relaunch: () => void;
}

export interface ElectronShell {
  /** Lets the window close and ends the page's session. */
  stop(): void;
}

/** How long a page that hangs may take to come round, ms. */
const hungGraceMs = 8000;
/** After a page could not be loaded, ms. */
const reloadDelayMs = 500;

/** The kiosk's window, and what brings its page back when it crashes, hangs or falls silent. Once the app is ready. */
export function openElectronShell(options: ElectronShellOptions): ElectronShell {
  const { kiosk, clock, page, preload, relaunch } = options;
  const { log } = kiosk;
  let stopping = false;

  // Without `persist:` it is in memory only.
  const partition = session.fromPartition('kiosk', { cache: false });
  lockSession(partition, (what) => log.write('shell.attempt-denied', { what }));
  partition.protocol.handle('app', pageFiles(page));

  const window = new BrowserWindow({
    kiosk: true,
    // A screen without a window manager has nobody to make the window as large as itself.
    ...screen.getPrimaryDisplay().bounds,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#ffffff',
    title: 'Forhal',
    webPreferences: {
      session: partition,
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      spellcheck: false,
      backgroundThrottling: false,
    },
  });
  const { webContents } = window;
  window.removeMenu();
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    if (!stopping) event.preventDefault();
  });
  const keepAwake = powerSaveBlocker.start('prevent-display-sleep');

  const transport = serveIpc({
    router: kiosk.router,
    screens: kiosk.screens,
    now: () => clock.now(),
    post: (text) => {
      if (!webContents.isDestroyed()) webContents.send(ipcChannel, text);
    },
    onRefused: (reason) => log.write('api.page-refused', { reason }),
  });
  ipcMain.on(ipcChannel, (event, payload: unknown) => {
    if (event.sender === webContents) transport.receive(event.senderFrame, payload);
  });

  const recovery = new Recovery(() => clock.now());
  let cancelRecovery = (): void => undefined;
  const recover = (delayMs = 0): void => {
    if (stopping) return;
    cancelRecovery();
    if (recovery.next() === 'relaunch') {
      log.write('shell.relaunched', {});
      relaunch();
      return;
    }
    cancelRecovery = clock.after(delayMs, () => {
      log.write('shell.page-reloaded', {});
      load();
    });
  };
  const crash = (): void => {
    if (webContents.isCrashed()) recover();
    else webContents.forcefullyCrashRenderer();
  };

  const watch = new HeartbeatWatch(
    clock,
    (silentMs) => {
      log.write('shell.page-silent', { silentMs });
      crash();
    },
    (afterMs) => log.write('shell.page-alive', { afterMs }),
  );
  const stopHearing = kiosk.onHeartbeat(() => watch.beat());
  const load = (): void => {
    transport.pageOpened();
    watch.opened();
    // A failure to load comes as an event as well.
    webContents.loadURL(`${pageOrigin}/`).catch(() => undefined);
  };

  let cancelGrace = (): void => undefined;
  webContents.on('unresponsive', () => {
    log.write('shell.page-hung', {});
    cancelGrace();
    cancelGrace = clock.after(hungGraceMs, crash);
  });
  webContents.on('responsive', () => cancelGrace());
  webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    cancelGrace();
    log.write('shell.page-gone', { reason, exitCode });
    recover();
  });
  webContents.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
    if (!isMainFrame) return;
    log.write('shell.page-gone', { reason: 'not loaded', exitCode: code });
    recover(reloadDelayMs);
  });
  // A page can leave for about:blank without asking: that is the one navigation that nothing holds up.
  webContents.on('did-navigate', (_event, url) => {
    if (isOwnPage(url)) return;
    log.write('shell.page-gone', { reason: 'left', exitCode: 0 });
    recover();
  });
  // Electron starts a new GPU process by itself and main/devices a new driver host: here it is only told.
  app.on('child-process-gone', (_event, { type, reason }) => log.write('shell.child-gone', { type, reason }));

  load();
  return {
    stop: () => {
      stopping = true;
      stopHearing();
      watch.stop();
      cancelGrace();
      cancelRecovery();
      transport.close();
      powerSaveBlocker.stop(keepAwake);
    },
  };
}
