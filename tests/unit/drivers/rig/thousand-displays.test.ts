import { expect, it } from 'vitest';
import type { DisplayFacts } from '../../../../drivers/rig/types.js';
import type { DemoRigFault } from '../../../../drivers/simulated/rig/types.js';
import { seededRandom } from '../../../simulation/seeded-random.js';
import { factsOf, faultsOf, tested } from './bench.js';

const faults = [
  'dead-segment',
  'weak-segment',
  'stuck-segment',
  'slow-segment',
  'missing-digit',
  'dim',
  'dark',
  'button-broken',
  'button-sometimes',
  'no-new-codes',
  'battery-low',
] as const satisfies readonly DemoRigFault[];

function isSound(facts: DisplayFacts): boolean {
  return (
    facts.digitsPresent === 6 &&
    facts.segments?.flat().every((health) => health === 'healthy') === true &&
    facts.lights === true &&
    !facts.dim &&
    facts.button === 'works' &&
    (facts.newCodes === 'regular' || facts.newCodes === 'unknown') &&
    facts.battery === 'good'
  );
}

function isCondemned(facts: DisplayFacts): boolean {
  return (
    faultsOf(facts).length > 0 ||
    facts.digitsPresent < 6 ||
    facts.dim ||
    facts.lights !== true ||
    facts.button !== 'works' ||
    facts.newCodes === 'none' ||
    facts.newCodes === 'irregular' ||
    facts.battery !== 'good'
  );
}

const share = (sorted: readonly number[], part: number): number => sorted[Math.floor(part * sorted.length)]!;

it('tells a thousand displays apart: no healthy one is condemned, no faulty one is passed', async () => {
  const random = seededRandom(20_261_128);
  const codes: number[] = [];
  const presses: number[] = [];
  const wrong: string[] = [];
  let withoutCadence = 0;
  for (let number = 0; number < 1000; number++) {
    const fault = random() < 0.4 ? 'none' : faults[Math.floor(random() * faults.length)]!;
    const test = await tested({
      seed: number,
      fault,
      litFor: 4 + 8 * random(),
      changesWhileLit: random() < 0.5,
      age: 0.85 + 0.15 * random(),
    });
    const facts = factsOf(test);
    if (fault === 'none') {
      codes.push(facts.codes);
      presses.push(facts.presses);
      if (facts.newCodes === 'unknown') withoutCadence++;
      if (isCondemned(facts) || !isSound(facts)) wrong.push(`${number}: healthy`);
    } else if (!isCondemned(facts)) {
      wrong.push(`${number}: ${fault}`);
    }
    const { digit, segment } = test.rig.display.faultPlace;
    const expected = {
      'dead-segment': ['dead'],
      'stuck-segment': ['stuck'],
      'weak-segment': ['weak'],
      'slow-segment': ['slow'],
    } as const;
    if (fault in expected) {
      const [health] = expected[fault as keyof typeof expected];
      const found = faultsOf(facts);
      const meant = `${digit}${'abcdefg'[segment]!} ${health}`;
      if (found.length !== 1 || found[0] !== meant) wrong.push(`${number}: ${meant}, found ${found.join()}`);
    }
  }
  codes.sort((a, b) => a - b);
  presses.sort((a, b) => a - b);
  const mean = codes.reduce((a, b) => a + b, 0) / codes.length;
  console.log(
    `healthy displays: ${codes.length}. Codes: mean ${mean.toFixed(1)}, median ${share(codes, 0.5)}, ` +
      `95 % ${share(codes, 0.95)}; expected 26 and 47, in blocks of 5. ` +
      `Presses: median ${share(presses, 0.5)}, 95 % ${share(presses, 0.95)}.`,
  );
  expect(wrong).toEqual([]);
  // A display that is lit while its code changes does not always tell when it did.
  expect(withoutCadence / codes.length).toBeLessThan(0.02);
  // Up to the end of a block: two more on average.
  expect(mean).toBeGreaterThan(25);
  expect(mean).toBeLessThan(31);
  expect(share(codes, 0.95)).toBeLessThanOrEqual(55);
  expect(share(presses, 0.5)).toBeLessThan(60);
}, 240_000);
