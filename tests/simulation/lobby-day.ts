import type { WaitEstimate } from '../../main/api/contract.js';
import { type Ahead, estimateWait } from '../../main/queue/estimate.js';
import { instantOf } from '../../main/queue/local-time.js';
import { ServiceTimes, type TimedEvent } from '../../main/queue/service-times.js';
import { seededRandom } from './seeded-random.js';

/** A lobby as the simulation knows it; the estimate knows the configured times and the event log alone. */
export interface LobbyPlan {
  readonly services: readonly {
    readonly id: string;
    /** As configured, min. */
    readonly servingMinutes: number;
    /** As it is: log-normal. */
    readonly meanMinutes: number;
    readonly variation: number;
    /** Of those who come without a booking. */
    readonly share: number;
    /** Minutes between booked times; none: no bookings. */
    readonly bookedEvery?: number;
  }[];
  readonly counters: readonly {
    readonly id: string;
    readonly services: readonly string[];
    /** Away from a local time on, min. */
    readonly breaks: readonly { readonly from: string; readonly minutes: number }[];
  }[];
  /** Arrivals without a booking, by the hour from 10 on. */
  readonly arrivals: readonly number[];
  readonly appointmentMinutes: number;
}

/** Five counters of a Citizen Service on a day when it is a little too busy until the afternoon. */
export const busyLobby: LobbyPlan = {
  services: [
    { id: 'passport', servingMinutes: 10, meanMinutes: 7.5, variation: 0.5, share: 0.55, bookedEvery: 15 },
    { id: 'mitid', servingMinutes: 15, meanMinutes: 20, variation: 0.7, share: 0.2, bookedEvery: 40 },
    { id: 'other', servingMinutes: 10, meanMinutes: 12, variation: 0.9, share: 0.25 },
  ],
  counters: [
    { id: '1', services: [], breaks: [{ from: '11:30', minutes: 30 }] },
    { id: '2', services: [], breaks: [{ from: '12:00', minutes: 30 }] },
    { id: '3', services: ['passport', 'other'], breaks: [{ from: '12:30', minutes: 30 }] },
    { id: '4', services: ['passport'], breaks: [{ from: '11:00', minutes: 30 }] },
    {
      id: '5',
      services: ['mitid', 'other'],
      breaks: [
        { from: '10:00', minutes: 45 },
        { from: '13:00', minutes: 30 },
      ],
    },
  ],
  arrivals: [24, 22, 18, 16, 12],
  appointmentMinutes: 20,
};

export interface ForetoldWait {
  readonly day: string;
  readonly estimate: WaitEstimate;
  readonly service: string;
  readonly appointment: boolean;
  readonly ahead: number;
  readonly waitedMinutes: number;
}

interface Ticket {
  readonly id: string;
  readonly number: number;
  readonly service: string;
  readonly appointment: boolean;
  readonly waitingFrom: number;
  readonly orderAt: number;
  readonly takenAt: number;
  calledAt?: number;
  estimate?: WaitEstimate;
  ahead: number;
}

interface Counter {
  readonly id: string;
  readonly services: readonly string[];
  readonly breaks: { readonly from: number; readonly until: number }[];
  current?: { readonly ticket: Ticket; readonly since: number };
  staffed: boolean;
}

type Step = { readonly at: number; readonly run: () => void };

const minute = 60_000;

/** Plays days through, one after another, and says what each ticket was told and how long it waited. */
export function simulateDays(plan: LobbyPlan, days: readonly string[], seed: number): ForetoldWait[] {
  const random = seededRandom(seed);
  const times = new ServiceTimes(plan.services);
  return days.flatMap((day) => simulateDay(plan, day, random, times));
}

