import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { UsbIds } from './types.js';

/** A serial port behind USB. */
export interface SerialPortInfo extends UsbIds {
  readonly path: string;
}

/** From a port's own folder up to that of the USB device: over the interface, and with converters the port of it. */
const levelsToDevice = 4;

/**
 * Serial ports behind USB that are there now. On Linux they are read from sysfs: `SerialPort.list()` starts
 * `udevadm` for it, which not every kiosk has, and a process every second is too much where it is there.
 */
export function listSerialPorts(): Promise<readonly SerialPortInfo[]> {
  return process.platform === 'linux' ? fromSysfs('/sys/class/tty') : fromLibrary();
}

/** Linux: `/sys/class/tty/ttyACM0/device` is a link into the tree of USB devices. */
export async function fromSysfs(folder: string): Promise<readonly SerialPortInfo[]> {
  const names = await readdir(folder).catch(() => []);
  const ports = await Promise.all(
    names
      .filter((name) => /^tty(ACM|USB)\d+$/.test(name))
      .sort()
      .map(async (name) => {
        const ids = await usbIdsAbove(join(folder, name, 'device'));
        return ids === undefined ? [] : [{ path: `/dev/${name}`, ...ids }];
      }),
  );
  return ports.flat();
}

async function usbIdsAbove(link: string): Promise<UsbIds | undefined> {
  try {
    let folder = await realpath(link);
    for (let level = 0; level < levelsToDevice; level++, folder = dirname(folder)) {
      const vendor = await readFile(join(folder, 'idVendor'), 'latin1').catch(() => undefined);
      if (vendor === undefined) continue;
      const product = await readFile(join(folder, 'idProduct'), 'latin1');
      return withIds(vendor, product);
    }
  } catch {
    // It was unplugged just now.
  }
  return undefined;
}

function withIds(vendor: string | undefined, product: string | undefined): UsbIds | undefined {
  const vendorId = Number.parseInt(vendor ?? '', 16);
  const productId = Number.parseInt(product ?? '', 16);
  return Number.isNaN(vendorId) || Number.isNaN(productId) ? undefined : { vendorId, productId };
}

async function fromLibrary(): Promise<readonly SerialPortInfo[]> {
  try {
    const { SerialPort } = await import('serialport');
    const ports: readonly LibraryPort[] = await SerialPort.list();
    return ports.flatMap(({ path, vendorId, productId }) => {
      const ids = withIds(vendorId, productId);
      return ids === undefined ? [] : [{ path, ...ids }];
    });
  } catch {
    return [];
  }
}

interface LibraryPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
}
