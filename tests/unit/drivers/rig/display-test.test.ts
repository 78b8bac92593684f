import { describe, expect, it } from 'vitest';
import {
  codesInAStatement,
  displayFacts,
  displayLevels,
  displayTestProgress,
} from '../../../../drivers/rig/types.js';
import type { ByteLine } from '../../../../drivers/shared/byte-line.js';
import { defaultAuthenticatorRules } from '../../../../main/authenticators/rules.js';
import { judgeDisplay } from '../../../../main/authenticators/verdict.js';
import { factsOf, faultsOf, tested as testedOver, type Tested, type TestedOptions } from './bench.js';

function verdictOn(outcome: Tested['outcome']) {
  return judgeDisplay(outcome, { rules: defaultAuthenticatorRules, demo: false });
}

const healthy = {
  lights: true,
  dim: false,
  button: 'works',
  newCodes: 'regular',
  battery: 'good',
  digitsPresent: 6,
};

/** A rig that answers one query in its own way. */
function answering(line: ByteLine, query: string, answer: () => string): ByteLine {
  const hears: ((bytes: Uint8Array) => void)[] = [];
  return {
    write: (bytes) => {
      if (new TextDecoder().decode(bytes).trim() !== query) return line.write(bytes);
      const reply = new TextEncoder().encode(`${answer()}\n`);
      queueMicrotask(() => {
        for (const callback of hears) callback(reply);
      });
      return Promise.resolve(true);
    },
    onData: (callback) => {
      hears.push(callback);
      line.onData(callback);
    },
    onClose: (callback) => line.onClose(callback),
    close: () => line.close(),
  };
}

const inTheDark = { lights: false, button: 'never', codes: 0, segments: null, newCodes: 'unknown' } as const;

