import { describe, expect, it } from 'vitest';
import type { CheckProgress } from '../../../../drivers/emrtd/types.js';
import type { KeyCheckOutcome, KeyCheckProgress } from '../../../../drivers/fido/types.js';
import type { ChipSource } from '../../../../drivers/protocol.js';
import { createChipsDevice } from '../../../../main/devices/chips-device.js';
import type { DeviceLogEvent } from '../../../../main/devices/driver-host.js';
import type { ChipsState } from '../../../../main/devices/types.js';
import { ManualClock } from '../../manual-clock.js';
import { cancelledOutcome, delivered, type FakeHost, FakeHosts, noCard, request } from './fake-hosts.js';

const withReader = {
  service: 'running',
  demo: false,
  readers: [{ name: 'Reader 00', card: 'absent' }],
} as const;

async function open(source: ChipSource = 'pcsc', prepare: (host: FakeHost) => void = () => undefined) {
  const clock = new ManualClock();
  const hosts = new FakeHosts();
  hosts.prepare = prepare;
  const log: DeviceLogEvent[] = [];
  const states: ChipsState[] = [];
  const device = createChipsDevice({
    launch: hosts.launch,
    chips: { source },
    clock,
    log: (event) => log.push(event),
  });
  device.subscribe((state) => states.push(state));
  await delivered();
  const check = (signal = new AbortController().signal) => {
    const progress: CheckProgress[] = [];
    return { progress, end: device.check(request, (step) => progress.push(step), signal) };
  };
  return { clock, hosts, log, states, device, check };
}

const neverDelivered = new AbortController().signal;

describe('the passport readers', () => {
  it('are starting until their host answers, and then are as the host says', async () => {
    const { hosts, device, states } = await open();
    expect(states.at(-1)?.host).toBe('running');
    hosts.current.emit('chips', { ...withReader, readers: [...withReader.readers] });
    await delivered();
    expect(device.state).toEqual({ ...withReader, host: 'running' });
  });

  it('are unknown again while a dead host is replaced, within a second', async () => {
    const { clock, hosts, device, log } = await open();
    hosts.current.emit('chips', { ...withReader, readers: [...withReader.readers] });
    await delivered();
    hosts.current.exit(null, 'SIGSEGV');
    expect(device.state).toEqual({ host: 'restarting', service: 'starting', demo: false, readers: [] });
    await clock.pass(1000);
    await delivered();
    expect(hosts.started).toHaveLength(2);
    expect(device.state.host).toBe('running');
    expect(log.map(({ event }) => event)).toEqual(['host-started', 'host-exited', 'host-started']);
  });

  it('get their new host later and later when it keeps dying, and soon again after a stable time', async () => {
    const { clock, hosts } = await open();
    const waits: number[] = [];
    for (let death = 0; death < 8; death++) {
      const before = hosts.started.length;
      const diedAt = clock.now();
      hosts.current.exit(1, null);
      while (hosts.started.length === before) await clock.pass(50);
      waits.push(clock.now() - diedAt);
      await delivered();
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 5000, 10_000, 10_000, 10_000]);
    for (let second = 0; second < 31; second++) {
      await clock.pass(1000);
      await delivered();
    }
    const before = hosts.started.length;
    hosts.current.exit(1, null);
    await clock.pass(250);
    expect(hosts.started).toHaveLength(before + 1);
  });

  it('are replaced by kill when their host no longer answers', async () => {
    const { clock, hosts, log } = await open();
    const [first] = hosts.started;
    first!.hung = true;
    await clock.pass(3000 + 8000);
    expect(first!.killed).toEqual(['SIGKILL']);
    await clock.pass(250);
    await delivered();
    expect(hosts.started).toHaveLength(2);
    expect(log.map(({ event }) => event)).toContain('host-hung');
  });

  it('are replaced by kill when a new host does not answer within ten seconds', async () => {
    const { clock, hosts } = await open('pcsc', (host) => (host.hung = true));
    await clock.pass(10_000);
    expect(hosts.started[0]?.killed).toEqual(['SIGKILL']);
  });

  it('give a host that says it leaves a second to do so', async () => {
    const { clock, hosts, log } = await open();
    hosts.current.emit('leaving', { reason: 'service-lost' });
    await delivered();
    expect(hosts.current.killed).toEqual([]);
    await clock.pass(1000);
    expect(hosts.started[0]?.killed).toEqual(['SIGKILL']);
    expect(log.at(1)).toMatchObject({ event: 'host-exited', reason: 'leaving' });
  });

  it('never fall back to demo devices once a real reader was there', async () => {
    const { clock, hosts } = await open('auto');
    hosts.current.emit('chips', { ...withReader, readers: [...withReader.readers] });
    await delivered();
    hosts.current.exit(1, null);
    await clock.pass(250);
    expect(hosts.started.map(({ options }) => options.family === 'chips' && options.chips.source)).toEqual([
      'auto',
      'pcsc',
    ]);
  });

  it('stay with demo devices where only those were there', async () => {
    const { clock, hosts } = await open('auto');
    hosts.current.emit('chips', { ...withReader, demo: true, readers: [...withReader.readers] });
    await delivered();
    hosts.current.exit(1, null);
    await clock.pass(250);
    expect(hosts.current.options.family === 'chips' && hosts.current.options.chips.source).toBe('auto');
  });
});

