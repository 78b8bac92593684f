import { calibrate } from '../../../../drivers/rig/calibration.js';
import { testDisplay } from '../../../../drivers/rig/display-test.js';
import { openHidLine } from '../../../../drivers/rig/hid-line.js';
import type { ByteLine } from '../../../../drivers/shared/byte-line.js';
import { RigInstrument } from '../../../../drivers/rig/rig-instrument.js';
import { ScpiInstrument } from '../../../../drivers/rig/scpi-instrument.js';
import type {
  CalibrationOutcome,
  DisplayFacts,
  DisplayLevels,
  DisplayOutcome,
  DisplayTestProgress,
} from '../../../../drivers/rig/types.js';
import { openCable } from '../../../../drivers/simulated/shared/cable.js';
import { HidReports } from '../../../../drivers/simulated/rig/hid-reports.js';
import { SimulatedRig, type SimulatedRigOptions } from '../../../../drivers/simulated/rig/simulated-rig.js';
import type { DemoRigFault } from '../../../../drivers/simulated/rig/types.js';
import { seededRandom } from '../../../simulation/seeded-random.js';
import { IdleClock } from './idle-clock.js';

export interface Tested {
  readonly outcome: DisplayOutcome;
  readonly progress: readonly DisplayTestProgress[];
  readonly levels: readonly DisplayLevels[];
  readonly rig: SimulatedRig;
  readonly clock: IdleClock;
}

export interface TestedOptions extends Partial<Omit<SimulatedRigOptions, 'clock' | 'random'>> {
  readonly seed?: number;
  readonly fault?: DemoRigFault;
  readonly place?: { readonly digit: number; readonly segment: number };
  readonly waitForDeviceMs?: number;
  /** The test is ended by hand when the rig was sent so many messages. */
  readonly endAfterMessages?: number;
  /** What stands between the driver and the rig's line. */
  readonly through?: (line: ByteLine, clock: IdleClock) => ByteLine;
  readonly transport?: 'memory' | 'hid';
  readonly onProgress?: (
    progress: DisplayTestProgress,
    finish: AbortController,
    stop: AbortController,
  ) => void;
}

/** One whole test of a simulated display over a line in memory, in no time. */
export async function tested({
  seed = 1,
  fault = 'none',
  place,
  waitForDeviceMs = 1000,
  transport = 'memory',
  endAfterMessages,
  through = (line) => line,
  onProgress,
  ...options
}: TestedOptions = {}): Promise<Tested> {
  const clock = new IdleClock();
  const rig = new SimulatedRig({ clock, speed: 60, random: seededRandom(seed), ...options });
  rig.setFault(fault, place);
  const finish = new AbortController();
  const line = through(transport === 'hid' ? await hidLine(rig) : openCable(rig), clock);
  let messages = 0;
  const write = (bytes: Uint8Array): Promise<boolean> => {
    if (++messages === endAfterMessages) finish.abort();
    return line.write(bytes);
  };
  const counted: ByteLine = {
    write,
    onData: (callback) => line.onData(callback),
    onClose: (callback) => line.onClose(callback),
    close: () => line.close(),
  };
  const instrument = new RigInstrument(new ScpiInstrument(counted, clock));
  const progress: DisplayTestProgress[] = [];
  const levels: DisplayLevels[] = [];
  const stop = new AbortController();
  const outcome = await clock.until(
    testDisplay({
      rig: instrument,
      clock,
      request: {
        id: 'test',
        digits: rig.display.digits,
        calibration: { rig: rig.serialNumber, at: '2026-11-23T00:00:00Z', digits: rig.levels() },
        waitForDeviceMs,
      },
      hooks: {
        onProgress: (each) => {
          progress.push(each);
          onProgress?.(each, finish, stop);
        },
        onLevels: (each) => levels.push(each),
        signal: stop.signal,
        finish: finish.signal,
      },
    }),
  );
  return { outcome, progress, levels, rig, clock };
}

export function factsOf({ outcome }: Tested): DisplayFacts {
  if (outcome.kind !== 'tested') throw new Error(`stopped: ${outcome.fault} during ${outcome.during}`);
  return outcome.facts;
}

/** Segments that are not healthy, by place, without those that nothing is known of. */
export function faultsOf(facts: DisplayFacts): string[] {
  return (facts.segments ?? []).flatMap((digit, at) =>
    digit.flatMap((health, bit) =>
      health === 'healthy' || health === 'unsettled' ? [] : [`${at}${'abcdefg'[bit] ?? ''} ${health}`],
    ),
  );
}

/** The driver's HID line on the simulated rig's reports. */
async function hidLine(rig: SimulatedRig): Promise<ByteLine> {
  const reports = new HidReports(rig);
  const onError: ((error: unknown) => void)[] = [];
  const lost = (): boolean => rig.fault === 'unplugged';
  const line = await openHidLine(
    {
      devicesAsync: () => Promise.resolve([]),
      HIDAsync: {
        open: () =>
          Promise.resolve({
            on: (event: 'data' | 'error', listener: (payload: never) => void) => {
              if (event === 'error') onError.push(listener as (error: unknown) => void);
              else reports.onSend((report) => queueMicrotask(() => listener(report as never)));
            },
            write: (bytes: number[]) => {
              if (lost()) return Promise.reject(new Error('unplugged'));
              reports.receive(Uint8Array.from(bytes.slice(1)));
              return Promise.resolve(bytes.length);
            },
            close: () => Promise.resolve(),
          }),
      },
    },
    'rig',
  );
  return line!;
}

/** Calibrates on a simulated display. */
export async function calibrated(
  fault: DemoRigFault,
  seed: number,
  { speed = 60, through = (line) => line }: Pick<TestedOptions, 'speed' | 'through'> = {},
): Promise<{ outcome: CalibrationOutcome; rig: SimulatedRig; place: { digit: number; segment: number } }> {
  const clock = new IdleClock();
  const rig = new SimulatedRig({ clock, speed, random: seededRandom(seed) });
  const place = { digit: 4, segment: 2 };
  rig.setFault(fault, place);
  const outcome = await clock.until(
    calibrate({
      rig: new RigInstrument(new ScpiInstrument(through(openCable(rig), clock), clock)),
      serialNumber: rig.serialNumber,
      clock,
      request: { id: 'calibration', digits: 6, waitForDeviceMs: 500 },
      hooks: { onProgress: () => undefined, signal: new AbortController().signal },
    }),
  );
  return { outcome, rig, place };
}
