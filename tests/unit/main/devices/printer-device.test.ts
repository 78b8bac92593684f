import { describe, expect, it } from 'vitest';
import type { PrintOutcome, PrintRequest } from '../../../../drivers/printer/types.js';
import type { DeviceLogEvent } from '../../../../main/devices/driver-host.js';
import { createPrinterDevice } from '../../../../main/devices/printer-device.js';
import type { PrinterState } from '../../../../main/devices/types.js';
import { ManualClock } from '../../manual-clock.js';
import { delivered, FakePrinterHosts } from './fake-hosts.js';

const ticket = (processId: string): PrintRequest => ({
  processId,
  content: {
    ...{ language: 'da', direction: 'ltr', place: 'Borgerservice', title: 'Dit nummer er', number: 'A042' },
    ...{ lines: [], notes: [] },
  },
});
const ready = { kind: 'ready', paperLow: false } as const;
const printed: PrintOutcome = { kind: 'printed' };

async function open() {
  const clock = new ManualClock();
  const hosts = new FakePrinterHosts();
  const log: DeviceLogEvent[] = [];
  const states: PrinterState[] = [];
  const device = createPrinterDevice({
    launch: hosts.launch,
    printer: { connection: { kind: 'auto' }, model: 'generic', demoAllowed: true },
    log: (event) => log.push(event),
    clock,
  });
  device.subscribe((state) => states.push(state));
  await delivered();
  /** Time passes in steps in which a host can answer. */
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second++) {
      await clock.pass(1000);
      await delivered();
    }
  };
  return { clock, hosts, log, states, device, seconds };
}

