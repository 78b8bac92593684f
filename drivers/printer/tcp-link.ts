import { connect, type Socket } from 'node:net';
import type { OpenLink, PrinterLink } from './link.js';

/** A printer that is off answers nothing at all, ms. */
const connectDeadlineMs = 2000;

/** Port 9100, "raw": the bytes as they are, status coming back on the same connection. */
export function openTcpLink(host: string, port: number): ReturnType<OpenLink> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const fail = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    socket.setTimeout(connectDeadlineMs, fail);
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeListener('error', fail);
      resolve(new TcpLink(socket));
    });
  });
}

class TcpLink implements PrinterLink {
  readonly #socket: Socket;
  readonly #free: Promise<void>;
  #closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    // Its close follows.
    socket.on('error', () => undefined);
    // A half-open line is of no use: nothing would come back.
    socket.once('end', () => socket.destroy());
    this.#free = new Promise((free) => {
      socket.once('close', () => {
        this.#closed = true;
        free();
      });
    });
  }

  write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#socket.destroyed) {
        resolve(false);
        return;
      }
      // Called with an error for what had not left when the socket was destroyed.
      this.#socket.write(bytes, (error) => resolve(error === undefined || error === null));
    });
  }

  onData(callback: (bytes: Uint8Array) => void): void {
    this.#socket.on('data', callback);
  }

  onClose(callback: () => void): void {
    if (this.#closed) callback();
    else this.#socket.once('close', callback);
  }

  close(): Promise<void> {
    this.#socket.destroy();
    return this.#free;
  }
}
