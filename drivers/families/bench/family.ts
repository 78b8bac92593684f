import type { HidKeys, KeyHooks } from '../../fido/index.js';
import type { Emit, FamilyMethods } from '../../host-server.js';
import type { BenchSnapshot, DemoBench } from '../../protocol.js';
import type { Rigs, TestHooks } from '../../rig/index.js';
import type { RigCalibration, RigStatus } from '../../rig/types.js';
import { type Clock, systemClock } from '../../shared/clock.js';

/** The simulated devices of a host, while they stand in for real ones. */
export interface DemoDevices {
  state: DemoBench;
  /** What a healthy display gives on the demo rig. */
  readonly calibration: RigCalibration;
}

/** What is on the bench. */
export interface BenchDevices {
  readonly rigs: Pick<Rigs, 'testDisplay' | 'calibrate' | 'selfTest' | 'query'>;
  readonly keys: Pick<HidKeys, 'check'>;
  readonly demo: DemoDevices;
}

export interface BenchEvents {
  readonly clock: Clock;
  readonly onRig: (status: RigStatus) => void;
  /** FIDO keys in USB sockets. */
  readonly onKeys: (count: number) => void;
  /** The demo rig is being opened, since there is no other. */
  readonly onDemo: () => void;
  readonly isDemo: () => boolean;
}

export type OpenBenchDevices = (events: BenchEvents) => BenchDevices;

export interface BenchFamilyOptions {
  readonly emit: Emit;
  readonly open: OpenBenchDevices;
  readonly clock?: Clock;
}

/** Test rig and FIDO keys in USB sockets: the family `bench` of a driver host. */
export function createBenchFamily({
  emit,
  open,
  clock = systemClock,
}: BenchFamilyOptions): FamilyMethods<'bench'> {
  let running = new AbortController();
  let finishing = new AbortController();
  let lastEnd: Promise<unknown> = Promise.resolve();
  let snapshot: BenchSnapshot = { rig: { kind: 'starting' }, demo: false, keys: 0 };
  let told: string | undefined;

  /** At each change only. */
  const tell = (change: Partial<BenchSnapshot>): void => {
    snapshot = { ...snapshot, ...change };
    const words = JSON.stringify(snapshot);
    if (words === told) return;
    told = words;
    emit('bench', snapshot);
  };
  tell({});
  const devices = open({
    clock,
    // A demo rig with a fault is still one: only a real rig that is ready ends the demo.
    onRig: (rig) => tell({ rig, demo: rig.kind === 'ready' ? rig.transport === 'demo' : snapshot.demo }),
    onKeys: (keys) => tell({ keys }),
    onDemo: () => tell({ demo: true }),
    isDemo: () => snapshot.demo,
  });

  /** One after the other. Main runs one at a time; should it start another, the one before is over. */
  const next = <Outcome>(run: (signal: AbortSignal, finish: AbortSignal) => Promise<Outcome>) => {
    running.abort();
    const abort = new AbortController();
    const finish = new AbortController();
    running = abort;
    finishing = finish;
    const end = lastEnd.then(() => run(abort.signal, finish.signal));
    lastEnd = end.catch(() => undefined);
    return end;
  };
  const onProgress: TestHooks['onProgress'] = (progress) => emit('displayTestProgress', progress);
  const onKeyProgress: KeyHooks['onProgress'] = (progress) => emit('keyCheckProgress', progress);

  return {
    testDisplay: (request) =>
      next(async (signal, finish) => {
        const calibration = request.calibration ?? (snapshot.demo ? devices.demo.calibration : undefined);
        if (calibration === undefined) {
          return { kind: 'stopped', during: 'connect', fault: 'calibration-does-not-fit' };
        }
        const onLevels: TestHooks['onLevels'] = (levels) => emit('displayLevels', levels);
        const hooks = { onProgress, onLevels, signal, finish };
        return devices.rigs.testDisplay({ ...request, calibration }, hooks);
      }),
    finishDisplayTest: () => {
      finishing.abort();
      return Promise.resolve(null);
    },
    calibrateRig: (request) => next((signal) => devices.rigs.calibrate(request, { onProgress, signal })),
    selfTestRig: () => next((signal) => devices.rigs.selfTest(signal)),
    queryRig: ({ command }) => next((signal) => devices.rigs.query(command, signal)),
    checkUsbKey: (request) =>
      next((signal) => devices.keys.check(request, { onProgress: onKeyProgress, signal })),
    cancelBench: () => {
      running.abort();
      return Promise.resolve(null);
    },
    demoBench: (change) => {
      if (!snapshot.demo) return Promise.resolve(null);
      if (change !== null) devices.demo.state = change;
      return Promise.resolve(devices.demo.state);
    },
  };
}
