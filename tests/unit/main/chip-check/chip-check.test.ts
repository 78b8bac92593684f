import { describe, expect, it } from 'vitest';
import type { EventData } from '../../../../main/api/contract.js';
import { ChipCheck, type ChipCheckListener } from '../../../../main/chip-check/chip-check.js';
import { defaultRules } from '../../../../main/chip-check/rules.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { FakeChips } from '../fake-chips.js';
import { soundFacts } from './facts.js';

const key = { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' };

class Ear implements ChipCheckListener {
  readonly steps: string[] = [];
  readonly verdicts: EventData<'chipCheck.verdict'>[] = [];
  progress({ step }: EventData<'chipCheck.progress'>): void {
    this.steps.push(step);
  }
  verdict(verdict: EventData<'chipCheck.verdict'>): void {
    this.verdicts.push(verdict);
  }
}

function kiosk() {
  const clock = new ManualClock();
  const chips = new FakeChips();
  const log: unknown[] = [];
  let ids = 0;
  const service = new ChipCheck({
    chips,
    rules: defaultRules,
    today: () => '2026-11-23',
    newId: () => `check-${++ids}`,
    clock,
    log: {
      started: () => log.push('started'),
      ended: (...what) => log.push(what),
      cleared: () => log.push('cleared'),
    },
  });
  return { clock, chips, log, service };
}

describe('a chip check', () => {
  it('asks the reader with the key fields as the machine-readable zone has them', () => {
    const { service, chips } = kiosk();
    service.start('passport', { ...key, birthDate: '2000-05-00' }, new Ear());
    expect(chips.checks[0]?.request.key).toEqual({
      documentNumber: 'XP4271903',
      birthDate: '0005<<',
      expiryDate: '340930',
    });
    service.clear(new Ear());
  });

  it('takes a birth date of which only the year is known', () => {
    const { service, chips } = kiosk();
    service.start('passport', { ...key, birthDate: '1957-00-00' }, new Ear());
    expect(chips.checks[0]?.request.key.birthDate).toBe('57<<<<');
  });

  it.each([
    ['passport', 'C11T002JM4', 'C11T002JM'],
    ['passport', 'C11T002JM5', 'C11T002JM5'],
    ['passport', 'L898902C<3', 'L898902C'],
    ['passport', 'AB<12345', 'AB<12345'],
    ['identity-card', 'C11T002JM4', 'C11T002JM4'],
  ] as const)('of a %s with the typed number %s asks for %s', (document, documentNumber, asked) => {
    const { service, chips } = kiosk();
    service.start(document, { ...key, documentNumber }, new Ear());
    expect(chips.checks[0]?.request.key.documentNumber).toBe(asked);
  });

  it.each([
    ['an expiry without a day', { expiryDate: '2030-00-00' }],
    ['a small letter in the number', { documentNumber: 'xp4' }],
    ['a number that is too long', { documentNumber: 'A'.repeat(23) }],
  ])('refuses %s, and what runs goes on', (_what, change) => {
    const { service, chips, log } = kiosk();
    const ear = new Ear();
    service.start('passport', key, ear);
    expect(service.start('passport', { ...key, ...change }, ear)).toEqual({ kind: 'bad-input' });
    expect(chips.checks).toHaveLength(1);
    expect(chips.checks[0]?.signal.aborted).toBe(false);
    expect(log).toEqual(['started']);
  });

  it('passes each step on and then gives the verdict, with nothing left running', async () => {
    const { service, chips, clock, log } = kiosk();
    const ear = new Ear();
    const started = service.start('passport', key, ear);
    chips.checks[0]?.progress({ id: 'check-1', step: 'photo', fraction: 0.5 });
    chips.checks[0]?.end({ kind: 'facts', facts: soundFacts });
    await settled();
    expect(started).toEqual({ kind: 'started', id: 'check-1' });
    expect(ear.steps).toEqual(['photo']);
    expect(ear.verdicts).toMatchObject([{ id: 'check-1', verdict: { outcome: 'ready' } }]);
    expect(clock.pending).toBe(0);
    expect(log).toEqual(['started', ['facts', 0]]);
  });

  it('refuses a second screen while the first has one running', () => {
    const { service, chips } = kiosk();
    service.start('passport', key, new Ear());
    expect(service.start('passport', key, new Ear())).toEqual({ kind: 'busy' });
    expect(chips.checks).toHaveLength(1);
  });

  it('started again by the same screen ends the first, of which nothing more is heard', async () => {
    const { service, chips } = kiosk();
    const ear = new Ear();
    service.start('passport', key, ear);
    service.start('passport', key, ear);
    expect(chips.checks[0]?.signal.aborted).toBe(true);
    chips.checks[0]?.progress({ id: 'check-1', step: 'photo', fraction: 0 });
    chips.checks[0]?.end({ kind: 'host-lost' });
    chips.checks[1]?.end({ kind: 'facts', facts: soundFacts });
    await settled();
    expect(ear.steps).toEqual([]);
    expect(ear.verdicts.map(({ id }) => id)).toEqual(['check-2']);
  });

  it('cleared ends at once, says nothing more and leaves the kiosk free for the next', async () => {
    const { service, chips, clock } = kiosk();
    const ear = new Ear();
    service.start('passport', key, ear);
    service.clear(ear);
    expect(chips.checks[0]?.signal.aborted).toBe(true);
    expect(service.start('passport', key, new Ear()).kind).toBe('started');
    chips.checks[0]?.end({ kind: 'host-lost' });
    chips.checks[1]?.end({ kind: 'host-lost' });
    await settled();
    expect(ear.verdicts).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('is not ended by another screen that clears', () => {
    const { service, chips } = kiosk();
    service.start('passport', key, new Ear());
    service.clear(new Ear());
    expect(chips.checks[0]?.signal.aborted).toBe(false);
  });

  it('gets a verdict within its deadline even when the reader never answers', async () => {
    const { service, chips, clock } = kiosk();
    const ear = new Ear();
    service.start('passport', key, ear);
    await clock.pass(6 * 60_000);
    expect(chips.checks[0]?.signal.aborted).toBe(true);
    expect(ear.verdicts[0]?.verdict.reasons).toEqual(['took-too-long']);
  });

  it('gets a verdict even when the driver breaks its promise never to reject', async () => {
    const { service, chips, clock } = kiosk();
    const ear = new Ear();
    service.start('passport', key, ear);
    chips.checks[0]?.fail(new Error('a bug'));
    await settled();
    expect(ear.verdicts[0]?.verdict.reasons).toEqual(['interrupted']);
    expect(clock.pending).toBe(0);
  });
});
