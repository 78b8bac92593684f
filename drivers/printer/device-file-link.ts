import { constants, open, read, write, close } from 'node:fs';
import { type Clock } from '../shared/clock.js';
import type { OpenLink, PrinterLink } from './link.js';

/** So often the printer is looked at for an answer, ms: without O_NONBLOCK a read would keep a thread for good. */
const readEveryMs = 20;
const writeAgainMs = 10;

/** Linux's usblp (`/dev/usb/lp0`): readable and writable, one opener at a time. */
export function openDeviceFileLink(path: string, clock: Clock): ReturnType<OpenLink> {
  return new Promise((resolve) => {
    open(path, constants.O_RDWR | constants.O_NONBLOCK, (error, descriptor) => {
      resolve(error === null ? new DeviceFile(descriptor, clock) : undefined);
    });
  });
}

/** EAGAIN: nothing there yet, or no room yet. */
function isNotYet(error: NodeJS.ErrnoException | null): boolean {
  return error?.code === 'EAGAIN';
}

class DeviceFile implements PrinterLink {
  readonly #descriptor: number;
  readonly #clock: Clock;
  readonly #onData: ((bytes: Uint8Array) => void)[] = [];
  readonly #onClose: (() => void)[] = [];
  readonly #buffer = Buffer.alloc(256);
  #cancel: () => void;
  #closed = false;

  constructor(descriptor: number, clock: Clock) {
    this.#descriptor = descriptor;
    this.#clock = clock;
    this.#cancel = clock.after(readEveryMs, () => this.#read());
  }

  write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (offset: number): void => {
        if (this.#closed) {
          resolve(false);
          return;
        }
        write(this.#descriptor, bytes, offset, bytes.length - offset, null, (error, written) => {
          if (isNotYet(error)) {
            this.#clock.after(writeAgainMs, () => go(offset));
          } else if (error !== null) {
            this.close();
            resolve(false);
          } else if (offset + written < bytes.length) {
            go(offset + written);
          } else {
            resolve(true);
          }
        });
      };
      go(0);
    });
  }

  onData(callback: (bytes: Uint8Array) => void): void {
    this.#onData.push(callback);
  }

  onClose(callback: () => void): void {
    if (this.#closed) callback();
    else this.#onClose.push(callback);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#cancel();
    close(this.#descriptor, () => undefined);
    for (const callback of this.#onClose) callback();
  }

  #read(): void {
    if (this.#closed) return;
    read(this.#descriptor, this.#buffer, 0, this.#buffer.length, null, (error, count) => {
      if (this.#closed) return;
      // ENODEV, EIO: unplugged. usblp answers nothing with 0 bytes.
      if (error !== null && !isNotYet(error)) {
        this.close();
        return;
      }
      if (error === null && count > 0) {
        const bytes = Uint8Array.from(this.#buffer.subarray(0, count));
        for (const callback of this.#onData) callback(bytes);
      }
      this.#cancel = this.#clock.after(readEveryMs, () => this.#read());
    });
  }
}
