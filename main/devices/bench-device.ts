import type { KeyCheckProgress, KeyCheckRequest } from '../../drivers/fido/types.js';
import {
  type BenchOptions,
  type BenchSnapshot,
  type DemoBench,
  hostEvents,
  type HostMethod,
  hostMethods,
} from '../../drivers/protocol.js';
import type {
  CalibrationOutcome,
  CalibrationRequest,
  DisplayLevels,
  DisplayOutcome,
  DisplayTestProgress,
  QueryOutcome,
  SelfTestOutcome,
} from '../../drivers/rig/types.js';
import { type Clock, systemClock } from '../clock.js';
import { DeviceState } from './device-state.js';
import { type DeviceLogEvent, DriverHost } from './driver-host.js';
import { receive } from './host-connection.js';
import type { HostLauncher } from './host-launcher.js';
import { HostRuns } from './host-runs.js';
import type { BenchDevice, BenchDeviceState, DisplayTestHooks, HostGone, KeyCheckEnd } from './types.js';

export interface BenchDeviceOptions {
  readonly launch: HostLauncher;
  readonly bench: BenchOptions;
  readonly log?: (event: DeviceLogEvent) => void;
  readonly clock?: Clock;
}

/**
 * From one sign of life of a test to the next, ms. The driver gives one at each press and each look: in between, a new
 * code is waited for, which may take minutes with a display that is slow at it, and a rig that is lost is
 * resynchronised.
 */
const newsDeadlineMs = 150_000;
/**
 * A whole test, once a device lies there, ms: 47 codes of half a minute each take 24 minutes, and a device whose button
 * fails at times needs more. A test that is longer is finished: its verdict then comes from what is known. Whoever
 * waits for a test gives it longer than `testDeadlineMs` and the wait for a device.
 */
const finishAfterMs = 38 * 60_000;
/** A test or calibration that goes on all the same is stuck, ms. */
const testDeadlineMs = 41 * 60_000;
/** `*TST?`: the driver waits 30 s for it, then resynchronises the rig and reads its error queue, ms. */
const selfTestDeadlineMs = 90_000;
/** A raw message: the driver's own deadline is shorter, ms. */
const queryDeadlineMs = 60_000;
/** A key is greeted and asked within some seconds, ms. */
const keyNewsDeadlineMs = 30_000;
/** What was cancelled, or is to end with what it knows, ends with the command that is under way, ms. */
const endDeadlineMs = 15_000;
const callDeadlineMs = 5000;

const nothingKnown: BenchSnapshot = { rig: { kind: 'starting' }, demo: false, keys: 0 };

const calls = {
  testDisplay: { name: 'testDisplay', output: hostMethods.testDisplay.output },
  finishDisplayTest: { name: 'finishDisplayTest', output: hostMethods.finishDisplayTest.output },
  calibrate: { name: 'calibrateRig', output: hostMethods.calibrateRig.output },
  selfTest: { name: 'selfTestRig', output: hostMethods.selfTestRig.output },
  query: { name: 'queryRig', output: hostMethods.queryRig.output },
  checkUsbKey: { name: 'checkUsbKey', output: hostMethods.checkUsbKey.output },
  cancel: { name: 'cancelBench', output: hostMethods.cancelBench.output },
  demo: { name: 'demoBench', output: hostMethods.demoBench.output },
} as const satisfies Partial<Record<string, { readonly name: HostMethod; readonly output: unknown }>>;

/** Test rig and USB sockets, served by a driver host of the family `bench` that is replaced whenever it fails. */
export function createBenchDevice(options: BenchDeviceOptions): BenchDevice {
  return new SupervisedBench(options);
}

/** Where the events of what runs go. */
interface Listener {
  readonly id: string;
  progress?(progress: DisplayTestProgress): void;
  levels?(levels: DisplayLevels): void;
  key?(progress: KeyCheckProgress): void;
}

class SupervisedBench implements BenchDevice {
  readonly #host: DriverHost;
  readonly #runs: HostRuns;
  readonly #state = new DeviceState(nothingKnown, () => this.#host.state);
  #listener: Listener | undefined;
  #demoAllowed: boolean;

