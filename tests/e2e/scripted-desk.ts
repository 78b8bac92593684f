import type {
  AccessState,
  benchDisplayResult,
  benchKeyResult,
  BenchLevels,
  BenchState,
  BoardState,
  DayStatistics,
  DeskState,
  DeskTicket,
} from '../../main/api/contract.js';
import type { z } from 'zod';

type BenchDisplayResult = z.infer<typeof benchDisplayResult>;
type BenchKeyResult = z.infer<typeof benchKeyResult>;

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
    ticket(15, {
      service: 'mitid',
      reason: { kind: 'device', device: 'code-display', outcome: 'replace', reason: 'segment-dead' },
    }),
  ],
  waitingTotal: 4,
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
  source: 'ready',
};

// The bench.

export const technicianIn: AccessState = { role: 'technician', mustSetPin: false, staffPinSet: true };

export const benchAtRest: BenchState = {
  rig: {
    kind: 'ready',
    manufacturer: 'Måleværkstedet',
    model: 'KV-RIG 6',
    serialNumber: 'KV60417',
    firmware: '2.4.1',
    transport: 'serial',
  },
  demo: false,
  keys: 1,
  calibration: { kind: 'there', at: '2026-11-12T08:15:00.000Z', ageDays: 13, old: false },
  selfTests: [
    { at: '2026-11-25T07:02:00.000Z', rig: 'KV60417', result: 0, errors: [] },
    {
      at: '2026-11-24T07:01:00.000Z',
      rig: 'KV60417',
      result: 2,
      errors: [
        { code: -330, text: 'Self-test failed;sensor board' },
        { code: 101, text: 'Lamp 3 below its lower limit' },
      ],
    },
    { at: '2026-11-23T07:03:00.000Z', rig: 'KV60417', result: 0, errors: [] },
  ],
};

export const benchWithoutRig: BenchState = {
  ...benchAtRest,
  rig: { kind: 'fault', fault: 'silent' },
  keys: 0,
  calibration: { kind: 'there', at: '2026-01-12T08:15:00.000Z', ageDays: 317, old: true },
  selfTests: [],
};

export const benchAtWork: BenchState = {
  ...benchAtRest,
  running: { kind: 'display', own: false, step: 'codes', codes: 12, fraction: 0.4 },
};

/** Which segments are not well: digit and segment, both counted from 0. */
const dead = { digit: 2, segment: 1 };
const weak = { digit: 4, segment: 6 };
const lies = (place: typeof dead, digit: number, segment: number): boolean =>
  place.digit === digit && place.segment === segment;
const segmentsOf = <Value>(of: (digit: number, segment: number) => Value): Value[][] =>
  Array.from({ length: 6 }, (_digit, digit) =>
    Array.from({ length: 7 }, (_segment, segment) => of(digit, segment)),
  );

export const levels: BenchLevels = {
  codes: 12,
  digits: segmentsOf((digit, segment) => {
    const shade = 13 * digit + 7 * segment;
    if (lies(dead, digit, segment)) return { on: null, off: { low: 90, high: 190 } };
    const on = lies(weak, digit, segment) ? { low: 410, high: 520 } : { low: 760 - shade, high: 890 - shade };
    return { on, off: { low: 70 + shade, high: 160 + shade } };
  }),
};

export const brokenDisplay: Extract<BenchDisplayResult, { kind: 'tested' }> = {
  kind: 'tested',
  facts: {
    digitsExpected: 6,
    digitsPresent: 6,
    segments: segmentsOf((digit, segment) => {
      if (lies(dead, digit, segment)) return 'dead';
      return lies(weak, digit, segment) ? 'weak' : 'healthy';
    }),
    codes: 31,
    presses: 33,
    confidence: 0.9968,
    paceJudged: true,
    lights: true,
    dim: false,
    button: 'sometimes',
    newCodes: 'regular',
    codeEverySeconds: 30.02,
    batteryVolts: 2.87,
    battery: 'good',
    elapsedMs: 214_000,
  },
  verdict: {
    device: 'code-display',
    way: 'rig',
    outcome: 'replace',
    reasons: ['segment-dead', 'segment-weak', 'button-sometimes'],
    advice: ['order-new', 'first-three-free'],
    retry: false,
    certainty: { percent: 99, codes: 31, presses: 33 },
    demo: false,
  },
};

export const healthyDisplay: Extract<BenchDisplayResult, { kind: 'tested' }> = {
  kind: 'tested',
  facts: {
    ...brokenDisplay.facts,
    segments: segmentsOf(() => 'healthy' as const),
    button: 'works',
  },
  verdict: { ...brokenDisplay.verdict, outcome: 'works', reasons: [], advice: ['use-it'] },
};

/** Each health once, a digit that is missing, and as little known as can be. */
export const motleyDisplay: Extract<BenchDisplayResult, { kind: 'tested' }> = {
  kind: 'tested',
  facts: {
    ...brokenDisplay.facts,
    digitsPresent: 5,
    segments: [
      ['healthy', 'weak', 'dead', 'stuck', 'slow', 'unsettled', 'healthy'],
      ...segmentsOf((digit): 'healthy' | 'unsettled' => (digit === 1 ? 'unsettled' : 'healthy')).slice(0, 4),
    ],
    dim: true,
    newCodes: 'unknown',
    codeEverySeconds: null,
    batteryVolts: null,
    battery: 'unknown',
    elapsedMs: 41_000,
  },
  verdict: { ...brokenDisplay.verdict, reasons: ['segment-dead', 'segment-stuck', 'digit-missing'] },
};

export const fewCodes: Extract<BenchDisplayResult, { kind: 'tested' }> = {
  kind: 'tested',
  facts: {
    ...brokenDisplay.facts,
    segments: null,
    codes: 3,
    presses: 4,
    confidence: 0.12,
    paceJudged: false,
  },
  verdict: {
    ...brokenDisplay.verdict,
    outcome: 'could-not-tell',
    reasons: ['too-few-codes'],
    advice: ['try-again'],
    retry: true,
  },
};

export const keyInUsb: Extract<BenchKeyResult, { kind: 'answers' }> = {
  kind: 'answers',
  facts: {
    way: 'usb',
    versions: ['FIDO_2_0', 'FIDO_2_1', 'U2F_V2'],
    ctap2: true,
    u2f: true,
    hid: { protocolVersion: 2, deviceVersion: [1, 4, 2], wink: true, cbor: true, message: true },
    ping: true,
    winked: true,
    aaguid: '00112233445566778899aabbccddeeff',
    transports: ['usb', 'nfc', 'ble'],
    firmwareVersion: 328_706,
    maxMessageSize: 1200,
    elapsedMs: 183.4,
  },
  verdict: {
    device: 'mitid-chip',
    way: 'usb',
    outcome: 'works',
    reasons: ['chip-answers', 'owner-not-checked'],
    advice: ['use-it'],
    retry: false,
    chip: { versions: ['FIDO_2_0', 'FIDO_2_1', 'U2F_V2'], winked: true },
    demo: false,
  },
};
