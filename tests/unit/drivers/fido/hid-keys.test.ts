import { describe, expect, it } from 'vitest';
import type { HidDevices } from '../../../../drivers/fido/hid-devices.js';
import { type HidLine, watchHidKeys } from '../../../../drivers/fido/index.js';
import type { KeyCheckOutcome } from '../../../../drivers/fido/types.js';
import { openDemoKey } from '../../../../drivers/simulated/fido-key/demo-line.js';
import type { DemoKey } from '../../../../drivers/simulated/fido-key/types.js';
import { ManualClock } from '../../manual-clock.js';

const request = { id: 'key-1', waitForKeyMs: 10_000 };

function open({ demo }: { demo?: DemoKey } = {}) {
  const clock = new ManualClock();
  const plugged = new Map<string, DemoKey | 'locked'>();
  const counts: number[] = [];
  const steps: string[] = [];
  const opened: string[] = [];
  let listening = 0;
  const devices: HidDevices = {
    list: () => {
      listening++;
      return Promise.resolve([...plugged.keys()]);
    },
    open: (path) => {
      opened.push(path);
      const kind = plugged.get(path);
      const line: HidLine | undefined =
        kind === undefined || kind === 'locked' ? undefined : openDemoKey(kind, clock);
      return Promise.resolve(line);
    },
  };
  const state = { demo };
  const keys = watchHidKeys({
    clock,
    onChange: (count) => counts.push(count),
    openDemo: () => (state.demo === undefined ? undefined : openDemoKey(state.demo, clock)),
    devices,
  });
  const check = (signal = new AbortController().signal): Promise<KeyCheckOutcome> =>
    keys.check(request, { onProgress: ({ step }) => steps.push(step), signal });
  return { clock, plugged, counts, steps, opened, keys, check, state, looks: () => listening };
}

describe('the keys in USB sockets', () => {
  it('are counted each second', async () => {
    const { clock, plugged, counts, keys } = open();
    await clock.pass(500);
    plugged.set('/dev/hidraw0', 'ctap2').set('/dev/hidraw1', 'ctap2');
    await clock.pass(1000);
    plugged.clear();
    await clock.pass(1000);
    expect(counts).toEqual([2, 0]);
    expect(keys.count).toBe(0);
  });

  it('are looked for no more once that is stopped', async () => {
    const { clock, keys, looks } = open();
    await clock.pass(2500);
    keys.stop();
    await clock.pass(0);
    const before = looks();
    await clock.pass(5000);
    expect([looks(), clock.pending]).toEqual([before, 0]);
  });

  it('are waited for, and the one that came last is asked', async () => {
    const { clock, plugged, steps, opened, check } = open();
    plugged.set('/dev/hidraw3', 'u2f-only');
    await clock.pass(1000);
    plugged.delete('/dev/hidraw3');
    await clock.pass(1000);
    const end = check();
    await clock.pass(3000);
    expect(steps).toEqual(['waiting']);
    plugged.set('/dev/hidraw0', 'ctap2');
    await clock.pass(2000);
    expect(await end).toMatchObject({ kind: 'answers', facts: { way: 'usb', ctap2: true } });
    expect(steps).toEqual(['waiting', 'greeting', 'asking']);
    expect(opened).toEqual(['/dev/hidraw0']);
  });

  it("are not taken for the visitor's where they were left: the one that comes is", async () => {
    const { clock, plugged, opened, check } = open();
    plugged.set('/dev/hidraw0', 'u2f-only');
    await clock.pass(1000);
    const end = check();
    await clock.pass(6000);
    expect(opened).toEqual([]);
    plugged.set('/dev/hidraw1', 'ctap2');
    await clock.pass(2000);
    expect(await end).toMatchObject({ kind: 'answers', facts: { ctap2: true } });
    expect(opened).toEqual(['/dev/hidraw1']);
  });

  it('that were there are taken after some seconds, or once they were put in anew', async () => {
    const { clock, plugged, opened, check } = open();
    plugged.set('/dev/hidraw0', 'ctap2');
    await clock.pass(1000);
    const first = check();
    await clock.pass(7900);
    expect(opened).toEqual([]);
    await clock.pass(1100);
    expect(await first).toMatchObject({ kind: 'answers' });
    const second = check();
    plugged.clear();
    await clock.pass(1000);
    plugged.set('/dev/hidraw0', 'ctap2');
    await clock.pass(2000);
    expect(await second).toMatchObject({ kind: 'answers' });
    expect(opened).toHaveLength(2);
  });

  it('that are there are taken even where none is waited for', async () => {
    const { clock, plugged, keys } = open();
    plugged.set('/dev/hidraw0', 'ctap2');
    await clock.pass(1000);
    const { signal } = new AbortController();
    const end = keys.check({ id: 'key-1', waitForKeyMs: 0 }, { onProgress: () => undefined, signal });
    await clock.pass(1000);
    expect(await end).toMatchObject({ kind: 'answers' });
  });

  it('are told to be none when none comes', async () => {
    const { clock, check } = open();
    const end = check();
    await clock.pass(10_000);
    expect(await end).toEqual({ kind: 'stopped', during: 'waiting', fault: 'no-key' });
  });

  it('may become open to this program a moment after they came', async () => {
    const { clock, plugged, check } = open();
    plugged.set('/dev/hidraw0', 'locked');
    const end = check();
    await clock.pass(1000);
    plugged.set('/dev/hidraw0', 'ctap2');
    await clock.pass(2000);
    expect(await end).toMatchObject({ kind: 'answers' });
  });

  it('that stay closed to this program are told so', async () => {
    const { clock, plugged, check } = open();
    plugged.set('/dev/hidraw0', 'locked');
    const end = check();
    await clock.pass(4000);
    expect(await end).toEqual({ kind: 'stopped', during: 'greeting', fault: 'no-access' });
  });

  it('that are gone before they were opened are told so', async () => {
    const { clock, plugged, check } = open();
    plugged.set('/dev/hidraw0', 'locked');
    const end = check();
    await clock.pass(1500);
    plugged.clear();
    await clock.pass(2000);
    expect(await end).toEqual({ kind: 'stopped', during: 'greeting', fault: 'key-removed' });
  });

  it('are asked one at a time', async () => {
    const { clock, check } = open();
    const first = check();
    expect(await check()).toEqual({ kind: 'stopped', during: 'waiting', fault: 'busy' });
    await clock.pass(10_000);
    await first;
    const third = check();
    await clock.pass(10_000);
    expect(await third).toMatchObject({ fault: 'no-key' });
  });

  it('are waited for no longer once the check is cancelled', async () => {
    const { clock, check, keys } = open();
    const abort = new AbortController();
    const end = check(abort.signal);
    await clock.pass(1500);
    abort.abort();
    expect(await end).toEqual({ kind: 'stopped', during: 'waiting', fault: 'cancelled' });
    keys.stop();
    await clock.pass(0);
    expect(clock.pending).toBe(0);
  });

  it('give way to the demo key only where none is there', async () => {
    const { clock, plugged, check, keys, state } = open({ demo: 'u2f-only' });
    await clock.pass(0);
    expect(keys.count).toBe(1);
    const demo = check();
    await clock.pass(5000);
    expect(await demo).toMatchObject({ facts: { ctap2: false } });
    plugged.set('/dev/hidraw0', 'ctap2');
    await clock.pass(1000);
    const real = check();
    await clock.pass(9000);
    expect(await real).toMatchObject({ facts: { ctap2: true } });
    plugged.clear();
    state.demo = 'not-a-key';
    await clock.pass(1000);
    expect(keys.count).toBe(0);
  });
});
