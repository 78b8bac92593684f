import { z } from 'zod';
import type { Advice, VerdictReason } from '../api/contract.js';

/** A rule of the verdict, with where it comes from and the day on which that was last looked up (YYYY-MM-DD). */
const rule = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    value,
    source: z.string().min(1),
    checked: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  });

const documentCode = z.string().regex(/^[A-Z]{1,2}$/);

/** What an operator can change in the settings file without a new build. */
export const chipCheckRules = z.strictObject({
  /** Youngest age at which MitID can be had, years. */
  minimumAge: rule(z.int().min(0).max(120)),
  /** From this age the way through the app is open without doubt, years. */
  ordinaryAge: rule(z.int().min(0).max(120)),
  /** Smallest photo that a face is compared with, px. */
  smallestPhoto: rule(z.strictObject({ width: z.int().positive(), height: z.int().positive() })),
  /** A document that runs out within so many days deserves a warning, days. */
  expiresSoon: rule(z.int().min(0).max(3650)),
  /** Codes at the start of the machine-readable zone that mark a temporary document. */
  temporaryDocumentCodes: rule(z.array(documentCode)),
  /** Codes of the kinds of document that the MitID app is known to take, by the format of their zone. */
  acceptedDocumentCodes: rule(
    z.strictObject({
      /** A booklet's code begins with one of these. */
      booklets: z.array(documentCode),
      /** A card's code begins with one of these. */
      cards: z.array(documentCode),
      /** Codes that are not meant although they begin so. */
      except: z.array(documentCode),
    }),
  ),
});
export type ChipCheckRules = z.infer<typeof chipCheckRules>;

export const defaultRules: ChipCheckRules = {
  minimumAge: {
    value: 13,
    source: 'mitid.dk, "Get MitID": from 13 years',
    checked: '2026-11-23',
  },
  ordinaryAge: {
    value: 15,
    source: 'mitid.dk, "MitID for children and young people": 13 and 14 may have to come to Citizen Service',
    checked: '2026-11-23',
  },
  smallestPhoto: {
    value: { width: 240, height: 320 },
    source: 'ISO/IEC 19794-5:2005 clause 10, token face image: at least 240 × 320',
    checked: '2026-11-23',
  },
  expiresSoon: {
    value: 30,
    source: "the product's own choice: about the wait for an appointment",
    checked: '2026-11-23',
  },
  temporaryDocumentCodes: {
    value: ['PE'],
    source: 'mitid.dk: not with a temporary passport; PE: emergency passport, ICAO Doc 9303 part 4',
    checked: '2026-11-23',
  },
  acceptedDocumentCodes: {
    // Residence cards are commonly AR, CR or IR; AC is the crew member certificate.
    value: { booklets: ['P'], cards: ['A', 'C', 'I'], except: ['AC', 'AR', 'CR', 'IR'] },
    source:
      'mitid.dk: a passport, or a foreign ID card, with a chip; codes: ICAO Doc 9303 part 4 section 4.2.2, part 5 section 4.2.2',
    checked: '2026-11-23',
  },
};

type Outcome = 'not-ready' | 'could-not-tell' | 'ready-but' | 'ready';

/**
 * The order in which to try what is advised, after mitid.dk, "When the chip cannot be read" (checked 2026-11-23):
 * what helps at this reader first, Citizen Service last.
 */
export const adviceOrder: readonly Advice[] = [
  'check-typed-details',
  'remove-cover',
  'remove-other-cards',
  'place-open-photo-down',
  'try-again-keep-still',
  'look-for-chip-symbol',
  'wait-until-13',
  'use-app',
  'better-light-for-face',
  'renew-passport',
  'try-again-later',
  'ask-staff',
  'visit-citizen-service',
  'bring-other-identification',
  'no-promise',
];

/**
 * What each reason does to the verdict and what is then advised. The order is the reasons' weight: the first that
 * applies gives the outcome and leads on the screen.
 */
