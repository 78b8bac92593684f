import { describe, expect, it } from 'vitest';
import { type KeyCheckFault, keyCheckFault } from '../../../../drivers/fido/types.js';
import { type DisplayFacts, displayTestFault } from '../../../../drivers/rig/types.js';
import {
  deviceAdviceItems,
  deviceReasons,
  type DeviceReason,
  deviceVerdict,
  type DeviceVerdict,
  type GuidedInput,
  questionsFor,
} from '../../../../main/api/contract.js';
import {
  adviceOrder,
  defaultAuthenticatorRules,
  reasonRules,
} from '../../../../main/authenticators/rules.js';
import { judgeAnswers, judgeDisplay, judgeKey } from '../../../../main/authenticators/verdict.js';
import { segments, soundDisplay, soundKey } from './facts.js';

const circumstances = { rules: defaultAuthenticatorRules, demo: false };

function verdictOn(facts: Partial<DisplayFacts>): DeviceVerdict {
  return judgeDisplay({ kind: 'tested', facts: { ...soundDisplay, ...facts } }, circumstances);
}

function keyStoppedBy(fault: KeyCheckFault, way: 'usb' | 'nfc'): DeviceVerdict {
  return judgeKey({ kind: 'stopped', during: 'greeting', fault }, way, circumstances);
}

describe('the tables of the verdict', () => {
  it('weigh each reason once, and order each advice once', () => {
    expect(reasonRules.map(({ reason }) => reason).sort()).toEqual([...deviceReasons].sort());
    expect([...adviceOrder].sort()).toEqual([...deviceAdviceItems].sort());
  });
});

