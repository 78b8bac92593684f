import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RigCalibration } from '../../../../drivers/rig/types.js';
import { BenchUse } from '../../../../main/authenticators/bench-use.js';
import { CalibratedRig } from '../../../../main/authenticators/calibrated-rig.js';
import { defaultAuthenticatorRules } from '../../../../main/authenticators/rules.js';
import { SelfTestHistory } from '../../../../main/authenticators/self-test-history.js';
import { headerOf, StaffBench } from '../../../../main/authenticators/staff-bench.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { calibration, demoRig, FakeBench, realRig } from '../fake-bench.js';
import { FakeChips } from '../fake-chips.js';
import { soundDisplay, soundKey } from './facts.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-bench-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Sessions of staff: one that begins things, and another. */
const session = 'session-1';
const other = 'session-2';

async function open({ state = realRig, writeFault = undefined as string | undefined } = {}) {
  const clock = new ManualClock();
  const bench = new FakeBench(state);
  const chips = new FakeChips();
  const use = new BenchUse();
  const log: unknown[] = [];
  const kept: RigCalibration[] = [];
  const settings = () => ({ digits: 6, calibrations: [calibration, ...kept], calibrationMaxAgeDays: 365 });
  const visitors = { isRunning: false };
  const history = await SelfTestHistory.open(folder);
  const held = new Set<string>();
  let changes = 0;
  const staff = new StaffBench({
    ...{ bench, chips, use, visitors, settings, clock },
    rig: new CalibratedRig({ bench, settings, clock }),
    keepCalibration: (value) => {
      if (writeFault === undefined) kept.push(value);
      return Promise.resolve(writeFault);
    },
    selfTests: () => history.selfTests,
    keepSelfTest: (test) => history.add(test),
    rules: defaultAuthenticatorRules,
    newId: () => 'bench-1',
    log: {
      started: (work) => log.push(['started', work]),
      ended: (...what) => log.push(what),
      queried: (header) => log.push(['queried', header]),
    },
    hold: (each) => {
      held.add(each);
      return () => held.delete(each);
    },
    onChange: () => changes++,
  });
  return { clock, bench, chips, use, log, kept, staff, visitors, held, changes: () => changes };
}

describe("staff's test of a display", () => {
  it('says that it was simulated also when the demo rig came only after the start', async () => {
    const { staff, bench } = await open({
      state: { host: 'starting', rig: { kind: 'starting' }, demo: false, keys: 0 },
    });
    const result = staff.testDisplay(session, () => undefined);
    await settled();
    bench.become(demoRig);
    await settled();
    bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
    expect(await result).toMatchObject({ verdict: { demo: true } });
  });

  it('shows what runs, passes levels to its own screen and ends with facts and verdict', async () => {
    const { staff, bench, log } = await open();
    const levels: unknown[] = [];
    const result = staff.testDisplay(session, (each) => levels.push(each));
    await settled();
    const { hooks, end } = bench.displays[0]!;
    hooks.onProgress({ id: 'bench-1', step: 'codes', codes: 7, fraction: 0.3 });
    hooks.onLevels({ id: 'bench-1', codes: 5, digits: [] });
    expect(staff.stateFor(session).running).toEqual({
      kind: 'display',
      own: true,
      step: 'codes',
      codes: 7,
      fraction: 0.3,
    });
    expect(staff.stateFor(other).running).toMatchObject({ kind: 'display', own: false });
    end({ kind: 'tested', facts: soundDisplay });
    expect(await result).toMatchObject({
      kind: 'tested',
      facts: soundDisplay,
      verdict: { outcome: 'works' },
    });
    expect(levels).toEqual([{ codes: 5, digits: [] }]);
    expect(staff.stateFor(session)).not.toHaveProperty('running');
    expect(log).toEqual([
      ['started', 'display'],
      ['display', 'tested'],
    ]);
  });

  it.each([
    [{ kind: 'stopped', during: 'waiting', fault: 'no-device' }, 'no-device'],
    [{ kind: 'host-lost' }, 'interrupted'],
    [{ kind: 'timed-out' }, 'took-too-long'],
  ] as const)('that ends by %o failed by %s', async (end, fault) => {
    const { staff, bench } = await open();
    const result = staff.testDisplay(session, () => undefined);
    await settled();
    bench.displays[0]!.end(end);
    expect(await result).toEqual({ kind: 'failed', fault });
  });

  it('is busy while a visitor tests, and beside its own', async () => {
    const { staff, use, bench, visitors } = await open();
    const visitor = {};
    use.take(visitor);
    visitors.isRunning = true;
    expect(staff.stateFor(session).running).toEqual({ kind: 'visitor' });
    expect(await staff.testDisplay(session, () => undefined)).toEqual({ kind: 'failed', fault: 'busy' });
    use.release(visitor);
    visitors.isRunning = false;
    void staff.testDisplay(session, () => undefined);
    await settled();
    expect(await staff.query(session, '*IDN?')).toEqual({ kind: 'failed', fault: 'busy' });
    // That is not for the chip to answer for.
    expect(await staff.checkKey(other, 'usb')).toEqual({ kind: 'failed', fault: 'busy' });
    expect(bench.queries).toEqual([]);
  });

  it('is finished by its own session alone, and cancelled by it or by a technician', async () => {
    const { staff, bench } = await open();
    void staff.testDisplay(session, () => undefined);
    await settled();
    const { hooks } = bench.displays[0]!;
    expect([staff.finish(other), staff.cancel(other, false)]).toEqual([false, false]);
    expect([hooks.finish.aborted, hooks.signal.aborted]).toEqual([false, false]);
    expect(staff.finish(session)).toBe(true);
    expect(hooks.finish.aborted).toBe(true);
    expect(staff.cancel(other, true)).toBe(true);
    expect(hooks.signal.aborted).toBe(true);
  });

  it('is cancelled by its own session, and when that is over', async () => {
    for (const end of ['asked', 'over'] as const) {
      const { staff, bench } = await open();
      void staff.testDisplay(session, () => undefined);
      await settled();
      const { hooks } = bench.displays[0]!;
      staff.sessionEnded(other);
      expect(hooks.signal.aborted).toBe(false);
      if (end === 'asked') staff.cancel(session, false);
      else staff.sessionEnded(session);
      expect(hooks.signal.aborted).toBe(true);
    }
  });

  it('is taken up again by its own session, which begins nothing by that', async () => {
    const { staff, bench } = await open();
    const gone = { kind: 'failed', fault: 'interrupted' };
    expect(await staff.testDisplayAgain(session)).toEqual(gone);
    expect(await staff.calibrateAgain(session)).toEqual(gone);
    const first = staff.testDisplay(session, () => undefined);
    await settled();
    // Nor does it lose it by asking for another one.
    expect(await staff.testDisplay(session, () => undefined)).toMatchObject({ fault: 'busy' });
    const again = staff.testDisplayAgain(session);
    expect(await staff.testDisplayAgain(other)).toEqual(gone);
    expect(await staff.calibrateAgain(session)).toEqual(gone);
    bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
    expect(await again).toBe(await first);
    expect(bench.displays).toHaveLength(1);
    expect(bench.calibrations).toEqual([]);
  });
});