describe('the ticket printer', () => {
  it('is starting until its host has told of it, and unknown again while a dead host is replaced', async () => {
    const { clock, hosts, device, states } = await open();
    expect(device.state).toEqual({ host: 'running', demo: false, status: { kind: 'starting' } });
    hosts.current.emit('printer', { demo: false, status: ready });
    await delivered();
    expect(states.at(-1)).toEqual({ host: 'running', demo: false, status: ready });
    hosts.current.exit(null, 'SIGSEGV');
    expect(states.at(-1)).toEqual({ host: 'restarting', demo: false, status: { kind: 'starting' } });
    await clock.pass(250);
    await delivered();
    expect(device.state.host).toBe('running');
  });

  it('is asked itself how it is, and is silent while there is no host', async () => {
    const { clock, hosts, device } = await open();
    hosts.current.status = { kind: 'fault', fault: 'cover-open' };
    expect(await device.status()).toEqual({ kind: 'fault', fault: 'cover-open' });
    const lost = device.status();
    hosts.current.exit(1, null);
    expect(await lost).toEqual({ kind: 'fault', fault: 'silent' });
    await clock.pass(250);
    await delivered();
    expect(await device.status()).toEqual(ready);
  });

  it.each([
    printed,
    { kind: 'not-started', fault: 'paper-out' },
    { kind: 'stopped', fault: 'paper-out' },
    { kind: 'unknown', fault: 'silent' },
  ] as const)('says of a ticket what its host says (%o)', async (outcome) => {
    const { hosts, device } = await open();
    const end = device.print(ticket('J001'));
    await delivered();
    hosts.current.tickets[0]?.(outcome);
    expect(await end).toEqual(outcome);
  });

  it('gets one ticket after the other', async () => {
    const { hosts, device } = await open();
    const both = [device.print(ticket('J001')), device.print(ticket('J002'))];
    await delivered();
    expect(hosts.current.asked).toEqual(['J001']);
    hosts.current.tickets[0]?.(printed);
    await both[0];
    await delivered();
    expect(hosts.current.asked).toEqual(['J001', 'J002']);
    hosts.current.tickets[1]?.(printed);
    expect(await both[1]).toEqual(printed);
  });

  it('has its whole deadline for a ticket that waited for another one', async () => {
    const { hosts, device, seconds } = await open();
    const both = [device.print(ticket('J001')), device.print(ticket('J002'))];
    await delivered();
    await seconds(50);
    hosts.current.tickets[0]?.(printed);
    await both[0];
    await delivered();
    await seconds(50);
    hosts.current.tickets[1]?.(printed);
    expect(await both[1]).toEqual(printed);
    expect(hosts.started).toHaveLength(1);
  });

  it('leaves a ticket unknown whose host died, and prints the next one with another host', async () => {
    const { clock, hosts, device } = await open();
    const first = device.print(ticket('J001'));
    await delivered();
    hosts.current.exit(null, 'SIGKILL');
    expect(await first).toEqual({ kind: 'host-lost' });
    const second = device.print(ticket('J002'));
    await clock.pass(250);
    await delivered();
    expect(hosts.current.asked).toEqual(['J002']);
    hosts.current.tickets[0]?.(printed);
    expect(await second).toEqual(printed);
  });

  it('leaves a ticket unknown of which nothing is heard for a minute, and has its host replaced', async () => {
    const { hosts, device, log, seconds } = await open();
    const end = device.print(ticket('J001'));
    await delivered();
    await seconds(61);
    expect(await end).toEqual({ kind: 'host-lost' });
    expect(hosts.started[0]?.killed).toEqual(['SIGKILL']);
    expect(log.map(({ event }) => event)).toContain('host-hung');
  });

  it('has not been sent a ticket for which no host could be had', async () => {
    const { clock, hosts, device } = await open();
    for (let death = 0; death < 5; death++) {
      hosts.current.exit(1, null);
      if (death === 4) break;
      const before = hosts.started.length;
      while (hosts.started.length === before) await clock.pass(50);
      await delivered();
    }
    // The fifth new start in a row takes as long as a call waits for a host.
    const end = device.print(ticket('J001'));
    await clock.pass(4999);
    await delivered();
    await device.stop();
    expect(await end).toEqual({ kind: 'not-started', fault: 'silent' });
    expect(hosts.started.flatMap(({ asked }) => asked)).toEqual([]);
  });

  it('is no demo printer any more once that is forbidden: the host is replaced by one that may have none', async () => {
    const { clock, hosts, device } = await open();
    hosts.current.emit('printer', { demo: true, status: ready });
    await delivered();
    device.forbidDemo();
    device.forbidDemo();
    expect(hosts.current.killed).toEqual(['SIGKILL']);
    await clock.pass(250);
    await delivered();
    const allowed = hosts.started.map(
      ({ options }) => options.family === 'printer' && options.printer.demoAllowed,
    );
    expect(allowed).toEqual([true, false]);
  });

  it('is none either where that is forbidden while its host is starting with one', async () => {
    const { hosts, device } = await open();
    device.forbidDemo();
    expect(hosts.current.killed).toEqual([]);
    hosts.current.emit('printer', { demo: true, status: ready });
    await delivered();
    expect(hosts.current.killed).toEqual(['SIGKILL']);
  });

  it('keeps its host where no demo printer was in use', async () => {
    const { hosts, device } = await open();
    hosts.current.emit('printer', { demo: false, status: ready });
    await delivered();
    device.forbidDemo();
    expect(hosts.current.killed).toEqual([]);
  });

  it('has paper of a demo printer only', async () => {
    const { device } = await open();
    expect(await device.demoPaper()).toBeUndefined();
    expect(await device.setDemoFault('paper-out')).toEqual({ fault: 'paper-out', tickets: [] });
  });

  it('ends what is being printed when it stops, and leaves no timer behind', async () => {
    const { clock, hosts, device } = await open();
    const both = [device.print(ticket('J001')), device.print(ticket('J002'))];
    await delivered();
    await device.stop();
    expect(await both[0]).toEqual({ kind: 'host-lost' });
    expect(await both[1]).toEqual({ kind: 'not-started', fault: 'silent' });
    await clock.pass(60_000);
    expect(hosts.started).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
