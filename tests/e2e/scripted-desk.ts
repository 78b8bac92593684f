import type {
  AccessState,
  BoardState,
  DayStatistics,
  DeskState,
  DeskTicket,
} from '../../main/api/contract.js';

// A desk and a board on an ordinary morning, as main tells of them.

export const loggedIn: AccessState = { role: 'staff', mustSetPin: false, staffPinSet: true };
export const nobodyIn: AccessState = { role: 'guest', mustSetPin: false, staffPinSet: true };

/** Half past ten in Copenhagen. */
const at = Date.UTC(2026, 10, 25, 9, 30);
const minuteMs = 60_000;

const passports = { da: 'Pas og kørekort', en: 'Passports and driving licences' };
const mitId = { da: 'MitID', en: 'MitID' };
const counterNames = (number: number) => ({ da: `Skranke ${number}`, en: `Counter ${number}` });

export function ticket(number: number, changes: Partial<DeskTicket> = {}): DeskTicket {
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    label: `A${String(number).padStart(3, '0')}`,
    service: 'passports',
    origin: 'walk-in',
    state: 'waiting',
    language: 'da',
    takenAt: at - 12 * minuteMs,
    waitingFrom: at - (40 - number) * minuteMs,
    calls: 0,
    paper: 'printed',
    ...changes,
  };
}

export const called = ticket(11, {
  state: 'called',
  service: 'mitid',
  counter: '2',
  calls: 1,
  calledAt: at,
  reason: { kind: 'chip-check', outcome: 'not-ready', reason: 'chip-silent' },
});

export const deskAtWork: DeskState = {
  at,
  counter: '2',
  current: called,
  waiting: [
    ticket(12),
    ticket(13, { origin: 'appointment', appointmentTime: '10:30', language: 'en' }),
    ticket(14, {
      service: 'mitid',
      transferredFrom: 'passports',
      reason: { kind: 'chip-check', outcome: 'could-not-tell', reason: 'moved-too-early' },
    }),
  ],
  waitingTotal: 3,
  early: [ticket(20, { origin: 'appointment', appointmentTime: '11:15' })],
  parked: [ticket(8, { state: 'parked' })],
  elsewhere: [ticket(9, { state: 'serving', counter: '1' })],
  noShows: [ticket(5, { state: 'no-show' })],
  papers: [ticket(13, { paper: 'not-printed', paperTrouble: 'paper-out' })],
  services: [
    {
      id: 'passports',
      names: passports,
      state: { kind: 'open', until: '15:00' },
      paused: false,
      waiting: 2,
      longestWaitMinutes: 28,
    },
    {
      id: 'mitid',
      names: mitId,
      state: { kind: 'open', until: '15:00' },
      paused: false,
      waiting: 1,
      longestWaitMinutes: 26,
    },
  ],
  counters: [
    { id: '1', names: counterNames(1), staffed: true, services: [], label: 'A009' },
    { id: '2', names: counterNames(2), staffed: true, services: [], label: 'A011' },
    { id: '3', names: counterNames(3), staffed: false, services: [] },
  ],
  source: 'ready',
  printer: { kind: 'ready', paperLow: false },
};

const hour = (
  hourOfDay: number,
  taken: number,
  waiting: readonly [number, number],
  serving: readonly [number, number],
): DayStatistics['services'][number]['hours'][number] => ({
  hour: hourOfDay,
  taken,
  served: taken,
  noShows: 0,
  cancelled: 0,
  waiting: { p50: waiting[0] * 60, p90: waiting[1] * 60 },
  serving: { p50: serving[0] * 60, p90: serving[1] * 60 },
});

export const figures: DayStatistics = {
  day: '2026-11-25',
  total: {
    taken: 43,
    served: 36,
    noShows: 4,
    cancelled: 1,
    waiting: { p50: 480, p90: 1320 },
    serving: { p50: 420, p90: 900 },
  },
  services: [
    {
      service: 'passports',
      taken: 31,
      served: 26,
      noShows: 3,
      cancelled: 1,
      waiting: { p50: 540, p90: 1500 },
      serving: { p50: 360, p90: 660 },
      hours: [hour(8, 9, [4, 11], [6, 9]), hour(9, 14, [12, 27], [6, 12]), hour(10, 8, [9, 18], [5, 10])],
    },
    {
      service: 'mitid',
      taken: 12,
      served: 10,
      noShows: 1,
      cancelled: 0,
      waiting: { p50: 300, p90: 720 },
      serving: { p50: 780, p90: 1260 },
      hours: [hour(9, 7, [5, 12], [13, 21]), { hour: 10, taken: 5, served: 0, noShows: 1, cancelled: 0 }],
    },
  ],
};

export const boardAtWork: BoardState = {
  placeName: 'Borgerservice Hovedbiblioteket',
  time: '10:30',
  serving: [11, 9, 7, 6, 4].map((number, index) => ({
    label: `A${String(number).padStart(3, '0')}`,
    counter: String(index + 1),
    counterNames: counterNames(index + 1),
    called: index === 0,
    calledAt: at - index * minuteMs,
  })),
  calls: [11, 9, 7, 6, 5, 4, 3, 2].map((number, index) => ({
    call: 100 - index,
    label: `A${String(number).padStart(3, '0')}`,
    counter: String(index + 1),
    counterNames: counterNames(index + 1),
    agoMs: index * minuteMs,
  })),
  services: [
    { id: 'passports', names: passports, waiting: 7 },
    { id: 'mitid', names: mitId, waiting: 2 },
  ],
  speech: false,
};
