import type { CheckFault, ChipFacts, DetailsFact, SecurityObjectFact } from '../../drivers/emrtd/types.js';
import type { Advice, DocumentKind, Verdict, VerdictReason } from '../api/contract.js';
import type { CheckEnd } from '../devices/types.js';
import { likelyBirthDate, likelyExpiryDate } from './document-dates.js';
import { adviceOrder, reasonRules, type ChipCheckRules } from './rules.js';

export interface Judgement {
  readonly end: CheckEnd;
  readonly document: DocumentKind;
  /** As typed, YYYY-MM-DD; month and day 00 when the document does not name them, undefined when not even the year. */
  readonly birthDate: string | undefined;
  /** As typed, YYYY-MM-DD. */
  readonly expiryDate: string;
  /** The business day, YYYY-MM-DD. */
  readonly today: string;
  readonly rules: ChipCheckRules;
}

/**
 * The verdict on a document: a pure function of how the check ended, the typed dates, the day and the rules. The
 * typed dates are trusted only where the chip confirmed them.
 */
export function judge(judgement: Judgement): Verdict {
  const found = new Set(reasonsOf(judgement));
  const applying = reasonRules.filter(({ reason }) => found.has(reason));
  const weightiest = applying[0];
  const outcome = weightiest?.outcome ?? 'ready';
  const reads = outcome === 'ready' || outcome === 'ready-but';
  // What to do follows from the reasons of the outcome itself: advice for a document that is ready does not go with
  // one that is not.
  const advised = new Set<Advice>(
    applying.filter((rule) => rule.outcome === outcome).flatMap(({ advice }) => advice),
  );
  if (outcome === 'ready') advised.add('use-app');
  if (reads) advised.add('no-promise');
  if (found.has('under-13')) advised.delete('use-app');
  if (judgement.document === 'identity-card') advised.delete('place-open-photo-down');
  return {
    outcome,
    reasons: applying.map(({ reason }) => reason),
    advice: adviceOrder.filter((item) => advised.has(item)),
    retry: weightiest?.retry ?? 'none',
  };
}

function reasonsOf({ end, ...judgement }: Judgement): readonly VerdictReason[] {
  switch (end.kind) {
    case 'facts':
      return reasonsInFacts(end.facts, judgement);
    case 'stopped':
      return [reasonOfFault(end.fault)];
    case 'host-lost':
      return ['interrupted'];
    case 'timed-out':
      return ['took-too-long'];
  }
}

function reasonOfFault(fault: CheckFault): VerdictReason {
  switch (fault.kind) {
    case 'no-reader':
    case 'reader-removed':
      return 'reader-missing';
    case 'no-card':
      return 'no-document';
    case 'card-removed':
      return 'moved-too-early';
    case 'card-silent':
      return 'chip-silent';
    case 'service-unavailable':
      return 'service-missing';
    case 'not-a-travel-document':
      return 'not-a-travel-document';
    case 'wrong-key':
      return 'wrong-details';
    case 'unsupported-access':
      return 'unsupported-chip';
    case 'protocol-error':
      return 'chip-error';
    case 'cancelled':
      return 'cancelled';
  }
}

function reasonsInFacts(
  { details, photo, securityObject }: ChipFacts,
  { birthDate, expiryDate, today, rules }: Omit<Judgement, 'end'>,
): readonly VerdictReason[] {
  const reasons: VerdictReason[] = [];

  if (details.kind === 'unreadable') reasons.push('details-unreadable');
  else {
    // An issuer's own slip, where the security object vouches for it: no fault of the chip.
    if (!details.checkDigitsRight && hashOutcome(securityObject, 1) !== 'match')
      reasons.push('details-unreadable');
    const { documentNumber, birthDate: birth, expiryDate: expiry } = details.matches;
    if (!documentNumber || !birth || !expiry) reasons.push('wrong-details');
    if (rules.temporaryDocumentCodes.value.includes(details.documentCode)) reasons.push('temporary-document');
    else if (!isAccepted(details, rules.acceptedDocumentCodes.value)) reasons.push('document-type-unsure');
    // The chip confirms two digits of each year, never the century.
    if (expiry) {
      const lastDay = likelyExpiryDate(expiryDate, today);
      if (lastDay < today) reasons.push('expired');
      else if (lastDay < dayAfter(today, rules.expiresSoon.value)) reasons.push('expires-soon');
    }
    if (birth && birthDate !== undefined) {
      const age = ageOn(today, likelyBirthDate(birthDate, today));
      if (age < rules.minimumAge.value) reasons.push('under-13');
      else if (age < rules.ordinaryAge.value) reasons.push('under-15');
    }
  }

  if (photo.kind === 'unreadable') reasons.push('photo-unreadable');
  else {
    const { width, height } = rules.smallestPhoto.value;
    if (photo.width < width || photo.height < height) reasons.push('photo-small');
  }

  if (securityObject.kind === 'unreadable') reasons.push('security-object-unreadable');
  else {
    const covered = new Map(securityObject.hashes.map(({ dataGroup, outcome }) => [dataGroup, outcome]));
    if ([...covered.values()].includes('mismatch')) reasons.push('data-altered');
    // A data group that was read and is vouched for by nothing is as good as altered.
    else if ([1, 2].some((group) => covered.get(group) === 'not-in-security-object'))
      reasons.push('data-altered');
    switch (securityObject.signature.outcome) {
      case 'valid':
        break;
      case 'invalid':
        reasons.push('signature-wrong');
        break;
      case 'unsupported':
        reasons.push('unsupported-chip');
        break;
    }
    switch (securityObject.issuer) {
      case 'trusted':
        break;
      case 'unknown':
        reasons.push('issuer-unknown');
        break;
      case 'not-checked':
        reasons.push('issuer-not-checked');
        break;
    }
  }
  return reasons;
}

function isAccepted(
  { format, documentCode }: Extract<DetailsFact, { kind: 'parsed' }>,
  { booklets, cards, except }: ChipCheckRules['acceptedDocumentCodes']['value'],
): boolean {
  const beginnings = format === 'TD3' ? booklets : cards;
  return beginnings.some((code) => documentCode.startsWith(code)) && !except.includes(documentCode);
}

function hashOutcome(securityObject: SecurityObjectFact, dataGroup: number): string | undefined {
  if (securityObject.kind === 'unreadable') return undefined;
  return securityObject.hashes.find((hash) => hash.dataGroup === dataGroup)?.outcome;
}

/** Whole years lived on `today`. Where the document names no day or month, the latest possible is taken: a warning too many does less harm than one too few. */
function ageOn(today: string, birthDate: string): number {
  const [year = '', month = '', day = ''] = birthDate.split('-');
  const birthday = `${month === '00' ? '12' : month}-${day === '00' ? '31' : day}`;
  return Number(today.slice(0, 4)) - Number(year) - (today.slice(5) < birthday ? 1 : 0);
}

function dayAfter(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
