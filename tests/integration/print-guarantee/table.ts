import type { Case } from './lane.js';

/** What a visitor's screen was told last; `dark`: the kiosk was killed. */
type Screen = 'printed' | 'did you get it?' | 'dark' | `number, ${string}`;
/** See `Known.paper`. */
type Paper = '' | 'scrap' | 'cut short' | 'whole';
/** State and trouble in the database, once the fault is mended and the kiosk runs again. */
type Job = 'confirmed' | `failed ${string}` | `unknown ${string}`;
/** What comes out when staff print it once more. */
type Again = 'whole' | 'kopi whole';

export interface Row extends Case {
  readonly screen: Screen;
  readonly paper: Paper;
  readonly job: Job;
  readonly again: Again;
}

const printing = ['body', 'midway', 'cut', 'process-id', 'reply'] as const;

// Whatever happens at whichever step of the print guarantee, this is what it comes to.
const table: readonly (readonly [Case['what'], readonly Case['at'][], Screen, Paper, Job, Again])[] = [
  ['none', ['before'], 'printed', 'whole', 'confirmed', 'kopi whole'],
  ['paper-low', ['before', ...printing], 'printed', 'whole', 'confirmed', 'kopi whole'],
  ['slow', ['before', ...printing], 'printed', 'whole', 'confirmed', 'kopi whole'],

  // Nothing was sent: the paper that comes out later is the first.
  [
    'kiosk killed',
    ['taken', 'asked', 'before queued', 'queued', 'before sent'],
    ...(['dark', '', 'failed error', 'whole'] as const),
  ],
  ['kiosk killed', ['sent'], 'dark', '', 'unknown error', 'kopi whole'],
  [
    'kiosk killed',
    [...printing, 'before ended'],
    ...(['dark', 'whole', 'unknown error', 'kopi whole'] as const),
  ],
  ['kiosk killed', ['ended'], 'dark', 'whole', 'confirmed', 'kopi whole'],
  ['power cut', ['body'], 'dark', 'scrap', 'unknown error', 'kopi whole'],
  ['power cut', ['midway'], 'dark', 'cut short', 'unknown error', 'kopi whole'],
  ['power cut', ['cut', 'process-id', 'reply'], 'dark', 'whole', 'unknown error', 'kopi whole'],
  ['host killed', printing, 'did you get it?', 'whole', 'unknown error', 'kopi whole'],

  ['paper-out', ['before'], 'number, paper-out', '', 'failed paper-out', 'whole'],
  ['paper-out', ['body'], 'number, paper-out', 'scrap', 'failed paper-out', 'kopi whole'],
  ['paper-out', ['midway'], 'number, paper-out', 'cut short', 'failed paper-out', 'kopi whole'],
  ['paper-out', ['cut', 'process-id'], 'number, paper-out', 'whole', 'failed paper-out', 'kopi whole'],
  // The printer had said that it is out: the roll ended behind it.
  ['paper-out', ['reply'], 'printed', 'whole', 'confirmed', 'kopi whole'],
  [
    'paper-out-midway',
    ['before', 'body', 'midway'],
    ...(['number, paper-out', 'cut short', 'failed paper-out', 'kopi whole'] as const),
  ],

  ['cover-open', ['before'], 'number, cover-open', '', 'failed cover-open', 'whole'],
  ['cover-open', ['body'], 'number, cover-open', 'scrap', 'failed cover-open', 'kopi whole'],
  ['cover-open', ['midway'], 'number, cover-open', 'cut short', 'failed cover-open', 'kopi whole'],
  ['cover-open', ['cut', 'process-id'], 'number, cover-open', 'whole', 'failed cover-open', 'kopi whole'],
  ['cover-open', ['reply'], 'did you get it?', 'whole', 'unknown cover-open', 'kopi whole'],

  ['cutter-jam', ['before'], 'number, cutter-jam', '', 'failed cutter-jam', 'whole'],
  ['cutter-jam', ['body'], 'number, cutter-jam', 'scrap', 'failed cutter-jam', 'kopi whole'],
  ['cutter-jam', ['midway'], 'number, cutter-jam', 'cut short', 'failed cutter-jam', 'kopi whole'],
  ['cutter-jam', ['cut', 'process-id'], 'number, cutter-jam', 'whole', 'failed cutter-jam', 'kopi whole'],
  ['cutter-jam', ['reply'], 'did you get it?', 'whole', 'unknown cutter-jam', 'kopi whole'],

  ['unplugged', ['before'], 'number, not-connected', '', 'failed not-connected', 'whole'],
  ['unplugged', ['body'], 'did you get it?', 'scrap', 'unknown not-connected', 'kopi whole'],
  ['unplugged', ['midway'], 'did you get it?', 'cut short', 'unknown not-connected', 'kopi whole'],
  [
    'unplugged',
    ['cut', 'process-id', 'reply'],
    ...(['did you get it?', 'whole', 'unknown not-connected', 'kopi whole'] as const),
  ],

  // What stood in the printer comes out by itself once it goes on: hence the question.
  ['offline', ['before'], 'number, offline', '', 'failed offline', 'whole'],
  [
    'offline',
    ['body', 'midway', 'cut', 'process-id'],
    ...(['did you get it?', 'whole', 'unknown offline', 'kopi whole'] as const),
  ],
  ['offline', ['reply'], 'printed', 'whole', 'confirmed', 'kopi whole'],
  ['silent', ['before'], 'number, silent', '', 'failed silent', 'whole'],
  ['silent', printing, 'did you get it?', 'whole', 'unknown silent', 'kopi whole'],
];

export const rows: readonly Row[] = table.flatMap(([what, steps, screen, paper, job, again]) =>
  steps.map((at) => ({ what, at, screen, paper, job, again })),
);
