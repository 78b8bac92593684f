import { SerialPort } from 'serialport';
import type { OpenLink, PrinterLink } from './link.js';

/** A serial port, also one behind USB (CDC). 8 data bits, no parity, 1 stop bit, as ticket printers are delivered. */
export function openSerialLink(path: string, baudRate: number): ReturnType<OpenLink> {
  return new Promise((resolve) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    port.open((error) => {
      if (error !== null) {
        resolve(undefined);
        return;
      }
      let closed = false;
      port.on('error', () => undefined);
      port.once('close', () => (closed = true));
      const link: PrinterLink = {
        write: (bytes) =>
          new Promise((written) => {
            if (closed) {
              written(false);
              return;
            }
            const lost = (): void => written(false);
            port.once('close', lost);
            port.write(Buffer.from(bytes), (failed) => {
              if (failed !== null && failed !== undefined) {
                port.removeListener('close', lost);
                written(false);
                return;
              }
              port.drain((undrained) => {
                port.removeListener('close', lost);
                written(undrained === null);
              });
            });
          }),
        onData: (callback) => void port.on('data', callback),
        onClose: (callback) => {
          if (closed) callback();
          else port.once('close', () => callback());
        },
        close: () => {
          if (!closed && port.isOpen) port.close(() => undefined);
        },
      };
      resolve(link);
    });
  });
}
