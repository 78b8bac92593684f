import type { WaitEstimate } from '../api/contract.js';
import type { ServingTime } from './service-times.js';

/** Someone who is called before, or may be. */
export interface Ahead {
  readonly service: string;
  /** From when on it counts as waiting, ms since 1970; not later than now: it waits already. */
  readonly waitingFrom: number;
}

/** A counter where someone is logged in. */
export interface StaffedCounter {
  /** What it serves; none named: everything. */
  readonly services: readonly string[];
  /** What is called to it or served there, and since when, ms since 1970. */
  readonly current?: { readonly service: string; readonly since: number } | undefined;
}

export interface EstimateInput {
  /** ms since 1970. */
  readonly now: number;
  readonly service: string;
  /** From when on it counts as waiting, ms since 1970; default: now. */
  readonly waitingFrom?: number;
  /**
   * Who goes before by the rules of the call order, in that order: who waits, and booked appointments that will count as
   * waiting later, whether they have arrived yet or not.
   */
  readonly ahead: readonly Ahead[];
  readonly counters: readonly StaffedCounter[];
  readonly timesOf: (service: string) => ServingTime;
}

/** Standard normal deviates (Box and Muller), in pairs that cancel out. */
const normals = Float64Array.from({ length: 512 }, (_, index) => {
  const [ring, step] = [Math.floor(index / 16), index % 16];
  return Math.sqrt(-2 * Math.log((ring + 0.5) / 32)) * Math.cos((2 * Math.PI * (step + 0.5)) / 16);
});

/** How often the queue is played through for one estimate, and how many calls that may be together: 2 ms or so. */
const mostPlays = 240;
const leastPlays = 80;
const mostCalls = 24_000;
/** The range leaves out so much at either end; promised are 8 in 10, and a lobby knows more surprises than this file. */
const leftOut = 0.1;
/** Share of booked appointments that come. */
const comes = 0.88;
/** How often someone leaves a counter for a while, and for how long, ms: nobody tells beforehand. */
const betweenBreaksMs = 4 * 3_600_000;
const breakMs = 30 * 60_000;

/**
 * How long it will be from now until the call: the queue is played through with serving times drawn at random
 * (log-normal: many short ones, a few very long) around what was learnt and how little is known of it, with breaks of
 * counters and with appointments that nobody comes to. The same input has the same answer.
 */
export function estimateWait(input: EstimateInput): WaitEstimate {
  const lobby = new Lobby(input);
  if (!lobby.served) return { kind: 'unknown' };
  const calls = input.ahead.length + input.counters.length + 1;
  const plays = Math.min(mostPlays, Math.max(leastPlays, Math.floor(mostCalls / calls)));
  const random = uniform(1);
  const waits = new Float64Array(plays).map(() => lobby.play(random)).sort();
  const at = (share: number): number => (waits[Math.floor(share * (plays - 1))] ?? 0) / 60_000;
  return { kind: 'range', ...rounded(at(leftOut), at(1 - leftOut)) };
}

/** Outwards to what people say: steps of 5 min up to half an hour, of 10 up to an hour and a half, of 15 beyond. */
function rounded(from: number, to: number): { fromMinutes: number; toMinutes: number } {
  const step = (minutes: number): number => (minutes <= 30 ? 5 : minutes <= 90 ? 10 : 15);
  return {
    fromMinutes: Math.floor(from / step(from)) * step(from),
    toMinutes: Math.max(5, Math.ceil(to / step(to)) * step(to)),
  };
}

/** Those of one service, by their places in the call order. */
interface Line {
  readonly times: Times;
  readonly waiting: readonly number[];
  /** Counting as waiting from then on, ms from now; the first first. */
  readonly coming: readonly { readonly place: number; readonly fromMs: number }[];
}

interface Desk {
  readonly lines: readonly number[];
  readonly servesMine: boolean;
  readonly current: { readonly times: Times; readonly sinceMs: number } | undefined;
}

/** The lobby as it is, to be played through again and again. */
class Lobby {
  readonly #mineMs: number;
  readonly #lines: readonly Line[];
  readonly #desks: readonly Desk[];
  readonly #waitingHeads: Int32Array;
  readonly #comingHeads: Int32Array;
  readonly #pace: Float64Array;
  readonly #freeMs: Float64Array;
  readonly #breakMs: Float64Array;
  /** By place: 1 when a booked appointment comes this time. */
  readonly #comes: Uint8Array;

