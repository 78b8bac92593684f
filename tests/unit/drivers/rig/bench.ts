import { testDisplay } from '../../../../drivers/rig/display-test.js';
import { RigInstrument } from '../../../../drivers/rig/rig-instrument.js';
import { ScpiInstrument } from '../../../../drivers/rig/scpi-instrument.js';
import type {
  DisplayFacts,
  DisplayLevels,
  DisplayOutcome,
  DisplayTestProgress,
} from '../../../../drivers/rig/types.js';
import { openLine } from '../../../../drivers/simulated/rig/demo-rig.js';
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
  onProgress,
  ...options
}: TestedOptions = {}): Promise<Tested> {
  const clock = new IdleClock();
  const rig = new SimulatedRig({ clock, speed: 60, random: seededRandom(seed), ...options });
  rig.setFault(fault, place);
  const instrument = new RigInstrument(new ScpiInstrument(openLine(rig), clock));
  const progress: DisplayTestProgress[] = [];
  const levels: DisplayLevels[] = [];
  const stop = new AbortController();
  const finish = new AbortController();
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
