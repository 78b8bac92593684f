import type { WordsFile } from './words.js';

export const da: WordsFile = {
  code: 'da',
  locale: 'da-DK',
  direction: 'ltr',
  voice: 'da',
  paper: {
    title: 'Dit nummer er',
    taken: 'Trukket {day} kl. {time}',
    appointment: 'Bestilt tid kl. {time}',
    ahead:
      '{count, plural, =0 {Du er den næste} one {# person er foran dig} other {# personer er foran dig}}',
    wait: 'Ca. ventetid: {from}–{to} min.',
    waitHours: 'Ca. ventetid: {from}–{to} timer',
    waitMixed: 'Ca. ventetid: {from} min. til {to} timer',
    called: 'Hold øje med tavlen. Du bliver kaldt op.',
    follow: 'Følg dit nummer på din telefon',
    number: 'Dit nummer',
    copy: 'KOPI',
    demo: 'Prøve: gælder ikke',
  },
  speech: { call: 'Nummer {number}. {counter}.' },
};