describe('whatever runs', () => {
  it('holds its session until it has ended, and is shown to every other', async () => {
    const { staff, bench, chips, held } = await open();
    const end = { kind: 'stopped', fault: 'cancelled' } as const;
    const works = [
      ['self-test', () => staff.selfTest(session), () => bench.selfTests[0]!.end(end)],
      ['query', () => staff.query(session, '*IDN?'), () => bench.queries[0]!.end(end)],
      [
        'usb-key',
        () => staff.checkKey(session, 'usb'),
        () => bench.keys[0]!.end({ ...end, during: 'waiting' }),
      ],
      [
        'nfc-key',
        () => staff.checkKey(session, 'nfc'),
        () => chips.keys[0]!.end({ ...end, during: 'waiting' }),
      ],
    ] as const;
    for (const [kind, begin, stop] of works) {
      const answer = begin();
      expect(staff.stateFor(other).running).toEqual({ kind, own: false });
      expect(staff.stateFor(session).running).toEqual({ kind, own: true });
      expect([...held]).toEqual([session]);
      stop();
      await answer;
      expect(staff.stateFor(other)).not.toHaveProperty('running');
      expect([...held]).toEqual([]);
    }
  });
});

describe('a calibration', () => {
  const measured = { ...calibration, at: '2026-11-22T12:00:00.000Z' };

  it('is kept, and its age is told', async () => {
    const { staff, bench, kept, clock } = await open();
    const result = staff.calibrate(session);
    bench.calibrations[0]!.end({ kind: 'calibrated', calibration: measured, codes: 40 });
    expect(await result).toEqual({ kind: 'calibrated', codes: 40 });
    expect(kept).toEqual([measured]);
    expect(staff.stateFor(session).calibration).toEqual({
      kind: 'there',
      at: calibration.at,
      ageDays: 22,
      old: false,
    });
    await clock.pass(366 * 24 * 3_600_000);
    expect(staff.stateFor(session).calibration).toMatchObject({ old: true });
  });

  it('that could not be written says so', async () => {
    const { staff, bench, log } = await open({ writeFault: 'ENOSPC' });
    const result = staff.calibrate(session);
    bench.calibrations[0]!.end({ kind: 'calibrated', calibration: measured, codes: 40 });
    expect(await result).toEqual({ kind: 'failed', fault: 'not-saved' });
    expect(log.at(-1)).toEqual(['calibration', 'not-saved']);
  });

  it('by a display that is not healthy is none', async () => {
    const { staff, bench, kept } = await open();
    const result = staff.calibrate(session);
    bench.calibrations[0]!.end({ kind: 'display-unfit', digits: [3] });
    expect(await result).toEqual({ kind: 'failed', fault: 'display-unfit' });
    expect(kept).toEqual([]);
  });

  it('is brought by the demo rig itself', async () => {
    const { staff } = await open({ state: demoRig });
    expect(staff.stateFor(session)).toMatchObject({
      demo: true,
      calibration: { kind: 'there', ageDays: 0, old: false },
    });
  });
});

