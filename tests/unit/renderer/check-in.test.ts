import { beforeEach, describe, expect, it } from 'vitest';
import type { VisitorTicket } from '../../../main/api/contract.js';
import type { CallResult } from '../../../renderer/api.js';
import { languageOf } from '../../../renderer/i18n/languages.js';
import { formatMessage } from '../../../renderer/i18n/format.js';
import { CheckIn } from '../../../renderer/visitor/check-in.svelte.js';
import { waitText } from '../../../renderer/visitor/queue-texts.js';
import { FakeApi } from './fake-api.js';

const ticket: VisitorTicket = {
  id: '00000000-0000-4000-8000-000000000001',
  label: 'A001',
  service: 'mitid',
  names: { da: 'MitID', en: 'MitID' },
  origin: 'walk-in',
  time: '10:30',
  ahead: 2,
  estimate: { kind: 'unknown' },
  qr: 'A001',
  follows: false,
  print: { kind: 'printing' },
};
const given = { ok: true, value: { kind: 'ticket', ticket } } as const;

let api: FakeApi;
let checkIn: CheckIn;

beforeEach(() => {
  api = new FakeApi();
  checkIn = new CheckIn(api);
});
const where = () => checkIn.screen?.kind;
const called = (): string[] => api.calls.map(({ name }) => name);

describe('the way to a number', () => {
  it('asks about a booking only where bookings can be checked in', () => {
    checkIn.begin(false);
    expect(where()).toBe('services');
    checkIn.begin(true);
    expect(where()).toBe('booked');
  });

  it('by service and time sends what was chosen', async () => {
    api.answers('queue.checkIn', given);
    checkIn.begin(true);
    checkIn.answerBooked(true);
    checkIn.withoutCode();
    checkIn.chooseBookedService('mitid');
    checkIn.chooseHour(9);
    expect(where()).toBe('booking-minute');
    await checkIn.checkInAt(5, 'en');
    expect(api.calls.at(-1)?.input).toEqual({
      appointment: { by: 'time', service: 'mitid', time: '09:05' },
      language: 'en',
    });
    expect(where()).toBe('ticket');
  });

  it('by code takes letters and digits, whatever stands between them', async () => {
    api.answers('queue.checkIn', given);
    checkIn.begin(true);
    checkIn.answerBooked(true);
    checkIn.setCode('te-st 22');
    await checkIn.checkInByCode('da');
    expect(api.calls.at(-1)?.input).toMatchObject({ appointment: { by: 'code', code: 'TEST22' } });
    expect(checkIn.code).toBe('');
  });

  it('can be walked back, and the code is forgotten on the way', () => {
    checkIn.begin(true);
    checkIn.answerBooked(true);
    checkIn.setCode('TEST22');
    checkIn.back();
    expect(where()).toBe('booked');
    expect(checkIn.code).toBe('');
    checkIn.back();
    expect(where()).toBeUndefined();
  });

  it('takes one number only while the first is on its way, which cannot be gone back from', async () => {
    let answer: (result: CallResult<'queue.takeNumber'>) => void = () => undefined;
    api.answers('queue.takeNumber', new Promise((resolve) => (answer = resolve)));
    checkIn.begin(false);
    const first = checkIn.takeNumber('mitid', 'da');
    await checkIn.takeNumber('mitid', 'da');
    checkIn.back();
    expect(where()).toBe('sending');
    answer(given);
    await first;
    expect(called().filter((name) => name === 'queue.takeNumber')).toHaveLength(1);
    expect(where()).toBe('ticket');
    checkIn.back();
    expect(where()).toBe('ticket');
  });

  it.each([
    ['unreachable', 'lost'],
    ['queue-off', 'away'],
    ['internal', 'failed'],
  ] as const)('that ends with %s says %s', async (kind, refusal) => {
    api.answers('queue.takeNumber', { ok: false, error: { kind } });
    checkIn.begin(false);
    await checkIn.takeNumber('mitid', 'da');
    expect(checkIn.screen).toEqual({ kind: 'refusal', refusal: { kind: refusal } });
    checkIn.back();
    expect(where()).toBe('services');
  });

  it('leaves a number that comes after the visitor has gone', async () => {
    let answer: (result: CallResult<'queue.takeNumber'>) => void = () => undefined;
    api.answers('queue.takeNumber', new Promise((resolve) => (answer = resolve)));
    checkIn.begin(false);
    const taking = checkIn.takeNumber('mitid', 'da');
    checkIn.end();
    answer(given);
    await taking;
    expect(where()).toBeUndefined();
    expect(called().filter((name) => name === 'queue.leave')).toHaveLength(2);
  });
});

describe('a ticket on screen', () => {
  const take = async (): Promise<void> => {
    api.answers('queue.takeNumber', given);
    checkIn.begin(false);
    await checkIn.takeNumber('mitid', 'da');
  };

  it('follows its paper, and nobody else’s', async () => {
    await take();
    api.emit('queue.ticket', { ...ticket, id: '00000000-0000-4000-8000-000000000002', label: 'A002' });
    expect(checkIn.screen).toMatchObject({ ticket: { label: 'A001', print: { kind: 'printing' } } });
    api.emit('queue.ticket', { ...ticket, print: { kind: 'unknown' } });
    expect(checkIn.screen).toMatchObject({ ticket: { print: { kind: 'unknown' } } });
  });

  it('shows news of its paper that were quicker than the answer', async () => {
    let answer: (result: CallResult<'queue.takeNumber'>) => void = () => undefined;
    api.answers('queue.takeNumber', new Promise((resolve) => (answer = resolve)));
    checkIn.begin(false);
    const taking = checkIn.takeNumber('mitid', 'da');
    api.emit('queue.ticket', { ...ticket, print: { kind: 'printed' } });
    answer(given);
    await taking;
    expect(checkIn.screen).toMatchObject({ ticket: { print: { kind: 'printed' } } });
  });

  it('tells main once whether it was received, and can be printed again', async () => {
    await take();
    api.emit('queue.ticket', { ...ticket, print: { kind: 'unknown' } });
    checkIn.received(false);
    checkIn.received(true);
    expect(api.calls.filter(({ name }) => name === 'queue.received')).toEqual([
      { name: 'queue.received', input: { ticket: ticket.id, received: false } },
    ]);
    checkIn.printAgain();
    expect(checkIn.screen).toMatchObject({ received: undefined, ticket: { print: { kind: 'printing' } } });
    expect(called()).toContain('queue.printAgain');
  });
});

describe('the wait in words', () => {
  const words = (fromMinutes: number, toMinutes: number): string =>
    waitText(
      {
        text: languageOf('en').messages,
        format: (message, values) => formatMessage('en', message, values),
      },
      { kind: 'range', fromMinutes, toMinutes },
    );

  it('never says a range of nothing', () => {
    expect(words(0, 0)).toBe('Wait: under 5 min.');
    expect(words(2, 4)).toBe('Wait: under 5 min.');
    expect(words(0, 12)).toBe('Wait: at most 12 min.');
    expect(words(5, 12)).toBe('Approx. wait: 5–\u206012\u00a0min.');
  });

  it('counts a long wait in hours, so that the true one stays in the range', () => {
    expect(words(60, 89)).toBe('Approx. wait: 60–\u206089\u00a0min.');
    expect(words(190, 410)).toBe('Approx. wait: 3–\u20607\u00a0hours');
    expect(words(40, 150)).toBe('Approx. wait: 40\u00a0min. to 3\u00a0hours');
    expect(words(0, 150)).toBe('Wait: at most 3 hours');
  });
});
