import { describe, expect, it } from 'vitest';
import { Rigs, type RigsOptions } from '../../../../drivers/rig/index.js';
import { type DeviceAccess, findDevices } from '../../../../drivers/rig/rig-devices.js';
import type { RigStatus } from '../../../../drivers/rig/types.js';
import { DemoRig } from '../../../../drivers/simulated/rig/demo-rig.js';
import { openCable } from '../../../../drivers/simulated/shared/cable.js';
import { SimulatedRig } from '../../../../drivers/simulated/rig/simulated-rig.js';
import { seededRandom } from '../../../simulation/seeded-random.js';
import { ManualClock } from '../../manual-clock.js';
import { ScriptedLine } from './scripted-line.js';

const ids = { vendorId: 0x1234, productId: 0x5678 };
const otherIds = { vendorId: 0x04b8, productId: 0x0202 };
const never = (): AbortSignal => new AbortController().signal;
const noHooks = () => ({
  onProgress: () => undefined,
  onLevels: () => undefined,
  signal: never(),
  finish: never(),
});

interface Bench {
  readonly clock: ManualClock;
  readonly demo: DemoRig;
  readonly rigs: Rigs;
  readonly statuses: RigStatus[];
  readonly opened: string[];
  /** Serial ports that are plugged in, by path. */
  readonly ports: Map<string, { readonly ids: typeof ids; readonly open: DeviceAccess['openSerial'] }>;
}

function bench(options: Partial<RigsOptions> = {}): Bench {
  const clock = new ManualClock();
  const demo = new DemoRig({ clock, random: seededRandom(2) });
  const statuses: RigStatus[] = [];
  const opened: string[] = [];
  const ports: Bench['ports'] = new Map();
  const rigs = new Rigs({
    connection: { kind: 'auto' },
    usbIds: [ids],
    clock,
    onChange: (status) => statuses.push(status),
    devices: findDevices({
      listSerialPorts: () => Promise.resolve([...ports].map(([path, port]) => ({ path, ...port.ids }))),
      openSerial: (path, baudRate) => {
        opened.push(path);
        return ports.get(path)?.open(path, baudRate) ?? Promise.resolve(undefined);
      },
      hid: () => Promise.resolve(undefined),
    }),
    ...options,
  });
  return { clock, demo, rigs, statuses, opened, ports };
}

const realRig = (clock: ManualClock): SimulatedRig =>
  new SimulatedRig({ clock, random: seededRandom(8), serialNumber: 'RIG-7' });

