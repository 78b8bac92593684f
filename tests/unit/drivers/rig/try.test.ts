import { it } from 'vitest';
import { RigInstrument } from '../../../../drivers/rig/rig-instrument.js';
import { ScpiInstrument } from '../../../../drivers/rig/scpi-instrument.js';
import { testDisplay } from '../../../../drivers/rig/display-test.js';
import { DemoRig } from '../../../../drivers/simulated/rig/demo-rig.js';
import { demoRigFault } from '../../../../drivers/simulated/rig/types.js';
import { seededRandom } from '../../../simulation/seeded-random.js';
import { IdleClock } from './idle-clock.js';

it('tries', async () => {
  for (const fault of demoRigFault.options) {
    const clock = new IdleClock();
    const demo = new DemoRig({ clock, random: seededRandom(7), speed: Number(process.env.SPEED ?? 60) });
    demo.setFault(fault);
    const rig = new RigInstrument(new ScpiInstrument(demo.open(), clock));
    const begun = performance.now();
    const outcome = await clock.until(
      testDisplay({
        rig,
        clock,
        request: {
          id: 'x',
          calibration: demo.calibration('2026-01-01T00:00:00Z'),
          digits: 6,
          waitForDeviceMs: 1000,
        },
        hooks: {
          onProgress: () => undefined,
          onLevels: () => undefined,
          signal: new AbortController().signal,
          finish: new AbortController().signal,
        },
      }),
    );
    const f =
      outcome.kind === 'tested'
        ? {
            ...outcome.facts,
            segments: outcome.facts.segments?.map((d) => d.map((s) => s[0]).join('')).join(' '),
            at: JSON.stringify(demo.rig.display.faultPlace),
          }
        : outcome;
    console.log(
      fault,
      JSON.stringify(f),
      Math.round(performance.now() - begun),
      Math.round(clock.now()),
      clock.pending,
    );
  }
}, 60000);
