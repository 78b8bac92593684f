import { beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../../main/api/contract.js';
import { screenName, shareDone, Visit } from '../../../renderer/visitor/visit.svelte.js';
import { FakeApi } from './fake-api.js';

const key = { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' };
const specimen = { document: 'passport-pace', kind: 'passport', key } as const;
const ready: Verdict = {
  outcome: 'ready',
  reasons: ['issuer-not-checked'],
  advice: ['use-app', 'no-promise'],
  retry: 'none',
};
const today = '2026-11-23';

let api: FakeApi;
let visit: Visit;

beforeEach(() => {
  api = new FakeApi();
  visit = new Visit(api);
});

const where = (): string => screenName(visit.screen);

function walkToReview(): string[] {
  const seen = [where()];
  visit.begin();
  seen.push(where());
  visit.chooseDocument('passport');
  while (where() !== 'review') {
    seen.push(where());
    visit.next();
  }
  return seen;
}

describe('the way through the questions', () => {
  it('asks one thing a screen, dates by year, month, day', () => {
    expect(walkToReview()).toEqual([
      'home',
      'document-kind',
      'document-number',
      'birth-year',
      'birth-month',
      'birth-day',
      'expiry-year',
      'expiry-month',
      'expiry-day',
    ]);
  });

  it('can be walked backwards to home', () => {
    visit.begin();
    visit.chooseDocument('passport');
    visit.next();
    visit.next();
    const seen: string[] = [];
    while (where() !== 'home') {
      seen.push(where());
      visit.back();
    }
    expect(seen).toEqual(['birth-month', 'birth-year', 'document-number', 'document-kind']);
  });

  it('asks for no day where the document names no month, and goes back the same way', () => {
    visit.begin();
    visit.chooseDocument('passport');
    visit.next();
    visit.next();
    visit.setMonth('birth', 0);
    visit.next();
    expect(where()).toBe('expiry-year');
    visit.back();
    expect(where()).toBe('birth-month');
  });

  it('a month chosen instead of none asks for its day again', () => {
    visit.setMonth('birth', 0);
    expect(visit.key.birth.day).toBe(0);
    visit.setMonth('birth', 5);
    expect(visit.key.birth.day).toBeUndefined();
  });

  it('returns to the overview after one answer was corrected there', () => {
    visit.fillIn(specimen);
    visit.edit('birth');
    expect(where()).toBe('birth-year');
    visit.next();
    visit.next();
    visit.next();
    expect(where()).toBe('review');
    visit.edit('document-number');
    visit.back();
    expect(where()).toBe('review');
  });

  it('takes one character more than fits, so that too long a number is seen', () => {
    visit.setNumber('ABCDEFGHIJKL');
    expect(visit.key.documentNumber).toBe('ABCDEFGHIJK');
  });
});

describe('a check', () => {
  it('waits for the document, shows each step and ends with the verdict', async () => {
    void visit.startCheck(key);
    expect(where()).toBe('placing');
    await api.answerStart({ id: 'a' });
    api.emit('chipCheck.progress', { id: 'a', step: 'photo', fraction: 0.5 });
    expect(visit.screen).toEqual({ kind: 'check', step: 'photo', fraction: 0.5 });
    api.emit('chipCheck.verdict', { id: 'a', verdict: ready });
    expect(visit.screen).toEqual({ kind: 'verdict', verdict: ready });
  });

  it('is not missed when it is quicker than the answer to its start', async () => {
    void visit.startCheck(key);
    api.emit('chipCheck.verdict', { id: 'other', verdict: { ...ready, outcome: 'not-ready' } });
    api.emit('chipCheck.verdict', { id: 'a', verdict: ready });
    expect(where()).toBe('placing');
    await api.answerStart({ id: 'a' });
    expect(visit.screen).toEqual({ kind: 'verdict', verdict: ready });
  });

  it('of before is not heard any more', async () => {
    void visit.startCheck(key);
    await api.answerStart({ id: 'a' });
    visit.back();
    api.emit('chipCheck.verdict', { id: 'a', verdict: ready });
    expect(where()).toBe('review');
    expect(api.calls.map(({ name }) => name)).toContain('chipCheck.clear');
  });

  it.each([
    ['busy', 'busy'],
    ['internal', 'refused'],
    ['bad-input', 'refused'],
    ['unreachable', 'interrupted'],
  ] as const)('that cannot start because of %s says so', async (kind, trouble) => {
    void visit.startCheck(key);
    await api.answerStart({ kind });
    expect(visit.screen).toEqual({ kind: 'trouble', trouble });
  });

  it('whose start was not answered in time is called off, for main may run it all the same', async () => {
    void visit.startCheck(key);
    await api.answerStart({ kind: 'unreachable' });
    expect(api.calls.map(({ name }) => name)).toEqual(['chipCheck.start', 'chipCheck.clear']);
  });

  it('ends in clear words when the connection is lost, and keeps what was typed', async () => {
    visit.fillIn(specimen);
    void visit.startCheck(key);
    await api.answerStart({ id: 'a' });
    api.connection('lost');
    expect(visit.screen).toEqual({ kind: 'trouble', trouble: 'interrupted' });
    expect(visit.keyFields(today)).toEqual(key);
  });

  it('shows how far the whole has come', () => {
    expect(shareDone('waiting', 0)).toBe(0);
    expect(shareDone('connect', 0.5)).toBeCloseTo(1 / 12);
    expect(shareDone('verify', 1)).toBe(1);
  });
});

describe('the end of a visit', () => {
  it('comes with Back to home as well: the next person finds nothing of this one', () => {
    visit.begin();
    visit.chooseDocument('identity-card');
    visit.setNumber('T22000129');
    visit.next();
    visit.setYear('birth', '1999');
    expect(visit.empty).toBe(false);
    while (where() !== 'home') visit.back();
    expect(visit.empty).toBe(true);
    expect(visit.document).toBe('passport');
    expect(visit.documentChosen).toBe(false);
    expect(JSON.stringify(visit.key)).not.toMatch(/T22000129|1999/);
    expect(api.calls).toContainEqual({ name: 'chipCheck.clear', input: {} });
  });

  it('forgets what was typed, tells main to forget it, and listens no more', () => {
    visit.fillIn(specimen);
    expect(api.listening).toBeGreaterThan(0);
    visit.end();
    expect(JSON.stringify(visit.key)).not.toContain('XP4271903');
    expect(JSON.stringify(visit.key)).not.toContain('1984');
    expect(api.calls).toContainEqual({ name: 'chipCheck.clear', input: {} });
    expect(api.listening).toBe(0);
  });
});
