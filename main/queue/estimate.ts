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
  /** What is called to it or served there. */
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

/** How long it will be from now until the call. */
export function estimateWait({ service, ahead, counters, timesOf }: EstimateInput): WaitEstimate {
  const serving = counters.filter(({ services }) => services.length === 0 || services.includes(service));
  if (serving.length === 0) return { kind: 'unknown' };
  const work = ahead.reduce((sum, each) => sum + timesOf(each.service).meanMs, 0);
  const minutes = work / serving.length / 60_000;
  return { kind: 'range', fromMinutes: Math.floor(minutes / 2), toMinutes: Math.ceil(minutes * 2) + 5 };
}
