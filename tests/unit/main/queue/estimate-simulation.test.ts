import { describe, expect, it } from 'vitest';
import { dayAfter } from '../../../../main/queue/local-time.js';
import { accuracyOf } from '../../../simulation/accuracy.js';
import { busyLobby, simulateDays } from '../../../simulation/lobby-day.js';

describe('on 20 simulated days in a lobby whose serving times are not the configured ones', () => {
  const days = Array.from({ length: 20 }, (_, index) => dayAfter('2026-11-02', index));
  const waits = simulateDays(busyLobby, days, 20261123);

  it('there is an estimate for everyone, and enough waiting for it to matter', () => {
    expect(waits.length).toBeGreaterThan(2000);
    expect(waits.every(({ estimate }) => estimate.kind === 'range')).toBe(true);
    expect(waits.filter(({ waitedMinutes }) => waitedMinutes > 10).length).toBeGreaterThan(800);
  });

  it.each([
    ['everyone', () => true],
    ['those with a booking', ({ appointment }) => appointment],
    ['those without', ({ appointment }) => !appointment],
    ['those who wait long', ({ waitedMinutes }) => waitedMinutes > 10],
    ['the first day, when nothing was learnt yet', ({ day }) => day === days[0]],
    ...busyLobby.services.map(({ id }): [string, (wait: (typeof waits)[number]) => boolean] => [
      `the service ${id}`,
      ({ service }) => service === id,
    ]),
  ] as [string, (wait: (typeof waits)[number]) => boolean][])(
    'the range holds the true wait at least 8 times out of 10 for %s',
    (_, chosen) => {
      expect(accuracyOf(waits.filter(chosen)).held).toBeGreaterThanOrEqual(0.8);
    },
  );

  it('the range is narrow enough to be of use', () => {
    const { medianWidthMinutes, medianWaitMinutes } = accuracyOf(waits);
    expect(medianWidthMinutes).toBeLessThanOrEqual(20);
    expect(medianWaitMinutes).toBeGreaterThan(5);
  });

  it('is the same with every run', () => {
    expect(simulateDays(busyLobby, days.slice(0, 1), 20261123)).toEqual(
      waits.filter(({ day }) => day === days[0]),
    );
  });
});
