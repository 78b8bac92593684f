import type { KeyCheckOutcome } from '../../../../drivers/fido/types.js';
import { type Emit, type FamilyMethods, serveHost } from '../../../../drivers/host-server.js';
import type { PrinterStatus, PrintOutcome, PrintRequest } from '../../../../drivers/printer/types.js';
import type { CalibrationOutcome, DisplayOutcome, SelfTestOutcome } from '../../../../drivers/rig/types.js';
import type { HostFamily, HostOptions } from '../../../../drivers/protocol.js';
import type { CheckOutcome, CheckRequest } from '../../../../drivers/emrtd/types.js';
import type { HostLauncher, HostProcess } from '../../../../main/devices/host-launcher.js';
import { settled } from '../../manual-clock.js';

export const request: CheckRequest = {
  id: 'check-1',
  key: { documentNumber: 'XB1180264', birthDate: '571102', expiryDate: '310228' },
  access: 'auto',
  waitForDocumentMs: 0,
};

const noCost = { commands: 0, bytesSent: 0, bytesReceived: 0, elapsedMs: 0, transportMs: 0 };

export const noCard: CheckOutcome = {
  kind: 'stopped',
  during: 'waiting',
  fault: { kind: 'no-card' },
  cost: noCost,
};

export const cancelledOutcome: CheckOutcome = { ...noCard, fault: { kind: 'cancelled' } };

/** A host in this process: the real line and the real validation, a family by hand behind them. */
abstract class ByHandHost implements HostProcess {
  abstract readonly pid: number;
  readonly options: HostOptions;
  readonly killed: string[] = [];
  emit: Emit = () => undefined;
  /** A hung host takes messages and answers none. */
  hung = false;
  /** Ignores the request to end itself. */
  stubborn = false;
  readonly #toMain: ((message: unknown) => void)[] = [];
  readonly #toHost: ((message: unknown) => void)[] = [];
  readonly #exits: ((code: number | null, signal: string | null) => void)[] = [];
  #exited = false;

  constructor(options: HostOptions) {
    this.options = options;
  }

  protected serve<Family extends HostFamily>(family: FamilyMethods<Family>): void {
    const line = {
      post: (message: string) => this.send(message),
      onMessage: (callback: (message: unknown) => void) => void this.#toHost.push(callback),
    };
    serveHost(
      line,
      (emit) => {
        this.emit = emit;
        return family;
      },
      () => this.exit(70, null),
    );
  }

  /** Something from the host, well-formed or not. */
  send(message: unknown): void {
    if (this.#exited || this.hung) return;
    for (const callback of this.#toMain) setImmediate(() => callback(message));
  }

  post(message: unknown): void {
    if (this.#exited || this.hung) return;
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
    if (signal === 'SIGKILL' || !this.stubborn) this.exit(null, signal);
  }

  exit(code: number | null, signal: string | null): void {
    if (this.#exited) return;
    this.#exited = true;
    for (const callback of this.#exits) callback(code, signal);
  }
}

export class FakeHost extends ByHandHost {
  readonly pid = 4711;
  readonly called: string[] = [];
  readonly checks: ((outcome: CheckOutcome) => void)[] = [];
  readonly keyChecks: ((outcome: KeyCheckOutcome) => void)[] = [];

  constructor(options: HostOptions) {
    super(options);
    this.serve<'chips'>({
      check: () => {
        this.called.push('check');
        return new Promise((resolve) => this.checks.push(resolve));
      },
      cancelCheck: () => {
        this.called.push('cancelCheck');
        return Promise.resolve(null);
      },
      placeDemoDocument: () => Promise.resolve({ placed: true }),
      removeDemoDocument: () => Promise.resolve(null),
      checkNfcKey: () => {
        this.called.push('checkNfcKey');
        return new Promise((resolve) => this.keyChecks.push(resolve));
      },
      placeDemoKey: ({ key }) => {
        this.called.push(`placeDemoKey ${key}`);
        return Promise.resolve({ placed: true });
      },
    });
  }
}

/** A printer by hand. */
export class FakePrinterHost extends ByHandHost {
  readonly pid = 4712;
  /** The process ids of the tickets that were asked for, in order. */
  readonly asked: string[] = [];
  readonly tickets: ((outcome: PrintOutcome) => void)[] = [];
  status: PrinterStatus = { kind: 'ready', paperLow: false };

  constructor(options: HostOptions) {
    super(options);
    this.serve<'printer'>({
      printerStatus: () => Promise.resolve(this.status),
      printTicket: ({ processId }: PrintRequest) => {
        this.asked.push(processId);
        return new Promise((resolve) => this.tickets.push(resolve));
      },
      demoPaper: () => Promise.resolve(null),
      setDemoPrinterFault: ({ fault }) => Promise.resolve({ fault, tickets: [] }),
    });
  }
}

/** A bench by hand. */
export class FakeBenchHost extends ByHandHost {
  readonly pid = 4713;
  readonly called: string[] = [];
  readonly displays: ((outcome: DisplayOutcome) => void)[] = [];
  readonly calibrations: ((outcome: CalibrationOutcome) => void)[] = [];
  readonly selfTests: ((outcome: SelfTestOutcome) => void)[] = [];
  readonly keys: ((outcome: KeyCheckOutcome) => void)[] = [];

  constructor(options: HostOptions) {
    super(options);
    const asked = <Outcome>(name: string, all: ((outcome: Outcome) => void)[]): Promise<Outcome> => {
      this.called.push(name);
      return new Promise((resolve) => all.push(resolve));
    };
    const told = (name: string): Promise<null> => {
      this.called.push(name);
      return Promise.resolve(null);
    };
    this.serve<'bench'>({
      testDisplay: () => asked('testDisplay', this.displays),
      finishDisplayTest: () => told('finishDisplayTest'),
      calibrateRig: () => asked('calibrateRig', this.calibrations),
      selfTestRig: () => asked('selfTestRig', this.selfTests),
      queryRig: ({ command }) =>
        Promise.resolve({ kind: 'done', line: command, redacted: false, errors: [] }),
      checkUsbKey: () => asked('checkUsbKey', this.keys),
      cancelBench: () => told('cancelBench'),
      demoBench: (change) => Promise.resolve(change),
    });
  }
}

class Hosts<Host extends ByHandHost> {
  readonly started: Host[] = [];
  /** What is done to each host as it starts. */
  prepare: (host: Host) => void = () => undefined;
  readonly launch: HostLauncher;

  constructor(make: (options: HostOptions) => Host) {
    this.launch = (options) => {
      const host = make(options);
      this.prepare(host);
      this.started.push(host);
      return host;
    };
  }

  get current(): Host {
    const host = this.started.at(-1);
    if (host === undefined) throw new Error('no host was started');
    return host;
  }
}

export class FakeHosts extends Hosts<FakeHost> {
  constructor() {
    super((options) => new FakeHost(options));
  }
}

export class FakePrinterHosts extends Hosts<FakePrinterHost> {
  constructor() {
    super((options) => new FakePrinterHost(options));
  }
}

export class FakeBenchHosts extends Hosts<FakeBenchHost> {
  constructor() {
    super((options) => new FakeBenchHost(options));
  }
}

/** Messages need a few turns in each direction. */
export async function delivered(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await settled();
}
