import { IntlMessageFormat } from 'intl-messageformat';
import type { TicketContent } from '../../drivers/printer/types.js';
import type { WordsFile } from '../i18n/words.js';
import { waitSpan, type WaitEstimate } from '../api/contract.js';
import { nameIn } from '../i18n/words.js';
import type { NewTicket } from './types.js';

export interface PaperOptions {
  readonly words: WordsFile;
  readonly placeName: string;
  /** The lobby's local day, YYYY-MM-DD: a number counts on the day that it is given out. */
  readonly day: string;
  /** Printed by a printer that is none. */
  readonly demo: boolean;
  /** It may be on paper already. */
  readonly copy: boolean;
}

/** What stands on a ticket, in the visitor's language. */
export function ticketPaper(
  ticket: NewTicket,
  { words, placeName, day, demo, copy }: PaperOptions,
): TicketContent {
  const { code, locale, direction, paper } = words;
  const say = (message: string, values: Readonly<Record<string, string | number>>): string =>
    String(new IntlMessageFormat(message, code).format(values));
  const { ahead, estimate, appointmentTime } = ticket;
  const waitLine = (range: Extract<WaitEstimate, { kind: 'range' }>): string => {
    const { unit, from, to } = waitSpan(range);
    const wait = { minutes: paper.wait, hours: paper.waitHours, 'minutes-to-hours': paper.waitMixed };
    return say(wait[unit], { from, to });
  };
  return {
    language: code,
    direction,
    place: placeName,
    title: paper.title,
    number: ticket.label,
    lines: [
      nameIn(code, ticket.names),
      say(paper.taken, { day: dayText(locale, day), time: ticket.time }),
      ...(appointmentTime === undefined ? [] : [say(paper.appointment, { time: appointmentTime })]),
      ...(ahead === undefined ? [] : [say(paper.ahead, { count: ahead })]),
      ...(estimate.kind === 'range' ? [waitLine(estimate)] : []),
    ],
    qr: ticket.qr,
    qrNote: ticket.follows ? paper.follow : paper.number,
    notes: [paper.called, ...(demo ? [paper.demo] : [])],
    ...(copy ? { copyMark: paper.copy } : {}),
  };
}

function dayText(locale: string, day: string): string {
  const parts: Intl.DateTimeFormatOptions = {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  };
  return new Intl.DateTimeFormat(locale, parts).format(new Date(`${day}T00:00Z`));
}
