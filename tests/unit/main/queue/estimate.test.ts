import { describe, expect, it } from 'vitest';
import { waitEstimate } from '../../../../main/api/contract/queue.js';
import { type Ahead, type EstimateInput, estimateWait } from '../../../../main/queue/estimate.js';
import { ServiceTimes } from '../../../../main/queue/service-times.js';

const now = Date.parse('2026-11-23T11:00:00Z');
const minute = 60_000;
const times = new ServiceTimes([
  { id: 'passport', servingMinutes: 10 },
  { id: 'mitid', servingMinutes: 10 },
]);
const anything = { services: [] };
const waiting = (count: number, service = 'passport'): Ahead[] =>
  Array<Ahead>(count).fill({ service, waitingFrom: now - minute });

function estimate(input: Partial<EstimateInput>) {
  return estimateWait({
    now,
    service: 'passport',
    ahead: [],
    counters: [anything],
    timesOf: (service) => times.timesOf(service),
    ...input,
  });
}
function range(input: Partial<EstimateInput>): { from: number; to: number } {
  const answer = estimate(input);
  if (answer.kind === 'unknown') throw new Error('no range');
  return { from: answer.fromMinutes, to: answer.toMinutes };
}
const middle = (input: Partial<EstimateInput>): number => {
  const { from, to } = range(input);
  return (from + to) / 2;
};

describe('the estimate', () => {
  it('is unknown while no counter serves the service', () => {
    expect(estimate({ counters: [] })).toEqual({ kind: 'unknown' });
    expect(estimate({ counters: [{ services: ['mitid'] }] })).toEqual({ kind: 'unknown' });
  });

  it('is the shortest range when a counter is free and nobody waits', () => {
    expect(range({})).toEqual({ from: 0, to: 5 });
  });

  it('is always a range, in minutes that people say', () => {
    for (let count = 0; count < 60; count += 3) {
      const answer = estimate({ ahead: waiting(count), counters: [anything, anything] });
      expect(waitEstimate.parse(answer)).toEqual(answer);
      const { from, to } = range({ ahead: waiting(count), counters: [anything, anything] });
      expect(from).toBeLessThan(to);
      expect([from % 5, to % 5]).toEqual([0, 0]);
    }
  });

  it('holds what the mean says, and grows with who is ahead and shrinks with counters', () => {
    const { from, to } = range({ ahead: waiting(12), counters: [anything, anything] });
    expect(from).toBeLessThan(60);
    expect(to).toBeGreaterThan(60);
    expect(middle({ ahead: waiting(6) })).toBeGreaterThan(middle({ ahead: waiting(3) }));
    expect(middle({ ahead: waiting(6), counters: [anything, anything] })).toBeLessThan(
      middle({ ahead: waiting(6) }),
    );
  });

  it('counts what is served now by how long it has taken', () => {
    const current = (minutes: number) => ({
      services: [],
      current: { service: 'passport', since: now - minutes * minute },
    });
    expect(range({ counters: [current(1)] }).to).toBeGreaterThan(5);
    expect(range({ counters: [current(1), anything] })).toEqual({ from: 0, to: 5 });
    // Far longer than any learnt: it may end at any moment.
    expect(range({ counters: [current(200)] })).toEqual({ from: 0, to: 10 });
  });

  it('leaves aside who is served by other counters alone', () => {
    expect(
      range({
        ahead: waiting(20, 'mitid'),
        counters: [{ services: ['passport'] }, { services: ['mitid'] }],
      }),
    ).toEqual({ from: 0, to: 5 });
  });

  it('counts who is ahead at a counter that serves both', () => {
    expect(range({ ahead: waiting(6, 'mitid') }).from).toBeGreaterThan(10);
  });

  it('counts booked appointments that slip in before, from their time on only', () => {
    const booked = (minutes: number) =>
      Array<Ahead>(4).fill({ service: 'passport', waitingFrom: now + minutes * minute });
    const alone = middle({ ahead: waiting(4) });
    expect(middle({ ahead: [...waiting(4), ...booked(5)] })).toBeGreaterThan(alone + 15);
    expect(Math.abs(middle({ ahead: [...waiting(4), ...booked(300)] }) - alone)).toBeLessThanOrEqual(10);
  });

  it('does not end before the time of an appointment that came early', () => {
    const { from, to } = range({ waitingFrom: now + 25 * minute });
    expect(from).toBe(25);
    expect(to).toBeGreaterThanOrEqual(30);
  });

  it('is wider while little is known', () => {
    const learnt = new ServiceTimes([{ id: 'passport', servingMinutes: 10 }]);
    for (let call = 0; call < 200; call++) {
      const ticket = { day: '2026-11-23', ticket: 't', service: 'passport', counter: '1' };
      learnt.learn({ ...ticket, kind: 'called', at: now });
      learnt.learn({ ...ticket, kind: 'done', at: now + (7 + (call % 7)) * minute });
    }
    const width = (timesOf: EstimateInput['timesOf']): number => {
      const { from, to } = range({ ahead: waiting(5), timesOf });
      return to - from;
    };
    expect(width((service) => learnt.timesOf(service))).toBeLessThan(
      width((service) => times.timesOf(service)),
    );
  });

  it('is the same for the same queue', () => {
    expect(estimate({ ahead: waiting(9) })).toEqual(estimate({ ahead: waiting(9) }));
  });

  it('comes at once with 200 ahead', () => {
    const ahead = [...waiting(120), ...waiting(60, 'mitid')].concat(
      Array.from({ length: 20 }, (_, index) => ({ service: 'mitid', waitingFrom: now + index * minute })),
    );
    const counters = Array.from({ length: 8 }, () => anything);
    const took = Array.from({ length: 15 }, () => {
      const before = performance.now();
      estimate({ ahead, counters });
      return performance.now() - before;
    }).sort((a, b) => a - b);
    // 2 ms where nothing else runs.
    expect(took[7]).toBeLessThan(20);
  });
});
