import { describe, expect, it } from 'vitest';
import { ServiceTimes, type TimedEvent } from '../../../../main/queue/service-times.js';
import { seededRandom } from '../../../simulation/seeded-random.js';

const services = [
  { id: 'passport', servingMinutes: 10 },
  { id: 'mitid', servingMinutes: 15 },
];
const minute = 60_000;

function event(at: number, kind: TimedEvent['kind'], ticket: string, service: string | null): TimedEvent {
  return { at: at * minute, day: '2026-11-23', kind, ticket, service, counter: '1' };
}
/** So many calls of so many minutes each. */
function serve(times: ServiceTimes, count: number, minutes: () => number, service = 'passport'): void {
  for (let index = 0; index < count; index++) {
    times.learn(event(index, 'called', 't', service));
    times.learn(event(index + minutes(), 'done', 't', null));
  }
}
const mean = (times: ServiceTimes, service = 'passport'): number => times.timesOf(service).meanMs / minute;

describe('serving times', () => {
  it('are the configured ones before anything was measured, and known badly', () => {
    const times = new ServiceTimes(services);
    expect(mean(times)).toBe(10);
    expect(mean(times, 'mitid')).toBe(15);
    expect(times.timesOf('passport').errorMs).toBeGreaterThan(2 * minute);
  });

  it('come closer to what is measured with every call, by service', () => {
    const times = new ServiceTimes(services);
    serve(times, 1, () => 4);
    expect(mean(times)).toBeCloseTo(9, 5);
    serve(times, 4, () => 4);
    expect(mean(times)).toBeGreaterThan(6.5);
    expect(mean(times)).toBeLessThan(7.5);
    serve(times, 200, () => 4);
    expect(mean(times)).toBeCloseTo(4, 0);
    expect(mean(times, 'mitid')).toBe(15);
  });

  it('are known the better the more calls there were', () => {
    const times = new ServiceTimes(services);
    const before = times.timesOf('passport').errorMs;
    serve(times, 100, () => 10);
    expect(times.timesOf('passport').errorMs).toBeLessThan(before / 4);
  });

  it('forget how it was some hundred calls ago', () => {
    const times = new ServiceTimes(services);
    serve(times, 500, () => 5);
    serve(times, 300, () => 20);
    expect(mean(times)).toBeGreaterThan(18);
  });

  it('learn how far calls differ', () => {
    const random = seededRandom(1);
    const times = new ServiceTimes(services);
    // Evenly from 2 to 10 min: mean 6, deviation 8 / √12.
    serve(times, 1000, () => 2 + 8 * random());
    expect(mean(times)).toBeGreaterThan(5.5);
    expect(mean(times)).toBeLessThan(6.7);
    expect(times.timesOf('passport').deviationMs / minute).toBeGreaterThan(2);
    expect(times.timesOf('passport').deviationMs / minute).toBeLessThan(3.2);
  });

  it.each(['done', 'no-show', 'parked', 'transferred', 'cancelled'] as const)(
    'last from the call until the counter is free, by %s',
    (end) => {
      const times = new ServiceTimes(services);
      times.learn(event(0, 'taken', 't', 'passport'));
      times.learn(event(20, 'called', 't', 'passport'));
      times.learn(event(21, 'recalled', 't', 'passport'));
      times.learn(event(22, 'serving', 't', 'passport'));
      times.learn(event(26, end, 't', 'mitid'));
      expect(mean(times)).toBeCloseTo((5 * 10 + 6) / 6, 5);
      expect(mean(times, 'mitid')).toBe(15);
    },
  );

  it.each([
    ['an end without a call', [event(5, 'done', 't', 'passport')]],
    ['a cancellation while waiting', [event(0, 'taken', 't', 'passport'), event(1, 'cancelled', 't', null)]],
    ['a clock that was set back', [event(5, 'called', 't', 'passport'), event(1, 'done', 't', null)]],
    [
      'a call that nobody ended for hours',
      [event(0, 'called', 't', 'passport'), event(300, 'done', 't', null)],
    ],
    [
      'a service that the settings do not know',
      [event(0, 'called', 't', 'old'), event(1, 'done', 't', null)],
    ],
    [
      'a call of the day before',
      [event(0, 'called', 't', 'passport'), { ...event(5, 'done', 't', null), day: '2026-11-24' }],
    ],
  ])('learn nothing from %s', (_, events) => {
    const times = new ServiceTimes(services);
    for (const each of events) times.learn(each);
    expect(services.map(({ id }) => mean(times, id))).toEqual([10, 15]);
  });
});
