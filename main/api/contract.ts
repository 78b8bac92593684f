import { z } from 'zod';

// The one contract between main and its screens, on every transport. It imports nothing of the house: the renderer
// depends on this file alone.

export const roles = ['visitor', 'staff', 'technician'] as const;
export type Role = (typeof roles)[number];

export const language = z.enum(['da', 'en']);
export type Language = z.infer<typeof language>;

export const documentKind = z.enum(['passport', 'identity-card']);
export type DocumentKind = z.infer<typeof documentKind>;

/** State of the passport reader as a screen shows it. */
export const chipReaderState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('starting') }),
  z.strictObject({ kind: z.literal('ready'), documentPresent: z.boolean() }),
  z.strictObject({ kind: z.literal('no-reader') }),
  /** The computer's card service does not run. */
  z.strictObject({ kind: z.literal('service-absent') }),
  /** The driver host is being replaced. */
  z.strictObject({ kind: z.literal('restarting') }),
]);
export type ChipReaderState = z.infer<typeof chipReaderState>;

export const kioskState = z.strictObject({
  chipReader: chipReaderState,
  /** Whether devices are simulated: said on every screen. */
  demo: z.boolean(),
  settings: z.strictObject({
    defaultLanguage: language,
    /** Without a touch for this long, the kiosk asks whether more time is needed, s. */
    idleSeconds: z.int().positive(),
    /** How long it then waits for an answer before it forgets everything, s. */
    idleGraceSeconds: z.int().positive(),
    /** Theme: primary colour, #rrggbb. */
    primaryColour: z.string().regex(/^#[0-9a-f]{6}$/),
    /** Name of the place, shown on the home screen. */
    placeName: z.string().max(80),
    /** Ages that the verdict's rules go by, years: from when MitID can be had, and from when without help. */
    minimumAge: z.int(),
    ordinaryAge: z.int(),
  }),
  /** Local calendar day at the lobby, YYYY-MM-DD. */
  today: z.string(),
});
export type KioskState = z.infer<typeof kioskState>;

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

const empty = z.strictObject({});

export const demoDocuments = [
  'passport-pace',
  'passport-bac',
  'passport-brainpool',
  'identity-card',
  'passport-expired',
  'passport-small-photo',
  'passport-emergency',
] as const;
export const demoFaults = [
  'none',
  'dead',
  'slow',
  'torn',
  'wrong-key',
  'not-a-passport',
  'tampered-photo',
  'tampered-signature',
  'unknown-issuer',
] as const;

/** The key of a demo document, so that the bench can show and fill in what to type. */
export const demoSpecimen = z.strictObject({
  document: z.enum(demoDocuments),
  kind: documentKind,
  key: keyFields,
});
export type DemoSpecimen = z.infer<typeof demoSpecimen>;

/** Errors that any method can answer with. */
export const apiError = z.discriminatedUnion('kind', [
  /** The input does not have the method's shape. */
  z.strictObject({ kind: z.literal('bad-input') }),
  z.strictObject({ kind: z.literal('unknown-method') }),
  z.strictObject({ kind: z.literal('not-allowed') }),
  /** Another check is running, or what was asked for does not go with the present state. */
  z.strictObject({ kind: z.literal('busy') }),
  z.strictObject({ kind: z.literal('demo-only') }),
  z.strictObject({ kind: z.literal('internal') }),
]);
export type ApiError = z.infer<typeof apiError>;

interface Method {
  readonly roles: readonly Role[];
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

const everyone = roles;

/** Every method, who may call it, what goes in and what comes out. A method without a role cannot be written. */
export const methods = {
  'kiosk.state': { roles: everyone, input: empty, output: kioskState },
  /** The page says that it is alive; the shell relaunches one that falls silent. */
  'kiosk.heartbeat': { roles: everyone, input: empty, output: empty },
  /** Starts a check; progress and verdict come as events with this id. A running one of the same screen ends first. */
  'chipCheck.start': {
    roles: everyone,
    input: z.strictObject({ document: documentKind, key: keyFields }),
    output: z.strictObject({ id: z.string() }),
  },
  /** Ends the running check and forgets what was typed; also when a session ends. */
  'chipCheck.clear': { roles: everyone, input: empty, output: empty },
  'demo.specimens': { roles: everyone, input: empty, output: z.array(demoSpecimen) },
  'demo.place': {
    roles: everyone,
    input: z.strictObject({ document: z.enum(demoDocuments), fault: z.enum(demoFaults) }),
    output: empty,
  },
  'demo.remove': { roles: everyone, input: empty, output: empty },
} as const satisfies Record<string, Method>;
export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type Input<Name extends MethodName> = z.infer<Methods[Name]['input']>;
export type Output<Name extends MethodName> = z.infer<Methods[Name]['output']>;
export type Answer<Name extends MethodName> =
  { readonly ok: true; readonly value: Output<Name> } | { readonly ok: false; readonly error: ApiError };

/** Every event that main sends to a screen. */
export const events = {
  'kiosk.state': kioskState,
  'chipCheck.progress': z.strictObject({
    id: z.string(),
    step: chipCheckStep,
    fraction: z.number().min(0).max(1),
  }),
  'chipCheck.verdict': z.strictObject({ id: z.string(), verdict }),
} as const;
export type Events = typeof events;
export type EventName = keyof Events;
export type EventData<Name extends EventName> = z.infer<Events[Name]>;
