import type { DisplayFacts, DisplayTestFault } from '../../drivers/rig/types.js';
import type { KeyCheckFault, KeyFacts } from '../../drivers/fido/types.js';
import {
  type AuthenticatorKind,
  type DeviceAdvice,
  type DeviceOutcome,
  type DeviceReason,
  type DeviceSeen,
  type DeviceVerdict,
  type GuidedAnswer,
  type GuidedInput,
  type GuidedQuestion,
  questionsFor,
  type TestWay,
} from '../api/contract.js';
import type { KeyCheckEnd } from '../devices/types.js';
import type { DisplayTestEnd } from './calibrated-rig.js';
import {
  adviceOrder,
  type AuthenticatorRules,
  type ReasonRule,
  reasonRules,
  silentOnReader,
  wearing,
} from './rules.js';

/** What every verdict depends on beside the test itself. */
export interface Circumstances {
  readonly rules: AuthenticatorRules;
  /** By simulated devices. */
  readonly demo: boolean;
}

interface Judgement extends Circumstances {
  readonly device: AuthenticatorKind;
  readonly way: TestWay;
  readonly reasons: readonly DeviceReason[];
  /** Where the circumstances make something else of a reason than the table. */
  readonly adjust?: (rule: ReasonRule) => ReasonRule;
  /** What does not go with this device or this way. */
  readonly without?: readonly DeviceAdvice[];
}

const weight: readonly DeviceOutcome[] = ['replace', 'could-not-tell', 'failing', 'works'];

/** The verdict on the display in the rig: a pure function of what the rig found. */
export function judgeDisplay(end: DisplayTestEnd, circumstances: Circumstances): DeviceVerdict {
  const verdict = judge({
    ...circumstances,
    device: 'code-display',
    way: 'rig',
    reasons: end.kind === 'tested' ? reasonsInDisplay(end.facts) : [reasonOfDisplayEnd(end)],
  });
  if (end.kind !== 'tested') return verdict;
  const { confidence, codes, presses } = end.facts;
  const seen = verdict.outcome === 'could-not-tell' ? seenOfDisplay(end.facts, verdict.reasons) : [];
  return {
    ...verdict,
    // Rounded down: only certainty itself is 100 %.
    certainty: { percent: Math.floor(confidence * 100), codes, presses },
    ...(seen.length > 0 && { seen: [...seen] }),
  };
}

function seenOfDisplay(
  { button, codes, newCodes }: DisplayFacts,
  reasons: readonly DeviceReason[],
): readonly DeviceSeen[] {
  const seen: DeviceSeen[] = [];
  if (button === 'works') seen.push('button-works');
  if (newCodes === 'regular' || (newCodes === 'unknown' && codes > 1)) seen.push('new-codes');
  if (codes > 0 && reasons.every((reason) => reason === 'too-few-codes')) seen.push('no-fault');
  return seen;
}

/** The verdict on a MitID chip. That it answers is all that can be known here: not whose it is, nor whether MitID takes it. */
export function judgeKey(end: KeyCheckEnd, way: 'usb' | 'nfc', circumstances: Circumstances): DeviceVerdict {
  const verdict = judge({
    ...circumstances,
    device: 'mitid-chip',
    way,
    reasons: end.kind === 'answers' ? ['chip-answers', 'owner-not-checked'] : [reasonOfKeyEnd(end)],
    adjust: (rule) => (way === 'nfc' && rule.reason === 'chip-silent' ? silentOnReader : rule),
    without: ['first-three-free', 'place-in-rig', 'use-the-questions'],
  });
  return end.kind === 'answers' ? { ...verdict, chip: chipOf(end.facts) } : verdict;
}

/** The verdict on a device by what its owner saw and heard. */
export function judgeAnswers(
  { device, answers }: GuidedInput,
  { rules }: Pick<Circumstances, 'rules'>,
): DeviceVerdict {
  const asked = questionsFor(device);
  const answerTo = (question: GuidedQuestion): GuidedAnswer | undefined =>
    asked.includes(question) ? answers[question] : undefined;
  const reasons = new Set<DeviceReason>();
  for (const question of asked) {
    const found = findings[question];
    if (answerTo(question) === found.when) reasons.add(found.reason);
  }
  // Whoever cannot see the display goes by what is heard: that the device reads its digits out is what counts then.
  const heard = answerTo('hears-digits') === 'yes';
  const needed = asked.filter(
    (question) => needful.includes(question) && !(heard && seen.includes(question)),
  );
  const open = needed.some((question) => ['unsure', undefined].includes(answerTo(question)));
  if (open) reasons.add('answers-unsure');
  return judge({
    rules,
    demo: false,
    device,
    way: 'questions',
    reasons: [...reasons],
    adjust: (rule) => (heard && seenFaults.has(rule.reason) ? wearing(rule.reason) : rule),
    without: [
      'place-in-rig',
      'use-the-questions',
      ...(reasons.has('permanently-blocked') ? (['block-the-old-one'] as const) : []),
    ],
  });
}

/** What an answer says of the device. */
const findings: Readonly<
  Record<GuidedQuestion, { readonly when: GuidedAnswer; readonly reason: DeviceReason }>
> = {
  'lights-up': { when: 'no', reason: 'does-not-light-up' },
  'six-digits': { when: 'no', reason: 'digit-missing' },
  'digits-whole': { when: 'no', reason: 'segment-dead' },
  'new-code': { when: 'no', reason: 'no-new-codes' },
  'hears-digits': { when: 'no', reason: 'no-sound' },
  'volume-changes': { when: 'no', reason: 'volume-fixed' },
  replays: { when: 'no', reason: 'replay-fails' },
  'language-changes': { when: 'no', reason: 'language-fixed' },
  blocked: { when: 'yes', reason: 'permanently-blocked' },
};
/** Questions without whose answer nothing is known. */
const needful: readonly GuidedQuestion[] = [
  'lights-up',
  'six-digits',
  'digits-whole',
  'new-code',
  'hears-digits',
];
/** Of these, those that take eyes. */
const seen: readonly GuidedQuestion[] = ['lights-up', 'six-digits', 'digits-whole'];
const seenFaults: ReadonlySet<DeviceReason> = new Set(seen.map((question) => findings[question].reason));