export const reasonRules: readonly {
  readonly reason: VerdictReason;
  readonly outcome: Outcome;
  readonly advice: readonly Advice[];
  readonly retry: 'none' | 'same-details' | 'change-details';
}[] = [
  {
    reason: 'temporary-document',
    outcome: 'not-ready',
    advice: ['renew-passport', 'visit-citizen-service', 'bring-other-identification'],
    retry: 'none',
  },
  {
    reason: 'expired',
    outcome: 'not-ready',
    advice: ['renew-passport', 'visit-citizen-service', 'bring-other-identification'],
    retry: 'none',
  },
  {
    reason: 'signature-wrong',
    outcome: 'not-ready',
    advice: ['ask-staff', 'visit-citizen-service', 'bring-other-identification'],
    retry: 'none',
  },
  {
    reason: 'data-altered',
    outcome: 'not-ready',
    advice: ['ask-staff', 'visit-citizen-service', 'bring-other-identification'],
    retry: 'none',
  },
  {
    reason: 'details-unreadable',
    outcome: 'not-ready',
    advice: ['try-again-keep-still', 'visit-citizen-service', 'bring-other-identification'],
    retry: 'same-details',
  },
  {
    reason: 'photo-unreadable',
    outcome: 'not-ready',
    advice: ['try-again-keep-still', 'visit-citizen-service', 'bring-other-identification'],
    retry: 'same-details',
  },
  {
    reason: 'security-object-unreadable',
    outcome: 'not-ready',
    advice: ['try-again-keep-still', 'visit-citizen-service', 'bring-other-identification'],
    retry: 'same-details',
  },
  {
    reason: 'not-a-travel-document',
    outcome: 'not-ready',
    advice: [
      'remove-other-cards',
      'place-open-photo-down',
      'look-for-chip-symbol',
      'visit-citizen-service',
      'bring-other-identification',
    ],
    retry: 'same-details',
  },
  {
    reason: 'chip-silent',
    outcome: 'not-ready',
    advice: [
      'remove-cover',
      'remove-other-cards',
      'place-open-photo-down',
      'try-again-keep-still',
      'visit-citizen-service',
      'bring-other-identification',
    ],
    retry: 'same-details',
  },
  {
    reason: 'wrong-details',
    outcome: 'could-not-tell',
    advice: ['check-typed-details', 'visit-citizen-service'],
    retry: 'change-details',
  },
  {
    reason: 'moved-too-early',
    outcome: 'could-not-tell',
    advice: ['place-open-photo-down', 'try-again-keep-still'],
    retry: 'same-details',
  },
  {
    reason: 'no-document',
    outcome: 'could-not-tell',
    advice: [
      'remove-cover',
      'place-open-photo-down',
      'try-again-keep-still',
      'look-for-chip-symbol',
      'visit-citizen-service',
    ],
    retry: 'same-details',
  },
  {
    reason: 'unsupported-chip',
    outcome: 'could-not-tell',
    advice: ['visit-citizen-service', 'bring-other-identification'],
    retry: 'none',
  },
  {
    reason: 'chip-error',
    outcome: 'could-not-tell',
    advice: ['remove-other-cards', 'try-again-keep-still', 'visit-citizen-service'],
    retry: 'same-details',
  },
  {
    reason: 'interrupted',
    outcome: 'could-not-tell',
    advice: ['try-again-keep-still', 'ask-staff'],
    retry: 'same-details',
  },
  {
    reason: 'took-too-long',
    outcome: 'could-not-tell',
    advice: ['remove-cover', 'try-again-keep-still', 'ask-staff'],
    retry: 'same-details',
  },
  {
    reason: 'reader-missing',
    outcome: 'could-not-tell',
    advice: ['ask-staff', 'try-again-later'],
    retry: 'same-details',
  },
  {
    reason: 'service-missing',
    outcome: 'could-not-tell',
    advice: ['ask-staff', 'try-again-later'],
    retry: 'same-details',
  },
  { reason: 'cancelled', outcome: 'could-not-tell', advice: [], retry: 'same-details' },
  { reason: 'under-13', outcome: 'ready-but', advice: ['wait-until-13'], retry: 'none' },
  { reason: 'under-15', outcome: 'ready-but', advice: ['use-app', 'visit-citizen-service'], retry: 'none' },
  {
    reason: 'document-type-unsure',
    outcome: 'ready-but',
    advice: ['use-app', 'visit-citizen-service'],
    retry: 'none',
  },
  {
    reason: 'photo-small',
    outcome: 'ready-but',
    advice: ['use-app', 'better-light-for-face', 'visit-citizen-service'],
    retry: 'none',
  },
  {
    reason: 'issuer-unknown',
    outcome: 'ready-but',
    advice: ['use-app', 'visit-citizen-service'],
    retry: 'none',
  },
  { reason: 'expires-soon', outcome: 'ready-but', advice: ['use-app', 'renew-passport'], retry: 'none' },
  // Stays ready: a kiosk has no list of issuers until one is installed; what it tells is whether the chip reads, and
  // the same screen says that the issuer was not checked.
  { reason: 'issuer-not-checked', outcome: 'ready', advice: ['use-app'], retry: 'none' },
];
