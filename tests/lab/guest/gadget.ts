import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../integration/pcscd.js';

const gadgets = '/sys/kernel/config/usb_gadget';

/** One function of a USB device: its name in configfs (`hid.key`), and its attributes there. */
export interface GadgetFunction {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | Uint8Array>>;
}

export interface GadgetOptions {
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  /** What it is called on the bus. */
  readonly product: string;
  /** Its socket of dummy_hcd, from 0 on: one device each. */
  readonly socket: number;
  readonly functions: readonly GadgetFunction[];
}

let made = 0;
const hex = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;
const nodeDeadlineMs = 5000;

/** A USB device that this machine is, plugged into one of its own sockets: the host side is a kernel's as ever. */
export class Gadget {
  readonly #folder: string;
  readonly #socket: string;
  #plugged = false;

  constructor({ name, vendorId, productId, product, socket, functions }: GadgetOptions) {
    // One that was unplugged keeps its name.
    this.#folder = join(gadgets, `${name}-${++made}`);
    this.#socket = `dummy_udc.${socket}`;
    const at = (...parts: readonly string[]): string => join(this.#folder, ...parts);
    mkdirSync(this.#folder);
    writeFileSync(at('idVendor'), hex(vendorId));
    writeFileSync(at('idProduct'), hex(productId));
    mkdirSync(at('strings/0x409'));
    writeFileSync(at('strings/0x409/manufacturer'), 'Forhal');
    writeFileSync(at('strings/0x409/product'), product);
    writeFileSync(at('strings/0x409/serialnumber'), `LAB${socket}`);
    mkdirSync(at('configs/c.1'));
    for (const each of functions) {
      mkdirSync(at('functions', each.name));
      for (const [attribute, value] of Object.entries(each.attributes ?? {})) {
        writeFileSync(at('functions', each.name, attribute), value);
      }
      symlinkSync(at('functions', each.name), at('configs/c.1', each.name));
    }
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  plug(): void {
    writeFileSync(join(this.#folder, 'UDC'), this.#socket);
    this.#plugged = true;
  }

  unplug(): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    writeFileSync(join(this.#folder, 'UDC'), '\n');
  }

  /** An attribute of a function, as the kernel tells it. */
  attribute(functionName: string, name: string): string {
    return readFileSync(join(this.#folder, 'functions', functionName, name), 'utf8').trim();
  }

  /** Path of the node through which a HID function's reports go, once it is there: each plug makes a new one. */
  async hidNode(functionName: string): Promise<string> {
    const numbers = this.attribute(functionName, 'dev');
    const name = await eventually(
      `a node for ${functionName}`,
      () => {
        try {
          return /^DEVNAME=(.+)$/m.exec(readFileSync(`/sys/dev/char/${numbers}/uevent`, 'utf8'))?.[1];
        } catch {
          return undefined;
        }
      },
      nodeDeadlineMs,
    );
    return `/dev/${name}`;
  }
}

/** A HID function with one report of 64 bytes each way (HID 1.11 section 6.2.2) under this usage page. */
export function reportsOf64Bytes(name: string, usagePage: number): GadgetFunction {
  const descriptor = [
    [0x06, usagePage & 0xff, usagePage >> 8],
    // usage 1, collection: application
    [0x09, 0x01, 0xa1, 0x01],
    // usage 0x20: 64 input bytes
    [0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81, 0x02],
    // usage 0x21: 64 output bytes; end of collection
    [0x09, 0x21, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xc0],
  ].flat();
  return {
    name: `hid.${name}`,
    attributes: {
      protocol: '0',
      subclass: '0',
      report_length: '64',
      report_desc: Uint8Array.from(descriptor),
    },
  };
}
