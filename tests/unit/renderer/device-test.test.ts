import { beforeEach, describe, expect, it } from 'vitest';
import type { DeviceVerdict } from '../../../main/api/contract.js';
import { DeviceTest, questionsLeft } from '../../../renderer/visitor/device-test.svelte.js';
import { screenName, Visit } from '../../../renderer/visitor/visit.svelte.js';
import { FakeApi } from './fake-api.js';

const works: DeviceVerdict = {
  device: 'code-display',
  way: 'rig',
  outcome: 'works',
  reasons: [],
  advice: ['use-it'],
  retry: false,
  certainty: { percent: 99, codes: 27, presses: 27 },
  demo: false,
};

let api: FakeApi;
let devices: DeviceTest;

beforeEach(() => {
  api = new FakeApi();
  devices = new DeviceTest(api);
  devices.begin();
});

const called = (): string[] => api.calls.map(({ name }) => name);
const where = (): string | undefined =>
  devices.screen?.kind === 'device-question' ? devices.screen.question : devices.screen?.kind;

describe('a test by the kiosk', () => {
  it('waits for the device, counts codes and ends with the verdict', async () => {
    void devices.measure('code-display');
    expect(devices.screen).toMatchObject({ kind: 'device-test', step: 'waiting', codes: 0 });
    await api.answerStart({ id: 'a' });
    api.emit('authenticator.progress', { id: 'a', step: 'codes', codes: 7, fraction: 0.3 });
    expect(devices.screen).toMatchObject({ step: 'codes', codes: 7, fraction: 0.3 });
    api.emit('authenticator.verdict', { id: 'a', verdict: works });
    expect(devices.screen).toEqual({ kind: 'device-verdict', verdict: works });
  });

  it('is not missed when it is quicker than the answer to its start, and another one is not heard', async () => {
    void devices.measure('mitid-chip');
    api.emit('authenticator.verdict', { id: 'other', verdict: { ...works, outcome: 'replace' } });
    api.emit('authenticator.verdict', { id: 'a', verdict: works });
    expect(where()).toBe('device-test');
    await api.answerStart({ id: 'a' });
    expect(devices.screen).toEqual({ kind: 'device-verdict', verdict: works });
  });

  it('can be stopped for its result, once', async () => {
    void devices.measure('code-display');
    await api.answerStart({ id: 'a' });
    api.emit('authenticator.progress', { id: 'a', step: 'codes', codes: 7, fraction: 0.3 });
    await devices.finish();
    await devices.finish();
    expect(called().filter((name) => name === 'authenticator.finish')).toHaveLength(1);
    api.emit('authenticator.progress', { id: 'a', step: 'codes', codes: 8, fraction: 0.4 });
    expect(devices.screen).toMatchObject({ finishing: true, codes: 8 });
    api.emit('authenticator.verdict', { id: 'a', verdict: works });
    expect(where()).toBe('device-verdict');
  });

  it('is called off with Back, and its verdict is not heard any more', async () => {
    void devices.measure('code-display');
    await api.answerStart({ id: 'a' });
    devices.back();
    expect(where()).toBe('device-choice');
    expect(called()).toContain('authenticator.clear');
    api.emit('authenticator.verdict', { id: 'a', verdict: works });
    expect(where()).toBe('device-choice');
  });

  it('of a display that is under way asks before Back throws it away', async () => {
    void devices.measure('code-display');
    await api.answerStart({ id: 'a' });
    api.emit('authenticator.progress', { id: 'a', step: 'codes', codes: 7, fraction: 0.3 });
    devices.back();
    expect(devices.screen).toMatchObject({ kind: 'device-test', leaving: true });
    api.emit('authenticator.progress', { id: 'a', step: 'codes', codes: 8, fraction: 0.3 });
    expect(devices.screen).toMatchObject({ leaving: true, codes: 8 });
    devices.stay();
    expect(devices.screen).toMatchObject({ leaving: false });
    expect(called()).not.toContain('authenticator.clear');
    devices.back();
    devices.cancel();
    expect(where()).toBe('device-choice');
    expect(called()).toContain('authenticator.clear');
  });

  it('of a chip is over in seconds, and called off without a question', async () => {
    void devices.measure('mitid-chip');
    await api.answerStart({ id: 'a' });
    api.emit('authenticator.progress', { id: 'a', step: 'asking', codes: 0, fraction: 0.3 });
    devices.back();
    expect(where()).toBe('device-choice');
  });

  it('gives way to the questions', async () => {
    void devices.measure('code-display');
    await api.answerStart({ id: 'a' });
    devices.ask('code-display');
    expect(called()).toContain('authenticator.clear');
    api.emit('authenticator.verdict', { id: 'a', verdict: works });
    expect(where()).toBe('lights-up');
  });

  it.each([
    ['busy', 'busy'],
    ['internal', 'refused'],
    ['unreachable', 'interrupted'],
  ] as const)('that cannot start because of %s says so, and can be tried again', async (kind, trouble) => {
    void devices.measure('mitid-chip');
    await api.answerStart({ kind });
    expect(devices.screen).toEqual({ kind: 'device-trouble', device: 'mitid-chip', trouble });
    devices.again();
    expect(devices.screen).toMatchObject({ kind: 'device-test', device: 'mitid-chip' });
    expect(called().filter((name) => name === 'authenticator.start')).toHaveLength(2);
  });

  it('ends in clear words when the connection is lost', async () => {
    void devices.measure('code-display');
    await api.answerStart({ id: 'a' });
    api.connection('lost');
    expect(devices.screen).toMatchObject({ kind: 'device-trouble', trouble: 'interrupted' });
  });
});