describe('the verdict on a code display in the rig', () => {
  it('is that it works when nothing is wrong, with how sure that is', () => {
    expect(verdictOn({})).toEqual({
      ...{ device: 'code-display', way: 'rig', outcome: 'works', reasons: [], demo: false, retry: false },
      advice: ['use-it', 'keep-it-to-yourself'],
      certainty: { percent: 99, codes: 26, presses: 26 },
    });
  });

  const cases: readonly [
    says: string,
    facts: Partial<DisplayFacts>,
    outcome: DeviceVerdict['outcome'],
    ...reasons: DeviceReason[],
  ][] = [
    ['a segment is dead', { segments: segments(['dead']) }, 'replace', 'segment-dead'],
    ['a segment is stuck', { segments: segments(['stuck']) }, 'replace', 'segment-stuck'],
    ['a segment is weak', { segments: segments(['weak']) }, 'failing', 'segment-weak'],
    ['a segment is slow', { segments: segments(['slow']) }, 'failing', 'segment-slow'],
    ['a digit is missing', { digitsPresent: 5 }, 'replace', 'digit-missing'],
    [
      'a digit has no segment that lights up: it is missing, not dead',
      { segments: segments(Array(7).fill('dead') as 'dead'[]) },
      'replace',
      'digit-missing',
    ],
    ['it stays dark', { lights: false, segments: null, button: 'never' }, 'replace', 'does-not-light-up'],
    [
      'it stays dark without a battery',
      { lights: false, battery: 'empty' },
      'replace',
      'does-not-light-up',
      'battery-empty',
    ],
    [
      'it was ended in the dark before its last press',
      { lights: null, segments: null, button: 'unknown', codes: 0, newCodes: 'unknown' },
      'could-not-tell',
      'too-few-codes',
    ],
    ['it is not known of its button', { button: 'unknown' }, 'could-not-tell', 'too-few-codes'],
    ['the battery is low', { battery: 'low' }, 'failing', 'battery-low'],
    ['the battery is empty and it lights up all the same', { battery: 'empty' }, 'failing', 'battery-low'],
    [
      'the battery is empty and a segment is dead',
      { battery: 'empty', segments: segments(['dead']) },
      'replace',
      'segment-dead',
      'battery-low',
    ],
    ['it is dim', { dim: true }, 'failing', 'display-dim'],
    ['its button does nothing', { button: 'never' }, 'replace', 'button-dead'],
    ['its button works at times', { button: 'sometimes' }, 'failing', 'button-sometimes'],
    ['no new code comes', { newCodes: 'none' }, 'replace', 'no-new-codes'],
    ['new codes come when they like', { newCodes: 'irregular' }, 'failing', 'new-codes-irregular'],
    ['it was ended too early', { segments: null, codes: 3 }, 'could-not-tell', 'too-few-codes'],
    ['a segment is not settled', { segments: segments(['unsettled']) }, 'could-not-tell', 'too-few-codes'],
    [
      'it is not settled beside what is on the way out: it is not said to work',
      { segments: segments(['unsettled', 'weak']) },
      'could-not-tell',
      'too-few-codes',
      'segment-weak',
    ],
    [
      'it is not settled beside what is broken: that is enough',
      { segments: segments(['unsettled', 'dead']) },
      'replace',
      'segment-dead',
    ],
    ['one code came', { newCodes: 'unknown', codes: 1 }, 'could-not-tell', 'too-few-codes'],
    ['codes came whose rhythm is not known', { newCodes: 'unknown' }, 'works'],
  ];
  it.each(cases)('when %s', (_says, facts, outcome, ...reasons) => {
    const verdict = verdictOn(facts);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.reasons).toEqual(reasons);
    expect(verdict.advice.includes('use-it')).toBe(outcome === 'works' || outcome === 'failing');
    expect(deviceVerdict.safeParse(verdict).success).toBe(true);
  });

  it.each([
    ['nothing wrong', { codes: 14 }, ['button-works', 'new-codes', 'no-fault']],
    ['codes without a rhythm', { codes: 2, newCodes: 'unknown' }, ['button-works', 'new-codes', 'no-fault']],
    ['one code', { codes: 1, newCodes: 'unknown', segments: null }, ['button-works', 'no-fault']],
    ['something wrong', { button: 'sometimes' }, ['new-codes']],
    [
      'nothing at all',
      { lights: null, segments: null, button: 'unknown', codes: 0, newCodes: 'unknown' },
      undefined,
    ],
  ] as const)('that was ended early with %s seen tells so', (_says, facts, seen) => {
    const verdict = verdictOn({ segments: segments(['unsettled']), ...facts });
    expect(verdict.outcome).toBe('could-not-tell');
    expect(verdict.seen).toEqual(seen);
    expect(deviceVerdict.safeParse(verdict).success).toBe(true);
  });

  it('that is clear tells nothing of what was seen on the way', () => {
    expect(verdictOn({})).not.toHaveProperty('seen');
    expect(verdictOn({ segments: segments(['unsettled', 'dead']) })).not.toHaveProperty('seen');
  });

  it('never says that it is certain when it is nearly so', () => {
    expect(verdictOn({ confidence: 0.9999 }).certainty?.percent).toBe(99);
    expect(verdictOn({ confidence: 1 }).certainty?.percent).toBe(100);
  });

  it.each(displayTestFault.options)(
    'could not be told where the rig stopped by %s, without a word on the device',
    (fault) => {
      const verdict = judgeDisplay({ kind: 'stopped', during: 'codes', fault }, circumstances);
      expect(verdict.outcome).toBe('could-not-tell');
      expect(verdict.reasons).toHaveLength(1);
      expect(verdict).not.toHaveProperty('certainty');
      expect(verdict.advice).not.toContain('order-new');
    },
  );

  it.each([
    ['host-lost', 'interrupted'],
    ['timed-out', 'took-too-long'],
    ['not-calibrated', 'not-calibrated'],
  ] as const)('could not be told when the test ended %s', (kind, reason) => {
    expect(judgeDisplay({ kind }, circumstances)).toMatchObject({
      outcome: 'could-not-tell',
      reasons: [reason],
    });
  });

  it('promises no three free orders where the operator says that there are fewer', () => {
    const { freeOrders, activation } = defaultAuthenticatorRules;
    const rules = {
      ...defaultAuthenticatorRules,
      freeOrders: { ...freeOrders, value: 2 },
      activation: { ...activation, value: [] },
    };
    const facts = { ...soundDisplay, button: 'never' as const };
    const verdict = judgeDisplay({ kind: 'tested', facts }, { rules, demo: true });
    expect(verdict.advice).toEqual(['order-new', 'block-the-old-one', 'visit-citizen-service']);
    expect(verdict.demo).toBe(true);
  });
});

describe('the verdict on a MitID chip', () => {
  it('is that it answers, and says that nobody here can know whose it is', () => {
    expect(judgeKey({ kind: 'answers', facts: soundKey }, 'usb', circumstances)).toMatchObject({
      outcome: 'works',
      way: 'usb',
      reasons: ['chip-answers', 'owner-not-checked'],
      chip: { versions: ['FIDO_2_0', 'U2F_V2'], winked: true },
    });
  });

  it('is the same of an old one that knows U2F only', () => {
    const facts = { ...soundKey, versions: ['U2F_V2'], ctap2: false };
    expect(judgeKey({ kind: 'answers', facts }, 'nfc', circumstances).outcome).toBe('works');
  });

  it('in a USB socket is to be replaced when it is silent, and on a reader may lie wrong', () => {
    expect(keyStoppedBy('key-silent', 'usb')).toMatchObject({ outcome: 'replace', reasons: ['chip-silent'] });
    const onReader = keyStoppedBy('key-silent', 'nfc');
    expect(onReader).toMatchObject({ outcome: 'could-not-tell', reasons: ['chip-silent'], retry: true });
    expect(onReader.advice).not.toContain('order-new');
  });

  it('promises no free order: chips have none', () => {
    expect(keyStoppedBy('key-silent', 'usb').advice).not.toContain('first-three-free');
  });

  it.each(keyCheckFault.exclude(['key-silent']).options)('could not be told by %s', (fault) => {
    const verdict = keyStoppedBy(fault, 'usb');
    expect(verdict.outcome).toBe('could-not-tell');
    expect(verdict).not.toHaveProperty('chip');
  });
});

