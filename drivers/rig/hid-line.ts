import type { ByteLine } from '../shared/byte-line.js';
import type { OpenLine } from './line.js';

/** What is used of node-hid. */
export interface HidDeviceInfo {
  readonly vendorId: number;
  readonly productId: number;
  readonly path?: string | undefined;
  readonly serialNumber?: string | undefined;
}
export interface HidDevice {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  write(bytes: number[]): Promise<number>;
  close(): Promise<void>;
}
export interface HidApi {
  devicesAsync(): Promise<readonly HidDeviceInfo[]>;
  readonly HIDAsync: { open(path: string): Promise<HidDevice> };
}

/** Bytes of one report, without its id. */
const reportLength = 64;
/** The rig numbers no reports: id 0 goes in front of what is written, and does not come with what is read. */
const reportId = 0;

/** Reports of 64 bytes: the number of bytes that follow, then so many of text. */
export async function openHidLine(hid: HidApi, path: string): ReturnType<OpenLine> {
  try {
    return new HidLine(await hid.HIDAsync.open(path));
  } catch {
    return undefined;
  }
}

/** The reports that carry these bytes, each with its id in front. */
export function toReports(bytes: Uint8Array): number[][] {
  const reports: number[][] = [];
  for (let at = 0; at < bytes.length; at += reportLength - 1) {
    const piece = bytes.subarray(at, at + reportLength - 1);
    const padding = new Array<number>(reportLength - 1 - piece.length).fill(0);
    reports.push([reportId, piece.length, ...piece, ...padding]);
  }
  return reports;
}

/** The text of one report; `undefined` when its count says more than there is. */
export function fromReport(report: Uint8Array): Uint8Array | undefined {
  const [count] = report;
  return count === undefined || count > report.length - 1 ? undefined : report.slice(1, 1 + count);
}

class HidLine implements ByteLine {
  readonly #device: HidDevice;
  readonly #onData: ((bytes: Uint8Array) => void)[] = [];
  readonly #onClose: (() => void)[] = [];
  #closed: Promise<void> | undefined;
  #writing: Promise<boolean> = Promise.resolve(true);

  constructor(device: HidDevice) {
    this.#device = device;
    device.on('data', (report) => {
      const bytes = fromReport(report);
      // A report that contradicts itself is noise.
      if (bytes !== undefined && bytes.length > 0) for (const callback of this.#onData) callback(bytes);
    });
    // Unplugged: a read fails, and no event says more.
    device.on('error', () => void this.close());
  }

  write(bytes: Uint8Array): Promise<boolean> {
    this.#writing = this.#writing.then(async () => {
      for (const report of toReports(bytes)) {
        if (this.#closed !== undefined) return false;
        try {
          await this.#device.write(report);
        } catch {
          void this.close();
          return false;
        }
      }
      return true;
    });
    return this.#writing;
  }

  onData(callback: (bytes: Uint8Array) => void): void {
    this.#onData.push(callback);
  }

  onClose(callback: () => void): void {
    if (this.#closed === undefined) this.#onClose.push(callback);
    else callback();
  }

  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#closed = this.#device.close().catch(() => undefined);
      for (const callback of this.#onClose) callback();
    }
    return this.#closed;
  }
}
