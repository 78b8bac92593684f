import { hostEvents, hostMethods, type PrinterOptions } from '../../drivers/protocol.js';
import type { PrinterSnapshot, PrinterStatus, PrintRequest } from '../../drivers/printer/types.js';
import type { DemoPrinterFault, DemoPrinterPaper } from '../../drivers/simulated/printer/types.js';
import { type Clock, systemClock } from '../clock.js';
import { DeviceState } from './device-state.js';
import { type DeviceLogEvent, DriverHost } from './driver-host.js';
import { receive } from './host-connection.js';
import type { HostLauncher } from './host-launcher.js';
import type { PrintEnd, PrinterDevice, PrinterState } from './types.js';

export interface PrinterDeviceOptions {
  readonly launch: HostLauncher;
  readonly printer: PrinterOptions;
  readonly log?: (event: DeviceLogEvent) => void;
  readonly clock?: Clock;
}

/** The host's own waits for a ticket end within 45 s; one that is still silent then is stuck, ms. */
const printDeadlineMs = 60_000;
/** A ticket that is being printed comes first. */
const statusDeadlineMs = 60_000;
const callDeadlineMs = 5000;

const nothingKnown: PrinterSnapshot = { demo: false, status: { kind: 'starting' } };
const silent: PrinterStatus = { kind: 'fault', fault: 'silent' };

const calls = {
  status: { name: 'printerStatus', output: hostMethods.printerStatus.output },
  print: { name: 'printTicket', output: hostMethods.printTicket.output },
  demoPaper: { name: 'demoPaper', output: hostMethods.demoPaper.output },
  setDemoFault: { name: 'setDemoPrinterFault', output: hostMethods.setDemoPrinterFault.output },
} as const;

/** The ticket printer, served by a driver host of the family `printer` that is replaced whenever it fails. */
export function createPrinterDevice(options: PrinterDeviceOptions): PrinterDevice {
  return new SupervisedPrinter(options);
}

class SupervisedPrinter implements PrinterDevice {
  readonly #host: DriverHost;
  readonly #state = new DeviceState(nothingKnown, () => this.#host.state);
  #lastPrint: Promise<unknown> = Promise.resolve();
  #demoAllowed: boolean;

  constructor({ launch, printer, log = () => undefined, clock = systemClock }: PrinterDeviceOptions) {
    this.#demoAllowed = printer.demoAllowed;
    this.#host = new DriverHost({
      family: 'printer',
      launch: () => launch({ family: 'printer', printer: { ...printer, demoAllowed: this.#demoAllowed } }),
      events: new Map([
        [
          'printer',
          receive(hostEvents.printer, (snapshot) => {
            this.#state.become(snapshot);
            // It was forbidden while the host was starting with it.
            if (snapshot.demo && !this.#demoAllowed) this.#host.replace();
          }),
        ],
      ]),
      onStateChange: (state) => this.#state.hostChanged(state),
      log,
      clock,
    });
  }

  get state(): PrinterState {
    return this.#state.current;
  }

  subscribe(listener: (state: PrinterState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  async status(): Promise<PrinterStatus> {
    const end = await this.#host.call(calls.status, null, statusDeadlineMs);
    return end.kind === 'answer' ? end.value : silent;
  }

  print(request: PrintRequest): Promise<PrintEnd> {
    // One after the other already here: a ticket's deadline begins when its own turn does.
    const end = this.#lastPrint.then(() => this.#print(request));
    this.#lastPrint = end.catch(() => undefined);
    return end;
  }

  async demoPaper(): Promise<DemoPrinterPaper | undefined> {
    const end = await this.#host.call(calls.demoPaper, null, callDeadlineMs);
    return end.kind === 'answer' ? (end.value ?? undefined) : undefined;
  }

  async setDemoFault(fault: DemoPrinterFault): Promise<DemoPrinterPaper | undefined> {
    const end = await this.#host.call(calls.setDemoFault, { fault }, callDeadlineMs);
    return end.kind === 'answer' ? (end.value ?? undefined) : undefined;
  }

  forbidDemo(): void {
    if (!this.#demoAllowed) return;
    this.#demoAllowed = false;
    if (this.#state.current.demo) this.#host.replace();
  }

  async stop(): Promise<void> {
    this.#state.stop();
    await this.#host.stop();
  }

  async #print(request: PrintRequest): Promise<PrintEnd> {
    const end = await this.#host.call(calls.print, request, printDeadlineMs);
    switch (end.kind) {
      case 'answer':
        return end.value;
      case 'no-host':
        return { kind: 'not-started', fault: 'silent' };
      case 'host-lost':
      case 'timed-out':
      case 'malformed':
        return { kind: 'host-lost' };
    }
  }
}
