import { app, Menu, type Session, type WebContents } from 'electron';
import { isOwnPage } from '../api/ipc.js';
import { isAllowedKey } from './allowed-keys.js';

type Denied = (what: string) => void;

/** Nothing that a page asks of the system is granted, nothing is downloaded, and nothing is loaded but the page itself. */
export function lockSession(session: Session, onDenied: Denied): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => {
    onDenied(`permission ${permission}`);
    decide(false);
  });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, decide) => {
    onDenied('display media');
    decide(null);
  });
  session.setBluetoothPairingHandler((_details, decide) => decide({ confirmed: false }));
  session.on('will-download', (event) => {
    event.preventDefault();
    onDenied('download');
  });
  session.webRequest.onBeforeRequest((request, decide) => {
    const cancel = !isOwnPage(request.url);
    if (cancel) onDenied('request');
    decide({ cancel });
  });
}

/** The page stays where it is and opens nothing, and no key commands the window. */
export function lockContents(contents: WebContents, onDenied: Denied): void {
  contents.setWindowOpenHandler(() => {
    onDenied('window');
    return { action: 'deny' };
  });
  const stay = (what: string) => (event: { preventDefault(): void }) => {
    event.preventDefault();
    onDenied(what);
  };
  contents.on('will-navigate', stay('navigation'));
  contents.on('will-frame-navigate', stay('frame navigation'));
  contents.on('will-redirect', stay('redirect'));
  contents.on('will-attach-webview', stay('webview'));
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault();
    choose('');
  });
  contents.on('before-input-event', (event, input) => {
    if (!isAllowedKey(input)) event.preventDefault();
  });
  contents.on('dom-ready', () => {
    contents.setZoomFactor(1);
    void contents.setVisualZoomLevelLimits(1, 1);
  });
}

/** What holds for the whole program: no menu, and every page that ever comes up is locked. Before it is ready. */
export function lockProgram(onDenied: Denied): void {
  app.enableSandbox();
  Menu.setApplicationMenu(null);
  for (const name of [
    'disable-pinch',
    'disable-background-networking',
    // A dump of a page that crashed would hold what was typed into it.
    'disable-breakpad',
    'disable-component-update',
    'disable-renderer-backgrounding',
  ]) {
    app.commandLine.appendSwitch(name);
  }
  app.commandLine.appendSwitch('overscroll-history-navigation', '0');
  app.on('web-contents-created', (_event, contents) => lockContents(contents, onDenied));
}
