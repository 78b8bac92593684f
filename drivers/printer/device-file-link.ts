import { constants, open, read, write, close } from 'node:fs';
import { type Clock } from '../shared/clock.js';
import type { OpenLink, PrinterLink } from './link.js';

/** So often the printer is looked at for an answer, ms: without O_NONBLOCK a read would keep a thread for good. */
const readEveryMs = 20;
const writeAgainMs = 10;

const flags = constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Linux's usblp (`/dev/usb/lp0`): readable and writable, one opener at a time. */
export function openDeviceFileLink(path: string, clock: Clock): ReturnType<OpenLink> {
  return new Promise((resolve) => {
    open(path, flags, (error, descriptor) => {
      resolve(error === null ? new DeviceFile(descriptor, clock) : undefined);
    });
  });
}

/** EAGAIN: nothing there yet, or no room yet. */
function isNotYet(error: NodeJS.ErrnoException | null): boolean {
  return error?.code === 'EAGAIN';
}

interface Writing {
  readonly bytes: Uint8Array;
  readonly end: (left: boolean) => void;
}

class DeviceFile implements PrinterLink {
  readonly #descriptor: number;
  readonly #clock: Clock;
  readonly #onData: ((bytes: Uint8Array) => void)[] = [];
  readonly #onClose: (() => void)[] = [];
  readonly #buffer = Buffer.alloc(256);
  readonly #queue: Writing[] = [];
  readonly #free: Promise<void>;
  #onFree: () => void = () => undefined;
  #offset = 0;
  #cancelRead: () => void;
  #cancelWrite: () => void = () => undefined;
  /** Calls that a thread of libuv has in hand: the number of a descriptor that they use must not be given away. */
  #underWay = 0;
  #ended = false;

  constructor(descriptor: number, clock: Clock) {
    this.#descriptor = descriptor;
    this.#clock = clock;
    this.#free = new Promise((free) => (this.#onFree = free));
    this.#cancelRead = clock.after(readEveryMs, () => this.#read());
  }

  write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((end) => {
      if (this.#ended) {
        end(false);
        return;
      }
      this.#queue.push({ bytes, end });
      if (this.#queue.length === 1) this.#write();
    });
  }

  onData(callback: (bytes: Uint8Array) => void): void {
    this.#onData.push(callback);
  }

  onClose(callback: () => void): void {
    if (this.#ended) callback();
    else this.#onClose.push(callback);
  }

  close(): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      this.#cancelRead();
      this.#cancelWrite();
      this.#letGo();
      for (const { end } of this.#queue.splice(0)) end(false);
      for (const callback of this.#onClose) callback();
    }
    return this.#free;
  }

  /** The first in the queue, as much of it as there is room for; a printer without paper takes nothing for long. */
  #write(): void {
    const [first] = this.#queue;
    if (first === undefined) return;
    const { bytes, end } = first;
    this.#underWay++;
    write(this.#descriptor, bytes, this.#offset, bytes.length - this.#offset, null, (error, written) => {
      if (this.#returned()) return;
      if (isNotYet(error)) {
        this.#cancelWrite = this.#clock.after(writeAgainMs, () => this.#write());
        return;
      }
      if (error !== null) {
        void this.close();
        return;
      }
      this.#offset += written;
      if (this.#offset >= bytes.length) {
        this.#offset = 0;
        this.#queue.shift();
        end(true);
      }
      this.#write();
    });
  }

  #read(): void {
    this.#underWay++;
    read(this.#descriptor, this.#buffer, 0, this.#buffer.length, null, (error, count) => {
      if (this.#returned()) return;
      // ENODEV, EIO: unplugged. usblp answers nothing with 0 bytes.
      if (error !== null && !isNotYet(error)) {
        void this.close();
        return;
      }
      if (error === null && count > 0) {
        const bytes = Uint8Array.from(this.#buffer.subarray(0, count));
        for (const callback of this.#onData) callback(bytes);
      }
      // Whoever listens may have closed it.
      if (!this.#isEnded()) this.#cancelRead = this.#clock.after(readEveryMs, () => this.#read());
    });
  }

  /** A call came back; whether it came too late. */
  #returned(): boolean {
    this.#underWay--;
    if (this.#ended) this.#letGo();
    return this.#ended;
  }

  #isEnded(): boolean {
    return this.#ended;
  }

  #letGo(): void {
    if (this.#underWay === 0) close(this.#descriptor, () => this.#onFree());
  }
}
