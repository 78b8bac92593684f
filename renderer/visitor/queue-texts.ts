import { waitSpan, type ServiceState, type WaitEstimate } from '../../main/api/contract.js';
import type { Messages } from '../i18n/da.js';

interface Wording {
  readonly text: Messages;
  readonly format: (message: string, values: Readonly<Record<string, string | number>>) => string;
}

/** Under so many minutes, a range would say no more than this, min. */
const shortWait = 5;

/** The wait as a range; no exact number is ever promised. */
export function waitText({ text, format }: Wording, estimate: WaitEstimate): string {
  if (estimate.kind === 'unknown') return text.queue.waitUnknown;
  const { fromMinutes, toMinutes } = estimate;
  if (toMinutes < shortWait) return format(text.queue.waitShort, { limit: shortWait });
  const { unit, from, to } = waitSpan(estimate);
  if (fromMinutes === 0 || fromMinutes >= toMinutes) {
    return format(unit === 'minutes' ? text.queue.waitAtMost : text.queue.waitAtMostHours, { to });
  }
  const wait = {
    minutes: text.queue.wait,
    hours: text.queue.waitHours,
    'minutes-to-hours': text.queue.waitMixed,
  };
  return format(wait[unit], { from, to });
}

export function closedText(
  { text, format }: Wording,
  state: Exclude<ServiceState, { readonly kind: 'open' }>,
): string {
  const message = text.queue.closed[state.kind];
  return state.kind === 'opens-later' ? format(message, { time: state.at }) : message;
}
