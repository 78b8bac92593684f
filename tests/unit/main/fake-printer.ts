import type { PrintRequest } from '../../../drivers/printer/types.js';
import type { PrintEnd, PrinterDevice, PrinterState } from '../../../main/devices/types.js';

/** A printer that is ready and prints everything. */
export class FakePrinter implements PrinterDevice {
  readonly printed: PrintRequest[] = [];
  readonly state: PrinterState = {
    demo: false,
    status: { kind: 'ready', paperLow: false },
    host: 'running',
  };

  subscribe(): () => void {
    return () => undefined;
  }

  status(): Promise<PrinterState['status']> {
    return Promise.resolve(this.state.status);
  }

  print(request: PrintRequest): Promise<PrintEnd> {
    this.printed.push(request);
    return Promise.resolve({ kind: 'printed' });
  }

  demoPaper(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  setDemoFault(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  forbidDemo(): void {
    // It is none.
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
