import type { KeyCheckFault, KeyCheckStep, KeyWay } from '../../drivers/fido/types.js';
import type { DisplayTestFault } from '../../drivers/rig/types.js';
import type { DeviceTestStep, DeviceVerdict, EventData, Input } from '../api/contract.js';
import type { Clock } from '../clock.js';
import type { BenchDevice, ChipsDevice, KeyCheckEnd } from '../devices/types.js';
import type { BenchUse } from './bench-use.js';
import type { CalibratedRig, DisplayTestEnd } from './calibrated-rig.js';
import { checkEitherWay } from './either-way.js';
import type { AuthenticatorRules } from './rules.js';
import { judgeDisplay, judgeKey } from './verdict.js';

/** Who asked for a test and hears of it; also what a running test belongs to. */
export interface AuthenticatorListener {
  progress(progress: EventData<'authenticator.progress'>): void;
  verdict(verdict: EventData<'authenticator.verdict'>): void;
}

type TestedDevice = Input<'authenticator.start'>['device'];

/** How a test ended, as the devices see it: nothing of what it found. */
export type TestEndName =
  Exclude<(DisplayTestEnd | KeyCheckEnd)['kind'], 'stopped'> | DisplayTestFault | KeyCheckFault;

/** What is worth a line in the log about tests. */
export interface AuthenticatorLog {
  started(device: TestedDevice): void;
  ended(device: TestedDevice, how: TestEndName, elapsedMs: number): void;
  cleared(): void;
}

export interface AuthenticatorTestsOptions {
  readonly bench: Pick<BenchDevice, 'state' | 'checkUsbKey'>;
  readonly chips: Pick<ChipsDevice, 'state' | 'checkNfcKey'>;
  readonly rig: Pick<CalibratedRig, 'test'>;
  readonly use: BenchUse;
  readonly rules: AuthenticatorRules;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: AuthenticatorLog;
  /** A test began or ended. */
  readonly onChange: () => void;
}

export type StartedTest =
  | { readonly kind: 'started'; readonly id: string }
  /** Another screen's test is running. */
  | { readonly kind: 'busy' };

/** How long to wait for a display in the fixture, or for a chip, ms. */
const waitForDeviceMs = 60_000;
/**
 * From the start to a verdict, whatever the devices do, ms: longer than the device's own deadline, which ends a long
 * test with what is known, together with the wait for a device and for a rig that is just starting.
 */
const deadlineMs: Readonly<Record<TestedDevice, number>> = {
  'code-display': 45 * 60_000,
  'mitid-chip': 3 * 60_000,
};

const chipSteps: Readonly<
  Record<KeyCheckStep, { readonly step: DeviceTestStep; readonly fraction: number }>
> = {
  waiting: { step: 'waiting', fraction: 0 },
  greeting: { step: 'connect', fraction: 0.3 },
  asking: { step: 'asking', fraction: 0.6 },
};

interface Running {
  readonly id: string;
  readonly device: TestedDevice;
  readonly listener: AuthenticatorListener;
  readonly abort: AbortController;
  readonly finish: AbortController;
}

interface Ended {
  readonly how: TestEndName;
  readonly verdict: DeviceVerdict;
}

/** Runs visitors' tests of devices, one at a time, and judges them. Of what a display shows nothing ever comes here. */
export class AuthenticatorTests {
  readonly #options: AuthenticatorTestsOptions;
  #running: Running | undefined;

