import { capabilities } from '../../../drivers/printer/capabilities.js';
import { systemClock } from '../../../drivers/shared/clock.js';
import { describe } from '../../../drivers/simulated/printer/paper.js';
import { SimulatedPrinter, type Step } from '../../../drivers/simulated/printer/simulated-printer.js';
import { eventually } from '../../integration/pcscd.js';
import { DeviceNode } from './device-node.js';
import { Gadget } from './gadget.js';

/** Gadget's side of the one printer function (USB printer class 1.1). */
const node = '/dev/g_printer0';
const takenOverMs = 5000;
const traits = capabilities.generic;

/** The simulated printer on a USB cable. */
export class GadgetPrinter {
  readonly #gadget = new Gadget({
    name: 'printer',
    vendorId: 0x1209,
    productId: 0x0002,
    product: 'Ticket printer',
    socket: 0,
    functions: [
      { name: 'printer.0', attributes: { pnp_string: 'MFG:Forhal;MDL:Lab;CLS:PRINTER;', q_len: '10' } },
    ],
  });
  readonly #printer: SimulatedPrinter;
  #cable: { readonly node: DeviceNode; readonly disconnect: () => void } | undefined;

  constructor(onStep: (step: Step) => void) {
    this.#printer = new SimulatedPrinter({ traits, clock: systemClock, onStep });
  }

  async plug(): Promise<void> {
    this.#gadget.plug();
    // It cannot be opened before the host side has taken the printer over.
    const open = await eventually(node, () => DeviceNode.open(node).catch(() => undefined), takenOverMs);
    const disconnect = this.#printer.connect(
      (bytes) => void open.write(bytes),
      () => undefined,
    );
    open.onData((bytes) => this.#printer.receive(bytes));
    this.#cable = { node: open, disconnect };
  }

  /** The cable is pulled; what the printer has in its buffer stays there. */
  unplug(): void {
    this.#gadget.unplug();
    this.#cable?.disconnect();
    void this.#cable?.node.close();
    this.#cable = undefined;
  }

  get plugged(): boolean {
    return this.#gadget.plugged;
  }

  /** Whole tickets with this number that are on paper. */
  ticketsOf(number: string): number {
    return this.#printer.pieces
      .filter(({ cut }) => cut)
      .map((piece) => describe(piece, traits.columns))
      .filter((text) => text.includes(number) && text.includes(lastLine)).length;
  }
}

/** At the end of a ticket: a piece of paper with it and the number is a whole one. */
export const lastLine = 'Watch the screen.';
