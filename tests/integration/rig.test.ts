import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { Rigs } from '../../drivers/rig/index.js';
import { parseInteger, ScpiInstrument } from '../../drivers/rig/scpi-instrument.js';
import { openSerialLine } from '../../drivers/shared/serial-line.js';
import type { DisplayOutcome, RigStatus } from '../../drivers/rig/types.js';
import { systemClock } from '../../drivers/shared/clock.js';
import { SimulatedRig } from '../../drivers/simulated/rig/simulated-rig.js';
import { DeviceServer } from '../../drivers/simulated/shared/device-server.js';
import { type DemoRigFault, demoRigFault } from '../../drivers/simulated/rig/types.js';
import { seededRandom } from '../simulation/seeded-random.js';
import { layCable } from './rig/pseudo-terminal.js';
import { startPeer } from './rig/peer.js';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Plugged {
  readonly rig: SimulatedRig;
  readonly rigs: Rigs;
  readonly statuses: RigStatus[];
  unplug(): Promise<void>;
}

/** Each digit place shows all ten digits in ten codes, so that a test over a real line takes seconds. */
function tenCodes(): (digits: number) => string {
  let number = 0;
  return (digits) => {
    number++;
    return Array.from({ length: digits }, (_, at) => String((number * 3 + at * 7) % 10)).join('');
  };
}

/** Faster, and this machine could not tell any more what a display does within half a second of its own. */
const pace = { speed: 8, period: 6, litFor: 4 };

/** A simulated rig behind a real pseudo-terminal, and the driver with the real serial port on its other end. */
async function plugIn(fault: DemoRigFault = 'none'): Promise<Plugged> {
  const rig = new SimulatedRig({
    clock: systemClock,
    ...pace,
    random: seededRandom(4),
    nextCode: tenCodes(),
  });
  const server = new DeviceServer(rig);
  const cable = await layCable(await server.listen());
  const statuses: RigStatus[] = [];
  const rigs = new Rigs({
    connection: { kind: 'serial', path: cable.path, baudRate: 115_200 },
    usbIds: [],
    clock: systemClock,
    onChange: (status) => statuses.push(status),
  });
  if (fault !== 'none') rig.setFault(fault, { digit: 1, segment: 4 });
  undo.push(
    () => cable.close(),
    () => server.close(),
    () => rigs.stop(),
  );
  return { rig, rigs, statuses, unplug: () => cable.close() };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((again) => setTimeout(again, 20));
};

function test({ rig, rigs }: Plugged): Promise<DisplayOutcome> {
  return rigs.testDisplay(
    {
      id: 'test',
      digits: 6,
      calibration: { rig: rig.serialNumber, at: '2026-11-23T00:00:00Z', digits: rig.levels() },
      waitForDeviceMs: 200,
    },
    {
      onProgress: () => undefined,
      onLevels: () => undefined,
      signal: new AbortController().signal,
      finish: new AbortController().signal,
    },
  );
}

const stopped = (during: string, fault: string): object => ({ kind: 'stopped', during, fault });
const facts = (different: object = {}): object => ({
  kind: 'tested',
  facts: { lights: true, dim: false, button: 'works', battery: 'good', digitsPresent: 6, ...different },
});
const expected: Readonly<Record<DemoRigFault, object>> = {
  none: facts({ newCodes: 'regular' }),
  'no-device': stopped('waiting', 'no-device'),
  'dead-segment': facts(),
  'weak-segment': facts(),
  'stuck-segment': facts(),
  'slow-segment': facts(),
  'missing-digit': facts({ digitsPresent: 5 }),
  dim: facts({ dim: true }),
  dark: facts({ lights: false, button: 'never' }),
  'button-broken': facts({ lights: false, button: 'never' }),
  'button-sometimes': facts({ button: 'sometimes' }),
  'no-new-codes': facts({ newCodes: 'none' }),
  'battery-low': facts({ battery: 'low' }),
  'device-removed': { kind: 'stopped', fault: 'device-removed' },
  noise: facts(),
  reboot: facts(),
  'wrong-baud-rate': stopped('connect', 'not-a-rig'),
  silent: stopped('connect', 'silent'),
  'self-test-fails': facts({ newCodes: 'regular' }),
  unplugged: stopped('connect', 'not-connected'),
};
const bad: Partial<Record<DemoRigFault, string>> = {
  'dead-segment': 'dead',
  'weak-segment': 'weak',
  'stuck-segment': 'stuck',
  'slow-segment': 'slow',
};

