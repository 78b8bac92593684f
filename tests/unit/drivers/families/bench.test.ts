import { describe, expect, it } from 'vitest';
import {
  type BenchDevices,
  type BenchEvents,
  createBenchFamily,
} from '../../../../drivers/families/bench/family.js';
import type { BenchSnapshot, DemoBench } from '../../../../drivers/protocol.js';
import type { DisplayOutcome, DisplayTestRequest, RigStatus } from '../../../../drivers/rig/types.js';
import { calibration, demoRig, noRig, realRig } from '../../main/fake-bench.js';
import { soundDisplay } from '../../main/authenticators/facts.js';
import { ManualClock, settled } from '../../manual-clock.js';

const cancelled = { kind: 'stopped', during: 'waiting', fault: 'cancelled' } as const;
const stopped = { kind: 'stopped', fault: 'cancelled' } as const;
const request = { id: 'test-1', calibration, digits: 6, waitForDeviceMs: 0 };

function start() {
  const clock = new ManualClock();
  const events: BenchSnapshot[] = [];
  const asked: {
    request: DisplayTestRequest;
    finish: AbortSignal;
    end: (outcome: DisplayOutcome) => void;
  }[] = [];
  const at: { events?: BenchEvents } = {};
  const demo: BenchDevices['demo'] = { state: { rig: 'none', key: null }, calibration };
  const family = createBenchFamily({
    clock,
    emit: (name, data) => {
      if (name === 'bench') events.push(data as BenchSnapshot);
    },
    open: (given) => {
      at.events = given;
      return {
        rigs: {
          testDisplay: (asking, { signal, finish }) =>
            new Promise((resolve) => {
              asked.push({ request: asking, finish, end: resolve });
              signal.addEventListener('abort', () => resolve(cancelled));
            }),
          calibrate: () => Promise.resolve(cancelled),
          selfTest: () => Promise.resolve(stopped),
          query: () => Promise.resolve(stopped),
        },
        keys: { check: () => Promise.resolve({ ...cancelled, fault: 'no-key' }) },
        demo,
      };
    },
  });
  const rig = (status: RigStatus) => at.events?.onRig(status);
  const becomeDemo = () => {
    at.events?.onDemo();
    rig(demoRig.rig);
  };
  return { events, asked, family, rig, becomeDemo, at };
}

const of = ({ rig, demo, keys }: typeof realRig): BenchSnapshot => ({ rig, demo, keys });

describe('the bench family', () => {
  it('tells each change once', () => {
    const { events, rig, at } = start();
    rig(noRig.rig);
    rig(noRig.rig);
    rig(realRig.rig);
    at.events?.onKeys(1);
    at.events?.onKeys(1);
    expect(events).toEqual([
      { rig: { kind: 'starting' }, demo: false, keys: 0 },
      of(noRig),
      of(realRig),
      { ...of(realRig), keys: 1 },
    ]);
  });

  it('keeps to the demo while the demo rig plays a fault, until a real one is there', () => {
    const { events, rig, becomeDemo } = start();
    becomeDemo();
    rig({ kind: 'fault', fault: 'silent' });
    expect(events.at(-1)).toMatchObject({ demo: true, rig: { kind: 'fault' } });
    rig(realRig.rig);
    expect(events.at(-1)).toMatchObject({ demo: false });
    rig(noRig.rig);
    expect(events.at(-1)).toMatchObject({ demo: false });
  });

  it("tests by the demo rig's own calibration, and by none with a real one", async () => {
    const { family, asked, becomeDemo, rig } = start();
    rig(realRig.rig);
    expect(await family.testDisplay({ ...request, calibration: null })).toEqual({
      ...{ kind: 'stopped', during: 'connect', fault: 'calibration-does-not-fit' },
    });
    becomeDemo();
    const end = family.testDisplay({ ...request, calibration: null });
    await settled();
    expect(asked[0]!.request.calibration).toEqual(calibration);
    asked[0]!.end({ kind: 'tested', facts: soundDisplay });
    expect(await end).toMatchObject({ kind: 'tested' });
  });

  it('ends what runs when it is cancelled, and when another begins', async () => {
    const { family, asked } = start();
    const first = family.testDisplay(request);
    await settled();
    await family.cancelBench(null);
    expect(await first).toEqual(cancelled);
    const second = family.testDisplay(request);
    await settled();
    expect(await family.selfTestRig(null)).toEqual(stopped);
    expect(await second).toEqual(cancelled);
    expect(asked).toHaveLength(2);
  });

  it('lets the running test end with what it knows', async () => {
    const { family, asked } = start();
    void family.testDisplay(request);
    await settled();
    await family.finishDisplayTest(null);
    expect(asked[0]!.finish.aborted).toBe(true);
  });

  it('changes and tells of demo devices only while there are some', async () => {
    const { family, becomeDemo, rig } = start();
    const change: DemoBench = { rig: 'dead-segment', key: 'u2f-only' };
    expect(await family.demoBench(change)).toBeNull();
    becomeDemo();
    expect(await family.demoBench(null)).toEqual({ rig: 'none', key: null });
    expect(await family.demoBench(change)).toEqual(change);
    rig(realRig.rig);
    expect(await family.demoBench(null)).toBeNull();
  });
});
