import { watchHidKeys } from '../../fido/index.js';
import type { BenchOptions } from '../../protocol.js';
import { Rigs } from '../../rig/index.js';
import { openDemoKey } from '../../simulated/fido-key/demo-line.js';
import type { DemoKey } from '../../simulated/fido-key/types.js';
import { DemoRig } from '../../simulated/rig/demo-rig.js';
import type { OpenBenchDevices } from './family.js';

/** Real rigs and keys, and simulated ones where they are allowed and there are no others. */
export function openBenchDevices({ rig, rigUsbIds, demoAllowed }: BenchOptions): OpenBenchDevices {
  return ({ clock, onRig, onKeys, onDemo, isDemo }) => {
    const demoRig = new DemoRig({ clock });
    const socket: { key: DemoKey | null } = { key: null };
    const openKey = () => (isDemo() && socket.key !== null ? openDemoKey(socket.key, clock) : undefined);
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
        ...(demoAllowed ? { openDemo: openKey } : {}),
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
