import { connect } from 'node:net';
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
      // Its close follows.
      socket.on('error', () => undefined);
      let closed = false;
      socket.once('close', () => (closed = true));
      const link: PrinterLink = {
        write: (bytes) =>
          new Promise((written) => {
            if (closed || socket.destroyed) {
              written(false);
              return;
            }
            const lost = (): void => written(false);
            socket.once('close', lost);
            socket.write(bytes, (error) => {
              socket.removeListener('close', lost);
              written(error === undefined || error === null);
            });
          }),
        onData: (callback) => void socket.on('data', callback),
        onClose: (callback) => {
          if (closed) callback();
          else socket.once('close', callback);
        },
        close: () => socket.destroy(),
      };
      // A half-open line is of no use: nothing would come back.
      socket.once('end', () => socket.destroy());
      resolve(link);
    });
  });
}
