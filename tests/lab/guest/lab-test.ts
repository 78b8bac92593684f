import type { Figures } from '../messages.js';
import type { HostChannel } from './host-channel.js';

/** A test of the lab: it throws when something is not as it must be. */
export interface LabTest {
  readonly name: string;
  /** It fails when it takes longer, ms. */
  readonly deadlineMs: number;
  /** Why it cannot be tried here; `undefined`: it can. */
  readonly whyNot?: () => string | undefined;
  readonly run: (host: HostChannel) => Promise<Figures>;
}

/** So often each device is pulled and plugged in again while it is used. */
export const rounds = 20;

/** Median and worst of some times, for the table. */
export function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return `median ${Math.round(median)} ms, at most ${Math.round(sorted.at(-1) ?? Number.NaN)} ms`;
}

/** How often each came, the most frequent first, for the table. */
export function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ');
}
