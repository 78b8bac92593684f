import { describe, expect, it } from 'vitest';
import { words } from '../../../../main/i18n/languages.js';
import { ticketPaper } from '../../../../main/queue/ticket-paper.js';
import type { NewTicket } from '../../../../main/queue/types.js';

const ticket: NewTicket = {
  id: '00000000-0000-4000-8000-000000000001',
  label: 'A001',
  service: 'passport',
  names: { da: 'Pas', en: 'Passport' },
  origin: 'walk-in',
  time: '10:05',
  estimate: { kind: 'unknown' },
  qr: 'A001',
  follows: false,
};

it.each([
  ['da', 'Trukket 8. december 2026 kl. 10:05'],
  ['en', 'Taken on 8 December 2026 at 10:05'],
] as const)('a ticket says on which day it was taken: %s', (language, taken) => {
  const { lines } = ticketPaper(ticket, {
    words: words[language],
    placeName: 'Borgerservice',
    day: '2026-12-08',
    demo: false,
    copy: false,
  });
  expect(lines).toEqual([ticket.names[language], taken]);
});

describe('the wait on paper', () => {
  it.each([
    [20, 45, 'Approx. wait: 20–45 min.'],
    [40, 150, 'Approx. wait: 40 min. to 3 hours'],
    [190, 410, 'Approx. wait: 3–7 hours'],
  ])('of %i to %i minutes reads: %s', (fromMinutes, toMinutes, line) => {
    const ticket = {
      ...{ id: 'one', label: 'A001', service: 'passport', names: { da: 'Pas', en: 'Passport' } },
      ...({ origin: 'walk-in', time: '10:00', qr: 'A001', follows: false } as const),
      estimate: { kind: 'range', fromMinutes, toMinutes },
    } as const;
    const options = {
      words: words.en,
      placeName: 'Borgerservice',
      day: '2026-12-08',
      demo: false,
      copy: false,
    };
    expect(ticketPaper(ticket, options).lines).toContain(line);
  });
});
