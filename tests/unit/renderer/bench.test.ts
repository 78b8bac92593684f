import { beforeEach, describe, expect, it } from 'vitest';
import {
  authenticatorKinds,
  deviceOutcome,
  deviceReasons,
  type BenchState,
} from '../../../main/api/contract.js';
import { textsOf } from '../../../renderer/i18n/desk/desk-languages.js';
import { formatMessage } from '../../../renderer/i18n/format.js';
import { Bench } from '../../../renderer/staff/bench/bench.svelte.js';
import { troubleOf } from '../../../renderer/staff/bench/outcomes.js';
import {
  bandOf,
  digitInWords,
  percentOf,
  timeTaken,
  tracks,
} from '../../../renderer/staff/bench/segments.js';
import { momentText } from '../../../renderer/staff/lobby-time.js';
import { reasonText, type Say } from '../../../renderer/staff/texts.js';
import { benchAtRest, benchAtWork, brokenDisplay, keyInUsb, levels } from '../../e2e/scripted-desk.js';
import { FakeApi } from './fake-api.js';

const ok = <Value>(value: Value) => ({ ok: true, value }) as const;
const staff = textsOf('en').staff;
const text = staff.bench.display;
const say: Say = (message, values) => formatMessage('en', message, values);

let api: FakeApi;
let bench: Bench;

beforeEach(async () => {
  api = new FakeApi();
  api.answers('bench.state', ok(benchAtRest));
  bench = new Bench(api);
  bench.start();
  await bench.look();
});
const called = (): string[] => api.calls.map(({ name }) => name);

/** Main answers when the test has it so. */
function heldBack(name: Parameters<FakeApi['answers']>[0]): (answer: unknown) => void {
  let answer: (value: unknown) => void = () => undefined;
  api.answers(name, new Promise((resolve) => (answer = resolve)));
  return answer;
}

describe('the bench', () => {
  it('shows what main tells, and says when main does not', async () => {
    expect(bench.state).toEqual(benchAtRest);
    const other: BenchState = { ...benchAtRest, keys: 2 };
    api.emit('bench.state', other);
    expect(bench.state).toEqual(other);
    api.answers('bench.state', { ok: false, error: { kind: 'internal' } });
    await bench.look();
    expect(bench.unseen).toBe(true);
  });

  it('begins nothing while something runs on another screen, and says so', () => {
    expect(bench.free).toBe(true);
    api.emit('bench.state', benchAtWork);
    expect(bench.free).toBe(false);
  });

  it('does one thing at a time', async () => {
    const answer = heldBack('bench.testDisplay');
    const test = bench.testDisplay();
    await bench.testItself();
    await bench.checkKey('usb');
    expect(bench.query('*IDN?')).toBe(true);
    expect(bench.job).toBe('display');
    expect(called().filter((name) => name !== 'bench.state')).toEqual(['bench.testDisplay']);
    answer(ok(brokenDisplay));
    await test;
    expect(bench.job).toBeUndefined();
    expect(bench.display).toEqual(brokenDisplay);
    expect(bench.done).toBe(1);
  });

  it.each([
    ['display', 'bench.testDisplay'],
    ['calibration', 'bench.calibrate'],
  ] as const)(
    'takes its own %s up again after a lost connection, and begins nothing else',
    async (kind, name) => {
      const running = { kind, own: true, step: 'codes', codes: 3, fraction: 0.1 } as const;
      api.answers('bench.state', ok({ ...benchAtRest, running: { ...running, own: false } }));
      await bench.look();
      api.answers('bench.state', ok({ ...benchAtRest, running: { kind: 'usb-key', own: true } }));
      await bench.look();
      expect(bench.job).toBeUndefined();
      const answer = heldBack(name);
      api.answers('bench.state', ok({ ...benchAtRest, running }));
      await bench.look();
      expect(bench.job).toBe(kind);
      expect(api.calls.filter((call) => call.name !== 'bench.state')).toEqual([
        { name, input: { again: true } },
      ]);
      await bench.look();
      expect(called().filter((each) => each === name)).toHaveLength(1);
      api.answers('bench.state', ok(benchAtRest));
      const failed = { kind: 'failed', fault: 'interrupted' } as const;
      answer(ok(failed));
      await api.settle();
      expect(bench.job).toBeUndefined();
      expect(bench[kind]).toEqual(failed);
    },
  );

  it('shows levels of its own test alone, and none of the one before', async () => {
    api.emit('bench.levels', levels);
    expect(bench.levels).toBeUndefined();
    const answer = heldBack('bench.testDisplay');
    const test = bench.testDisplay();
    api.emit('bench.levels', levels);
    expect(bench.levels).toEqual(levels);
    answer(ok(brokenDisplay));
    await test;
    expect(bench.levels).toEqual(levels);
    heldBack('bench.testDisplay');
    void bench.testDisplay();
    expect(bench.levels).toBeUndefined();
    expect(bench.display).toBeUndefined();
  });

  it('tells what main refuses, in words', async () => {
    api.answers('bench.calibrate', { ok: false, error: { kind: 'not-allowed' } });
    await bench.calibrate();
    expect(bench.calibration).toEqual({ kind: 'refused', error: 'not-allowed' });
    expect(troubleOf(bench.calibration, staff.bench)).toBe(staff.bench.refused['not-allowed']);
    api.answers('bench.selfTest', ok({ kind: 'failed', fault: 'rig-restarts' }));
    await bench.testItself();
    expect(troubleOf(bench.selfTest, staff.bench)).toBe(staff.bench.faults['rig-restarts']);
    api.answers('bench.checkKey', ok({ kind: 'failed', fault: 'busy' }));
    await bench.checkKey('usb');
    expect(troubleOf(bench.key, staff.bench)).toBe(staff.bench.faults.busy);
    expect(troubleOf(keyInUsb, staff.bench)).toBeUndefined();
  });

  it('keeps a technician’s messages to the rig, the last first, until somebody logs out', async () => {
    api.answers('bench.query', ok({ kind: 'done', line: '1', redacted: false, errors: [] }));
    for (const message of ['*IDN?', '  *OPC?  ']) {
      expect(bench.query(message)).toBe(true);
      await api.settle();
    }
    expect(bench.exchanges.map(({ message }) => message)).toEqual(['*OPC?', '*IDN?']);
    bench.forget();
    expect(bench.exchanges).toEqual([]);
    expect(bench.state).toBeUndefined();
  });

  it('sends nothing to the rig that is no message', () => {
    for (const message of ['', '   ', 'ÆØÅ?', 'X'.repeat(121)]) expect(bench.query(message)).toBe(false);
    expect(called()).not.toContain('bench.query');
  });

  it('tells the next person nothing of what the last one had begun', async () => {
    const answer = heldBack('bench.checkKey');
    const check = bench.checkKey('nfc');
    bench.forget();
    answer(ok(keyInUsb));
    await check;
    expect(bench.key).toBeUndefined();
    expect(bench.job).toBeUndefined();
    expect(bench.done).toBe(0);
  });
});