  constructor({ now, service, waitingFrom = now, ahead, counters, timesOf }: EstimateInput) {
    this.#mineMs = Math.max(0, waitingFrom - now);
    const services = [...new Set(ahead.map((each) => each.service))];
    const entries = ahead.map((each, place) => ({
      place,
      service: each.service,
      fromMs: Math.max(0, each.waitingFrom - now),
    }));
    this.#lines = services.map((each) => {
      const own = entries.filter((entry) => entry.service === each);
      return {
        times: new Times(timesOf(each)),
        waiting: own.filter(({ fromMs }) => fromMs === 0).map(({ place }) => place),
        coming: own.filter(({ fromMs }) => fromMs > 0).sort((a, b) => a.fromMs - b.fromMs),
      };
    });
    this.#desks = counters.map((counter) => {
      const serves = (wanted: string): boolean =>
        counter.services.length === 0 || counter.services.includes(wanted);
      return {
        lines: services.flatMap((each, line) => (serves(each) ? [line] : [])),
        servesMine: serves(service),
        current: counter.current && {
          times: new Times(timesOf(counter.current.service)),
          sinceMs: Math.max(0, now - counter.current.since),
        },
      };
    });
    this.#waitingHeads = new Int32Array(services.length);
    this.#comingHeads = new Int32Array(services.length);
    this.#pace = new Float64Array(services.length);
    this.#freeMs = new Float64Array(counters.length);
    this.#breakMs = new Float64Array(counters.length);
    this.#comes = new Uint8Array(ahead.length);
  }

  /** Whether anybody serves what is asked for. */
  get served(): boolean {
    return this.#desks.some(({ servesMine }) => servesMine);
  }

  /** ms from now until the call, this time. */
  play(random: () => number): number {
    this.#begin(random);
    for (;;) {
      const index = this.#nextFree();
      const desk = this.#desks[index];
      const free = this.#freeMs[index] ?? Infinity;
      if (desk === undefined || free === Infinity) return free;
      if (free >= (this.#breakMs[index] ?? Infinity)) {
        this.#freeMs[index] = free + breakMs;
        this.#breakMs[index] = Infinity;
        continue;
      }
      const line = this.#firstLine(desk, free);
      if (line !== undefined) {
        this.#freeMs[index] = free + (this.#lines[line]?.times.any(random) ?? 0) * (this.#pace[line] ?? 1);
      } else if (desk.servesMine && free >= this.#mineMs) {
        return free;
      } else {
        this.#freeMs[index] = this.#nextComing(desk);
      }
    }
  }

  #begin(random: () => number): void {
    this.#waitingHeads.fill(0);
    this.#comingHeads.fill(0);
    for (const [index, { times }] of this.#lines.entries()) this.#pace[index] = times.pace(random);
    for (const { coming } of this.#lines) {
      for (const { place } of coming) this.#comes[place] = random() < comes ? 1 : 0;
    }
    for (const [index, { current }] of this.#desks.entries()) {
      this.#freeMs[index] = current === undefined ? 0 : current.times.left(current.sinceMs, random);
      this.#breakMs[index] = -Math.log(1 - random()) * betweenBreaksMs;
    }
  }

  #nextFree(): number {
    let first = 0;
    for (let index = 1; index < this.#freeMs.length; index++) {
      if ((this.#freeMs[index] ?? Infinity) < (this.#freeMs[first] ?? Infinity)) first = index;
    }
    return first;
  }

  /** Takes who is called next out of its line. */
  #firstLine(desk: Desk, free: number): number | undefined {
    let place = Infinity;
    let line: number | undefined;
    for (const index of desk.lines) {
      const waiting = this.#lines[index]?.waiting[this.#waitingHeads[index] ?? 0] ?? Infinity;
      const coming = this.#arrived(index, free);
      if (Math.min(waiting, coming) < place) {
        place = Math.min(waiting, coming);
        line = index;
      }
    }
    if (line === undefined) return undefined;
    const heads =
      this.#lines[line]?.waiting[this.#waitingHeads[line] ?? 0] === place
        ? this.#waitingHeads
        : this.#comingHeads;
    heads[line] = (heads[line] ?? 0) + 1;
    return line;
  }

  /** The place of the line's next appointment, if its time has come; passes over those that nobody comes to. */
  #arrived(line: number, free: number): number {
    for (;;) {
      const next = this.#lines[line]?.coming[this.#comingHeads[line] ?? 0];
      if (next === undefined || next.fromMs > free) return Infinity;
      if (this.#comes[next.place] === 1) return next.place;
      this.#comingHeads[line] = (this.#comingHeads[line] ?? 0) + 1;
    }
  }

  #nextComing({ lines, servesMine }: Desk): number {
    let next = servesMine ? this.#mineMs : Infinity;
    for (const line of lines) {
      next = Math.min(next, this.#lines[line]?.coming[this.#comingHeads[line] ?? 0]?.fromMs ?? Infinity);
    }
    return next;
  }
}

/** Serving times of one service to draw from. */
class Times {
  readonly #meanMs: number;
  readonly #pace: number;
  readonly #draws: Float64Array;

  constructor({ meanMs, deviationMs, errorMs }: ServingTime) {
    const spread = Math.sqrt(Math.log(1 + (deviationMs / meanMs) ** 2));
    this.#meanMs = meanMs;
    this.#pace = errorMs / meanMs;
    this.#draws = normals.map((normal) => meanMs * Math.exp(spread * normal - spread ** 2 / 2));
  }

  /** One, ms. */
  any(random: () => number): number {
    return pick(this.#draws, random);
  }

  /** How much longer than learnt they all may be. */
  pace(random: () => number): number {
    return Math.exp(this.#pace * pick(normals, random));
  }

  /** What is left of one that has taken so long already, ms. */
  left(sinceMs: number, random: () => number): number {
    for (let tries = 0; tries < 12; tries++) {
      const draw = this.any(random);
      if (draw > sinceMs) return draw - sinceMs;
    }
    return this.#meanMs * random();
  }
}

function pick(values: Float64Array, random: () => number): number {
  return values[Math.floor(random() * values.length)] ?? 0;
}

/** From 0 up to 1, the same with every run: the linear congruential generator of Numerical Recipes, section 7.1. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}
