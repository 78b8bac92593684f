import { describe, expect, it } from 'vitest';
import type { CheckFault, ChipFacts } from '../../../../drivers/emrtd/types.js';
import {
  adviceItems,
  verdictReasons,
  type Verdict,
  type VerdictReason,
} from '../../../../main/api/contract.js';
import { adviceOrder, defaultRules, reasonRules } from '../../../../main/chip-check/rules.js';
import { judge, type Judgement } from '../../../../main/chip-check/verdict.js';
import type { CheckEnd } from '../../../../main/devices/types.js';
import { soundDetails, soundFacts, soundPhoto, soundSecurityObject } from './facts.js';

const person = {
  document: 'passport',
  birthDate: '1984-03-17',
  expiryDate: '2034-09-30',
  today: '2026-11-23',
  rules: defaultRules,
} as const;

function verdictOn(facts: Partial<ChipFacts>, change: Partial<Judgement> = {}): Verdict {
  return judge({ ...person, end: { kind: 'facts', facts: { ...soundFacts, ...facts } }, ...change });
}

function stoppedBy(fault: CheckFault): CheckEnd {
  return { kind: 'stopped', during: 'connect', fault, cost: soundFacts.cost };
}

const signature = (outcome: 'invalid' | 'unsupported') => ({
  securityObject: { ...soundSecurityObject, signature: { ...soundSecurityObject.signature, outcome } },
});
const hash = (dataGroup: number, outcome: 'mismatch' | 'not-in-security-object') => ({
  securityObject: { ...soundSecurityObject, hashes: [{ dataGroup, outcome }] },
});

