/** One open HID device: reports of 64 bytes, without a report id. */
export interface HidLine {
  /** Whether it was sent; false once the device is gone. Never rejects. */
  write(report: Uint8Array): Promise<boolean>;
  onReport(callback: (report: Uint8Array) => void): void;
  /** Called once: the device was unplugged, or closed. At once where it is closed already. */
  onClose(callback: () => void): void;
  close(): Promise<void>;
}
