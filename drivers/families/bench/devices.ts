import { watchHidKeys } from '../../fido/index.js';
import type { BenchOptions } from '../../protocol.js';
import { Rigs } from '../../rig/index.js';
import { DemoKeySocket } from '../../simulated/fido-key/demo-key.js';
import { DemoRig } from '../../simulated/rig/demo-rig.js';
import type { OpenBenchDevices } from './family.js';

/** Real rigs and keys, and simulated ones where they are allowed and there are no others. */
export function openBenchDevices({ rig, rigUsbIds, demoAllowed }: BenchOptions): OpenBenchDevices {
  return ({ clock, onRig, onKeys, onDemo, isDemo }) => {
    const demoRig = new DemoRig({ clock });
    const socket = new DemoKeySocket();
    const openDemo = () => {
      onDemo();
      return demoRig.open();
    };
    return {
      rigs: new Rigs({
        connection: rig,
        usbIds: rigUsbIds,
        clock,
        onChange: onRig,
        ...(demoAllowed ? { openDemo } : {}),
      }),
      keys: watchHidKeys({
        clock,
        onChange: onKeys,
        ...(demoAllowed ? { openDemo: () => (isDemo() ? socket.open() : undefined) } : {}),
      }),
      demo: {
        get state() {
          return { rig: demoRig.fault, key: socket.key };
        },
        set state({ rig: fault, key }) {
          demoRig.setFault(fault);
          socket.key = key;
        },
        get calibration() {
          return demoRig.calibration(new Date().toISOString());
        },
      },
    };
  };
}
