import assert from 'node:assert/strict';
import { SerialPort } from 'serialport';
import { Rigs } from '../../../drivers/rig/index.js';
import { codesInAStatement, type DisplayOutcome, type RigStatus } from '../../../drivers/rig/types.js';
import { systemClock, within } from '../../../drivers/shared/clock.js';
import { DemoRig } from '../../../drivers/simulated/rig/demo-rig.js';
import { eventually, sleep } from '../../integration/pcscd.js';
import type { Figures } from '../messages.js';
import { GadgetRig, type RigTransport, rigUsbIds } from './gadget-rig.js';
import { type LabTest, rounds, spread, tally } from './lab-test.js';

const queries = 20;
const foundMs = 15_000;
const testMs = 120_000;
/** From the beginning of a display test to the pull of the cable, ms. */
const pullAfterMs = [0, 20, 100, 400, 1000] as const;
/**
 * The rig's seconds in one: a display then has a new code every three seconds. Much faster, and this machine would be
 * too slow to see each press.
 */
const speed = 10;
/** The whole test at the end is finished once it may make a statement. */
const enoughCodes = codesInAStatement + 1;

const nothingEnds = (): AbortSignal => new AbortController().signal;

/** The driver with the simulated rig at the other end of a cable. */
class RigAtWork {
  readonly #demo = new DemoRig({ clock: systemClock, speed });
  readonly #transport: RigTransport;
  readonly gadget: GadgetRig;
  readonly rigs: Rigs;
  #status: RigStatus = { kind: 'starting' };

  constructor(transport: RigTransport) {
    this.#transport = transport;
    this.gadget = new GadgetRig(transport, this.#demo.rig);
    this.rigs = new Rigs({
      connection: { kind: 'auto' },
      usbIds: [rigUsbIds],
      clock: systemClock,
      onChange: (status) => (this.#status = status),
    });
  }

  /** Plugs it in; ms until it is found. */
  async plug(): Promise<number> {
    const pluggedAt = performance.now();
    await this.gadget.plug();
    await eventually(
      'the rig is found',
      () => this.#status.kind === 'ready' && this.#status.transport === this.#transport,
      foundMs,
    );
    return performance.now() - pluggedAt;
  }

  async isMissed(): Promise<void> {
    await eventually('the rig is missed', () => this.#status.kind === 'fault', foundMs);
  }

  async testDisplay(): Promise<DisplayOutcome> {
    const finish = new AbortController();
    const outcome = await within(
      systemClock,
      testMs,
      this.rigs.testDisplay(
        {
          id: 'lab',
          calibration: this.#demo.calibration(new Date().toISOString()),
          digits: this.#demo.rig.display.digits,
          waitForDeviceMs: 0,
        },
        {
          onProgress: ({ codes }) => {
            if (codes >= enoughCodes) finish.abort();
          },
          onLevels: () => undefined,
          signal: nothingEnds(),
          finish: finish.signal,
        },
      ),
    );
    assert.ok(outcome, 'the test has come to no end');
    return outcome;
  }

  async stop(): Promise<void> {
    await this.rigs.stop();
    await this.gadget.unplug();
  }
}

async function useRig(transport: RigTransport): Promise<Figures> {
  const rig = new RigAtWork(transport);
  try {
    const firstMs = await rig.plug();
    const asked: number[] = [];
    for (let time = 0; time < queries; time++) {
      const askedAt = performance.now();
      const answer = await rig.rigs.query('MEAS:BATT?', nothingEnds());
      asked.push(performance.now() - askedAt);
      assert.equal(answer.kind, 'done', `query ${time}: ${JSON.stringify(answer)}`);
    }
    const pulled = await pullInUse(rig, rounds);

    const testedAt = performance.now();
    const outcome = await rig.testDisplay();
    const testedMs = performance.now() - testedAt;
    assert.equal(outcome.kind, 'tested', JSON.stringify(outcome));
    const { digitsPresent, segments, codes, lights, button } = outcome.facts;
    assert.deepEqual({ digitsPresent, lights }, { digitsPresent: 6, lights: true });
    // This machine may be too slow to see each press.
    assert.notEqual(button, 'never');
    // Nor to judge within so few codes how quickly segments change: then they stay unsettled.
    const faults = segments?.flat().filter((health) => health !== 'healthy' && health !== 'unsettled');
    assert.deepEqual(faults, [], 'faults of a healthy display');
    return {
      'first found': `${Math.round(firstMs)} ms`,
      'a query, with its look at the error queue': spread(asked),
      ...pulled,
      [`a display test of ${codes} codes, at ${speed} times the speed`]: `${Math.round(testedMs)} ms`,
    };
  } finally {
    await rig.stop();
  }
}

async function pullInUse(rig: RigAtWork, times: number): Promise<Figures> {
  const found: number[] = [];
  const ends: string[] = [];
  for (let round = 0; round < times; round++) {
    const testing = rig.testDisplay();
    await sleep(pullAfterMs[round % pullAfterMs.length]!);
    await rig.gadget.unplug();
    const outcome = await testing;
    assert.equal(outcome.kind, 'stopped');
    ends.push(outcome.fault);
    await rig.isMissed();
    found.push(await rig.plug());
    assert.deepEqual(await rig.rigs.selfTest(nothingEnds()), { kind: 'done', result: 0, errors: [] });
  }
  return {
    [`pulled ${times} times in use: found again`]: spread(found),
    'what became of the display tests under way': tally(ends),
  };
}

/** Programs are looked for along PATH when they are started. */
async function withoutPrograms<Value>(work: () => Promise<Value>): Promise<Value> {
  const path = process.env['PATH'];
  process.env['PATH'] = '/nowhere';
  try {
    return await work();
  } finally {
    process.env['PATH'] = path;
  }
}

/** Without `udevadm` serialport's own list of ports fails; the driver has to do without both. */
async function doWithoutUdevadm(): Promise<Figures> {
  return withoutPrograms(async () => {
    const library = await SerialPort.list().then(
      () => 'it answered',
      (error: unknown) => (error instanceof Error ? error.message : 'it threw no Error'),
    );
    assert.match(library, /udevadm ENOENT/);
    const rig = new RigAtWork('serial');
    try {
      const firstMs = await rig.plug();
      const pulled = await pullInUse(rig, 2);
      return { 'SerialPort.list()': library, 'first found': `${Math.round(firstMs)} ms`, ...pulled };
    } finally {
      await rig.stop();
    }
  });
}

export const rigTests: readonly LabTest[] = [
  { name: 'rig over /dev/ttyACM*', deadlineMs: 200_000, run: () => useRig('serial') },
  { name: 'rig over /dev/ttyACM* without udevadm', deadlineMs: 40_000, run: doWithoutUdevadm },
  { name: 'rig over /dev/hidraw*', deadlineMs: 200_000, run: () => useRig('hid') },
];
