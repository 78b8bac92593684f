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
import { type DeviceLogEvent, DriverHost } from './driver-host.js';
import { type HostMethodShape, receive } from './host-connection.js';
import type { HostLauncher } from './host-launcher.js';
import type { BenchDevice, BenchDeviceState, DisplayTestHooks, HostGone, KeyCheckEnd } from './types.js';
import { Watchdog } from './watchdog.js';

export interface BenchDeviceOptions {
  readonly launch: HostLauncher;
  readonly bench: BenchOptions;
  readonly log?: (event: DeviceLogEvent) => void;
  readonly clock?: Clock;
}

/**
 * From one sign of life of a test to the next, ms: a code display shows a new code each half minute, and a rig that is
 * lost is resynchronised meanwhile.
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

interface Run<Outcome> {
  readonly method: HostMethodShape<Outcome>;
  readonly input: unknown;
  readonly deadlineMs: number;
  /** From the start to the first sign of life, ms. */
  readonly newsMs: number;
  readonly signal: AbortSignal;
  readonly finish?: AbortSignal;
  /** From the start until it is finished by itself, ms; never where it is not given. */
  readonly finishAfterMs?: number;
  /** The answer in place of one that is no longer given. */
  readonly cancelled: Outcome;
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
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: BenchDeviceState) => void>();
  #snapshot = nothingKnown;
  #listener: Listener | undefined;
  #watchdog: Watchdog | undefined;
  /** Settles when the run before has ended. */
  #last: Promise<unknown> = Promise.resolve();
  #demoAllowed: boolean;
  #stopped = false;

  constructor({ launch, bench, log = () => undefined, clock = systemClock }: BenchDeviceOptions) {
    this.#clock = clock;
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
      onStateChange: (state) => {
        if (state !== 'running') this.#snapshot = nothingKnown;
        this.#publish();
      },
      log,
      clock,
    });
  }

  get state(): BenchDeviceState {
    return { ...this.#snapshot, host: this.#host.state };
  }

  subscribe(listener: (state: BenchDeviceState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  testDisplay(
    request: Parameters<BenchDevice['testDisplay']>[0],
    { onProgress, onLevels, signal, finish }: DisplayTestHooks,
  ): Promise<DisplayOutcome | HostGone> {
    const { id, waitForDeviceMs } = request;
    return this.#next(
      {
        method: calls.testDisplay,
        input: request,
        deadlineMs: waitForDeviceMs + testDeadlineMs,
        newsMs: waitForDeviceMs + newsDeadlineMs,
        signal,
        finish,
        finishAfterMs: waitForDeviceMs + finishAfterMs,
        cancelled: { kind: 'stopped', during: 'waiting', fault: 'cancelled' },
      },
      { id, progress: this.#feeding(waitForDeviceMs, onProgress), levels: onLevels },
    );
  }

  calibrate(
    request: CalibrationRequest,
    { onProgress, signal }: Pick<DisplayTestHooks, 'onProgress' | 'signal'>,
  ): Promise<CalibrationOutcome | HostGone> {
    const { id, waitForDeviceMs } = request;
    return this.#next(
      {
        method: calls.calibrate,
        input: request,
        deadlineMs: waitForDeviceMs + testDeadlineMs,
        newsMs: waitForDeviceMs + newsDeadlineMs,
        signal,
        cancelled: { kind: 'stopped', during: 'waiting', fault: 'cancelled' },
      },
      { id, progress: this.#feeding(waitForDeviceMs, onProgress) },
    );
  }

  selfTest(signal: AbortSignal): Promise<SelfTestOutcome | HostGone> {
    return this.#next({
      method: calls.selfTest,
      input: null,
      deadlineMs: selfTestDeadlineMs,
      newsMs: selfTestDeadlineMs,
      signal,
      cancelled: { kind: 'stopped', fault: 'cancelled' },
    });
  }

  query(command: string, signal: AbortSignal): Promise<QueryOutcome | HostGone> {
    return this.#next({
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
    return this.#next(
      {
        method: calls.checkUsbKey,
        input: request,
        deadlineMs: waitForKeyMs + 2 * keyNewsDeadlineMs,
        newsMs: waitForKeyMs + keyNewsDeadlineMs,
        signal,
        cancelled: { kind: 'stopped', during: 'waiting', fault: 'cancelled' },
      },
      {
        id,
        key: (progress) => {
          this.#watchdog?.feed(keyNewsDeadlineMs + (progress.step === 'waiting' ? waitForKeyMs : 0));
          onProgress(progress);
        },
      },
    );
  }

  async demo(change: DemoBench | null): Promise<DemoBench | undefined> {
    const end = await this.#host.call(calls.demo, change, callDeadlineMs);
    return end.kind === 'answer' ? (end.value ?? undefined) : undefined;
  }

  forbidDemo(): void {
    if (!this.#demoAllowed) return;
    this.#demoAllowed = false;
    if (this.#snapshot.demo) this.#host.replace();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#listeners.clear();
    await this.#host.stop();
  }

  #feeding(
    waitMs: number,
    onProgress: (progress: DisplayTestProgress) => void,
  ): (progress: DisplayTestProgress) => void {
    return (progress) => {
      this.#watchdog?.feed(newsDeadlineMs + (progress.step === 'waiting' ? waitMs : 0));
      onProgress(progress);
    };
  }

  #next<Outcome>(run: Run<Outcome>, listener?: Listener): Promise<Outcome | HostGone> {
    const end = this.#last.then(() => this.#run(run, listener));
    // A bug in a listener of one must not keep the next from running.
    this.#last = end.catch(() => undefined);
    return end;
  }

  async #run<Outcome>(run: Run<Outcome>, listener: Listener | undefined): Promise<Outcome | HostGone> {
    const { signal, finish, finishAfterMs: ownEndMs } = run;
    const isCancelled = (): boolean => signal.aborted || this.#stopped;
    if (isCancelled()) return run.cancelled;
    const watchdog = new Watchdog(this.#clock, () => this.#host.replace());
    let cancelOwnEnd = (): void => undefined;
    const endWith = (call: HostMethodShape<null>) => () => {
      cancelOwnEnd();
      // From here on only the end counts: progress that is still on its way gives no more time.
      this.#watchdog = undefined;
      watchdog.feed(endDeadlineMs);
      void this.#host.call(call, null, callDeadlineMs);
    };
    const onAbort = (): void => {
      this.#listener = undefined;
      endWith(calls.cancel)();
    };
    const onFinish = endWith(calls.finishDisplayTest);
    signal.addEventListener('abort', onAbort, { once: true });
    finish?.addEventListener('abort', onFinish, { once: true });
    if (ownEndMs !== undefined) cancelOwnEnd = this.#clock.after(ownEndMs, onFinish);
    this.#listener = listener;
    this.#watchdog = watchdog;
    watchdog.feed(run.newsMs);
    const call = this.#host.call(run.method, run.input, run.deadlineMs);
    // Told after the run itself, which is what it is to end.
    if (finish?.aborted === true) onFinish();
    const end = await call;
    watchdog.stop();
    cancelOwnEnd();
    signal.removeEventListener('abort', onAbort);
    finish?.removeEventListener('abort', onFinish);
    this.#listener = undefined;
    this.#watchdog = undefined;
    if (isCancelled()) return run.cancelled;
    switch (end.kind) {
      case 'answer':
        return end.value;
      case 'timed-out':
        return { kind: 'timed-out' };
      case 'no-host':
      case 'host-lost':
      case 'malformed':
        return { kind: watchdog.fired ? 'timed-out' : 'host-lost' };
    }
  }

  #onSnapshot(snapshot: BenchSnapshot): void {
    // Once a real rig was there, a host that starts anew must not offer the demo rig while that rig is away.
    if (!snapshot.demo && snapshot.rig.kind === 'ready') this.#demoAllowed = false;
    this.#snapshot = snapshot;
    this.#publish();
    // It was forbidden while the host was starting with it.
    if (snapshot.demo && !this.#demoAllowed) this.#host.replace();
  }

  #publish(): void {
    for (const listener of [...this.#listeners]) listener(this.state);
  }
}
