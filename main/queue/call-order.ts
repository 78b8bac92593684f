import type { PriorityRule, QueueSettings } from './settings.js';

/** What the rules of the call order look at. */
export interface Ranked {
  readonly origin: 'walk-in' | 'appointment';
  readonly service: string;
  readonly transferred: boolean;
  /** Parked, or missed, before. */
  readonly returned: boolean;
  /** ms since 1970. */
  readonly waitingFrom: number;
}

/** The ticket's place in the call order: smaller is earlier. All rules that apply are added up, ms since 1970. */
export function orderOf({ priority }: Pick<QueueSettings, 'priority'>, ticket: Ranked): number {
  const minutes = priority
    .filter(({ applies }) => doesApply(applies, ticket))
    .reduce((sum, rule) => sum + rule.minutes, 0);
  return ticket.waitingFrom - minutes * 60_000;
}

function doesApply(applies: PriorityRule['applies'], ticket: Ranked): boolean {
  switch (applies.to) {
    case 'appointments':
      return ticket.origin === 'appointment';
    case 'service':
      return ticket.service === applies.service;
    case 'transferred':
      return ticket.transferred;
    case 'returned':
      return ticket.returned;
  }
}
