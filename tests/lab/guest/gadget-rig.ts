import { SerialPort } from 'serialport';
import { HidReports } from '../../../drivers/simulated/rig/hid-reports.js';
import type { SimulatedRig } from '../../../drivers/simulated/rig/simulated-rig.js';
import { eventually } from '../../integration/pcscd.js';
import { DeviceNode } from './device-node.js';
import { Gadget, reportsOf64Bytes } from './gadget.js';

export type RigTransport = 'serial' | 'hid';

export const rigUsbIds = { vendorId: 0x1209, productId: 0x0010 } as const;

const hidFunction = reportsOf64Bytes('rig', 0xff00);
const acmFunction = 'acm.rig';
const openMs = 5000;

/** A rig on a USB cable: a serial port (CDC-ACM), or reports of 64 bytes. */
export class GadgetRig {
  readonly #transport: RigTransport;
  readonly #rig: SimulatedRig;
  readonly #gadget: Gadget;
  #pull: (() => Promise<void>) | undefined;

  constructor(transport: RigTransport, rig: SimulatedRig) {
    this.#transport = transport;
    this.#rig = rig;
    this.#gadget = new Gadget({
      name: 'rig',
      ...rigUsbIds,
      product: 'Code display rig',
      socket: transport === 'serial' ? 1 : 2,
      functions: [transport === 'serial' ? { name: acmFunction } : hidFunction],
    });
  }

  async plug(): Promise<void> {
    this.#gadget.plug();
    this.#pull = await (this.#transport === 'serial' ? this.#openSerial() : this.#openHid());
  }

  /** The cable is pulled. */
  async unplug(): Promise<void> {
    this.#gadget.unplug();
    await this.#pull?.();
    this.#pull = undefined;
  }

  async #openSerial(): Promise<() => Promise<void>> {
    const path = `/dev/ttyGS${this.#gadget.attribute(acmFunction, 'port_num')}`;
    const port = await eventually(path, () => openPort(path), openMs);
    const disconnect = this.#rig.onSend((bytes) => void port.write(Buffer.from(bytes)));
    port.on('data', (bytes: Buffer) => this.#rig.receive(Uint8Array.from(bytes)));
    return () => {
      disconnect();
      return new Promise((closed) => {
        if (port.isOpen) port.close(() => closed());
        else closed();
      });
    };
  }

  async #openHid(): Promise<() => Promise<void>> {
    const node = await DeviceNode.open(await this.#gadget.hidNode(hidFunction.name));
    const reports = new HidReports(this.#rig);
    const disconnect = reports.onSend((report) => void node.write(report));
    node.onData((report) => reports.receive(report));
    return () => {
      disconnect();
      return node.close();
    };
  }
}

function openPort(path: string): Promise<SerialPort | undefined> {
  return new Promise((resolve) => {
    const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
    port.on('error', () => undefined);
    port.open((error) => resolve(error === null ? port : undefined));
  });
}
