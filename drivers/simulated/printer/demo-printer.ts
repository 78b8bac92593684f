import type { Clock } from '../../shared/clock.js';
import { describe } from './paper.js';
import { type PrinterTraits, SimulatedPrinter } from './simulated-printer.js';
import type { DemoPrinterFault, DemoPrinterPaper } from './types.js';

/** A line to the printer, as the driver knows it. */
interface Line {
  write(bytes: Uint8Array): Promise<boolean>;
  onData(callback: (bytes: Uint8Array) => void): void;
  onClose(callback: () => void): void;
  close(): Promise<void>;
}

const longestTicket = 4000;

/** The simulated printer in the driver host itself, for a kiosk without one. */
export class DemoPrinter {
  readonly #printer: SimulatedPrinter;
  readonly #columns: number;

  constructor({ traits, clock }: { readonly traits: PrinterTraits; readonly clock: Clock }) {
    this.#printer = new SimulatedPrinter({ traits, clock });
    this.#columns = traits.columns;
  }

  get paper(): DemoPrinterPaper {
    return {
      fault: this.#printer.fault,
      tickets: this.#printer.recent.map((piece) => describe(piece, this.#columns).slice(0, longestTicket)),
    };
  }

  setFault(fault: DemoPrinterFault): void {
    this.#printer.setFault(fault);
  }

  readonly open = (): Promise<Line | undefined> => {
    if (this.#printer.fault === 'unplugged') return Promise.resolve(undefined);
    const onData: ((bytes: Uint8Array) => void)[] = [];
    const onClose: (() => void)[] = [];
    let closed = false;
    const close = (): void => {
      if (closed) return;
      closed = true;
      disconnect();
      for (const callback of onClose) callback();
    };
    const disconnect = this.#printer.connect((bytes) => {
      // A line takes a moment: nobody is answered while still asking.
      queueMicrotask(() => {
        for (const callback of onData) callback(bytes);
      });
    }, close);
    return Promise.resolve({
      write: (bytes) => {
        if (!closed) this.#printer.receive(bytes);
        return Promise.resolve(!closed);
      },
      onData: (callback) => void onData.push(callback),
      onClose: (callback) => {
        if (closed) callback();
        else onClose.push(callback);
      },
      close: () => {
        close();
        return Promise.resolve();
      },
    });
  };
}
