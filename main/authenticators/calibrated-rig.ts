import type { DisplayOutcome, RigCalibration } from '../../drivers/rig/types.js';
import type { Clock } from '../clock.js';
import type { BenchDevice, BenchDeviceState, DisplayTestHooks, HostGone } from '../devices/types.js';

/** How a test of a display ended, seen from main. */
export type DisplayTestEnd =
  | DisplayOutcome
  | HostGone
  /** Nothing is known of what a healthy display gives on this rig. */
  | { readonly kind: 'not-calibrated' };

export interface RigTestHooks extends DisplayTestHooks {
  /** Told once, when it is known which rig tests, or that none does: whether it is the demo rig. */
  readonly onRig: (demo: boolean) => void;
}

/** As the settings have it. */
export interface RigSettings {
  readonly digits: number;
  readonly calibrations: readonly RigCalibration[];
}

/** The calibration of the rig that is there now; `null`: the demo rig has its own, `undefined`: there is none. */
export function calibrationOf(
  { rig, demo }: Pick<BenchDeviceState, 'rig' | 'demo'>,
  { digits, calibrations }: RigSettings,
): RigCalibration | null | undefined {
  if (rig.kind !== 'ready') return undefined;
  const { serialNumber } = rig.identity;
  const kept = calibrations.find((each) => each.rig === serialNumber && each.digits.length === digits);
  return kept ?? (demo ? null : undefined);
}

export interface CalibratedRigOptions {
  readonly bench: Pick<BenchDevice, 'state' | 'subscribe' | 'testDisplay'>;
  readonly settings: () => RigSettings;
  /** Whether a rig may test, by its serial number; any may, unless told otherwise. */
  readonly isSound?: (serialNumber: string) => boolean;
  readonly clock: Clock;
}

/** A rig of which nothing is known yet, since its host has just started, is waited for this long, ms. */
const startGraceMs = 10_000;

/** Tests displays by the calibration that goes with the rig. */
export class CalibratedRig {
  readonly #options: CalibratedRigOptions;

  constructor(options: CalibratedRigOptions) {
    this.#options = options;
  }

  /** `waitForDeviceMs`: how long to wait for a device in the fixture, ms. */
  async test(
    id: string,
    waitForDeviceMs: number,
    { onRig, ...hooks }: RigTestHooks,
  ): Promise<DisplayTestEnd> {
    const { bench, settings, isSound = () => true } = this.#options;
    await this.#untilKnown(hooks.signal);
    onRig(bench.state.demo);
    if (hooks.signal.aborted) return { kind: 'stopped', during: 'connect', fault: 'cancelled' };
    const { rig } = bench.state;
    if (rig.kind === 'fault') return { kind: 'stopped', during: 'connect', fault: rig.fault };
    if (rig.kind === 'starting') return { kind: 'stopped', during: 'connect', fault: 'silent' };
    if (!isSound(rig.identity.serialNumber)) {
      return { kind: 'stopped', during: 'connect', fault: 'rig-error' };
    }
    const calibration = calibrationOf(bench.state, settings());
    if (calibration === undefined) return { kind: 'not-calibrated' };
    return bench.testDisplay({ id, calibration, digits: settings().digits, waitForDeviceMs }, hooks);
  }

  #untilKnown(signal: AbortSignal): Promise<void> {
    const { bench, clock } = this.#options;
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        unsubscribe();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const look = (): void => {
        if (bench.state.rig.kind !== 'starting' || signal.aborted) end();
      };
      const cancel = clock.after(startGraceMs, end);
      const unsubscribe = bench.subscribe(look);
      signal.addEventListener('abort', end, { once: true });
      look();
    });
  }
}