function simulateDay(
  plan: LobbyPlan,
  day: string,
  random: () => number,
  times: ServiceTimes,
): ForetoldWait[] {
  const opens = instantOf(day, '10:00');
  const tickets: Ticket[] = [];
  const steps: Step[] = [];
  const waiting = new Set<Ticket>();
  const booked: { readonly service: string; readonly at: number; arrived: boolean }[] = [];
  const counters: Counter[] = plan.counters.map(({ id, services, breaks }) => ({
    id,
    services,
    breaks: breaks.map(({ from, minutes }) => {
      // Nobody leaves to the minute.
      const leaves = instantOf(day, from) + Math.floor((random() - 0.5) * 10) * minute;
      return { from: leaves, until: leaves + minutes * minute };
    }),
    staffed: true,
  }));
  const at = (when: number, run: () => void): void => void steps.push({ at: when, run });
  const log = (when: number, kind: TimedEvent['kind'], ticket: Ticket, counter: string | null): void =>
    times.learn({ at: when, day, kind, ticket: ticket.id, service: ticket.service, counter });
  const serves = ({ services }: Counter, service: string): boolean =>
    services.length === 0 || services.includes(service);
  const servingMs = (service: string): number => {
    const real = plan.services.find(({ id }) => id === service);
    if (real === undefined) throw new Error(`no service ${service}`);
    const spread = Math.sqrt(Math.log(1 + real.variation ** 2));
    return real.meanMinutes * minute * Math.exp(spread * normal(random) - spread ** 2 / 2);
  };

  const callNext = (now: number): void => {
    for (const counter of counters) {
      counter.staffed = !counter.breaks.some(({ from, until }) => from <= now && now < until);
      if (!counter.staffed || counter.current !== undefined) continue;
      const next = [...waiting]
        .filter((ticket) => ticket.waitingFrom <= now && serves(counter, ticket.service))
        .sort((a, b) => a.orderAt - b.orderAt || a.number - b.number)[0];
      if (next === undefined) continue;
      waiting.delete(next);
      next.calledAt = now;
      counter.current = { ticket: next, since: now };
      log(now, 'called', next, counter.id);
      const missed = random() < 0.06;
      const ends = now + (missed ? (1 + random()) * minute : servingMs(next.service));
      at(ends, () => {
        log(ends, missed ? 'no-show' : 'done', next, counter.id);
        delete counter.current;
      });
    }
  };

  const take = (now: number, service: string, appointmentAt?: number): void => {
    const appointment = appointmentAt !== undefined;
    const waitingFrom = Math.max(now, appointmentAt ?? now);
    const ticket: Ticket = {
      id: `${day}-${tickets.length}`,
      number: tickets.length,
      service,
      appointment,
      waitingFrom,
      orderAt: waitingFrom - (appointment ? plan.appointmentMinutes * minute : 0),
      takenAt: now,
      ahead: 0,
    };
    const ahead: (Ahead & { readonly orderAt: number })[] = [
      ...waiting,
      ...booked
        .filter((each) => !each.arrived && each.at > now - 10 * minute)
        .map((each) => ({
          service: each.service,
          waitingFrom: Math.max(now, each.at),
          orderAt: each.at - plan.appointmentMinutes * minute,
        })),
    ]
      .filter((each) => each.orderAt <= ticket.orderAt)
      .sort((a, b) => a.orderAt - b.orderAt);
    ticket.ahead = ahead.length;
    ticket.estimate = estimateWait({
      now,
      service,
      waitingFrom,
      ahead,
      counters: counters
        .filter(({ staffed, current }) => staffed || current !== undefined)
        .map(({ services, current }) => ({
          services,
          current: current && { service: current.ticket.service, since: current.since },
        })),
      timesOf: (name) => times.timesOf(name),
    });
    tickets.push(ticket);
    waiting.add(ticket);
    log(now, 'taken', ticket, null);
    if (waitingFrom > now) at(waitingFrom, () => undefined);
  };

  for (const [hour, expected] of plan.arrivals.entries()) {
    const [from, until] = [opens + hour * 60 * minute, opens + (hour + 1) * 60 * minute];
    for (let now = from; ;) {
      now += (-Math.log(1 - random()) * 60 * minute) / expected;
      if (now >= until) break;
      const arrival = now;
      let share = random();
      const service = plan.services.find((each) => (share -= each.share) < 0) ?? plan.services[0];
      if (service !== undefined) at(arrival, () => take(arrival, service.id));
    }
  }
  for (const { id, bookedEvery } of plan.services) {
    if (bookedEvery === undefined) continue;
    const closes = opens + plan.arrivals.length * 60 * minute;
    for (let when = opens + 10 * minute; when < closes; when += bookedEvery * minute) {
      const booking = { service: id, at: when, arrived: false };
      booked.push(booking);
      if (random() < 0.12) continue;
      const comes = Math.max(opens, when - Math.floor(random() * 25 - 3) * minute);
      at(comes, () => {
        booking.arrived = true;
        take(comes, id, when);
      });
    }
  }
  for (const { breaks } of counters) for (const { until } of breaks) at(until, () => undefined);

  for (;;) {
    let first = 0;
    for (let index = 1; index < steps.length; index++) {
      if ((steps[index]?.at ?? Infinity) < (steps[first]?.at ?? Infinity)) first = index;
    }
    const [step] = steps.splice(first, 1);
    if (step === undefined) break;
    step.run();
    callNext(step.at);
  }

  return tickets.flatMap(({ estimate, calledAt, takenAt, service, appointment, ahead }) =>
    estimate === undefined || calledAt === undefined
      ? []
      : [{ day, estimate, service, appointment, ahead, waitedMinutes: (calledAt - takenAt) / minute }],
  );
}

/** Standard normal (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