describe('the verdict on a passport whose chip was read', () => {
  it('is ready when nothing is wrong, and never promises that the MitID app accepts it', () => {
    expect(verdictOn({})).toEqual({
      outcome: 'ready',
      reasons: [],
      advice: ['use-app', 'no-promise'],
      retry: 'none',
    });
  });

  const cases: readonly [
    says: string,
    facts: Partial<ChipFacts>,
    change: Partial<Judgement>,
    outcome: Verdict['outcome'],
    ...reasons: VerdictReason[],
  ][] = [
    ['it ran out yesterday', {}, { expiryDate: '2026-11-22' }, 'not-ready', 'expired'],
    ['it runs out in a month', {}, { expiryDate: '2026-12-22' }, 'ready-but', 'expires-soon'],
    ['it runs out today', {}, { expiryDate: '2026-11-23' }, 'ready-but', 'expires-soon'],
    [
      'it is an emergency passport',
      { details: { ...soundDetails, documentCode: 'PE' } },
      {},
      'not-ready',
      'temporary-document',
    ],
    ['its signature is wrong', signature('invalid'), {}, 'not-ready', 'signature-wrong'],
    ['its photo was altered', hash(2, 'mismatch'), {}, 'not-ready', 'data-altered'],
    ['nothing vouches for its details', hash(1, 'not-in-security-object'), {}, 'not-ready', 'data-altered'],
    ['its photo cannot be read', { photo: { kind: 'unreadable' } }, {}, 'not-ready', 'photo-unreadable'],
    [
      'its details cannot be read',
      { details: { kind: 'unreadable' } },
      {},
      'not-ready',
      'details-unreadable',
    ],
    [
      'the check digits in the chip are wrong, and what vouches for the details cannot be read',
      { details: { ...soundDetails, checkDigitsRight: false }, securityObject: { kind: 'unreadable' } },
      {},
      'not-ready',
      'details-unreadable',
      'security-object-unreadable',
    ],
    [
      'its security object cannot be read',
      { securityObject: { kind: 'unreadable' } },
      {},
      'not-ready',
      'security-object-unreadable',
    ],
    ['its photo is narrow', { photo: { ...soundPhoto, width: 239 } }, {}, 'ready-but', 'photo-small'],
    ['its photo is low', { photo: { ...soundPhoto, height: 319 } }, {}, 'ready-but', 'photo-small'],
    [
      'its issuer is on no list',
      { securityObject: { ...soundSecurityObject, issuer: 'unknown' } },
      {},
      'ready-but',
      'issuer-unknown',
    ],
    [
      'there is no list of issuers',
      { securityObject: { ...soundSecurityObject, issuer: 'not-checked' } },
      {},
      'ready',
      'issuer-not-checked',
    ],
    ['its holder turns 13 tomorrow', {}, { birthDate: '2013-11-24' }, 'ready-but', 'under-13'],
    ['its holder turned 13 today', {}, { birthDate: '2013-11-23' }, 'ready-but', 'under-15'],
    ['its holder turns 15 tomorrow', {}, { birthDate: '2011-11-24' }, 'ready-but', 'under-15'],
    ['its holder may not be 13 yet', {}, { birthDate: '2013-00-00' }, 'ready-but', 'under-13'],
    [
      'its signature is of a kind not known here',
      signature('unsupported'),
      {},
      'could-not-tell',
      'unsupported-chip',
    ],
    [
      'it holds another number than the typed one',
      { details: { ...soundDetails, matches: { ...soundDetails.matches, documentNumber: false } } },
      {},
      'could-not-tell',
      'wrong-details',
    ],
  ];
  it.each(cases)('when %s', (_says, facts, change, outcome, ...reasons) => {
    const verdict = verdictOn(facts, change);
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.reasons).toEqual(reasons);
    expect(verdict.advice.includes('no-promise')).toBe(outcome === 'ready' || outcome === 'ready-but');
  });

  it('has no complaint on the day on which its holder turns 15, nor at exactly the smallest photo', () => {
    expect(
      verdictOn({ photo: { ...soundPhoto, width: 240, height: 320 } }, { birthDate: '2011-11-23' }).reasons,
    ).toEqual([]);
  });

  const code = (format: 'TD1' | 'TD3', documentCode: string) => ({
    details: { ...soundDetails, format, documentCode },
  });

  it.each([
    ['TD3', 'P'],
    ['TD3', 'PD'],
    ['TD1', 'I'],
    ['TD1', 'ID'],
    ['TD1', 'C'],
  ] as const)('is ready for a %s document of the code %s', (format, documentCode) => {
    expect(verdictOn(code(format, documentCode))).toMatchObject({ outcome: 'ready', reasons: [] });
  });

  it.each([
    ['TD1', 'AR'],
    ['TD1', 'IR'],
    ['TD1', 'AC'],
    ['TD3', 'V'],
    ['TD1', 'P'],
  ] as const)('is not sure that the app takes a %s document of the code %s', (format, documentCode) => {
    expect(verdictOn(code(format, documentCode))).toMatchObject({
      outcome: 'ready-but',
      reasons: ['document-type-unsure'],
      advice: ['use-app', 'visit-citizen-service', 'no-promise'],
    });
  });

  it("takes the kinds of document that the operator's rule adds", () => {
    const value = { booklets: ['P'], cards: ['I'], except: [] };
    const rules = {
      ...defaultRules,
      acceptedDocumentCodes: { value, source: 'a test', checked: '2026-01-01' },
    };
    expect(verdictOn(code('TD1', 'IR'), { rules }).reasons).toEqual([]);
  });

  it('goes by the century in which a document can be valid and a person alive, whatever was typed', () => {
    expect(verdictOn({}, { expiryDate: '1934-09-30' }).reasons).toEqual([]);
    expect(verdictOn({}, { expiryDate: '2120-01-01' }).reasons).toEqual(['expired']);
    expect(verdictOn({}, { birthDate: '1915-05-01' }).reasons).toEqual(['under-13']);
    expect(verdictOn({}, { birthDate: '1920-05-01' }).reasons).toEqual([]);
  });

  it('says nothing about the age of a person whose year of birth the document does not name', () => {
    expect(verdictOn({}, { birthDate: undefined }).reasons).toEqual([]);
  });

  it('passes over a check digit that the issuer itself got wrong, and judges all the rest', () => {
    const details = { ...soundDetails, checkDigitsRight: false };
    expect(verdictOn({ details })).toMatchObject({ outcome: 'ready', reasons: [] });
    expect(verdictOn({ details }, { expiryDate: '2020-01-01' }).reasons).toEqual(['expired']);
    expect(verdictOn({ details }, { birthDate: '2020-01-01' }).reasons).toEqual(['under-13']);
  });

  it('takes wrong check digits in altered details for damage, and judges all the rest', () => {
    const details = { ...soundDetails, checkDigitsRight: false };
    expect(verdictOn({ details, ...hash(1, 'mismatch') }, { expiryDate: '2020-01-01' }).reasons).toEqual([
      'expired',
      'data-altered',
      'details-unreadable',
    ]);
  });

  it('does not say expired of a date that the chip did not confirm', () => {
    const details = { ...soundDetails, matches: { ...soundDetails.matches, expiryDate: false } };
    expect(verdictOn({ details }, { expiryDate: '2020-01-01' }).reasons).toEqual(['wrong-details']);
  });

  it('names the weightiest reason first and advises for that outcome only', () => {
    const verdict = verdictOn(
      { photo: { ...soundPhoto, width: 100 }, ...hash(2, 'mismatch') },
      { expiryDate: '2020-01-01' },
    );
    expect(verdict.reasons).toEqual(['expired', 'data-altered', 'photo-small']);
    expect(verdict.outcome).toBe('not-ready');
    expect(verdict.advice).not.toContain('better-light-for-face');
  });

  it('tells a child under 13 to wait, not to use the app', () => {
    const { advice } = verdictOn({ photo: { ...soundPhoto, width: 100 } }, { birthDate: '2020-01-01' });
    expect(advice).toContain('wait-until-13');
    expect(advice).not.toContain('use-app');
  });

  it("goes by the operator's rules in place of the built-in ones", () => {
    const rules = { ...defaultRules, expiresSoon: { value: 0, source: 'a test', checked: '2026-01-01' } };
    expect(verdictOn({}, { rules, expiryDate: '2026-11-23' }).reasons).toEqual([]);
  });
});