describe('the verdict by questions', () => {
  const all = (device: GuidedInput['device'], change: GuidedInput['answers'] = {}): DeviceVerdict =>
    judgeAnswers(
      {
        device,
        answers: {
          ...Object.fromEntries(questionsFor(device).map((question) => [question, 'yes'])),
          blocked: 'no',
          ...change,
        },
      },
      circumstances,
    );

  it('asks an audio code reader for what is heard, and a code display not', () => {
    expect(questionsFor('code-display')).toEqual([
      'lights-up',
      'six-digits',
      'digits-whole',
      'new-code',
      'blocked',
    ]);
    expect(questionsFor('audio-code-reader')).toContain('hears-digits');
  });

  it.each(['code-display', 'audio-code-reader'] as const)('is that a %s works when all is well', (device) => {
    expect(all(device)).toMatchObject({ outcome: 'works', reasons: [], way: 'questions', device });
  });

  it.each([
    ['lights-up', 'no', 'replace', 'does-not-light-up'],
    ['six-digits', 'no', 'replace', 'digit-missing'],
    ['digits-whole', 'no', 'replace', 'segment-dead'],
    ['new-code', 'no', 'replace', 'no-new-codes'],
    ['blocked', 'yes', 'replace', 'permanently-blocked'],
    ['lights-up', 'unsure', 'could-not-tell', 'answers-unsure'],
    ['new-code', 'unsure', 'could-not-tell', 'answers-unsure'],
  ] as const)('of a code display: %s %s is %s', (question, answer, outcome, reason) => {
    expect(all('code-display', { [question]: answer })).toMatchObject({ outcome, reasons: [reason] });
  });

  it('does not advise to block a device that is blocked for good, whatever else is broken', () => {
    const blocked = all('code-display', { blocked: 'yes', 'digits-whole': 'no' });
    expect(blocked.advice).toContain('order-new');
    expect(blocked.advice).not.toContain('block-the-old-one');
    expect(all('code-display', { 'digits-whole': 'no' }).advice).toContain('block-the-old-one');
  });

  it('of a code display does not hang on whether it is known to be blocked', () => {
    expect(all('code-display', { blocked: 'unsure' }).outcome).toBe('works');
  });

  it('needs no further answer once it stays dark', () => {
    const verdict = judgeAnswers({ device: 'code-display', answers: { 'lights-up': 'no' } }, circumstances);
    expect(verdict).toMatchObject({ outcome: 'replace' });
    expect(verdict.reasons[0]).toBe('does-not-light-up');
  });

  it('could not be told of a device of which nothing was answered', () => {
    expect(judgeAnswers({ device: 'code-display', answers: {} }, circumstances).outcome).toBe(
      'could-not-tell',
    );
  });

  it('does not look at answers to what was not to be asked', () => {
    expect(all('code-display', { 'hears-digits': 'no' }).outcome).toBe('works');
  });

  it.each([
    ['hears-digits', 'replace', 'no-sound'],
    ['volume-changes', 'failing', 'volume-fixed'],
    ['replays', 'failing', 'replay-fails'],
    ['language-changes', 'failing', 'language-fixed'],
  ] as const)('of an audio code reader: %s no is %s', (question, outcome, reason) => {
    expect(all('audio-code-reader', { [question]: 'no' })).toMatchObject({ outcome, reasons: [reason] });
  });

  it('of an audio code reader names first that it is not heard', () => {
    const nothing = all('audio-code-reader', {
      ...({ 'lights-up': 'no', 'six-digits': 'no', 'new-code': 'no', 'hears-digits': 'no' } as const),
    });
    expect(nothing.reasons).toEqual(['no-sound', 'does-not-light-up', 'digit-missing', 'no-new-codes']);
  });

  it('goes by the ears of someone who cannot see the display', () => {
    const unseen = { 'lights-up': 'unsure', 'six-digits': 'unsure' } as const;
    expect(all('audio-code-reader', unseen).outcome).toBe('works');
    expect(all('audio-code-reader', { ...unseen, 'hears-digits': 'unsure' }).outcome).toBe('could-not-tell');
    expect(all('audio-code-reader', { 'six-digits': 'no' })).toMatchObject({
      outcome: 'failing',
      reasons: ['digit-missing'],
    });
  });
});
