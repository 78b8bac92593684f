import type { ByteLine } from '../shared/byte-line.js';

/** An open line to a printer. */
export interface PrinterLink extends ByteLine {
  /** How fast it carries bytes; `undefined`: faster than any printer takes them. */
  readonly bytesPerSecond?: number;
}

/** Opens the line; `undefined` when that cannot be done now: unplugged, off, wrong address, in use. */
export type OpenLink = () => Promise<PrinterLink | undefined>;