describe('a segment’s levels', () => {
  it('are drawn along it: a lying one from the left, a standing one from the bottom up', () => {
    expect(bandOf('a', { low: 0, high: 1000 })).toEqual(tracks.a);
    expect(bandOf('b', { low: 0, high: 1000 })).toEqual(tracks.b);
    const low = { low: 0, high: 250 };
    expect(bandOf('g', low).x).toBe(tracks.g.x);
    expect(bandOf('g', low).width).toBe(tracks.g.width / 4);
    const standing = bandOf('c', low);
    expect(standing.y + standing.height).toBe(tracks.c.y + tracks.c.height);
    expect(standing.height).toBe(tracks.c.height / 4);
  });

  it('that are all the same are to be seen, and stay in the segment', () => {
    for (const level of [0, 500, 1000]) {
      const band = bandOf('d', { low: level, high: level });
      expect(band.width).toBeGreaterThan(2);
      expect(band.x).toBeGreaterThanOrEqual(tracks.d.x);
      expect(band.x + band.width).toBeLessThanOrEqual(tracks.d.x + tracks.d.width);
    }
  });
});

describe('in words', () => {
  it('a digit says which segment has what, and that all are well', () => {
    const well = Array.from({ length: 7 }, () => 'healthy' as const);
    expect(digitInWords(well, text)).toEqual([text.allHealthy]);
    expect(digitInWords(['healthy', 'dead', ...well.slice(2, 6), 'weak'], text)).toEqual([
      `${text.names.b}: ${text.healthNames.dead}`,
      `${text.names.g}: ${text.healthNames.weak}`,
    ]);
  });

  it('a result is never surer than it is', () => {
    expect(percentOf(0.9968)).toBe(99);
    expect(percentOf(1)).toBe(100);
  });

  it('a time is given in seconds, or in minutes and seconds', () => {
    expect(timeTaken(41_000, text.facts, say)).toBe('41 s');
    expect(timeTaken(214_000, text.facts, say)).toBe('3 min. 34 s');
    expect(timeTaken(119_600, text.facts, say)).toBe('2 min. 0 s');
  });

  it('a moment is one at the lobby, whatever the clock of the desk', () => {
    expect(momentText('en-GB', '2026-11-24T23:30:00.000Z')).toBe('25 Nov 2026, 00:30');
    expect(momentText('da-DK', '2026-07-01T10:05:00.000Z')).toContain('12.05');
  });

  it('a ticket’s reason names the device, what became of its test, and why', () => {
    const reason = { kind: 'device', device: 'code-display', outcome: 'replace' } as const;
    expect(reasonText({ ...reason, reason: 'segment-dead' }, 'en')).toBe(
      'Code display: replace it (segment dead)',
    );
    expect(reasonText({ ...reason, reason: 'segment-dead' }, 'da')).toBe(
      'Kodeviser: skal udskiftes (et segment er dødt)',
    );
    expect(reasonText(reason, 'en')).toBe('Code display: replace it');
  });

  it.each(['da', 'en'])(
    'every device, outcome and reason is told differently from the others: %s',
    (code) => {
      const all = authenticatorKinds.flatMap((device) =>
        deviceOutcome.options.flatMap((outcome) =>
          deviceReasons.map((reason) => reasonText({ kind: 'device', device, outcome, reason }, code)),
        ),
      );
      expect(new Set(all).size).toBe(all.length);
    },
  );

  it('a chip check’s reason is told as before', () => {
    expect(reasonText({ kind: 'chip-check', outcome: 'ready' }, 'en')).toBe(staff.reason.ready);
    expect(reasonText({ kind: 'chip-check', outcome: 'not-ready', reason: 'chip-silent' }, 'da')).toContain(
      textsOf('da').staff.reason['not-ready'],
    );
  });
});