describe('a raw message', () => {
  it('is answered, and of it only the header is logged', async () => {
    const { staff, bench, log } = await open();
    const result = staff.query(session, 'BUTT:PRES 123456;:MEAS:BATT? 654321');
    bench.queries[0]!.end({ kind: 'done', line: '482913', redacted: false, errors: [] });
    expect(await result).toMatchObject({ line: '482913' });
    expect(log).toEqual([
      ['queried', 'BUTT:PRES'],
      ['query', 'done'],
    ]);
  });

  it.each([
    ['MEAS:BATT?', 'MEAS:BATT?'],
    ['*idn?', '*idn?'],
    ['meas:segm? 3', 'meas:segm?'],
    ['SOUR1:FREQ 100', 'SOUR'],
    ['482913', '?'],
    [' 482913', '?'],
    ['', '?'],
  ])('"%s" is logged as "%s"', (message, header) => {
    expect(headerOf(message)).toBe(header);
  });
});

describe("a key on staff's bench", () => {
  it('is asked the way that was chosen, and told of in full', async () => {
    const { staff, bench, chips } = await open();
    const result = staff.checkKey(session, 'nfc');
    expect(bench.keys).toEqual([]);
    chips.keys[0]!.end({ kind: 'answers', facts: { ...soundKey, way: 'nfc' } });
    expect(await result).toMatchObject({ kind: 'answers', facts: { way: 'nfc' }, verdict: { way: 'nfc' } });
  });
});

describe('a reader or a socket that is in use', () => {
  it('is said to be so, and nothing of the chip', async () => {
    const { staff, chips } = await open();
    const result = staff.checkKey(session, 'nfc');
    chips.keys[0]!.end({ kind: 'stopped', during: 'waiting', fault: 'busy' });
    expect(await result).toEqual({ kind: 'failed', fault: 'busy' });
  });
});

describe('the history of self-tests', () => {
  it('keeps the last 50, the last first, over restarts', async () => {
    const { staff, bench } = await open();
    for (let n = 0; n < 52; n++) {
      const result = staff.selfTest(session);
      bench.selfTests[n]!.end({ kind: 'done', result: n, errors: [] });
      await result;
    }
    const again = await SelfTestHistory.open(folder);
    expect(again.selfTests.map(({ result }) => result)).toEqual(Array.from({ length: 50 }, (_, n) => 51 - n));
    expect(staff.stateFor(session).selfTests).toEqual(again.selfTests);
    expect(await readdir(folder)).toEqual(['rig-self-tests.json']);
  });

  it('knows each rig by its serial number, over restarts, and whether it passed its last one', async () => {
    const { staff, bench } = await open();
    const runs = [
      ['R-1', 3],
      ['R-2', 0],
    ] as const;
    for (const [n, [serialNumber, result]] of runs.entries()) {
      if (realRig.rig.kind !== 'ready') throw new Error('it is ready');
      const identity = { ...realRig.rig.identity, serialNumber };
      bench.become({ ...realRig, rig: { ...realRig.rig, identity } });
      const test = staff.selfTest(session);
      bench.selfTests[n]!.end({ kind: 'done', result, errors: [] });
      await test;
    }
    const again = await SelfTestHistory.open(folder);
    expect(['R-1', 'R-2', 'R-3'].map((rig) => again.isSound(rig))).toEqual([false, true, true]);
    await again.add({ at: '2026-11-23T00:00:00.000Z', rig: 'R-1', result: 0, errors: [] });
    expect(again.isSound('R-1')).toBe(true);
  });

  it('keeps of an error its number and the standard words, not what the instrument adds', async () => {
    const history = await SelfTestHistory.open(folder);
    await history.add({
      at: '2026-11-23T00:00:00.000Z',
      result: 1,
      errors: [{ code: -330, text: 'Self-test failed;saw 482913' }],
    });
    expect(await readFile(join(folder, 'rig-self-tests.json'), 'utf8')).not.toContain('482913');
    expect(history.selfTests[0]?.errors).toEqual([{ code: -330, text: 'Self-test failed' }]);
  });

  it.each(['', '{"selfTests":[{"at":1}]}'])('begins anew where its file is damaged (%j)', async (text) => {
    await writeFile(join(folder, 'rig-self-tests.json'), text);
    expect((await SelfTestHistory.open(folder)).selfTests).toEqual([]);
  });

  it('is kept in memory where it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const history = await SelfTestHistory.open(join(folder, 'file'));
    await history.add({ at: '2026-11-23T00:00:00.000Z', result: 0, errors: [] });
    expect(history.selfTests).toHaveLength(1);
  });
});
