import type { PrinterStatus, PrintOutcome, PrintRequest } from '../../../../drivers/printer/types.js';
import { type Emit, type FamilyMethods, serveHost } from '../../../../drivers/host-server.js';
import type { HostOptions } from '../../../../drivers/protocol.js';
import type { HostLauncher, HostProcess } from '../../../../main/devices/host-launcher.js';

/** A printer's host in this process: the real line and the real validation, a printer by hand behind them. */
export class FakePrinterHost implements HostProcess {
  readonly pid = 4712;
  readonly options: HostOptions;
  readonly killed: string[] = [];
  /** The process ids of the tickets that were asked for, in order. */
  readonly asked: string[] = [];
  readonly tickets: ((outcome: PrintOutcome) => void)[] = [];
  status: PrinterStatus = { kind: 'ready', paperLow: false };
  emit: Emit = () => undefined;
  readonly #toMain: ((message: unknown) => void)[] = [];
  readonly #toHost: ((message: unknown) => void)[] = [];
  readonly #exits: ((code: number | null, signal: string | null) => void)[] = [];
  #exited = false;

  constructor(options: HostOptions) {
    this.options = options;
    const family: FamilyMethods<'printer'> = {
      printerStatus: () => Promise.resolve(this.status),
      printTicket: ({ processId }: PrintRequest) => {
        this.asked.push(processId);
        return new Promise((resolve) => this.tickets.push(resolve));
      },
      demoPaper: () => Promise.resolve(null),
      setDemoPrinterFault: ({ fault }) => Promise.resolve({ fault, tickets: [] }),
    };
    serveHost(
      {
        post: (message) => {
          if (this.#exited) return;
          for (const callback of this.#toMain) setImmediate(() => callback(message));
        },
        onMessage: (callback) => void this.#toHost.push(callback),
      },
      (emit) => {
        this.emit = emit;
        return family;
      },
      () => this.exit(70, null),
    );
  }

  post(message: unknown): void {
    if (this.#exited) return;
    for (const callback of this.#toHost) setImmediate(() => callback(message));
  }

  onMessage(callback: (message: unknown) => void): void {
    this.#toMain.push(callback);
  }

  onExit(callback: (code: number | null, signal: string | null) => void): void {
    this.#exits.push(callback);
  }

  kill(signal = 'SIGTERM'): void {
    this.killed.push(signal);
    this.exit(null, signal);
  }

  exit(code: number | null, signal: string | null): void {
    if (this.#exited) return;
    this.#exited = true;
    for (const callback of this.#exits) callback(code, signal);
  }
}

export class FakePrinterHosts {
  readonly started: FakePrinterHost[] = [];

  launch: HostLauncher = (options) => {
    const host = new FakePrinterHost(options);
    this.started.push(host);
    return host;
  };

  get current(): FakePrinterHost {
    const host = this.started.at(-1);
    if (host === undefined) throw new Error('no host was started');
    return host;
  }
}
