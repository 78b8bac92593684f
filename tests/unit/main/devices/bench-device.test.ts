import { describe, expect, it } from 'vitest';
import { createBenchDevice } from '../../../../main/devices/bench-device.js';
import type { DeviceLogEvent } from '../../../../main/devices/driver-host.js';
import { soundDisplay, soundKey } from '../authenticators/facts.js';
import { calibration, demoRig, realRig } from '../fake-bench.js';
import { ManualClock } from '../../manual-clock.js';
import { delivered, FakeBenchHosts } from './fake-hosts.js';

const request = { id: 'test-1', calibration, digits: 6, waitForDeviceMs: 60_000 };
const tested = { kind: 'tested', facts: soundDisplay } as const;
const snapshotOf = ({ rig, demo, keys }: typeof realRig) => ({ rig, demo, keys });

async function open() {
  const clock = new ManualClock();
  const hosts = new FakeBenchHosts();
  const log: DeviceLogEvent[] = [];
  const device = createBenchDevice({
    launch: hosts.launch,
    bench: { rig: { kind: 'auto' }, rigUsbIds: [], demoAllowed: true },
    log: (event) => log.push(event),
    clock,
  });
  await delivered();
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second++) {
      await clock.pass(1000);
      await delivered();
    }
  };
  const test = (id = 'test-1') => {
    const abort = new AbortController();
    const finish = new AbortController();
    const heard: unknown[] = [];
    const end = device.testDisplay(
      { ...request, id },
      {
        onProgress: (progress) => heard.push(progress),
        onLevels: (levels) => heard.push(levels),
        signal: abort.signal,
        finish: finish.signal,
      },
    );
    return { abort, finish, heard, end };
  };
  return { clock, hosts, log, device, seconds, test };
}

