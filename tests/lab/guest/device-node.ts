import { close, constants, open, read, write } from 'node:fs';
import { systemClock as clock } from '../../../drivers/shared/clock.js';

/** So often it is looked for what the other side sent, ms. */
const lookEveryMs = 4;
const longest = 8192;

/** A device node of the gadget's side, opened so that no call on it waits. */
export class DeviceNode {
  readonly #descriptor: number;
  readonly #buffer = Buffer.alloc(longest);
  readonly #onData: ((bytes: Uint8Array) => void)[] = [];
  #cancel: () => void;
  #underWay = 0;
  #closed = false;
  #tellFree = (): void => undefined;
  readonly #free = new Promise<void>((resolve) => (this.#tellFree = resolve));
  #last: Promise<unknown> = Promise.resolve();

  private constructor(descriptor: number) {
    this.#descriptor = descriptor;
    this.#cancel = clock.after(lookEveryMs, () => this.#read());
  }

  static open(path: string): Promise<DeviceNode> {
    return new Promise((resolve, reject) => {
      open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY, (error, descriptor) => {
        if (error === null) resolve(new DeviceNode(descriptor));
        else reject(error);
      });
    });
  }

  onData(callback: (bytes: Uint8Array) => void): void {
    this.#onData.push(callback);
  }

  /** One after the other; bytes for a cable that was pulled are lost. */
  write(bytes: Uint8Array): Promise<boolean> {
    const written = this.#last.then(() => this.#write(bytes));
    this.#last = written;
    return written;
  }

  /** Resolves once the node can be opened again. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#cancel();
      this.#letGo();
    }
    return this.#free;
  }

  #write(bytes: Uint8Array): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#closed) {
        resolve(false);
        return;
      }
      this.#underWay++;
      write(this.#descriptor, bytes, 0, bytes.length, null, (error, written) => {
        this.#underWay--;
        if (this.#closed) this.#letGo();
        if (error?.code === 'EAGAIN') clock.after(lookEveryMs, () => void this.#write(bytes).then(resolve));
        else if (error !== null) resolve(false);
        else if (written < bytes.length) void this.#write(bytes.subarray(written)).then(resolve);
        else resolve(true);
      });
    });
  }

  #read(): void {
    this.#underWay++;
    read(this.#descriptor, this.#buffer, 0, longest, null, (error, count) => {
      this.#underWay--;
      if (this.#closed) {
        this.#letGo();
        return;
      }
      const some = error === null && count > 0;
      if (some) {
        const bytes = Uint8Array.from(this.#buffer.subarray(0, count));
        for (const callback of this.#onData) callback(bytes);
      }
      // An error other than "nothing yet" lasts until whoever pulled the cable closes this.
      if (!this.#isClosed()) this.#cancel = clock.after(some ? 0 : lookEveryMs, () => this.#read());
    });
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #letGo(): void {
    if (this.#underWay === 0) close(this.#descriptor, () => this.#tellFree());
  }
}