function judge({
  device,
  way,
  demo,
  rules,
  reasons,
  adjust = (rule) => rule,
  without = [],
}: Judgement): DeviceVerdict {
  const found = new Set(reasons);
  const applying = reasonRules.filter(({ reason }) => found.has(reason)).map(adjust);
  const outcome = weight.find((each) => applying.some((rule) => rule.outcome === each)) ?? 'works';
  const leading = applying.filter((rule) => rule.outcome === outcome);
  // A device that is broken is so, whatever could not be told of the rest of it.
  const others = applying.filter(
    (rule) => rule.outcome !== outcome && !(outcome === 'replace' && rule.outcome === 'could-not-tell'),
  );
  const advised = new Set(leading.flatMap(({ advice }) => advice));
  if (outcome === 'works') advised.add('use-it').add('keep-it-to-yourself');
  if (rules.freeOrders.value < 3) advised.delete('first-three-free');
  if (rules.activation.value.length === 0) advised.delete('activate-in-app-or-here');
  for (const item of without) advised.delete(item);
  return {
    device,
    way,
    outcome,
    reasons: [...leading, ...others].map(({ reason }) => reason),
    advice: adviceOrder.filter((item) => advised.has(item)),
    retry: leading.some(({ retry }) => retry),
    demo,
  };
}

function reasonsInDisplay(facts: DisplayFacts): readonly DeviceReason[] {
  const reasons: DeviceReason[] = [];
  // In the dark nothing else can be told of it.
  if (facts.lights === null) return ['too-few-codes'];
  if (!facts.lights) {
    return facts.battery === 'empty' ? ['does-not-light-up', 'battery-empty'] : ['does-not-light-up'];
  }
  // One that the rig takes for empty still lights the display.
  if (facts.battery === 'low' || facts.battery === 'empty') reasons.push('battery-low');
  if (facts.dim) reasons.push('display-dim');

  const digits = facts.segments ?? [];
  const isMissing = (digit: (typeof digits)[number]): boolean => digit.every((health) => health === 'dead');
  if (facts.digitsPresent < facts.digitsExpected || digits.some(isMissing)) reasons.push('digit-missing');
  const segments = new Set(digits.filter((digit) => !isMissing(digit)).flat());
  if (segments.has('dead')) reasons.push('segment-dead');
  if (segments.has('stuck')) reasons.push('segment-stuck');
  if (segments.has('weak')) reasons.push('segment-weak');
  if (segments.has('slow')) reasons.push('segment-slow');

  if (facts.button === 'never') reasons.push('button-dead');
  if (facts.button === 'sometimes') reasons.push('button-sometimes');
  if (facts.newCodes === 'none') reasons.push('no-new-codes');
  if (facts.newCodes === 'irregular') reasons.push('new-codes-irregular');

  // Codes that differ came one after the other, even where their rhythm could not be measured.
  const tooFewToTell = facts.newCodes === 'unknown' && facts.codes < 2;
  if (facts.segments === null || segments.has('unsettled') || facts.button === 'unknown' || tooFewToTell) {
    reasons.push('too-few-codes');
  }
  return reasons;
}

function reasonOfDisplayEnd(end: Exclude<DisplayTestEnd, { kind: 'tested' }>): DeviceReason {
  switch (end.kind) {
    case 'host-lost':
      return 'interrupted';
    case 'timed-out':
      return 'took-too-long';
    case 'not-calibrated':
      return 'not-calibrated';
    case 'stopped':
      return reasonOfDisplayFault(end.fault);
  }
}

function reasonOfDisplayFault(fault: DisplayTestFault): DeviceReason {
  switch (fault) {
    case 'no-rig':
      return 'rig-missing';
    case 'not-connected':
    case 'silent':
    case 'not-a-rig':
    case 'rig-error':
    case 'rig-restarts':
      return 'rig-trouble';
    case 'calibration-does-not-fit':
      return 'not-calibrated';
    case 'busy':
      return 'interrupted';
    case 'no-device':
    case 'device-removed':
    case 'took-too-long':
    case 'cancelled':
      return fault;
  }
}

function reasonOfKeyEnd(end: Exclude<KeyCheckEnd, { kind: 'answers' }>): DeviceReason {
  switch (end.kind) {
    case 'host-lost':
      return 'interrupted';
    case 'timed-out':
      return 'took-too-long';
    case 'stopped':
      return reasonOfKeyFault(end.fault);
  }
}

function reasonOfKeyFault(fault: KeyCheckFault): DeviceReason {
  switch (fault) {
    case 'no-key':
      return 'key-missing';
    case 'key-removed':
      return 'device-removed';
    case 'key-silent':
      return 'chip-silent';
    case 'key-busy':
    case 'busy':
      return 'key-busy';
    case 'not-a-key':
      return 'not-a-key';
    case 'protocol-error':
      return 'key-protocol';
    case 'no-reader':
      return 'reader-missing';
    case 'no-access':
    case 'service-unavailable':
      return 'service-missing';
    case 'cancelled':
      return 'cancelled';
  }
}

function chipOf({ versions, winked }: KeyFacts): NonNullable<DeviceVerdict['chip']> {
  return { versions: [...versions], winked };
}
