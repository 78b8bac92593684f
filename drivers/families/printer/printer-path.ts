import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const folder = '/dev/usb';

/** The first USB printer device that is there now: Linux's usblp. */
export function findUsbPrinter(): string | undefined {
  try {
    const [first] = readdirSync(folder)
      .filter((name) => /^lp\d+$/.test(name))
      .sort();
    return first === undefined ? undefined : join(folder, first);
  } catch {
    return undefined;
  }
}