describe('the questions', () => {
  it('come one by one for a code display, and their answers lead to a verdict', async () => {
    api.answers('authenticator.guided', { ok: true, value: { ...works, way: 'questions' } });
    devices.ask('code-display');
    const seen: (string | undefined)[] = [];
    while (devices.screen?.kind === 'device-question') {
      seen.push(where());
      void devices.answer(where() === 'blocked' ? 'no' : 'yes');
    }
    expect(seen).toEqual(['lights-up', 'six-digits', 'digits-whole', 'new-code', 'blocked']);
    expect(where()).toBe('device-sending');
    await api.settle();
    expect(devices.screen).toMatchObject({ kind: 'device-verdict', verdict: { way: 'questions' } });
    expect(api.calls.at(-1)).toEqual({
      name: 'authenticator.guided',
      input: {
        device: 'code-display',
        answers: {
          'lights-up': 'yes',
          'six-digits': 'yes',
          'digits-whole': 'yes',
          'new-code': 'yes',
          blocked: 'no',
        },
      },
    });
  });

  it('leave out what a display that stays dark, or a reader that cannot be heard, cannot show', () => {
    expect(questionsLeft('code-display', { 'lights-up': 'no' })).toEqual(['lights-up', 'blocked']);
    expect(questionsLeft('code-display', { 'lights-up': 'yes', 'six-digits': 'no' })).toEqual([
      ...['lights-up', 'six-digits', 'new-code', 'blocked'],
    ]);
    expect(questionsLeft('audio-code-reader', { 'lights-up': 'yes', 'hears-digits': 'no' })).toEqual([
      'lights-up',
      'six-digits',
      'new-code',
      'hears-digits',
      'blocked',
    ]);
    expect(questionsLeft('audio-code-reader', { 'hears-digits': 'unsure' })).toHaveLength(8);
    // What is not seen may be heard.
    expect(questionsLeft('audio-code-reader', { 'lights-up': 'no' })).toHaveLength(8);
  });

  it('can be walked back and answered otherwise; what is asked no more is not sent', () => {
    devices.ask('code-display');
    void devices.answer('yes');
    void devices.answer('unsure');
    expect(where()).toBe('digits-whole');
    devices.back();
    devices.back();
    expect(devices.answers).toEqual({ 'lights-up': 'yes', 'six-digits': 'unsure' });
    expect(devices.unsureOf('code-display')).toEqual(['six-digits']);
    void devices.answer('no');
    expect(where()).toBe('blocked');
    void devices.answer('unsure');
    expect(devices.unsureOf('code-display')).toEqual(['blocked']);
    expect(api.calls.at(-1)?.input).toEqual({
      device: 'code-display',
      answers: { 'lights-up': 'no', blocked: 'unsure' },
    });
  });

  it('are read without being asked for where the device is one for impaired sight', () => {
    devices.ask('code-display');
    expect(devices.aloud).toBe(false);
    devices.ask('audio-code-reader');
    expect(devices.aloud).toBe(true);
    devices.back();
    expect(devices.aloud).toBe(false);
  });

  it('lead back to the choice from the first, and forget what was answered', () => {
    devices.ask('audio-code-reader');
    void devices.answer('yes');
    devices.back();
    devices.back();
    expect(where()).toBe('device-choice');
    expect(devices.answers).toEqual({});
    devices.back();
    expect(devices.screen).toBeUndefined();
  });

  it('whose answers cannot be sent can be gone through again', async () => {
    api.answers('authenticator.guided', { ok: false, error: { kind: 'unreachable' } });
    devices.ask('code-display');
    void devices.answer('no');
    void devices.answer('no');
    await api.settle();
    expect(devices.screen).toMatchObject({ kind: 'device-trouble', trouble: 'interrupted' });
    devices.again();
    expect(where()).toBe('lights-up');
    expect(devices.answers).toEqual({});
  });
});

describe('a visit', () => {
  it('shows the devices above the rest, and forgets them when it ends', async () => {
    const visit = new Visit(api);
    visit.devices.begin();
    expect(screenName(visit.screen)).toBe('device-choice');
    void visit.devices.measure('code-display');
    await api.answerStart({ id: 'a' });
    visit.back();
    expect(screenName(visit.screen)).toBe('device-choice');
    visit.devices.ask('audio-code-reader');
    void visit.devices.answer('yes');
    devices.end();
    visit.end();
    expect(visit.devices.answers).toEqual({});
    expect(screenName(visit.screen)).toBe('home');
    expect(api.listening).toBe(0);
  });

  it('gives way to a document that the demo bench fills in', () => {
    const visit = new Visit(api);
    visit.devices.begin();
    const key = { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' };
    visit.fillIn({ document: 'passport-pace', kind: 'passport', key });
    expect(screenName(visit.screen)).toBe('review');
  });
});
