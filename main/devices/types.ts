import type { CheckOutcome, CheckProgress, CheckRequest } from '../../drivers/emrtd/types.js';
import type { KeyCheckOutcome, KeyCheckProgress, KeyCheckRequest } from '../../drivers/fido/types.js';
import type { ChipsSnapshot } from '../../drivers/protocol.js';
import type {
  PrinterSnapshot,
  PrinterStatus,
  PrintOutcome,
  PrintRequest,
} from '../../drivers/printer/types.js';
import type { DemoPlacement } from '../../drivers/simulated/chip/types.js';
import type { DemoKey } from '../../drivers/simulated/fido-key/types.js';
import type { DemoPrinterFault, DemoPrinterPaper } from '../../drivers/simulated/printer/types.js';

/** How a check ended, seen from main: the host's own answer, or that there was none. */
export type CheckEnd =
  | CheckOutcome
  /** The driver host died in the middle; it is being replaced. */
  | { readonly kind: 'host-lost' }
  /** Nothing moved for too long; the host was replaced. */
  | { readonly kind: 'timed-out' };

/** How the check of a FIDO key ended, seen from main. */
export type KeyCheckEnd = KeyCheckOutcome | { readonly kind: 'host-lost' } | { readonly kind: 'timed-out' };

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
  /** Asks a FIDO key on a reader what it is. As `check`, and one after the other with it. */
  checkNfcKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd>;
  /** Whether the key lies there now: false without demo devices. `removeDemoDocument` takes it away. */
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
