import type { KeyCheckFault } from '../../drivers/fido/types.js';
import type {
  CalibrationOutcome,
  DisplayFacts,
  DisplayTestFault,
  DisplayTestProgress,
  RigCalibration,
} from '../../drivers/rig/types.js';
import type { BenchFault, BenchLevels, BenchState, Output } from '../api/contract.js';
import type { Clock } from '../clock.js';
import type { BenchDevice, ChipsDevice, HostGone } from '../devices/types.js';
import type { AuthenticatorTests, TestEndName } from './authenticator-tests.js';
import type { BenchUse } from './bench-use.js';
import { type CalibratedRig, calibrationOf, type RigSettings } from './calibrated-rig.js';
import type { AuthenticatorRules } from './rules.js';
import type { SelfTest } from './self-test-history.js';
import { judgeDisplay, judgeKey } from './verdict.js';

export type BenchWork = 'display' | 'calibration' | 'self-test' | 'query' | 'usb-key' | 'nfc-key';
export type BenchWorkEnd = TestEndName | CalibrationOutcome['kind'] | 'done' | KeyCheckFault | 'not-saved';

/** What is worth a line in the log about the bench: neither what was found nor what was asked. */
export interface StaffBenchLog {
  started(work: Exclude<BenchWork, 'query'>): void;
  ended(work: BenchWork, how: BenchWorkEnd): void;
  /** Of a raw message, its first header without parameters. */
  queried(header: string): void;
}

export interface StaffBenchOptions {
  readonly bench: BenchDevice;
  readonly chips: Pick<ChipsDevice, 'state' | 'checkNfcKey'>;
  readonly rig: CalibratedRig;
  readonly use: BenchUse;
  readonly visitors: Pick<AuthenticatorTests, 'isRunning'>;
  readonly settings: () => RigSettings & { readonly calibrationMaxAgeDays: number };
  /** Tells the system's code where it could not be written. */
  readonly keepCalibration: (calibration: RigCalibration) => Promise<string | undefined>;
  readonly selfTests: () => readonly SelfTest[];
  readonly keepSelfTest: (test: SelfTest) => Promise<void>;
  readonly rules: AuthenticatorRules;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: StaffBenchLog;
  /** The state is another one. */
  readonly onChange: () => void;
}

/** How long staff have to put a display in the fixture, or to bring a key, ms. */
const waitForDeviceMs = 60_000;
const dayMs = 24 * 60 * 60_000;

type Failed = Extract<Output<'bench.testDisplay'>, { kind: 'failed' }>;

interface Running {
  /** The screen that it belongs to. */
  readonly owner: object;
  readonly abort: AbortController;
  readonly finish: AbortController;
  shown?: Exclude<BenchState['running'], undefined | { kind: 'visitor' }>;
}

/** The bench of staff and technicians: the same devices as visitors', with the technical view. */
export class StaffBench {
  readonly #options: StaffBenchOptions;
  /** Since when the demo rig's calibration counts. */
  readonly #openedAt: string;
  #running: Running | undefined;

  constructor(options: StaffBenchOptions) {
    this.#options = options;
    this.#openedAt = options.clock.date().toISOString();
  }

  get state(): BenchState {
    const { bench, selfTests, visitors } = this.#options;
    const { demo, keys } = bench.state;
    const running = this.#running?.shown ?? (visitors.isRunning ? { kind: 'visitor' as const } : undefined);
    return {
      rig: this.#rigState(),
      demo,
      keys,
      calibration: this.#calibrationState(),
      selfTests: [...selfTests()],
      ...(running === undefined ? {} : { running }),
    };
  }