describe('looking for a rig', () => {
  it('finds none, and says so', async () => {
    const { rigs, clock } = bench();
    expect(rigs.status).toEqual({ kind: 'starting' });
    await clock.pass(100);
    expect(rigs.status).toEqual({ kind: 'fault', fault: 'no-rig' });
    await rigs.stop();
    expect(clock.pending).toBe(0);
  });

  it('takes one that is plugged in later, and tells when it is pulled', async () => {
    const { rigs, clock, ports, statuses } = bench();
    await clock.pass(100);
    const rig = realRig(clock);
    ports.set('/dev/ttyACM0', { ids, open: () => Promise.resolve(openCable(rig)) });
    await clock.pass(1100);
    expect(rigs.status).toMatchObject({
      kind: 'ready',
      transport: 'serial',
      identity: { serialNumber: 'RIG-7' },
    });
    ports.clear();
    rig.setFault('unplugged');
    await clock.pass(1100);
    expect(rigs.status).toEqual({ kind: 'fault', fault: 'not-connected' });
    expect(statuses.map(({ kind }) => kind)).toEqual(['fault', 'ready', 'fault']);
    await rigs.stop();
  });

  it('opens nothing but what may be a rig: a printer on a serial port is left alone', async () => {
    const { rigs, clock, ports, opened } = bench();
    ports.set('/dev/ttyUSB0', { ids: otherIds, open: () => Promise.resolve(new ScriptedLine({})) });
    await clock.pass(3000);
    expect(opened).toEqual([]);
    await rigs.stop();
  });

  it('tells an instrument that is no rig, and does not ask it all the time', async () => {
    const { rigs, clock, ports, opened } = bench();
    const script = {
      '*IDN?': ['Maker,Multimeter,1,1\n'],
      'SYST:ERR?': ['-113,"Undefined header"\n'],
      '*ESR?': ['32\n'],
    };
    ports.set('/dev/ttyACM0', { ids, open: () => Promise.resolve(new ScriptedLine(script)) });
    await clock.pass(9000);
    expect(rigs.status).toEqual({ kind: 'fault', fault: 'not-a-rig' });
    expect(opened.length).toBeLessThanOrEqual(2);
    await rigs.stop();
  });

  it('uses the demo rig until a real one is there, and never again', async () => {
    const demoClock = new ManualClock();
    const demo = new DemoRig({ clock: demoClock, random: seededRandom(2) });
    const { rigs, clock, ports } = bench({ openDemo: () => demo.open() });
    await clock.pass(100);
    expect(rigs.status).toMatchObject({ kind: 'ready', transport: 'demo' });
    const rig = realRig(clock);
    ports.set('/dev/ttyACM0', { ids, open: () => Promise.resolve(openCable(rig)) });
    await clock.pass(2100);
    expect(rigs.status).toMatchObject({ kind: 'ready', transport: 'serial' });
    ports.clear();
    rig.setFault('unplugged');
    await clock.pass(5000);
    expect(rigs.status).toEqual({ kind: 'fault', fault: 'not-connected' });
    await rigs.stop();
  });

  it('hears a rig that is plugged in again through the lines opened since, each line once', () => {
    const rig = realRig(new ManualClock());
    rig.setFault('unplugged');
    let closed = 0;
    const dead = openCable(rig);
    dead.onClose(() => closed++);
    expect(closed).toBe(1);
    rig.setFault('none');
    rig.setFault('unplugged');
    expect(closed).toBe(1);
    expect(rig.listeners).toBe(0);
  });

  it('tells that the demo rig is unplugged, and takes it again', async () => {
    const own = new ManualClock();
    const demo = new DemoRig({ clock: own, random: seededRandom(2) });
    demo.setFault('unplugged');
    const { rigs, clock } = bench({ connection: { kind: 'demo' }, openDemo: () => demo.open() });
    await clock.pass(100);
    expect(rigs.status).toEqual({ kind: 'fault', fault: 'not-connected' });
    demo.setFault('none');
    await clock.pass(1100);
    expect(rigs.status).toMatchObject({ kind: 'ready', transport: 'demo' });
    demo.setFault('silent');
    await clock.pass(9000);
    expect(rigs.status).toEqual({ kind: 'fault', fault: 'silent' });
    await rigs.stop();
    expect(clock.pending).toBe(0);
  });
});

/** A rig that answers what it takes to be one, and no more. */
const taciturn = (): ScriptedLine =>
  new ScriptedLine({
    '*IDN?': ['Maker,Rig,RIG-8,1\n'],
    'SENS:PRES?': ['0\n'],
    'SYST:ERR?': ['0,"No error"\n'],
    '*ESR?': ['0\n'],
  });

