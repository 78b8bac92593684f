import type { RigCalibration } from '../../rig/types.js';
import type { ByteLine } from '../../shared/byte-line.js';
import type { Clock } from '../../shared/clock.js';
import { openCable } from '../shared/cable.js';
import { SimulatedRig } from './simulated-rig.js';
import type { DemoRigFault } from './types.js';

/** A new code every half second instead of every half minute. */
const demoSpeed = 60;

/** The simulated rig in the driver host itself, for a kiosk without one. */
export class DemoRig {
  readonly rig: SimulatedRig;

  constructor({
    clock,
    random,
    speed = demoSpeed,
  }: {
    readonly clock: Clock;
    readonly random?: () => number;
    readonly speed?: number;
  }) {
    this.rig = new SimulatedRig({ clock, speed, ...(random === undefined ? {} : { random }) });
  }

  get fault(): DemoRigFault {
    return this.rig.fault;
  }

  setFault(fault: DemoRigFault): void {
    this.rig.setFault(fault);
  }

  /** Levels of a healthy display in it, as a calibration at that time would have found them. */
  calibration(at: string): RigCalibration {
    return { rig: this.rig.serialNumber, at, digits: this.rig.levels() };
  }

  open(): ByteLine {
    return openCable(this.rig);
  }
}
