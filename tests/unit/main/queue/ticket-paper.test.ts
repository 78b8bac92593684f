import { describe, expect, it } from 'vitest';
import { words } from '../../../../main/i18n/languages.js';
import { ticketPaper } from '../../../../main/queue/ticket-paper.js';

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
    const options = { words: words.en, placeName: 'Borgerservice', demo: false, copy: false };
    expect(ticketPaper(ticket, options).lines).toContain(line);
  });
});
