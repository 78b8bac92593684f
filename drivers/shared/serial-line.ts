import { SerialPort } from 'serialport';
import type { ByteLine } from './byte-line.js';

/**
 * A serial port, also one behind USB (CDC-ACM, where the speed says nothing): 8 data bits, no parity, 1 stop bit.
 * `undefined` when it cannot be opened now: unplugged, in use, no permission.
 */
export function openSerialLine(path: string, baudRate: number): Promise<ByteLine | undefined> {
  return new Promise((resolve) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    port.open((error) => resolve(error === null ? new SerialLine(port) : undefined));
  });
}

class SerialLine implements ByteLine {
  readonly #port: SerialPort;
  readonly #onClose: (() => void)[] = [];
  /** Writes that have not left yet. */
  readonly #giveUp = new Set<() => void>();
  readonly #free: Promise<void>;
  #ended = false;

  constructor(port: SerialPort) {
    this.#port = port;
    // Its close follows.
    port.on('error', () => undefined);
    this.#free = new Promise((free) => {
      port.once('close', () => {
        this.#end();
        free();
      });
    });
  }

  write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#ended) {
        resolve(false);
        return;
      }
      const lost = (): void => resolve(false);
      const end = (left: boolean): void => {
        this.#giveUp.delete(lost);
        resolve(left);
      };
      // A port that closes in between answers no longer.
      this.#giveUp.add(lost);
      this.#port.write(Buffer.from(bytes), (failed) => {
        if (failed !== null && failed !== undefined) end(false);
        else this.#port.drain((undrained) => end(undrained === null));
      });
    });
  }

  onData(callback: (bytes: Uint8Array) => void): void {
    this.#port.on('data', callback);
  }

  onClose(callback: () => void): void {
    if (this.#ended) callback();
    else this.#onClose.push(callback);
  }

  close(): Promise<void> {
    if (!this.#ended) {
      this.#end();
      // Closing a port waits for what has not left yet, for half a minute where the device takes nothing.
      if (this.#port.isOpen) this.#port.flush(() => this.#port.close(() => undefined));
    }
    return this.#free;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const giveUp of this.#giveUp) giveUp();
    for (const callback of this.#onClose) callback();
  }
}
