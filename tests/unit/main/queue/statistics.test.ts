import { describe, expect, it } from 'vitest';
import { dayStatistics as contract } from '../../../../main/api/contract/desk.js';
import { instantOf } from '../../../../main/queue/local-time.js';
import { type CountedEvent, dayStatistics } from '../../../../main/queue/statistics.js';

const day = '2026-11-23';
const at = (time: string): number => instantOf(day, time.slice(0, 5)) + Number(time.slice(6, 8)) * 1000;

/** "10:00 taken 1 passport" */
function log(...lines: string[]): CountedEvent[] {
  return lines.map((line) => {
    const [time = '', kind, ticket = null, service = null, waitingFrom] = line.split(' ');
    return {
      at: at(time),
      kind: kind as CountedEvent['kind'],
      ticket,
      service,
      data: waitingFrom === undefined ? null : JSON.stringify({ waitingFrom: at(waitingFrom) }),
    };
  });
}
const figures = (...lines: string[]) => dayStatistics(log(...lines), day);
const minutes = (count: number) => ({ p50: count * 60, p90: count * 60 });

describe("a day's figures", () => {
  it('are none of a day without events, nor of events that are no ticket’s', () => {
    const none = { taken: 0, served: 0, noShows: 0, cancelled: 0 };
    expect(figures()).toEqual({ day, total: none, services: [] });
    expect(figures('10:00 staffed', '11:00 paused  passport').total).toEqual(none);
  });

  it('count waiting until the call and serving from when the person came', () => {
    expect(
      figures('10:00 taken 1 passport', '10:12 called 1 passport', '10:13 serving 1', '10:20 done 1').total,
    ).toEqual({ taken: 1, served: 1, noShows: 0, cancelled: 0, waiting: minutes(12), serving: minutes(7) });
  });

  it('count serving from the call where nobody said that the person came', () => {
    expect(figures('10:00 taken 1 passport', '10:12 called 1', '10:20 done 1').total.serving).toEqual(
      minutes(8),
    );
  });

  it('count an appointment as waiting from its time on, not from its arrival', () => {
    expect(figures('10:00 arrived 1 passport 10:30', '10:35 called 1', '10:40 done 1').total.waiting).toEqual(
      minutes(5),
    );
  });

  it('count no wait below zero when an appointment is called before its time', () => {
    expect(figures('10:00 arrived 1 passport 10:30', '10:20 called 1').total.waiting).toEqual(minutes(0));
  });

  it('let recalls change nothing', () => {
    expect(
      figures('10:00 taken 1 passport', '10:10 called 1', '10:12 recalled 1', '10:15 done 1').total,
    ).toMatchObject({ waiting: minutes(10), serving: minutes(5) });
  });

  it('add up what comes before and after parking, without the break and without a second wait', () => {
    expect(
      figures('10:00 taken 1 passport', '10:10 called 1', '10:15 parked 1', '11:00 called 1', '11:03 done 1')
        .total,
    ).toEqual({ taken: 1, served: 1, noShows: 0, cancelled: 0, waiting: minutes(10), serving: minutes(8) });
  });

  it('count who was called in vain as waiting and as a no-show, not as served', () => {
    expect(figures('10:00 taken 1 passport', '10:10 called 1', '10:12 no-show 1').total).toEqual({
      taken: 1,
      served: 0,
      noShows: 1,
      cancelled: 0,
      waiting: minutes(10),
    });
  });

  it('forget the no-show of who came after all', () => {
    expect(
      figures('10:00 taken 1 passport', '10:10 called 1', '10:12 no-show 1', '10:30 called 1', '10:34 done 1')
        .total,
    ).toEqual({ taken: 1, served: 1, noShows: 0, cancelled: 0, waiting: minutes(10), serving: minutes(4) });
  });

  it('forget the no-show of who was called again, also while that is not over', () => {
    expect(
      figures('10:00 taken 1 passport', '10:10 called 1', '10:12 no-show 1', '10:30 called 1').total.noShows,
    ).toBe(0);
  });

  it('count who is sent on as taken once, and as waiting and being served at both services', () => {
    const { total, services } = figures(
      '10:00 taken 1 passport',
      '10:10 called 1 passport',
      '10:15 transferred 1 mitid',
      '10:35 called 1 mitid',
      '10:44 done 1',
    );
    expect(total).toMatchObject({ taken: 1, served: 1 });
    expect(services).toMatchObject([
      { service: 'mitid', taken: 0, served: 1, waiting: minutes(20), serving: minutes(9) },
      { service: 'passport', taken: 1, served: 0, waiting: minutes(10), serving: minutes(5) },
    ]);
  });

  it('count the cancelled as neither waiting nor served', () => {
    expect(figures('10:00 taken 1 passport', '10:10 cancelled 1').total).toEqual({
      taken: 1,
      served: 0,
      noShows: 0,
      cancelled: 1,
    });
  });

  it('leave void tickets out', () => {
    expect(figures('10:00 taken 1 passport', '10:01 void 1').total.taken).toBe(0);
  });

  it('do not go below zero when the clock was set back', () => {
    expect(figures('10:00 taken 1 passport', '09:50 called 1', '09:40 done 1').total).toMatchObject({
      waiting: minutes(0),
      serving: minutes(0),
    });
  });

  it('belong to the local hour in which the ticket began to wait, on the day on which summer time ends too', () => {
    const { services } = figures(
      '10:59 taken 1 passport',
      '11:00 taken 2 passport',
      '11:05 called 1',
      '11:10 done 1',
      '11:10 called 2',
      '11:30 done 2',
    );
    expect(services[0]?.hours).toEqual([
      { hour: 10, taken: 1, served: 1, noShows: 0, cancelled: 0, waiting: minutes(6), serving: minutes(5) },
      { hour: 11, taken: 1, served: 1, noShows: 0, cancelled: 0, waiting: minutes(10), serving: minutes(20) },
    ]);
    const second = {
      at: Date.parse('2026-10-25T01:30:00Z'),
      kind: 'taken',
      ticket: '1',
      data: null,
    } as const;
    expect(
      dayStatistics([{ ...second, service: 'passport' }], '2026-10-25').services[0]?.hours[0]?.hour,
    ).toBe(2);
  });

  it('have percentiles of the nearest rank', () => {
    const lines = Array.from({ length: 20 }, (_, index) => {
      const minute = String(index + 1).padStart(2, '0');
      return [`10:00 taken ${index} passport`, `10:${minute} called ${index}`];
    }).flat();
    // Of 20 samples, 1 to 20 min, the tenth and the eighteenth.
    expect(figures(...lines).total.waiting).toEqual({ p50: 600, p90: 1080 });
    expect(figures('10:00 taken 1 passport', '10:00:29 called 1').total.waiting).toEqual({
      p50: 29,
      p90: 29,
    });
  });

  it('fit the contract', () => {
    const statistics = figures('10:00 taken 1 passport', '10:12 called 1', '10:20 done 1');
    expect(contract.parse(statistics)).toEqual(statistics);
  });

  it('come out the same whatever two tickets do in between each other', () => {
    const one = ['10:00 taken 1 passport', '10:12 called 1', '10:20 done 1'];
    const two = ['10:01 taken 2 mitid', '10:13 called 2', '10:25 done 2'];
    const mixed = one.flatMap((line, index) => [line, two[index] ?? '']);
    expect(figures(...mixed)).toEqual(figures(...one, ...two));
  });
});
