import { z } from 'zod';

export const documentKind = z.enum(['passport', 'identity-card']);
export type DocumentKind = z.infer<typeof documentKind>;

/** The three key fields as the visitor typed them. */
export const keyFields = z.strictObject({
  /** Without filler at its ends; inside, `<` stands for a space or a hyphen. A passport's check digit may follow. */
  documentNumber: z.string().regex(/^[A-Z0-9]([A-Z0-9<]{0,20}[A-Z0-9])?$/),
  /** A day of the calendar, YYYY-MM-DD; day, or month and day, are 00 when the document does not name them. */
  birthDate: z.union([z.iso.date(), z.string().regex(/^\d{4}-(0\d|1[0-2])-00$/)]),
  /** A day of the calendar, YYYY-MM-DD. */
  expiryDate: z.iso.date(),
});
export type KeyFields = z.infer<typeof keyFields>;

export const chipCheckSteps = ['connect', 'access', 'security-object', 'details', 'photo', 'verify'] as const;
export const chipCheckStep = z.enum(['waiting', ...chipCheckSteps]);
export type ChipCheckStep = z.infer<typeof chipCheckStep>;

export const verdictReasons = [
  // not ready
  'expired',
  'chip-silent',
  'not-a-travel-document',
  'signature-wrong',
  'data-altered',
  'temporary-document',
  'photo-unreadable',
  'details-unreadable',
  'security-object-unreadable',
  // ready, but…
  'document-type-unsure',
  'photo-small',
  'issuer-unknown',
  'expires-soon',
  'under-13',
  'under-15',
  // could not tell
  'wrong-details',
  'moved-too-early',
  'no-document',
  'reader-missing',
  'service-missing',
  'interrupted',
  'took-too-long',
  'unsupported-chip',
  'chip-error',
  'cancelled',
  // said with every readable chip
  'issuer-not-checked',
] as const;
export const verdictReason = z.enum(verdictReasons);
export type VerdictReason = z.infer<typeof verdictReason>;

export const adviceItems = [
  'use-app',
  'no-promise',
  'renew-passport',
  'visit-citizen-service',
  'check-typed-details',
  'try-again-keep-still',
  'place-open-photo-down',
  'remove-cover',
  'remove-other-cards',
  'look-for-chip-symbol',
  'better-light-for-face',
  'bring-other-identification',
  'ask-staff',
  'try-again-later',
  'wait-until-13',
] as const;
export const advice = z.enum(adviceItems);
export type Advice = z.infer<typeof advice>;

export const verdict = z.strictObject({
  outcome: z.enum(['ready', 'ready-but', 'not-ready', 'could-not-tell']),
  /** The weightiest first. */
  reasons: z.array(verdictReason),
  /** In the order in which to try them. */
  advice: z.array(advice),
  /** What the visitor can do at once on this screen. */
  retry: z.enum(['none', 'same-details', 'change-details']),
});
export type Verdict = z.infer<typeof verdict>;