describe.each(['memory', 'hid'] as const)('a code display in the rig, over %s', (transport) => {
  const tested = (options: TestedOptions = {}): Promise<Tested> => testedOver({ transport, ...options });

  it('is healthy: every segment was seen on and off, and new codes come when their time is up', async () => {
    const test = await tested();
    const facts = factsOf(test);
    expect(displayFacts.parse(facts)).toEqual(facts);
    expect(facts).toMatchObject(healthy);
    expect(facts.segments?.flat()).toEqual(new Array(42).fill('healthy'));
    expect(facts.codeEverySeconds).toBeCloseTo(30, 0);
    expect(facts.confidence).toBeGreaterThan(0.99);
    expect(test.clock.pending).toBe(0);
  });

  it.each([
    ['weak-segment', 'weak'],
    ['slow-segment', 'slow'],
    ['dead-segment', 'dead'],
    ['stuck-segment', 'stuck'],
  ] as const)('has a %s, and it is found where it is', async (fault, health) => {
    for (const segment of [0, 2, 4, 6]) {
      const facts = factsOf(await tested({ fault, place: { digit: 3, segment }, seed: 20 + segment }));
      expect(facts).toMatchObject(healthy);
      expect(faultsOf(facts)).toEqual([`3${'abcdefg'[segment]!} ${health}`]);
      expect(facts.confidence).toBeGreaterThan(0.99);
    }
  });

  it.each(['0', '0.4', '-0.02'])(
    'says nothing of the cell when the probe does not touch it: %s V',
    async (volts) => {
      const test = await tested({ through: (line) => answering(line, 'MEAS:BATT?', () => volts) });
      expect(factsOf(test)).toMatchObject({ ...healthy, battery: 'unknown', batteryVolts: null });
      expect(verdictOn(test.outcome)).toMatchObject({ outcome: 'works', reasons: [] });
    },
  );

  it('lacks no digit because one was not seen once', async () => {
    let asked = 0;
    const test = await tested({
      through: (line) => answering(line, 'DISP:DIG?', () => (++asked === 2 ? '1' : '6')),
    });
    expect(asked).toBe(3);
    expect(factsOf(test)).toMatchObject(healthy);
  });

  it('lacks a digit', async () => {
    const facts = factsOf(await tested({ fault: 'missing-digit', place: { digit: 2, segment: 0 } }));
    expect(facts).toMatchObject({ ...healthy, digitsPresent: 5 });
    expect(facts.segments?.[2]).toEqual(new Array(7).fill('dead'));
  });

  it.each([
    ['dim', { dim: true }, 'failing', ['display-dim']],
    ['battery-low', { battery: 'low', batteryVolts: 2.55 }, 'failing', ['battery-low']],
    ['button-sometimes', { button: 'sometimes' }, 'failing', ['button-sometimes']],
    ['no-new-codes', { newCodes: 'none', codes: 1, segments: null }, 'replace', ['no-new-codes']],
    ['dark', inTheDark, 'replace', ['does-not-light-up']],
    ['button-broken', inTheDark, 'replace', ['does-not-light-up']],
    ['noise', {}, 'works', []],
    ['reboot', {}, 'works', []],
    ['self-test-fails', {}, 'works', []],
  ] as const)('%s: says so, and no more', async (fault, different, verdict, reasons) => {
    const test = await tested({ fault, seed: 3 });
    const facts = factsOf(test);
    expect(facts).toMatchObject({ ...healthy, ...different });
    expect(faultsOf(facts)).toEqual([]);
    expect(verdictOn(test.outcome)).toMatchObject({ outcome: verdict, reasons });
  });

  it.each([
    ['no-device', 'waiting', 'no-device'],
    ['device-removed', 'codes', 'device-removed'],
    ['silent', 'connect', 'silent'],
    ['wrong-baud-rate', 'connect', 'not-a-rig'],
    ['unplugged', 'connect', 'not-connected'],
  ] as const)('%s: the test stops while %s', async (fault, during, why) => {
    const { outcome, clock } = await tested({ fault });
    expect(outcome).toEqual({ kind: 'stopped', during, fault: why });
    expect(clock.pending).toBe(0);
  });

  it.each([
    { period: 30, litFor: 20, changesWhileLit: false },
    { period: 30, litFor: 10, changesWhileLit: true },
    { period: 60, litFor: 5, changesWhileLit: false },
    { period: 20, litFor: 4, changesWhileLit: false },
  ])('tells the time between codes, whatever it is: %o', async (timing) => {
    const facts = factsOf(await tested({ ...timing, seed: 5 }));
    expect(facts).toMatchObject(healthy);
    expect(facts.codeEverySeconds).toBeGreaterThan(timing.period - 1);
    expect(facts.codeEverySeconds).toBeLessThan(timing.period + 1);
  });

  it('is not disturbed by errors that were in the queue before, or by one that comes beside the button', async () => {
    let presses = 0;
    const test = await tested({
      through: (line) => {
        const garbage = (): Promise<boolean> => line.write(new TextEncoder().encode('AT\n'));
        void garbage();
        return {
          write: async (bytes) => {
            if (new TextDecoder().decode(bytes).startsWith('BUTT') && ++presses === 3) await garbage();
            return line.write(bytes);
          },
          onData: (callback) => line.onData(callback),
          onClose: (callback) => line.onClose(callback),
          close: () => line.close(),
        };
      },
    });
    expect(factsOf(test)).toMatchObject(healthy);
  });

  it.each(['0', '3'])('counts the digits that were seen, whatever the rig counts: %s', async (places) => {
    const test = await tested({ through: (line) => answering(line, 'DISP:DIG?', () => places) });
    expect(factsOf(test)).toMatchObject(healthy);
  });

  it('takes the same course with a rig whose time is ours', async () => {
    const test = await tested({ speed: 1 });
    const facts = factsOf(test);
    expect(facts).toMatchObject(healthy);
    expect(facts.elapsedMs).toBeGreaterThan(facts.codes * 25_000);
  });
});