  constructor({ launch, bench, log = () => undefined, clock = systemClock }: BenchDeviceOptions) {
    this.#demoAllowed = bench.demoAllowed;
    this.#host = new DriverHost({
      family: 'bench',
      launch: () => launch({ family: 'bench', bench: { ...bench, demoAllowed: this.#demoAllowed } }),
      events: new Map([
        ['bench', receive(hostEvents.bench, (snapshot) => this.#onSnapshot(snapshot))],
        [
          'displayTestProgress',
          receive(hostEvents.displayTestProgress, (progress) => {
            if (progress.id === this.#listener?.id) this.#listener.progress?.(progress);
          }),
        ],
        [
          'displayLevels',
          receive(hostEvents.displayLevels, (levels) => {
            if (levels.id === this.#listener?.id) this.#listener.levels?.(levels);
          }),
        ],
        [
          'keyCheckProgress',
          receive(hostEvents.keyCheckProgress, (progress) => {
            if (progress.id === this.#listener?.id) this.#listener.key?.(progress);
          }),
        ],
      ]),
      onStateChange: (state) => this.#state.hostChanged(state),
      log,
      clock,
    });
    this.#runs = new HostRuns({ host: this.#host, clock, cancel: calls.cancel, endMs: endDeadlineMs });
  }

  get state(): BenchDeviceState {
    return this.#state.current;
  }

  subscribe(listener: (state: BenchDeviceState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  testDisplay(
    request: Parameters<BenchDevice['testDisplay']>[0],
    { onProgress, onLevels, signal, finish }: DisplayTestHooks,
  ): Promise<DisplayOutcome | HostGone> {
    const { id, waitForDeviceMs } = request;
    return this.#runs.next({
      method: calls.testDisplay,
      input: request,
      deadlineMs: waitForDeviceMs + testDeadlineMs,
      newsMs: waitForDeviceMs + newsDeadlineMs,
      signal,
      finish: {
        signal: finish,
        call: calls.finishDisplayTest,
        afterMs: waitForDeviceMs + finishAfterMs,
      },
      cancelled: { kind: 'stopped', during: 'waiting', fault: 'cancelled' },
      listen: (alive) =>
        this.#hear({ id, progress: displayNews(alive, waitForDeviceMs, onProgress), levels: onLevels }),
    });
  }

  calibrate(
    request: CalibrationRequest,
    { onProgress, signal }: Pick<DisplayTestHooks, 'onProgress' | 'signal'>,
  ): Promise<CalibrationOutcome | HostGone> {
    const { id, waitForDeviceMs } = request;
    return this.#runs.next({
      method: calls.calibrate,
      input: request,
      deadlineMs: waitForDeviceMs + testDeadlineMs,
      newsMs: waitForDeviceMs + newsDeadlineMs,
      signal,
      cancelled: { kind: 'stopped', during: 'waiting', fault: 'cancelled' },
      listen: (alive) => this.#hear({ id, progress: displayNews(alive, waitForDeviceMs, onProgress) }),
    });
  }

  selfTest(signal: AbortSignal): Promise<SelfTestOutcome | HostGone> {
    return this.#runs.next({
      method: calls.selfTest,
      input: null,
      deadlineMs: selfTestDeadlineMs,
      newsMs: selfTestDeadlineMs,
      signal,
      cancelled: { kind: 'stopped', fault: 'cancelled' },
    });
  }

  query(command: string, signal: AbortSignal): Promise<QueryOutcome | HostGone> {
    return this.#runs.next({
      method: calls.query,
      input: { command },
      deadlineMs: queryDeadlineMs,
      newsMs: queryDeadlineMs,
      signal,
      cancelled: { kind: 'stopped', fault: 'cancelled' },
    });
  }

  checkUsbKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd> {
    const { id, waitForKeyMs } = request;
    return this.#runs.next({
      method: calls.checkUsbKey,
      input: request,
      deadlineMs: waitForKeyMs + 2 * keyNewsDeadlineMs,
      newsMs: waitForKeyMs + keyNewsDeadlineMs,
      signal,
      cancelled: { kind: 'stopped', during: 'waiting', fault: 'cancelled' },
      listen: (alive) =>
        this.#hear({
          id,
          key: (progress) => {
            alive(keyNewsDeadlineMs + (progress.step === 'waiting' ? waitForKeyMs : 0));
            onProgress(progress);
          },
        }),
    });
  }

  async demo(change: DemoBench | null): Promise<DemoBench | undefined> {
    const end = await this.#host.call(calls.demo, change, callDeadlineMs);
    return end.kind === 'answer' ? (end.value ?? undefined) : undefined;
  }

  forbidDemo(): void {
    if (!this.#demoAllowed) return;
    this.#demoAllowed = false;
    if (this.#state.current.demo) this.#host.replace();
  }

  async stop(): Promise<void> {
    this.#runs.stop();
    this.#state.stop();
    await this.#host.stop();
  }

  #hear(listener: Listener): () => void {
    this.#listener = listener;
    return () => {
      this.#listener = undefined;
    };
  }

  #onSnapshot(snapshot: BenchSnapshot): void {
    // Once a real rig was there, a host that starts anew must not offer the demo rig while that rig is away.
    if (!snapshot.demo && snapshot.rig.kind === 'ready') this.#demoAllowed = false;
    this.#state.become(snapshot);
    // It was forbidden while the host was starting with it.
    if (snapshot.demo && !this.#demoAllowed) this.#host.replace();
  }
}

/**
 * Each sign of life gives the test more time, the wait for a device as long as that lasts. One that tells what was told
 * before is told no further.
 */
function displayNews(
  alive: (ms: number) => void,
  waitMs: number,
  onProgress: (progress: DisplayTestProgress) => void,
): (progress: DisplayTestProgress) => void {
  let told: DisplayTestProgress | undefined;
  return (progress) => {
    alive(newsDeadlineMs + (progress.step === 'waiting' ? waitMs : 0));
    const { step, codes, fraction } = progress;
    if (step === told?.step && codes === told.codes && fraction === told.fraction) return;
    told = progress;
    onProgress(progress);
  };
}
