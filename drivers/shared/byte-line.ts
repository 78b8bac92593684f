/** An open line to a device: bytes in both directions, whatever carries them. */
export interface ByteLine {
  /** Whether all the bytes have left; `false` when the line was lost or closed first. One after the other. */
  write(bytes: Uint8Array): Promise<boolean>;
  onData(callback: (bytes: Uint8Array) => void): void;
  /** Once, however it ends; at once when it has ended. */
  onClose(callback: () => void): void;
  /** Gives up what has not left yet. Resolves once the next opener finds the device free. */
  close(): Promise<void>;
}