  testDisplay(owner: object, onLevels: (levels: BenchLevels) => void): Promise<Output<'bench.testDisplay'>> {
    return this.#alone<Output<'bench.testDisplay'>>(owner, 'display', async (running) => {
      const { rig, rules } = this.#options;
      let demo = false;
      const end = await rig.test(this.#options.newId(), waitForDeviceMs, {
        onProgress: (progress) => this.#show(running, 'display', progress),
        onRig: (isDemo) => {
          demo = isDemo;
        },
        onLevels: ({ codes, digits }) => {
          if (this.#running === running) onLevels({ codes, digits });
        },
        signal: running.abort.signal,
        finish: running.finish.signal,
      });
      if (end.kind !== 'tested') return this.#failed('display', end);
      this.#options.log.ended('display', end.kind);
      return { kind: 'tested', facts: factsOf(end.facts), verdict: judgeDisplay(end, { rules, demo }) };
    });
  }

  calibrate(owner: object): Promise<Output<'bench.calibrate'>> {
    return this.#alone<Output<'bench.calibrate'>>(owner, 'calibration', async (running) => {
      const { bench, settings, keepCalibration, newId, log } = this.#options;
      const end = await bench.calibrate(
        { id: newId(), digits: settings().digits, waitForDeviceMs },
        {
          onProgress: (progress) => this.#show(running, 'calibration', progress),
          signal: running.abort.signal,
        },
      );
      if (end.kind !== 'calibrated') return this.#failed('calibration', end);
      const fault = await keepCalibration(end.calibration);
      log.ended('calibration', fault === undefined ? end.kind : 'not-saved');
      return fault === undefined
        ? { kind: 'calibrated', codes: end.codes }
        : { kind: 'failed', fault: 'not-saved' };
    });
  }

  selfTest(owner: object): Promise<Output<'bench.selfTest'>> {
    return this.#alone<Output<'bench.selfTest'>>(owner, 'self-test', async ({ abort }) => {
      const { bench, keepSelfTest, clock, log } = this.#options;
      const end = await bench.selfTest(abort.signal);
      if (end.kind !== 'done') return this.#failed('self-test', end);
      const { result, errors } = end;
      const { rig } = bench.state;
      await keepSelfTest({
        at: clock.date().toISOString(),
        ...(rig.kind === 'ready' ? { rig: rig.identity.serialNumber } : {}),
        result,
        errors,
      });
      log.ended('self-test', end.kind);
      return { kind: 'done', result, errors };
    });
  }

  /** One SCPI program message. */
  query(owner: object, message: string): Promise<Output<'bench.query'>> {
    return this.#alone<Output<'bench.query'>>(owner, 'query', async ({ abort }) => {
      const { bench, log } = this.#options;
      log.queried(headerOf(message));
      const end = await bench.query(message, abort.signal);
      if (end.kind !== 'done') return this.#failed('query', end);
      log.ended('query', end.kind);
      return end;
    });
  }

  async checkKey(owner: object, way: 'usb' | 'nfc'): Promise<Output<'bench.checkKey'>> {
    const { bench, chips, rules, newId, log } = this.#options;
    const result = await this.#alone(owner, `${way}-key`, async ({ abort }) => {
      const request = { id: newId(), waitForKeyMs: waitForDeviceMs };
      const end = await (way === 'usb'
        ? bench.checkUsbKey(request, () => undefined, abort.signal)
        : chips.checkNfcKey(request, () => undefined, abort.signal));
      log.ended(`${way}-key`, end.kind === 'stopped' ? end.fault : end.kind);
      return end;
    });
    const end =
      result.kind === 'failed' ? ({ kind: 'stopped', during: 'waiting', fault: 'busy' } as const) : result;
    const { demo } = way === 'usb' ? bench.state : chips.state;
    const verdict = judgeKey(end, way, { rules, demo });
    return end.kind === 'answers'
      ? { kind: 'answers', facts: end.facts, verdict }
      : { kind: 'could-not-tell', verdict };
  }

  /** Ends a display's test with what is known by now. */
  finish(): void {
    this.#running?.finish.abort();
  }

  /** Ends what staff have running; a visitor's test goes on. */
  cancel(): void {
    this.#running?.abort.abort();
  }

  /** The screen is gone, or nobody of staff is at it any more. */
  left(owner: object): void {
    if (this.#running?.owner === owner) this.cancel();
  }

  /** One thing at a time, and none beside a visitor's test. */
  async #alone<Result>(
    owner: object,
    work: BenchWork,
    run: (running: Running) => Promise<Result>,
  ): Promise<Result | Failed> {
    const { use, log, onChange } = this.#options;
    const running: Running = { owner, abort: new AbortController(), finish: new AbortController() };
    if (!use.take(running)) return { kind: 'failed', fault: 'busy' };
    this.#running = running;
    if (work === 'display' || work === 'calibration') {
      running.shown = { kind: work, step: 'connect', codes: 0, fraction: 0 };
    }
    if (work !== 'query') log.started(work);
    onChange();
    try {
      return await run(running);
    } finally {
      this.#running = undefined;
      use.release(running);
      onChange();
    }
  }

  #show(
    running: Running,
    kind: 'display' | 'calibration',
    { step, codes, fraction }: DisplayTestProgress,
  ): void {
    if (this.#running !== running) return;
    running.shown = { kind, step, codes, fraction };
    this.#options.onChange();
  }

  #failed(
    work: BenchWork,
    end:
      | { readonly kind: 'stopped'; readonly fault: DisplayTestFault }
      | { readonly kind: 'not-calibrated' | 'display-unfit' }
      | HostGone,
  ): Failed {
    this.#options.log.ended(work, end.kind === 'stopped' ? end.fault : end.kind);
    return { kind: 'failed', fault: faultOf(end) };
  }

  #rigState(): BenchState['rig'] {
    const { host, rig } = this.#options.bench.state;
    if (host !== 'running') return { kind: host };
    switch (rig.kind) {
      case 'starting':
        return { kind: 'starting' };
      case 'fault':
        return { kind: 'fault', fault: rig.fault };
      case 'ready':
        return { kind: 'ready', ...rig.identity, transport: rig.transport };
    }
  }

  #calibrationState(): BenchState['calibration'] {
    const { bench, settings, clock } = this.#options;
    const { calibrationMaxAgeDays, ...rig } = settings();
    const calibration = calibrationOf(bench.state, rig);
    if (calibration === undefined) return { kind: 'none' };
    const at = calibration?.at ?? this.#openedAt;
    // A clock that was put back makes nothing younger than new.
    const ageDays = Math.max(0, Math.floor((clock.date().getTime() - Date.parse(at)) / dayMs));
    return { kind: 'there', at, ageDays, old: ageDays > calibrationMaxAgeDays };
  }
}

function faultOf(
  end:
    | { readonly kind: 'stopped'; readonly fault: DisplayTestFault }
    | { readonly kind: 'not-calibrated' | 'display-unfit' }
    | HostGone,
): BenchFault {
  switch (end.kind) {
    case 'stopped':
      return end.fault;
    case 'not-calibrated':
    case 'display-unfit':
      return end.kind;
    case 'host-lost':
      return 'interrupted';
    case 'timed-out':
      return 'took-too-long';
  }
}

function factsOf({
  segments,
  ...facts
}: DisplayFacts): Extract<Output<'bench.testDisplay'>, { kind: 'tested' }>['facts'] {
  return { ...facts, segments: segments?.map((digit) => [...digit]) ?? null };
}

/** The first header of a program message (SCPI-99 volume 1 section 6.2.1), without numeric suffix and parameters; `?` where there is none. */
export function headerOf(message: string): string {
  return /^[*:]?[A-Za-z]{1,12}(?::[A-Za-z]{1,12}){0,7}\??/.exec(message)?.[0] ?? '?';
}