  constructor(options: AuthenticatorTestsOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts a test in place of one that the same listener has running. */
  start(device: TestedDevice, listener: AuthenticatorListener): StartedTest {
    const { use, newId, log, onChange } = this.#options;
    if (!use.take(listener)) return { kind: 'busy' };
    this.#running?.abort.abort();
    const running: Running = {
      ...{ id: newId(), device, listener },
      ...{ abort: new AbortController(), finish: new AbortController() },
    };
    this.#running = running;
    log.started(device);
    onChange();
    void this.#run(running);
    return { kind: 'started', id: running.id };
  }

  /** Ends the listener's test with what is known by now: its verdict follows. */
  finish(listener: AuthenticatorListener): void {
    if (this.#running?.listener === listener) this.#running.finish.abort();
  }

  /** Ends the listener's test without a word more about it. */
  clear(listener: AuthenticatorListener): void {
    if (this.#running?.listener !== listener) return;
    this.#end(this.#running);
    this.#options.log.cleared();
  }

  /** Ends whatever runs. */
  stop(): void {
    if (this.#running !== undefined) this.#end(this.#running);
  }

  #end(running: Running): void {
    this.#running = undefined;
    this.#options.use.release(running.listener);
    running.abort.abort();
    this.#options.onChange();
  }

  async #run(running: Running): Promise<void> {
    const { clock, log } = this.#options;
    const startedAt = clock.now();
    const { how, verdict } = await this.#ended(running);
    if (this.#running !== running) return;
    this.#end(running);
    log.ended(running.device, how, Math.round(clock.now() - startedAt));
    running.listener.verdict({ id: running.id, verdict });
  }

  #ended(running: Running): Promise<Ended> {
    switch (running.device) {
      case 'code-display':
        return this.#testDisplay(running);
      case 'mitid-chip':
        return this.#checkChip(running);
    }
  }

  async #testDisplay(running: Running): Promise<Ended> {
    const { rig, rules } = this.#options;
    let demo = false;
    const end = await this.#within<DisplayTestEnd>(
      running,
      rig.test(running.id, waitForDeviceMs, {
        onProgress: ({ step, codes, fraction }) => this.#progress(running, { step, codes, fraction }),
        onRig: (isDemo) => {
          demo = isDemo;
        },
        // The picture of the segments is staff's.
        onLevels: () => undefined,
        signal: running.abort.signal,
        finish: running.finish.signal,
      }),
      { timedOut: { kind: 'timed-out' }, failed: { kind: 'host-lost' } },
    );
    const how = end.kind === 'stopped' ? end.fault : end.kind;
    return { how, verdict: judgeDisplay(end, { rules, demo }) };
  }

  async #checkChip(running: Running): Promise<Ended> {
    const { bench, chips, clock, rules } = this.#options;
    const request = { id: running.id, waitForKeyMs: waitForDeviceMs };
    // A chip is not known by halves: finished and cancelled are the same for it.
    const over = new AbortController();
    for (const { signal } of [running.abort, running.finish]) {
      signal.addEventListener('abort', () => over.abort(), { once: true });
    }
    const { end, way } = await this.#within<{ end: KeyCheckEnd; way: KeyWay }>(
      running,
      checkEitherWay({ bench, chips, clock }, request, {
        onStep: (step) => this.#progress(running, { ...chipSteps[step], codes: 0 }),
        signal: over.signal,
      }),
      {
        timedOut: { end: { kind: 'timed-out' }, way: 'usb' },
        failed: { end: { kind: 'host-lost' }, way: 'usb' },
      },
    );
    const demo = way === 'usb' ? bench.state.demo : chips.state.demo;
    const how = end.kind === 'stopped' ? end.fault : end.kind;
    return { how, verdict: judgeKey(end, way, { rules, demo }) };
  }

  #progress(running: Running, progress: Omit<EventData<'authenticator.progress'>, 'id'>): void {
    if (this.#running === running) running.listener.progress({ id: running.id, ...progress });
  }

  /** What `test` brings, or that it took too long; a rejection is a bug in a driver, and the visitor is told that it stopped. */
  #within<End>(
    running: Running,
    test: Promise<End>,
    instead: { readonly timedOut: End; readonly failed: End },
  ): Promise<End> {
    return new Promise((resolve) => {
      const finish = (end: End): void => {
        cancelDeadline();
        running.abort.signal.removeEventListener('abort', onAbort);
        resolve(end);
      };
      const onAbort = (): void => finish(instead.failed);
      const cancelDeadline = this.#options.clock.after(deadlineMs[running.device], () => {
        finish(instead.timedOut);
        running.abort.abort();
      });
      running.abort.signal.addEventListener('abort', onAbort, { once: true });
      test.then(finish, () => finish(instead.failed));
    });
  }
}