describe('a code-display rig over a real pseudo-terminal', () => {
  it('gives the outcome of each fault', async () => {
    const wrong: string[] = [];
    const waiting: DemoRigFault[] = [
      'button-sometimes' as const,
      'no-new-codes' as const,
      ...demoRigFault.exclude(['button-sometimes', 'no-new-codes']).options,
    ];
    const worker = async (): Promise<void> => {
      for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
        const plugged = await plugIn(fault);
        const outcome = await test(plugged);
        try {
          expect(outcome).toMatchObject(expected[fault]);
          const health = bad[fault];
          if (health !== undefined && outcome.kind === 'tested') {
            expect(outcome.facts.segments?.[1]?.[4]).toBe(health);
          }
          const said = JSON.stringify(outcome);
          for (const code of plugged.rig.shownCodes) expect(said).not.toContain(code);
        } catch (error) {
          wrong.push(`${fault}: ${error instanceof Error ? error.message : ''} ${JSON.stringify(outcome)}`);
        }
        await plugged.rigs.stop();
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    expect(wrong).toEqual([]);
  }, 240_000);

  it('tells a cable that is pulled in the middle of a test', async () => {
    const plugged = await plugIn();
    await until(() => plugged.rigs.status.kind === 'ready');
    const testing = test(plugged);
    await until(() => plugged.rig.shownCodes.length > 0);
    plugged.rig.setFault('unplugged');
    expect(await testing).toMatchObject({ kind: 'stopped', fault: 'not-connected' });
    await until(() => plugged.rigs.status.kind === 'fault');
    expect(plugged.rigs.status).toEqual({ kind: 'fault', fault: 'not-connected' });
  });

  it('fails its self-test, and says why', async () => {
    const { rigs } = await plugIn('self-test-fails');
    expect(await rigs.selfTest(new AbortController().signal)).toEqual({
      kind: 'done',
      result: 1,
      errors: [{ code: -330, text: 'Self-test failed' }],
    });
  });
});

describe('an SCPI instrument that somebody else wrote', () => {
  it('identifies itself, tells its status and its errors', async (context) => {
    const peer = await startPeer();
    if (peer === undefined) {
      context.skip('skipped: the Python package scpipy cannot be installed here');
      return;
    }
    undo.push(() => peer.close());
    const cable = await layCable(peer.port);
    undo.push(() => cable.close());
    const line = await openSerialLine(cable.path, 115_200);
    const instrument = new ScpiInstrument(line!, systemClock);
    undo.push(() => instrument.close());
    expect(await instrument.identify()).toEqual({
      ok: true,
      value: { manufacturer: 'Peer Instruments', model: 'Model 9', serialNumber: 'SN-42', firmware: '2.1' },
    });
    expect(await instrument.query('*TST?', parseInteger)).toEqual({ ok: true, value: 0 });
    expect(await instrument.query('*OPC?', parseInteger)).toEqual({ ok: true, value: 1 });
    await instrument.command('*CLS');
    await instrument.command('NO:SUCH:COMM 1');
    await instrument.command('NO:OTHER 2');
    const events = await instrument.query('*ESR?', parseInteger);
    // Bit 5, command error: IEEE 488.2 section 11.5.1.1.4.
    expect(events.ok && events.value & 0x20).toBe(0x20);
    const errors = await instrument.errors();
    // Command errors are -100 to -199: SCPI-99 volume 2 section 21.8.9.
    expect(errors.ok && errors.value.map(({ code }) => Math.ceil(code / 100))).toEqual([-1, -1]);
    expect(await instrument.errors()).toEqual({ ok: true, value: [] });
  });
});

describe('serial ports without udevadm', () => {
  it('are listed all the same, and the process lives on', async () => {
    const program = `
      import { createServer } from 'vite';
      const server = await createServer({
        configFile: false, logLevel: 'silent', server: { middlewareMode: true, ws: false },
      });
      const { listSerialPorts } = await server.ssrLoadModule('/drivers/rig/serial-ports.ts');
      const ports = await listSerialPorts();
      await new Promise((wait) => setTimeout(wait, 300));
      process.stdout.write(Array.isArray(ports) ? 'alive' : 'odd');
      await server.close();
      process.exit();
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      {
        env: { ...process.env, PATH: '/nowhere' },
      },
    );
    expect(stdout).toBe('alive');
  });
});
