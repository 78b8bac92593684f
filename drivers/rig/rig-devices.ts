import { type HidApi, openHidLine } from './hid-line.js';
import type { OpenLine } from './line.js';
import { openSerialLine } from '../shared/serial-line.js';
import { listSerialPorts, type SerialPortInfo } from './serial-ports.js';
import type { RigConnection, UsbIds } from './types.js';

/** A device that may be a rig. */
export interface RigCandidate {
  readonly name: string;
  readonly transport: 'serial' | 'hid';
  readonly open: OpenLine;
}

export interface RigDevices {
  /** Where a rig may be now; nothing else is opened, so that a printer on a serial port is left alone. */
  find(connection: RigConnection, known: readonly UsbIds[]): Promise<readonly RigCandidate[]>;
}

export interface DeviceAccess {
  readonly listSerialPorts: () => Promise<readonly SerialPortInfo[]>;
  readonly openSerial: (path: string, baudRate: number) => ReturnType<OpenLine>;
  /** `undefined` where HID cannot be had. */
  readonly hid: () => Promise<HidApi | undefined>;
}

/** USB has no speed of its own; converters are set to what rigs are delivered with. */
const usualBaudRate = 115_200;

export const realDevices: DeviceAccess = {
  listSerialPorts,
  openSerial: openSerialLine,
  hid: async () => {
    try {
      const { devicesAsync, HIDAsync } = (await import('node-hid')).default;
      return { devicesAsync, HIDAsync };
    } catch {
      // Its addon wants libudev, which a small system may not have.
      return undefined;
    }
  },
};

export function findDevices(access: DeviceAccess = realDevices): RigDevices {
  const hidCandidates = async (
    isMeant: (device: UsbIds & { readonly serialNumber?: string | undefined }) => boolean,
  ): Promise<readonly RigCandidate[]> => {
    const hid = await access.hid();
    if (hid === undefined) return [];
    const devices = await hid.devicesAsync().catch(() => []);
    return devices.flatMap((device) => {
      const { path } = device;
      if (path === undefined || !isMeant(device)) return [];
      return [{ name: path, transport: 'hid' as const, open: () => openHidLine(hid, path) }];
    });
  };
  const serial = (path: string, baudRate: number): RigCandidate => ({
    name: path,
    transport: 'serial',
    open: () => access.openSerial(path, baudRate),
  });
  return {
    find: async (connection, known) => {
      const isKnown = ({ vendorId, productId }: UsbIds): boolean =>
        known.some((ids) => ids.vendorId === vendorId && ids.productId === productId);
      switch (connection.kind) {
        case 'none':
        case 'demo':
          return [];
        case 'serial':
          return [serial(connection.path, connection.baudRate)];
        case 'hid':
          return hidCandidates(
            ({ vendorId, productId, serialNumber }) =>
              vendorId === connection.vendorId &&
              productId === connection.productId &&
              (connection.serialNumber === undefined || connection.serialNumber === serialNumber),
          );
        case 'auto': {
          const ports = (await access.listSerialPorts()).filter(isKnown);
          return [...ports.map(({ path }) => serial(path, usualBaudRate)), ...(await hidCandidates(isKnown))];
        }
      }
    },
  };
}
