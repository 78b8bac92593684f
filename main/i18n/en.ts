import type { WordsFile } from './words.js';

export const en: WordsFile = {
  code: 'en',
  locale: 'en-GB',
  direction: 'ltr',
  voice: 'en-gb',
  paper: {
    title: 'Your number is',
    taken: 'Taken on {day} at {time}',
    appointment: 'Booked for {time}',
    ahead: '{count, plural, =0 {You are next} one {# person is before you} other {# people are before you}}',
    wait: 'Approx. wait: {from}–{to} min.',
    waitHours: 'Approx. wait: {from}–{to} hours',
    waitMixed: 'Approx. wait: {from} min. to {to} hours',
    called: 'Watch the board. You will be called.',
    follow: 'Follow your number on your phone',
    number: 'Your number',
    copy: 'COPY',
    demo: 'Demo: not valid',
  },
  speech: { call: 'Number {number}. {counter}.' },
};