describe('a check', () => {
  it('passes the steps on and ends with what the host found', async () => {
    const { hosts, check } = await open();
    const { progress, end } = check();
    await delivered();
    hosts.current.emit('checkProgress', { id: request.id, step: 'photo', fraction: 0.5 });
    hosts.current.emit('checkProgress', { id: 'another', step: 'photo', fraction: 0.9 });
    await delivered();
    hosts.current.checks[0]?.(noCard);
    expect(await end).toEqual(noCard);
    expect(progress).toEqual([{ id: request.id, step: 'photo', fraction: 0.5 }]);
  });

  it('is lost with its host, and the next one waits for the new host', async () => {
    const { clock, hosts, check } = await open();
    const first = check();
    await delivered();
    hosts.current.exit(null, 'SIGKILL');
    expect(await first.end).toEqual({ kind: 'host-lost' });
    const second = check();
    await clock.pass(250);
    await delivered();
    hosts.current.checks[0]?.(noCard);
    expect(await second.end).toEqual(noCard);
  });

  it('is lost when no host can be had within five seconds', async () => {
    const { clock, check } = await open('pcsc', (host) => (host.hung = true));
    const { end } = check();
    await clock.pass(5000);
    expect(await end).toEqual({ kind: 'host-lost' });
  });

  it('times out when the host answers but nothing moves, and the host is replaced', async () => {
    const { clock, hosts, check } = await open();
    const { end } = check();
    await delivered();
    hosts.current.emit('checkProgress', { id: request.id, step: 'photo', fraction: 0.5 });
    await delivered();
    for (let second = 0; second < 41; second++) {
      await clock.pass(1000);
      await delivered();
    }
    expect(await end).toEqual({ kind: 'timed-out' });
    expect(hosts.started[0]?.killed).toEqual(['SIGKILL']);
  });

  it('that is cancelled tells the host and ends as cancelled', async () => {
    const { hosts, check } = await open();
    const abort = new AbortController();
    const { end } = check(abort.signal);
    await delivered();
    abort.abort();
    await delivered();
    expect(hosts.current.called).toEqual(['check', 'cancelCheck']);
    hosts.current.checks[0]?.(cancelledOutcome);
    expect(await end).toMatchObject({ kind: 'stopped', fault: { kind: 'cancelled' } });
  });

  it('that is cancelled ends within seconds even when the host does not react', async () => {
    const { clock, hosts, check } = await open();
    const abort = new AbortController();
    const { end } = check(abort.signal);
    await delivered();
    abort.abort();
    await delivered();
    await clock.pass(5000);
    expect(await end).toMatchObject({ kind: 'stopped', fault: { kind: 'cancelled' } });
    expect(hosts.started[0]?.killed).toEqual(['SIGKILL']);
  });

  it('waits until the one before has ended', async () => {
    const { hosts, check } = await open();
    const first = check();
    const second = check();
    await delivered();
    expect(hosts.current.called).toEqual(['check']);
    hosts.current.checks[0]?.(noCard);
    await first.end;
    await delivered();
    expect(hosts.current.called).toEqual(['check', 'check']);
    hosts.current.checks[1]?.(noCard);
    await second.end;
  });
});

describe('what a host sends', () => {
  it('is refused when a field rides along that is not in the protocol', async () => {
    const { hosts, check, log, device } = await open();
    const { end } = check();
    await delivered();
    hosts.current.checks[0]?.(Object.assign({ name: 'HANSEN<<ANNA' }, noCard));
    expect(await end).toEqual({ kind: 'host-lost' });
    hosts.current.send(
      JSON.stringify({ t: 'q', m: 'chips', a: [{ ...withReader, holder: 'HANSEN<<ANNA' }] }),
    );
    await delivered();
    expect(device.state.readers).toEqual([]);
    expect(log.map(({ event }) => event)).toContain('host-message-refused');
  });

  it.each([
    ['an unknown event', JSON.stringify({ t: 'q', m: 'photo', a: ['…'] })],
    ['an inherited name', JSON.stringify({ t: 'q', m: 'constructor', a: ['…'] })],
    ['no JSON', '{'],
    ['no text', { t: 'q', m: 'chips', a: [] }],
    ['no message', 'null'],
  ])('is refused when it is %s', async (_what, message) => {
    const { hosts, log, device } = await open();
    hosts.current.send(message);
    await delivered();
    expect(log.at(-1)?.event).toBe('host-message-refused');
    expect(device.state.host).toBe('running');
  });
});

