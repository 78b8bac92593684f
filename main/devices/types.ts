import type { CheckOutcome, CheckProgress, CheckRequest } from '../../drivers/emrtd/types.js';
import type { KeyCheckOutcome, KeyCheckProgress, KeyCheckRequest } from '../../drivers/fido/types.js';
import type { BenchSnapshot, ChipsSnapshot, DemoBench } from '../../drivers/protocol.js';
import type {
  PrinterSnapshot,
  PrinterStatus,
  PrintOutcome,
  PrintRequest,
} from '../../drivers/printer/types.js';
import type {
  CalibrationOutcome,
  CalibrationRequest,
  DisplayLevels,
  DisplayOutcome,
  DisplayTestProgress,
  DisplayTestRequest,
  QueryOutcome,
  RigCalibration,
  SelfTestOutcome,
} from '../../drivers/rig/types.js';
import type { DemoPlacement } from '../../drivers/simulated/chip/types.js';
import type { DemoKey } from '../../drivers/simulated/fido-key/types.js';
import type { DemoPrinterFault, DemoPrinterPaper } from '../../drivers/simulated/printer/types.js';

/** There is no answer of the host's own. */
export type HostGone =
  /** The driver host died in the middle; it is being replaced. */
  | { readonly kind: 'host-lost' }
  /** Nothing moved for too long; the host was replaced. */
  | { readonly kind: 'timed-out' };

/** How a check ended, seen from main: the host's own answer, or that there was none. */
export type CheckEnd = CheckOutcome | HostGone;

/** The same of a FIDO key's. */
export type KeyCheckEnd = KeyCheckOutcome | HostGone;

export interface ChipsState extends ChipsSnapshot {
  readonly host: 'starting' | 'running' | 'restarting';
}

/** The family of passport readers as the rest of main sees it, whatever host process serves it at the moment. */
export interface ChipsDevice {
  readonly state: ChipsState;
  /** Calls back at each change; returns the way to stop that. */
  subscribe(listener: (state: ChipsState) => void): () => void;
  /** Ends with the fault `cancelled` when `signal` aborts. Never rejects for what a person or a device can cause. */
  check(
    request: CheckRequest,
    onProgress: (progress: CheckProgress) => void,
    signal: AbortSignal,
  ): Promise<CheckEnd>;
  /** Whether the document lies there now: false without demo devices. */
  placeDemoDocument(placement: DemoPlacement): Promise<boolean>;
  removeDemoDocument(): Promise<void>;
  /** A FIDO key on a reader. Ends with the fault `cancelled` when `signal` aborts; never rejects, as `check`. */
  checkNfcKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd>;
  /** Whether the key lies there now: false without demo devices. */
  placeDemoKey(key: DemoKey): Promise<boolean>;
  stop(): Promise<void>;
}

/** How a print ended, seen from main: the host's own answer, or that there was none. */
export type PrintEnd =
  | PrintOutcome
  /** The driver host died, or was replaced because it hung, in the middle: nobody knows what came out. */
  | { readonly kind: 'host-lost' };

export interface PrinterState extends PrinterSnapshot {
  readonly host: 'starting' | 'running' | 'restarting';
}

/** The ticket printer as the rest of main sees it, whatever host process serves it at the moment. */
export interface PrinterDevice {
  readonly state: PrinterState;
  /** Calls back at each change; returns the way to stop that. */
  subscribe(listener: (state: PrinterState) => void): () => void;
  /** Asks the printer itself, now. Never rejects; a host that does not answer gives the fault `silent`. */
  status(): Promise<PrinterStatus>;
  /** One after the other. Never rejects for what a person or a device can cause. */
  print(request: PrintRequest): Promise<PrintEnd>;
  /** The demo printer's paper and fault; `undefined` with a real one. */
  demoPaper(): Promise<DemoPrinterPaper | undefined>;
  setDemoFault(fault: DemoPrinterFault): Promise<DemoPrinterPaper | undefined>;
  /** Once a real reader was seen, a printer that is missing must not be replaced by a simulated one. */
  forbidDemo(): void;
  stop(): Promise<void>;
}

export interface BenchDeviceState extends BenchSnapshot {
  readonly host: 'starting' | 'running' | 'restarting';
}

export interface DisplayTestHooks {
  readonly onProgress: (progress: DisplayTestProgress) => void;
  readonly onLevels: (levels: DisplayLevels) => void;
  /** Aborted: the test ends with the fault `cancelled`. */
  readonly signal: AbortSignal;
  /** Aborted: the test ends with what is known by then. */
  readonly finish: AbortSignal;
}

/**
 * The test rig and the USB sockets for FIDO keys as the rest of main sees them, whatever host process serves them at the
 * moment. What runs on it comes one after the other, ends with the fault `cancelled` when its signal aborts, and never
 * rejects for what a person or a device can cause.
 */
export interface BenchDevice {
  readonly state: BenchDeviceState;
  /** Calls back at each change; returns the way to stop that. */
  subscribe(listener: (state: BenchDeviceState) => void): () => void;
  /** Without a calibration: by the demo rig's own. */
  testDisplay(
    request: Omit<DisplayTestRequest, 'calibration'> & { readonly calibration: RigCalibration | null },
    hooks: DisplayTestHooks,
  ): Promise<DisplayOutcome | HostGone>;
  calibrate(
    request: CalibrationRequest,
    hooks: Pick<DisplayTestHooks, 'onProgress' | 'signal'>,
  ): Promise<CalibrationOutcome | HostGone>;
  selfTest(signal: AbortSignal): Promise<SelfTestOutcome | HostGone>;
  /** One SCPI program message. */
  query(command: string, signal: AbortSignal): Promise<QueryOutcome | HostGone>;
  /** A FIDO key in a USB socket. */
  checkUsbKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd>;
  /** What is in the demo rig and the demo USB socket, after it was changed where there is a change; `undefined` with real ones. */
  demo(change: DemoBench | null): Promise<DemoBench | undefined>;
  /** Once a real reader was seen, a rig that is missing must not be replaced by a simulated one. */
  forbidDemo(): void;
  stop(): Promise<void>;
}
