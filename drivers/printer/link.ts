/** An open line to a printer. */
export interface PrinterLink {
  /** How fast it carries bytes; `undefined`: faster than any printer takes them. */
  readonly bytesPerSecond?: number;
  /** Whether all the bytes have left; `false` when the line was lost or closed first. One after the other. */
  write(bytes: Uint8Array): Promise<boolean>;
  onData(callback: (bytes: Uint8Array) => void): void;
  /** Once, however it ends; at once when it has ended. */
  onClose(callback: () => void): void;
  /** Gives up what has not left yet. Resolves once the next opener finds the device free. */
  close(): Promise<void>;
}

/** Opens the line; `undefined` when that cannot be done now: unplugged, off, wrong address, in use. */
export type OpenLink = () => Promise<PrinterLink | undefined>;
