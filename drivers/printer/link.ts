/** An open line to a printer. */
export interface PrinterLink {
  /** Whether the bytes have left this process; `false` when the line was lost first. */
  write(bytes: Uint8Array): Promise<boolean>;
  onData(callback: (bytes: Uint8Array) => void): void;
  /** Once, however it ends; at once when it has ended. */
  onClose(callback: () => void): void;
  close(): void;
}

/** Opens the line; `undefined` when that cannot be done now: unplugged, off, wrong address, in use. */
export type OpenLink = () => Promise<PrinterLink | undefined>;
