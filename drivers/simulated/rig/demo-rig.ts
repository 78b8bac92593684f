import type { RigCalibration } from '../../rig/types.js';
import type { Clock } from '../../shared/clock.js';
import { SimulatedRig } from './simulated-rig.js';
import type { DemoRigFault } from './types.js';

/** A line to the rig, as the driver knows it. */
interface Line {
  write(bytes: Uint8Array): Promise<boolean>;
  onData(callback: (bytes: Uint8Array) => void): void;
  onClose(callback: () => void): void;
  close(): Promise<void>;
}

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

  open(): Line {
    return openLine(this.rig);
  }
}

/** A line in this process; one that is closed already while the rig is unplugged. */
export function openLine(rig: SimulatedRig): Line {
  const onData: ((bytes: Uint8Array) => void)[] = [];
  const onClose: (() => void)[] = [];
  let closed = rig.fault === 'unplugged';
  const close = (): void => {
    if (closed) return;
    closed = true;
    stopHearing();
    stopWatching();
    for (const callback of onClose) callback();
  };
  const hear = (bytes: Uint8Array): void => {
    // A line takes a moment: nobody is answered while still asking.
    queueMicrotask(() => {
      if (!closed) for (const callback of onData) callback(bytes);
    });
  };
  const nothing = (): void => undefined;
  const stopHearing = closed ? nothing : rig.onSend(hear);
  const stopWatching = closed ? nothing : rig.onUnplugged(close);
  return {
    write: (bytes) => {
      if (!closed) rig.receive(bytes);
      return Promise.resolve(!closed);
    },
    onData: (callback) => void onData.push(callback),
    onClose: (callback) => {
      if (closed) callback();
      else onClose.push(callback);
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}
