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
  /** Something runs in this session, until what is returned is called. */
  readonly hold: (session: string) => () => void;
  /** The state is another one. */
  readonly onChange: () => void;
}

/** How long staff have to put a display in the fixture, or to bring a key, ms. */
const waitForDeviceMs = 60_000;
const dayMs = 24 * 60 * 60_000;

type Failed = Extract<Output<'bench.testDisplay'>, { kind: 'failed' }>;
/** Nothing of it is left. */
const gone: Failed = { kind: 'failed', fault: 'interrupted' };

interface Running {
  /** The session that it belongs to. */
  readonly owner: string;
  readonly work: BenchWork;
  readonly abort: AbortController;
  readonly finish: AbortController;
  progress: Omit<DisplayTestProgress, 'id'>;
  /** What it comes to, for whoever asks again. */
  display?: Promise<Output<'bench.testDisplay'>>;
  calibration?: Promise<Output<'bench.calibrate'>>;
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

  /** As a screen of this session sees it. */
  stateFor(session: string | undefined): BenchState {
    const { bench, selfTests } = this.#options;
    const { demo, keys } = bench.state;
    const running = this.#runningFor(session);
    return {
      rig: this.#rigState(),
      demo,
      keys,
      calibration: this.#calibrationState(),
      selfTests: [...selfTests()],
      ...(running === undefined ? {} : { running }),
    };
  }

  testDisplay(owner: string, onLevels: (levels: BenchLevels) => void): Promise<Output<'bench.testDisplay'>> {
    const end = this.#alone<Output<'bench.testDisplay'>>(owner, 'display', async (running) => {
      const { rig, rules } = this.#options;
      let demo = false;
      const end = await rig.test(this.#options.newId(), waitForDeviceMs, {
        onProgress: (progress) => this.#show(running, progress),
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
    const running = this.#of(owner, 'display');
    if (running !== undefined) running.display ??= end;
    return end;
  }

  /** What the test that this session has running comes to. */
  testDisplayAgain(owner: string): Promise<Output<'bench.testDisplay'>> {
    return this.#of(owner, 'display')?.display ?? Promise.resolve(gone);
  }

  calibrate(owner: string): Promise<Output<'bench.calibrate'>> {
    const end = this.#alone<Output<'bench.calibrate'>>(owner, 'calibration', async (running) => {
      const { bench, settings, keepCalibration, newId, log } = this.#options;
      const end = await bench.calibrate(
        { id: newId(), digits: settings().digits, waitForDeviceMs },
        {
          onProgress: (progress) => this.#show(running, progress),
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
    const running = this.#of(owner, 'calibration');
    if (running !== undefined) running.calibration ??= end;
    return end;
  }

  /** The same of the calibration. */
  calibrateAgain(owner: string): Promise<Output<'bench.calibrate'>> {
    return this.#of(owner, 'calibration')?.calibration ?? Promise.resolve(gone);
  }

  selfTest(owner: string): Promise<Output<'bench.selfTest'>> {
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
  query(owner: string, message: string): Promise<Output<'bench.query'>> {
    return this.#alone<Output<'bench.query'>>(owner, 'query', async ({ abort }) => {
      const { bench, log } = this.#options;
      log.queried(headerOf(message));
      const end = await bench.query(message, abort.signal);
      if (end.kind !== 'done') return this.#failed('query', end);
      log.ended('query', end.kind);
      return end;
    });
  }

  async checkKey(owner: string, way: 'usb' | 'nfc'): Promise<Output<'bench.checkKey'>> {
    const { bench, chips, rules, newId, log } = this.#options;
    const end = await this.#alone(owner, `${way}-key`, async ({ abort }) => {
      const request = { id: newId(), waitForKeyMs: waitForDeviceMs };
      const checked = await (way === 'usb'
        ? bench.checkUsbKey(request, () => undefined, abort.signal)
        : chips.checkNfcKey(request, () => undefined, abort.signal));
      log.ended(`${way}-key`, checked.kind === 'stopped' ? checked.fault : checked.kind);
      return checked;
    });
    if (end.kind === 'failed') return end;
    // Nothing is wrong with the chip then: the reader or the socket is in use.
    if (end.kind === 'stopped' && end.fault === 'busy') return { kind: 'failed', fault: 'busy' };
    const { demo } = way === 'usb' ? bench.state : chips.state;
    const verdict = judgeKey(end, way, { rules, demo });
    return end.kind === 'answers'
      ? { kind: 'answers', facts: end.facts, verdict }
      : { kind: 'could-not-tell', verdict };
  }

  /** Ends the session's own test of a display with what is known by now. Whether it may: not another's. */
  finish(owner: string): boolean {
    if (this.#running !== undefined && this.#running.owner !== owner) return false;
    this.#running?.finish.abort();
    return true;
  }

  /** Ends what the session has running, or anybody of staff where it may; a visitor's test goes on. Whether it may. */
  cancel(owner: string, mayCancelAny: boolean): boolean {
    if (this.#running !== undefined && this.#running.owner !== owner && !mayCancelAny) return false;
    this.stop();
    return true;
  }

  /** The session is over. */
  sessionEnded(owner: string): void {
    if (this.#running?.owner === owner) this.stop();
  }

  /** Ends whatever staff have running. */
  stop(): void {
    this.#running?.abort.abort();
  }

  #of(owner: string, work: BenchWork): Running | undefined {
    const running = this.#running;
    return running?.owner === owner && running.work === work ? running : undefined;
  }

  #runningFor(session: string | undefined): BenchState['running'] {
    if (this.#running === undefined)
      return this.#options.visitors.isRunning ? { kind: 'visitor' } : undefined;
    const { work, owner, progress } = this.#running;
    const own = owner === session;
    switch (work) {
      case 'display':
      case 'calibration':
        return { kind: work, own, ...progress };
      case 'self-test':
      case 'query':
      case 'usb-key':
      case 'nfc-key':
        return { kind: work, own };
    }
  }

  /** One thing at a time, and none beside a visitor's test. */
  async #alone<Result>(
    owner: string,
    work: BenchWork,
    run: (running: Running) => Promise<Result>,
  ): Promise<Result | Failed> {
    const { use, log, hold, onChange } = this.#options;
    const running: Running = {
      ...{ owner, work, progress: { step: 'connect', codes: 0, fraction: 0 } },
      ...{ abort: new AbortController(), finish: new AbortController() },
    };
    if (!use.take(running)) return { kind: 'failed', fault: 'busy' };
    this.#running = running;
    const release = hold(owner);
    if (work !== 'query') log.started(work);
    onChange();
    try {
      return await run(running);
    } finally {
      this.#running = undefined;
      use.release(running);
      release();
      onChange();
    }
  }

  #show(running: Running, { step, codes, fraction }: DisplayTestProgress): void {
    if (this.#running !== running) return;
    running.progress = { step, codes, fraction };
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