describe('a rig that is there', () => {
  it('does one thing at a time', async () => {
    const clock = new ManualClock();
    const demo = new DemoRig({ clock, random: seededRandom(2) });
    const { rigs, clock: own } = {
      ...bench({ connection: { kind: 'demo' }, openDemo: () => demo.open(), clock }),
      clock,
    };
    await own.pass(100);
    const stop = new AbortController();
    const request = {
      id: 'a',
      digits: 6,
      calibration: demo.calibration('2026-11-23T00:00:00Z'),
      waitForDeviceMs: 0,
    };
    const testing = rigs.testDisplay(request, { ...noHooks(), signal: stop.signal });
    await own.pass(300);
    expect(await rigs.query('*IDN?', never())).toEqual({ kind: 'stopped', fault: 'busy' });
    expect(await rigs.selfTest(never())).toEqual({ kind: 'stopped', fault: 'busy' });
    stop.abort();
    await own.pass(300);
    expect(await testing).toMatchObject({ kind: 'stopped', fault: 'cancelled' });
    const asked = rigs.query('*IDN?', never());
    await own.pass(100);
    expect(await asked).toMatchObject({ kind: 'done', redacted: false, errors: [] });
    await rigs.stop();
    expect(own.pending).toBe(0);
  });

  it('leaves levels of segments out of what a technician sees, and tells its errors', async () => {
    const clock = new ManualClock();
    const demo = new DemoRig({ clock, random: seededRandom(2) });
    const { rigs } = bench({ connection: { kind: 'demo' }, openDemo: () => demo.open(), clock });
    await clock.pass(100);
    const ask = async (command: string): Promise<unknown> => {
      const asked = rigs.query(command, never());
      await clock.pass(9000);
      return asked;
    };
    expect(await ask('meas:batt?;segm? 1')).toEqual({ kind: 'done', line: null, redacted: true, errors: [] });
    expect(await ask('MEAS:BATT?')).toEqual({ kind: 'done', line: '3.02', redacted: false, errors: [] });
    expect(await ask('NO:SUCH 1')).toEqual({
      kind: 'done',
      line: null,
      redacted: false,
      errors: [{ code: -113, text: 'Undefined header' }],
    });
    await rigs.stop();
  });

  it('is asked for its self-test once, and called off while it is under way', async () => {
    const line = taciturn();
    const { rigs, clock, ports } = bench();
    ports.set('/dev/ttyACM0', { ids, open: () => Promise.resolve(line) });
    await clock.pass(1100);
    const asked = (): number => line.sent.filter((message) => message === '*TST?').length;

    const silent = rigs.selfTest(never());
    await clock.pass(30_100);
    expect(await silent).toEqual({ kind: 'stopped', fault: 'silent' });
    expect(asked()).toBe(1);

    for (const task of [
      (signal: AbortSignal) => rigs.selfTest(signal),
      (signal: AbortSignal) => rigs.query('*TST?', signal),
      (signal: AbortSignal) => rigs.query('MEAS:BATT?', signal),
    ]) {
      await clock.pass(2000);
      const stop = new AbortController();
      const calledOff = task(stop.signal);
      await clock.pass(500);
      stop.abort();
      await clock.pass(1);
      expect(await calledOff).toEqual({ kind: 'stopped', fault: 'cancelled' });
    }
    expect(asked()).toBe(3);
    await rigs.stop();
    expect(clock.pending).toBe(0);
  });

  it("sends a technician's message once, also when it is not answered", async () => {
    const line = taciturn();
    const { rigs, clock, ports } = bench();
    ports.set('/dev/ttyACM0', { ids, open: () => Promise.resolve(line) });
    await clock.pass(1100);
    const asked = rigs.query('BUTT:PRES 300;FOO?', never());
    await clock.pass(9000);
    expect(await asked).toMatchObject({ kind: 'done', line: null });
    expect(line.sent.filter((message) => message.startsWith('BUTT'))).toHaveLength(1);
    await rigs.stop();
  });

  it('takes no calibration of another rig', async () => {
    const clock = new ManualClock();
    const demo = new DemoRig({ clock, random: seededRandom(2) });
    const { rigs } = bench({ connection: { kind: 'demo' }, openDemo: () => demo.open(), clock });
    await clock.pass(100);
    const calibration = { ...demo.calibration('2026-11-23T00:00:00Z'), rig: 'ANOTHER' };
    const outcome = rigs.testDisplay({ id: 'a', digits: 6, calibration, waitForDeviceMs: 0 }, noHooks());
    await clock.pass(100);
    expect(await outcome).toEqual({ kind: 'stopped', during: 'connect', fault: 'calibration-does-not-fit' });
    await rigs.stop();
  });
});