describe('the verdict on a check that ended before there were facts', () => {
  const faults: readonly [CheckFault, Verdict['outcome'], VerdictReason, Verdict['retry']][] = [
    [{ kind: 'no-reader' }, 'could-not-tell', 'reader-missing', 'same-details'],
    [{ kind: 'reader-removed' }, 'could-not-tell', 'reader-missing', 'same-details'],
    [{ kind: 'no-card' }, 'could-not-tell', 'no-document', 'same-details'],
    [{ kind: 'card-removed' }, 'could-not-tell', 'moved-too-early', 'same-details'],
    [{ kind: 'card-silent' }, 'not-ready', 'chip-silent', 'same-details'],
    [{ kind: 'service-unavailable' }, 'could-not-tell', 'service-missing', 'same-details'],
    [{ kind: 'not-a-travel-document' }, 'not-ready', 'not-a-travel-document', 'same-details'],
    [{ kind: 'wrong-key' }, 'could-not-tell', 'wrong-details', 'change-details'],
    [{ kind: 'unsupported-access' }, 'could-not-tell', 'unsupported-chip', 'none'],
    [{ kind: 'protocol-error', status: '6F00' }, 'could-not-tell', 'chip-error', 'same-details'],
    [{ kind: 'cancelled' }, 'could-not-tell', 'cancelled', 'same-details'],
  ];
  it.each(faults)('by $kind is %s', (fault, outcome, reason, retry) => {
    expect(judge({ ...person, end: stoppedBy(fault) })).toMatchObject({ outcome, reasons: [reason], retry });
  });

  it('is that it was interrupted when the driver host died, and may be tried again at once', () => {
    expect(judge({ ...person, end: { kind: 'host-lost' } })).toMatchObject({
      outcome: 'could-not-tell',
      reasons: ['interrupted'],
      retry: 'same-details',
    });
  });

  it('is that it took too long when nothing moved', () => {
    expect(judge({ ...person, end: { kind: 'timed-out' } }).reasons).toEqual(['took-too-long']);
  });

  it('advises to open the booklet for a passport, and not for a card', () => {
    const end = stoppedBy({ kind: 'card-removed' });
    expect(judge({ ...person, end }).advice).toEqual(['place-open-photo-down', 'try-again-keep-still']);
    expect(judge({ ...person, end, document: 'identity-card' }).advice).toEqual(['try-again-keep-still']);
  });
});

describe('the rules', () => {
  it('say for every reason of the contract what it does, once', () => {
    expect(reasonRules.map(({ reason }) => reason).sort()).toEqual([...verdictReasons].sort());
  });

  it('put every advice of the contract in its place, once', () => {
    expect([...adviceOrder].sort()).toEqual([...adviceItems].sort());
  });

  it('use every advice somewhere', () => {
    const used = new Set([...reasonRules.flatMap(({ advice }) => advice), 'no-promise']);
    expect([...used].sort()).toEqual([...adviceItems].sort());
  });

  it('are each given with a source and the day on which it was looked up', () => {
    for (const { source, checked } of Object.values(defaultRules)) {
      expect(source).not.toBe('');
      expect(checked).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
