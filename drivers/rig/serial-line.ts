import { SerialPort } from 'serialport';
import type { OpenLine, RigLine } from './line.js';

/** A serial port, also one behind USB (CDC-ACM, where the speed says nothing): 8 data bits, no parity, 1 stop bit. */
export function openSerialLine(path: string, baudRate: number): ReturnType<OpenLine> {
  return new Promise((resolve) => {
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    port.open((error) => resolve(error === null ? new SerialLine(port) : undefined));
  });
}

class SerialLine implements RigLine {
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
      // A port that closes in between answers no longer.
      this.#giveUp.add(lost);
      this.#port.write(Buffer.from(bytes), (failed) => {
        this.#giveUp.delete(lost);
        resolve(failed === null || failed === undefined);
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
      // What has not left yet would hold the close up.
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
