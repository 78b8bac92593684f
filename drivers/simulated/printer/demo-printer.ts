import type { ByteLine } from '../../shared/byte-line.js';
import type { Clock } from '../../shared/clock.js';
import { openCable } from '../shared/cable.js';
import { describe } from './paper.js';
import { type PrinterTraits, SimulatedPrinter } from './simulated-printer.js';
import type { DemoPrinterFault, DemoPrinterPaper } from './types.js';

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

  readonly open = (): Promise<ByteLine | undefined> =>
    Promise.resolve(this.#printer.fault === 'unplugged' ? undefined : openCable(this.#printer));
}
