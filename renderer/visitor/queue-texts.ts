import { waitSpan, type ServiceState, type WaitEstimate } from '../../main/api/contract.js';
import type { Messages } from '../i18n/da.js';
import { weekdayText } from '../i18n/format.js';

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

interface DatedWording extends Wording {
  /** `locale`: BCP 47 tag for dates. */
  readonly language: { readonly locale: string };
}

/** Why no numbers are given out for a service, and when it opens. */
export function closedText(
  { text, format, language }: DatedWording,
  state: Exclude<ServiceState, { readonly kind: 'open' }>,
): string {
  const message = text.queue.closed[state.kind];
  switch (state.kind) {
    case 'opens-later':
      return format(message, { time: state.at });
    case 'closed-today':
    case 'over-for-today': {
      const { opensNext } = state;
      if (opensNext === undefined) return message;
      const day = weekdayText(language.locale, opensNext.day);
      return format(text.queue.opensNext, { closed: message, day, time: opensNext.at });
    }
    case 'full':
    case 'paused':
      return message;
  }
}
