import type { Router } from './router.js';
import { openSession, type Refusal, type Screens, type Session } from './session.js';

/** Origin of the page in Electron: its own scheme, never a file. */
export const pageOrigin = 'app://forhal';

/** The frame that sent a message, as Electron tells it; `null` when it is gone already. */
export interface SenderFrame {
  readonly url: string;
  /** `null` for the window's own page. */
  readonly parent: unknown;
}

export interface IpcOptions {
  readonly router: Router;
  readonly screens: Screens;
  /** Sends JSON text to the window's page. */
  readonly post: (text: string) => void;
  /** Monotonic, ms. */
  readonly now: () => number;
  readonly onRefused: (reason: Refusal | 'sender') => void;
}

export interface IpcTransport {
  /** A page begins to load: whatever the one before had running ends. */
  pageOpened(): void;
  /** Takes what a frame sent; anything but text from the window's own page is refused. */
  receive(frame: SenderFrame | null, payload: unknown): void;
  close(): void;
}

/** The API for one window of Electron. */
export function serveIpc(options: IpcOptions): IpcTransport {
  const { onRefused } = options;
  let session: Session | undefined;
  const close = (): void => {
    session?.close();
    session = undefined;
  };
  const receiveFromPage = (payload: unknown): Refusal | undefined =>
    typeof payload === 'string' ? session?.receive(payload) : 'malformed';
  return {
    pageOpened: () => {
      close();
      session = openSession({ ...options, baseRole: 'visitor', place: 'kiosk', window: true });
    },
    receive: (frame, payload) => {
      const reason = isFromPage(frame) ? receiveFromPage(payload) : 'sender';
      if (reason !== undefined) onRefused(reason);
    },
    close,
  };
}

function isFromPage(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOwnPage(frame.url);
}

/** Whether an address is the page's own or one of its files: an own scheme has no `origin` in URL. */
export function isOwnPage(address: string): boolean {
  return address === pageOrigin || address.startsWith(`${pageOrigin}/`);
}
