import type { Device, HIDAsync } from 'node-hid';
import type { HidLine } from './hid-line.js';

/** FIDO's HID usage page and usage, CTAP 2.1 section 11.2.8.1. */
const fidoUsagePage = 0xf1d0;
const fidoUsage = 0x01;
/** A device without numbered reports is written to with the report id 0. */
const noReportId = Uint8Array.of(0);

/** FIDO keys in this computer's USB sockets. */
export interface HidDevices {
  /** Where each is found: a path that `open` takes. None where they cannot be listed. */
  list(): Promise<readonly string[]>;
  /** `undefined` when the system does not let this program open it, or it is gone. */
  open(path: string): Promise<HidLine | undefined>;
}

/** By node-hid, which is loaded at the first look: where its addon does not load there are no keys. */
export const nodeHidDevices: HidDevices = {
  list: async () => {
    try {
      const { devicesAsync } = await import('node-hid');
      return (await devicesAsync()).filter(isKey).flatMap(({ path }) => (path === undefined ? [] : [path]));
    } catch {
      return [];
    }
  },
  open: async (path) => {
    try {
      const { HIDAsync } = await import('node-hid');
      // Browsers hold keys open: they are shared, as CTAPHID's channels provide for.
      return new NodeHidLine(await HIDAsync.open(path, { nonExclusive: true }));
    } catch {
      return undefined;
    }
  },
};

function isKey({ usagePage, usage }: Device): boolean {
  return usagePage === fidoUsagePage && usage === fidoUsage;
}

class NodeHidLine implements HidLine {
  readonly #device: HIDAsync;
  readonly #onClose: (() => void)[] = [];
  #closed = false;
  #freed: Promise<void> | undefined;

  constructor(device: HIDAsync) {
    this.#device = device;
    // An unplugged device fails at its next read.
    device.on('error', () => void this.close());
  }

  async write(report: Uint8Array): Promise<boolean> {
    if (this.#closed) return false;
    try {
      await this.#device.write(Buffer.concat([noReportId, report]));
      return true;
    } catch {
      void this.close();
      return false;
    }
  }

  onReport(callback: (report: Uint8Array) => void): void {
    if (!this.#closed) this.#device.on('data', (report: Uint8Array) => callback(report));
  }

  onClose(callback: () => void): void {
    if (this.#closed) callback();
    else this.#onClose.push(callback);
  }

  close(): Promise<void> {
    this.#freed ??= this.#free();
    return this.#freed;
  }

  async #free(): Promise<void> {
    this.#closed = true;
    for (const callback of this.#onClose) callback();
    try {
      await this.#device.close();
    } catch {
      // It was gone already.
    }
  }
}
