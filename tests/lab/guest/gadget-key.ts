import { systemClock } from '../../../drivers/shared/clock.js';
import { HidKey } from '../../../drivers/simulated/fido-key/hid-key.js';
import { DeviceNode } from './device-node.js';
import { Gadget, reportsOf64Bytes } from './gadget.js';

/** FIDO's HID usage page, CTAP 2.1 section 11.2.8.1. */
const fidoFunction = reportsOf64Bytes('key', 0xf1d0);

/** The simulated FIDO key in a USB socket. */
export class GadgetKey {
  readonly #gadget = new Gadget({
    name: 'key',
    vendorId: 0x1209,
    productId: 0x0001,
    product: 'FIDO key',
    socket: 3,
    functions: [fidoFunction],
  });
  #pull: (() => Promise<void>) | undefined;

  async plug(): Promise<void> {
    this.#gadget.plug();
    const node = await DeviceNode.open(await this.#gadget.hidNode(fidoFunction.name));
    // The socket is its power: each time it begins anew.
    const key = new HidKey('ctap2', systemClock);
    key.onReport((report) => void node.write(report));
    node.onData((report) => key.receive(report));
    this.#pull = () => {
      key.unplug();
      return node.close();
    };
  }

  async unplug(): Promise<void> {
    this.#gadget.unplug();
    await this.#pull?.();
    this.#pull = undefined;
  }
}