describe('a test that is ended by hand', () => {
  it.each(['connect', 'waiting', 'button'] as const)(
    'at the step %s condemns nothing, neither a healthy display nor a dark one',
    async (step) => {
      for (const fault of ['none', 'dark', 'button-broken'] as const) {
        const { outcome, clock } = await testedOver({
          fault,
          onProgress: (progress, finish) => (progress.step === step ? finish.abort() : undefined),
        });
        expect(outcome).toMatchObject({
          kind: 'tested',
          facts: { lights: null, button: 'unknown', codes: 0 },
        });
        expect(verdictOn(outcome)).toMatchObject({ outcome: 'could-not-tell', reasons: ['too-few-codes'] });
        expect(clock.pending).toBe(0);
      }
    },
  );

  it('after so many questions, whatever the number, condemns no healthy display', async () => {
    for (let queries = 1; queries <= 120; queries++) {
      const { outcome } = await testedOver({ endAfterMessages: queries });
      const { outcome: verdict, reasons } = verdictOn(outcome);
      expect({ queries, verdict, reasons }).toEqual({
        queries,
        verdict: 'could-not-tell',
        reasons: ['too-few-codes'],
      });
    }
  });

  it('after some presses in vain does not say that the button is dead', async () => {
    for (const queries of [150, 300, 500]) {
      const { outcome } = await testedOver({ fault: 'dark', endAfterMessages: queries });
      expect(outcome).toMatchObject({ kind: 'tested', facts: { lights: null, button: 'unknown' } });
    }
  });

  it('once codes came, says what is known of the button', async () => {
    const { outcome } = await testedOver({
      onProgress: (progress, finish) => (progress.codes === 2 ? finish.abort() : undefined),
    });
    expect(outcome).toMatchObject({ kind: 'tested', facts: { lights: true, button: 'works' } });
    expect(verdictOn(outcome).outcome).toBe('could-not-tell');
  });
});

describe('what a test says while it runs', () => {
  it('is counts only, and levels over whole blocks of codes', async () => {
    const test = await testedOver();
    const facts = factsOf(test);
    for (const progress of test.progress) expect(displayTestProgress.parse(progress)).toEqual(progress);
    for (const levels of test.levels) expect(displayLevels.parse(levels)).toEqual(levels);
    expect(test.levels.map(({ codes }) => codes)).toEqual(
      new Array(facts.codes / codesInAStatement).fill(codesInAStatement),
    );
    // A fraction by what was seen would tell of a single code.
    const byCodes = new Map(test.progress.map(({ codes, fraction }) => [codes, fraction]));
    for (const { codes, fraction } of test.progress) expect(fraction).toBe(byCodes.get(codes));
  });

  it('ends at the end of a block, so that the end does not tell of one code either', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      expect(factsOf(await testedOver({ seed })).codes % codesInAStatement).toBe(0);
    }
  });

  it('leaves a begun block out when it is ended in the middle of it', async () => {
    const at = (codes: number) =>
      testedOver({
        onProgress: (progress, finish) => (progress.codes === codes ? finish.abort() : undefined),
      });
    const four = await at(4);
    expect(factsOf(four)).toMatchObject({ codes: 4, segments: null, confidence: 0 });
    expect(four.levels).toEqual([]);
    const seven = factsOf(await at(7));
    const five = factsOf(await at(5));
    expect(seven.codes).toBe(7);
    expect(seven.segments).toEqual(five.segments);
  });

  it('ends as cancelled, at once, when it is called off', async () => {
    const { outcome, clock } = await testedOver({
      onProgress: (progress, _finish, stop) => (progress.codes === 3 ? stop.abort() : undefined),
    });
    expect(outcome).toEqual({ kind: 'stopped', during: 'codes', fault: 'cancelled' });
    expect(clock.pending).toBe(0);
  });

  it('never holds a code that the display showed', async () => {
    for (const fault of ['none', 'dead-segment', 'no-new-codes', 'noise'] as const) {
      const { outcome, progress, levels, rig } = await testedOver({ fault });
      const said = JSON.stringify({ outcome, progress, levels });
      expect(rig.shownCodes.length).toBeGreaterThan(0);
      for (const code of rig.shownCodes) expect(said).not.toContain(code);
    }
  });
});
