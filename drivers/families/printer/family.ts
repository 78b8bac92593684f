import type { Emit, FamilyMethods } from '../../host-server.js';
import { capabilities } from '../../printer/capabilities.js';
import { openDeviceFileLink } from '../../printer/device-file-link.js';
import type { OpenLink } from '../../printer/link.js';
import { openSerialLink } from '../../printer/serial-link.js';
import { openTcpLink } from '../../printer/tcp-link.js';
import { TicketPrinter } from '../../printer/ticket-printer.js';
import type { PrinterConnection, PrinterStatus } from '../../printer/types.js';
import type { PrinterOptions } from '../../protocol.js';
import { type Clock, systemClock } from '../../shared/clock.js';
import { DemoPrinter } from '../../simulated/printer/demo-printer.js';
import { findUsbPrinter } from './printer-path.js';

export interface PrinterFamilyOptions extends PrinterOptions {
  readonly emit: Emit;
  readonly clock?: Clock;
  readonly findUsb?: () => string | undefined;
}

const starting: PrinterStatus = { kind: 'starting' };
const none: PrinterStatus = { kind: 'fault', fault: 'no-printer' };
/** So often it is looked for a printer that was not there at the start, ms. */
const lookEveryMs = 1000;

/** The ticket printer: the family `printer` of a driver host. */
export function createPrinterFamily({
  connection,
  model,
  demoAllowed,
  emit,
  clock = systemClock,
  findUsb = findUsbPrinter,
}: PrinterFamilyOptions): FamilyMethods<'printer'> {
  let printer: TicketPrinter | undefined;
  let demo: DemoPrinter | undefined;
  let told: string | undefined;

  /** At each change only. */
  const tell = (status: PrinterStatus): void => {
    const snapshot = { demo: demo !== undefined, status };
    const words = JSON.stringify(snapshot);
    if (words === told) return;
    told = words;
    emit('printer', snapshot);
  };
  const use = (open: OpenLink): void => {
    void printer?.stop();
    printer = new TicketPrinter({ open, capabilities: capabilities[model], clock, onStatus: tell });
  };
  const useNone = (): void => {
    printer = undefined;
    tell(none);
  };
  /** Only where it is allowed, also when it is asked for by name: a visitor's number is not for a printer that is none. */
  const useDemo = (): void => {
    if (!demoAllowed) {
      useNone();
      return;
    }
    if (demo !== undefined) return;
    demo = new DemoPrinter({ traits: capabilities[model], clock });
    use(demo.open);
  };
  /** A USB printer keeps no name: it is looked for at each opening. */
  const openAnyUsb: OpenLink = () => {
    const path = findUsb();
    return path === undefined ? Promise.resolve(undefined) : openDeviceFileLink(path, clock);
  };
  const look = (): void => {
    if (findUsb() !== undefined) {
      demo = undefined;
      tell(starting);
      use(openAnyUsb);
      return;
    }
    useDemo();
    clock.after(lookEveryMs, look);
  };
  const begin = (to: PrinterConnection): void => {
    switch (to.kind) {
      case 'none':
        useNone();
        return;
      case 'demo':
        useDemo();
        return;
      case 'serial':
        use(() => openSerialLink(to.path, to.baudRate));
        return;
      case 'usb':
        use(() => openDeviceFileLink(to.path, clock));
        return;
      case 'tcp':
        use(() => openTcpLink(to.host, to.port));
        return;
      case 'auto':
        look();
    }
  };
  tell(starting);
  begin(connection);

  return {
    printerStatus: () => printer?.status() ?? Promise.resolve(none),
    printTicket: (request) =>
      printer?.print(request) ?? Promise.resolve({ kind: 'not-started', fault: 'no-printer' }),
    demoPaper: () => Promise.resolve(demo?.paper ?? null),
    setDemoPrinterFault: ({ fault }) => {
      demo?.setFault(fault);
      return Promise.resolve(demo?.paper ?? null);
    },
  };
}