describe('stopping', () => {
  it('asks the host to end, starts no new one and leaves no timer behind', async () => {
    const { clock, hosts, device } = await open();
    await device.stop();
    expect(hosts.current.killed).toEqual(['SIGTERM']);
    await clock.pass(60_000);
    expect(hosts.started).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('kills a host that does not end within a second', async () => {
    const { clock, hosts, device } = await open('pcsc', (host) => (host.stubborn = true));
    const stopped = device.stop();
    await clock.pass(1000);
    await stopped;
    expect(hosts.current.killed).toEqual(['SIGTERM', 'SIGKILL']);
  });

  it('ends a running check', async () => {
    const { device, check } = await open();
    const { end } = check();
    await delivered();
    await device.stop();
    expect(await end).toMatchObject({ kind: 'stopped', fault: { kind: 'cancelled' } });
    expect(await device.check(request, () => undefined, neverDelivered)).toMatchObject({ kind: 'stopped' });
  });
});

describe('the check of a FIDO key', () => {
  const noKey: KeyCheckOutcome = { kind: 'stopped', during: 'waiting', fault: 'no-key' };
  const cancelledKey: KeyCheckOutcome = { ...noKey, fault: 'cancelled' };

  async function openWithKeys() {
    const opened = await open();
    const checkKey = (signal = new AbortController().signal) => {
      const progress: KeyCheckProgress[] = [];
      const asked = { id: 'key-1', waitForKeyMs: 10_000 };
      return { progress, end: opened.device.checkNfcKey(asked, (step) => progress.push(step), signal) };
    };
    return { ...opened, checkKey };
  }

  it('passes the steps on and ends with what the host found', async () => {
    const { hosts, checkKey } = await openWithKeys();
    const { progress, end } = checkKey();
    await delivered();
    hosts.current.emit('keyCheckProgress', { id: 'key-1', step: 'greeting' });
    hosts.current.emit('keyCheckProgress', { id: 'another', step: 'asking' });
    await delivered();
    hosts.current.keyChecks[0]?.(noKey);
    expect(await end).toEqual(noKey);
    expect(progress).toEqual([{ id: 'key-1', step: 'greeting' }]);
  });

  it('takes turns with the check of a document', async () => {
    const { hosts, check, checkKey } = await openWithKeys();
    const first = check();
    const second = checkKey();
    await delivered();
    expect(hosts.current.called).toEqual(['check']);
    hosts.current.checks[0]?.(noCard);
    await first.end;
    await delivered();
    expect(hosts.current.called).toEqual(['check', 'checkNfcKey']);
    hosts.current.keyChecks[0]?.(noKey);
    expect(await second.end).toEqual(noKey);
  });

  it('is lost with its host', async () => {
    const { hosts, checkKey } = await openWithKeys();
    const { end } = checkKey();
    await delivered();
    hosts.current.exit(null, 'SIGKILL');
    expect(await end).toEqual({ kind: 'host-lost' });
  });

  it('times out when nothing moves for longer than a key may be waited for', async () => {
    const { clock, hosts, checkKey } = await openWithKeys();
    const { end } = checkKey();
    await delivered();
    hosts.current.emit('keyCheckProgress', { id: 'key-1', step: 'waiting' });
    await delivered();
    for (let second = 0; second < 51; second++) {
      await clock.pass(1000);
      await delivered();
    }
    expect(await end).toEqual({ kind: 'timed-out' });
    expect(hosts.started[0]?.killed).toEqual(['SIGKILL']);
  });

  it('that is cancelled tells the host and ends as cancelled', async () => {
    const { hosts, checkKey } = await openWithKeys();
    const abort = new AbortController();
    const { end } = checkKey(abort.signal);
    await delivered();
    abort.abort();
    await delivered();
    expect(hosts.current.called).toEqual(['checkNfcKey', 'cancelCheck']);
    hosts.current.keyChecks[0]?.(cancelledKey);
    expect(await end).toEqual(cancelledKey);
  });

  it('has demo keys where the host has them', async () => {
    const { hosts, device } = await openWithKeys();
    expect(await device.placeDemoKey('u2f-only')).toBe(true);
    expect(hosts.current.called).toEqual(['placeDemoKey u2f-only']);
  });
});
