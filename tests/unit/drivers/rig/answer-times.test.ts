import { describe, expect, it } from 'vitest';
import type { ByteLine } from '../../../../drivers/shared/byte-line.js';
import { seededRandom } from '../../../simulation/seeded-random.js';
import { calibrated, factsOf, faultsOf, tested } from './bench.js';
import type { IdleClock } from './idle-clock.js';

/** A rig that takes so long for each answer. */
function late(line: ByteLine, clock: IdleClock, ms: number): ByteLine {
  return {
    write: (bytes) => line.write(bytes),
    onData: (callback) => line.onData((bytes) => clock.after(ms, () => callback(bytes))),
    onClose: (callback) => line.onClose(callback),
    close: () => line.close(),
  };
}

/** A clock that counts whole seconds only, as an instrument's may. */
function inWholeSeconds(line: ByteLine): ByteLine {
  return {
    write: (bytes) => line.write(bytes),
    onData: (callback) =>
      line.onData((bytes) =>
        callback(
          new TextEncoder().encode(
            new TextDecoder().decode(bytes).replace(/^(\d+,\d+,\d+)\.\d+$/m, (_, time: string) => time),
          ),
        ),
      ),
    onClose: (callback) => line.onClose(callback),
    close: () => line.close(),
  };
}

const displays = 9;
const times = [
  { least: 1, most: 25 },
  { least: 25, most: 60 },
  { least: 60, most: 110 },
];
const ways = [
  { changesWhileLit: false, does: 'keeps its code while it is lit' },
  { changesWhileLit: true, does: 'changes while it is lit' },
];
const all = times.flatMap((time) => ways.map((way) => ({ ...time, ...way })));

describe.each(all)('a rig that takes $least to $most ms an answer, and a display that $does', (at) => {
  const draw = async (fault: 'none' | 'slow-segment', number: number) => {
    const random = seededRandom(1000 * number + at.most);
    const ms = at.least + (at.most - at.least) * random();
    const test = await tested({
      seed: 40_000 + number,
      fault,
      // At its own speed: what is a matter of a second on the display is so on the line.
      speed: 1,
      litFor: 4 + (number % 3 === 0 ? 56 : 16) * random(),
      changesWhileLit: at.changesWhileLit,
      through: (line, clock) => late(number % 2 === 0 ? inWholeSeconds(line) : line, clock, ms),
    });
    return { facts: factsOf(test), place: test.rig.display.faultPlace };
  };

  it('find no fault in a healthy one', async () => {
    for (let number = 0; number < displays; number++) {
      const { facts } = await draw('none', number);
      expect({ number, faults: faultsOf(facts), ...facts }).toMatchObject({
        faults: [],
        lights: true,
        dim: false,
        button: 'works',
        battery: 'good',
        digitsPresent: 6,
      });
      expect(facts.segments?.flat()).toEqual(new Array(42).fill('healthy'));
      expect(['regular', 'unknown']).toContain(facts.newCodes);
    }
  }, 120_000);

  it('find a slow segment, and no other', async () => {
    for (let number = 0; number < displays; number++) {
      const { facts, place } = await draw('slow-segment', number);
      expect(faultsOf(facts)).toEqual([`${place.digit}${'abcdefg'[place.segment]!} slow`]);
    }
  }, 120_000);
});

describe('a rig that is too slow to see how quickly segments come', () => {
  it('says so, and ends all the same', async () => {
    const facts = factsOf(await tested({ speed: 1, through: (line, clock) => late(line, clock, 300) }));
    expect(facts).toMatchObject({ paceJudged: false, lights: true, newCodes: 'regular' });
    expect(facts.segments?.flat()).toEqual(new Array(42).fill('healthy'));
    expect(factsOf(await tested({ speed: 1 })).paceJudged).toBe(true);
  });

  it('is calibrated all the same', async () => {
    const { outcome } = await calibrated('none', 3, {
      speed: 1,
      through: (line, clock) => late(line, clock, 300),
    });
    expect(outcome.kind).toBe('calibrated');
  });
});
