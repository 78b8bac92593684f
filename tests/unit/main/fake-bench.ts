import type { KeyCheckProgress, KeyCheckRequest } from '../../../drivers/fido/types.js';
import type { DemoBench } from '../../../drivers/protocol.js';
import type { CalibrationRequest, RigCalibration } from '../../../drivers/rig/types.js';
import type { BenchDevice, BenchDeviceState, KeyCheckEnd } from '../../../main/devices/types.js';

type DisplayEnd = Awaited<ReturnType<BenchDevice['testDisplay']>>;
type CalibrationEnd = Awaited<ReturnType<BenchDevice['calibrate']>>;
type SelfTestEnd = Awaited<ReturnType<BenchDevice['selfTest']>>;
type QueryEnd = Awaited<ReturnType<BenchDevice['query']>>;

/** Something that was asked for; the test decides what becomes of it. */
interface Asked<Request, Hooks, End> {
  readonly request: Request;
  readonly hooks: Hooks;
  readonly end: (end: End) => void;
  readonly fail: (error: Error) => void;
}

export interface KeyHooks {
  onProgress(progress: KeyCheckProgress): void;
  readonly signal: AbortSignal;
}
export type AskedKey = Asked<KeyCheckRequest, KeyHooks, KeyCheckEnd>;

/** A bench whose every answer the test gives. */
export class FakeBench implements BenchDevice {
  readonly displays: Asked<
    Parameters<BenchDevice['testDisplay']>[0],
    Parameters<BenchDevice['testDisplay']>[1],
    DisplayEnd
  >[] = [];
  readonly calibrations: Asked<
    CalibrationRequest,
    Parameters<BenchDevice['calibrate']>[1],
    CalibrationEnd
  >[] = [];
  readonly selfTests: Asked<null, { readonly signal: AbortSignal }, SelfTestEnd>[] = [];
  readonly queries: Asked<string, { readonly signal: AbortSignal }, QueryEnd>[] = [];
  readonly keys: AskedKey[] = [];
  demoForbidden = false;
  stopped = false;
  #demo: DemoBench = { rig: 'none', key: null };
  #state: BenchDeviceState;
  readonly #listeners = new Set<(state: BenchDeviceState) => void>();

  constructor(state: BenchDeviceState = demoRig) {
    this.#state = state;
  }

  get state(): BenchDeviceState {
    return this.#state;
  }

  become(state: BenchDeviceState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  subscribe(listener: (state: BenchDeviceState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  testDisplay(...[request, hooks]: Parameters<BenchDevice['testDisplay']>): Promise<DisplayEnd> {
    return ask(this.displays, request, hooks);
  }

  calibrate(...[request, hooks]: Parameters<BenchDevice['calibrate']>): Promise<CalibrationEnd> {
    return ask(this.calibrations, request, hooks);
  }

  selfTest(signal: AbortSignal): Promise<SelfTestEnd> {
    return ask(this.selfTests, null, { signal });
  }

  query(command: string, signal: AbortSignal): Promise<QueryEnd> {
    return ask(this.queries, command, { signal });
  }

  checkUsbKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd> {
    return ask(this.keys, request, { onProgress, signal });
  }

  demo(change: DemoBench | null): Promise<DemoBench | undefined> {
    if (change !== null) this.#demo = change;
    return Promise.resolve(this.#state.demo ? this.#demo : undefined);
  }

  forbidDemo(): void {
    this.demoForbidden = true;
  }

  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }
}

export function ask<Request, Hooks, End>(
  all: Asked<Request, Hooks, End>[],
  request: Request,
  hooks: Hooks,
): Promise<End> {
  return new Promise((resolve, reject) => {
    all.push({ request, hooks, end: resolve, fail: reject });
  });
}

const identity = { manufacturer: 'Forhal', model: 'Rig', serialNumber: 'R-1', firmware: '1.0' };

export const demoRig: BenchDeviceState = {
  host: 'running',
  rig: { kind: 'ready', identity: { ...identity, serialNumber: 'DEMO' }, transport: 'demo' },
  demo: true,
  keys: 0,
};

export const realRig: BenchDeviceState = {
  host: 'running',
  rig: { kind: 'ready', identity, transport: 'serial' },
  demo: false,
  keys: 0,
};

export const noRig: BenchDeviceState = {
  host: 'running',
  rig: { kind: 'fault', fault: 'no-rig' },
  demo: false,
  keys: 0,
};

/** Levels of a healthy display on `realRig`. */
export const calibration: RigCalibration = {
  rig: 'R-1',
  at: '2026-11-01T00:00:00.000Z',
  digits: Array.from({ length: 6 }, () => Array.from({ length: 7 }, () => ({ off: 100, on: 800 }))),
};
