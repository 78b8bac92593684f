// The part of nfc-pcsc 0.8.1 that is used here; the package brings no types.
declare module 'nfc-pcsc' {
  /** The reader of @pokusew/pcsclite 0.6.0 below a `Reader`. */
  interface NativeReader {
    /** False from a disconnect on; true again only once a connect has succeeded. */
    readonly connected: boolean;
    readonly SCARD_STATE_EMPTY: number;
    readonly SCARD_STATE_PRESENT: number;
    readonly SCARD_STATE_MUTE: number;
    readonly SCARD_UNPOWER_CARD: number;
    on(event: 'status', listener: (status: { state: number; atr?: Buffer }) => void): unknown;
    disconnect(disposition: number, callback: (error?: Error | null) => void): void;
  }

  interface Reader {
    readonly name: string;
    readonly reader: NativeReader;
    autoProcessing: boolean;
    /** Without a protocol when it was opened over one that was still open: such a connection carries nothing. */
    connection: { readonly type: number; readonly protocol?: number } | null;
    on(event: 'card', listener: (card: { atr?: Buffer }) => void): unknown;
    on(event: 'error', listener: (error: Error) => void): unknown;
    on(event: 'end', listener: () => void): unknown;
    connect(): Promise<unknown>;
    /** Throws at once, not by its promise, when there is no card. */
    transmit(command: Buffer, responseMaxLength: number): Promise<Buffer>;
  }

  interface NFC {
    on(event: 'reader', listener: (reader: Reader) => void): unknown;
    on(event: 'error', listener: (error: Error) => void): unknown;
  }

  const NFC: new () => NFC;
}