describe('the bench', () => {
  it('is starting until its host has told of it, and unknown again while a dead host is replaced', async () => {
    const { clock, hosts, device } = await open();
    hosts.current.emit('bench', snapshotOf(realRig));
    await delivered();
    expect(device.state).toEqual(realRig);
    hosts.current.exit(null, 'SIGSEGV');
    expect(device.state).toMatchObject({ host: 'restarting', rig: { kind: 'starting' } });
    await clock.pass(250);
    await delivered();
    expect(device.state.host).toBe('running');
  });

  it('passes on what a test tells of itself, and nothing of another', async () => {
    const { hosts, test } = await open();
    const { heard, end } = test();
    await delivered();
    const progress = { id: 'test-1', step: 'codes', codes: 3, fraction: 0.1 } as const;
    hosts.current.emit('displayTestProgress', progress);
    hosts.current.emit('displayTestProgress', { ...progress, id: 'test-0' });
    hosts.current.emit('displayLevels', { id: 'test-1', codes: 5, digits: [] });
    hosts.current.displays[0]!(tested);
    expect(await end).toEqual(tested);
    expect(heard).toEqual([progress, { id: 'test-1', codes: 5, digits: [] }]);
  });

  it('runs one after the other', async () => {
    const { hosts, device, test } = await open();
    const { end } = test();
    const key = device.checkUsbKey(
      { id: 'key-1', waitForKeyMs: 1000 },
      () => undefined,
      new AbortController().signal,
    );
    await delivered();
    expect(hosts.current.called).toEqual(['testDisplay']);
    hosts.current.displays[0]!(tested);
    await end;
    await delivered();
    expect(hosts.current.called).toEqual(['testDisplay', 'checkUsbKey']);
    hosts.current.keys[0]!({ kind: 'answers', facts: soundKey });
    expect(await key).toMatchObject({ kind: 'answers' });
  });

  it('loses a test with its host, and runs the next one with another host', async () => {
    const { clock, hosts, test } = await open();
    const first = test();
    await delivered();
    hosts.current.exit(null, 'SIGKILL');
    expect(await first.end).toEqual({ kind: 'host-lost' });
    const second = test('test-2');
    await clock.pass(250);
    await delivered();
    hosts.current.displays[0]!(tested);
    expect(await second.end).toEqual(tested);
  });

  it('gives a test up of which nothing is heard, and has its host replaced', async () => {
    const { hosts, seconds, test } = await open();
    const { end } = test();
    await delivered();
    await seconds(211);
    expect(await end).toEqual({ kind: 'timed-out' });
    expect(hosts.started[0]!.killed).toEqual(['SIGKILL']);
  });

  it('lets a test take its time as long as codes come', async () => {
    const { hosts, seconds, test } = await open();
    const { end } = test();
    await delivered();
    for (let code = 1; code <= 20; code++) {
      hosts.current.emit('displayTestProgress', { id: 'test-1', step: 'codes', codes: code, fraction: 0.5 });
      await seconds(60);
    }
    hosts.current.displays[0]!(tested);
    expect(await end).toEqual(tested);
    expect(hosts.started).toHaveLength(1);
  });

  it('takes what was told before for a sign of life, and tells it no further', async () => {
    const { hosts, seconds, test } = await open();
    const { end, heard } = test();
    await delivered();
    const progress = { id: 'test-1', step: 'codes', codes: 3, fraction: 0.06 } as const;
    for (let look = 0; look < 300; look++) {
      hosts.current.emit('displayTestProgress', progress);
      await seconds(1);
    }
    const next = { ...progress, codes: 4, fraction: 0.08 };
    hosts.current.emit('displayTestProgress', next);
    hosts.current.displays[0]!(tested);
    expect(await end).toEqual(tested);
    expect(hosts.started).toHaveLength(1);
    expect(heard).toEqual([progress, next]);
  });

  it('finishes a test by itself that would take too long, so that what is known is not lost', async () => {
    const { hosts, seconds, test, device, clock } = await open();
    const { end } = test();
    await delivered();
    for (let minute = 0; minute < 38; minute++) {
      hosts.current.emit('displayTestProgress', {
        id: 'test-1',
        step: 'codes',
        codes: minute,
        fraction: 0.5,
      });
      await seconds(60);
    }
    hosts.current.emit('displayTestProgress', { id: 'test-1', step: 'codes', codes: 39, fraction: 0.5 });
    await seconds(59);
    expect(hosts.current.called).toEqual(['testDisplay']);
    await seconds(1);
    expect(hosts.current.called).toEqual(['testDisplay', 'finishDisplayTest']);
    hosts.current.displays[0]!(tested);
    expect(await end).toEqual(tested);
    expect(hosts.started).toHaveLength(1);
    await device.stop();
    await clock.pass(5000);
    expect(clock.pending).toBe(0);
  });

  it('waits for a self-test longer than the driver does, and then gives it up', async () => {
    const { hosts, seconds, device } = await open();
    const first = device.selfTest(new AbortController().signal);
    await delivered();
    await seconds(85);
    hosts.current.selfTests[0]!({ kind: 'done', result: 0, errors: [] });
    expect(await first).toMatchObject({ kind: 'done' });
    const second = device.selfTest(new AbortController().signal);
    await delivered();
    await seconds(91);
    expect(await second).toEqual({ kind: 'timed-out' });
  });

  it('tells the host of a test that is finished, and gives its end', async () => {
    const { hosts, test } = await open();
    const { finish, end } = test();
    await delivered();
    finish.abort();
    await delivered();
    expect(hosts.current.called).toEqual(['testDisplay', 'finishDisplayTest']);
    hosts.current.displays[0]!(tested);
    expect(await end).toEqual(tested);
  });

  it('cancels what runs, and replaces a host that does not heed it', async () => {
    const { hosts, seconds, test } = await open();
    const { abort, end, heard } = test();
    await delivered();
    abort.abort();
    await delivered();
    expect(hosts.current.called).toEqual(['testDisplay', 'cancelBench']);
    hosts.current.emit('displayTestProgress', { id: 'test-1', step: 'codes', codes: 1, fraction: 0 });
    await seconds(16);
    expect(await end).toMatchObject({ kind: 'stopped', fault: 'cancelled' });
    expect(hosts.started[0]!.killed).toEqual(['SIGKILL']);
    expect(heard).toEqual([]);
  });

  it('asks nothing of the host for what was cancelled before its turn', async () => {
    const { hosts, device } = await open();
    const abort = new AbortController();
    abort.abort();
    expect(await device.selfTest(abort.signal)).toEqual({ kind: 'stopped', fault: 'cancelled' });
    expect(await device.query('*IDN?', abort.signal)).toEqual({ kind: 'stopped', fault: 'cancelled' });
    expect(hosts.current.called).toEqual([]);
  });

  it('passes a raw message on', async () => {
    const { device } = await open();
    expect(await device.query('*IDN?', new AbortController().signal)).toMatchObject({ line: '*IDN?' });
  });

  it('offers no demo rig any more once that is forbidden, or a real one was there', async () => {
    const { clock, hosts, device } = await open();
    hosts.current.emit('bench', snapshotOf(demoRig));
    await delivered();
    device.forbidDemo();
    expect(hosts.current.killed).toEqual(['SIGKILL']);
    await clock.pass(250);
    await delivered();
    const other = await open();
    other.hosts.current.emit('bench', snapshotOf(realRig));
    await delivered();
    other.hosts.current.exit(1, null);
    await other.clock.pass(250);
    await delivered();
    for (const { started } of [hosts, other.hosts]) {
      expect(started.map(({ options }) => options.family === 'bench' && options.bench.demoAllowed)).toEqual([
        true,
        false,
      ]);
    }
  });

  it('changes the demo devices, and tells of them only where there are some', async () => {
    const { device } = await open();
    expect(await device.demo({ rig: 'dim', key: 'ctap2' })).toEqual({ rig: 'dim', key: 'ctap2' });
    expect(await device.demo(null)).toBeUndefined();
  });

  it('ends what runs when it stops, and leaves no timer behind', async () => {
    const { clock, device, test, hosts } = await open();
    const { end } = test();
    await delivered();
    await device.stop();
    expect(await end).toMatchObject({ kind: 'stopped', fault: 'cancelled' });
    await clock.pass(60_000);
    expect(hosts.started).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
