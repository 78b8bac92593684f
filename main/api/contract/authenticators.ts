import { z } from 'zod';

/** Code display, audio code reader, MitID chip. */
export const authenticatorKinds = ['code-display', 'audio-code-reader', 'mitid-chip'] as const;
export const authenticatorKind = z.enum(authenticatorKinds);
export type AuthenticatorKind = z.infer<typeof authenticatorKind>;

/** State of the test rig as a screen shows it. */
export const rigState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('starting') }),
  /** `calibrated`: whether its levels are known; without them visitors get the questions. */
  z.strictObject({ kind: z.literal('ready'), calibrated: z.boolean() }),
  z.strictObject({ kind: z.literal('none') }),
  /** There is one, and it does not work, or has failed its last self-test. */
  z.strictObject({ kind: z.literal('trouble') }),
]);
export type RigState = z.infer<typeof rigState>;

/** Steps of a test by a device: the display in the rig, or the chip on a reader or in a USB socket. */
export const deviceTestStep = z.enum(['waiting', 'connect', 'button', 'codes', 'asking']);
export type DeviceTestStep = z.infer<typeof deviceTestStep>;

/**
 * What the guided test asks, in this order, for the devices that it is asked of. Each is answered with yes, no or
 * "I do not know", never with what a display shows.
 */
export const guidedQuestions = [
  'lights-up',
  'six-digits',
  'digits-whole',
  'new-code',
  'hears-digits',
  'volume-changes',
  'replays',
  'language-changes',
  'blocked',
] as const;
export const guidedQuestion = z.enum(guidedQuestions);
export type GuidedQuestion = z.infer<typeof guidedQuestion>;
/** Devices that are tested by questions. */
export const guidedDevice = authenticatorKind.exclude(['mitid-chip']);
export type GuidedDevice = z.infer<typeof guidedDevice>;

/** Which devices each question is asked of. */
export const guidedQuestionTable = {
  'lights-up': ['code-display', 'audio-code-reader'],
  'six-digits': ['code-display', 'audio-code-reader'],
  'digits-whole': ['code-display'],
  'new-code': ['code-display', 'audio-code-reader'],
  'hears-digits': ['audio-code-reader'],
  'volume-changes': ['audio-code-reader'],
  replays: ['audio-code-reader'],
  'language-changes': ['audio-code-reader'],
  blocked: ['code-display', 'audio-code-reader'],
} as const satisfies Readonly<Record<GuidedQuestion, readonly GuidedDevice[]>>;
export type DeviceAskedAbout<Question extends GuidedQuestion> =
  (typeof guidedQuestionTable)[Question][number];

/** What a device is asked about, in order. */
export function questionsFor(device: GuidedDevice): readonly GuidedQuestion[] {
  const table: Readonly<Record<GuidedQuestion, readonly GuidedDevice[]>> = guidedQuestionTable;
  return guidedQuestions.filter((question) => table[question].includes(device));
}

export const guidedAnswer = z.enum(['yes', 'no', 'unsure']);
export type GuidedAnswer = z.infer<typeof guidedAnswer>;

export const deviceReasons = [
  // replace it
  'does-not-light-up',
  'segment-dead',
  'segment-stuck',
  'digit-missing',
  'no-new-codes',
  'button-dead',
  'battery-empty',
  'no-sound',
  'permanently-blocked',
  'chip-silent',
  // works, but
  'segment-weak',
  'segment-slow',
  'display-dim',
  'button-sometimes',
  'new-codes-irregular',
  'battery-low',
  'volume-fixed',
  'replay-fails',
  'language-fixed',
  // could not tell
  'too-few-codes',
  'answers-unsure',
  'no-device',
  'device-removed',
  'rig-missing',
  'rig-trouble',
  'not-calibrated',
  'key-missing',
  'not-a-key',
  'key-busy',
  'key-protocol',
  'reader-missing',
  'service-missing',
  'took-too-long',
  'interrupted',
  'cancelled',
  // said with every chip that answers
  'chip-answers',
  'owner-not-checked',
] as const;
export const deviceReason = z.enum(deviceReasons);
export type DeviceReason = z.infer<typeof deviceReason>;

export const deviceAdviceItems = [
  'use-it',
  'order-new-soon',
  'order-new',
  'first-three-free',
  'activate-in-app-or-here',
  'block-the-old-one',
  'keep-it-to-yourself',
  'use-the-questions',
  'try-again',
  'place-in-rig',
  'hold-on-reader',
  'do-not-press-button',
  'plug-in-usb',
  'change-battery-not-possible',
  'visit-citizen-service',
  'ask-staff',
  'call-support',
] as const;
export const deviceAdvice = z.enum(deviceAdviceItems);
export type DeviceAdvice = z.infer<typeof deviceAdvice>;

/** How it was tested. */
export const testWay = z.enum(['rig', 'questions', 'usb', 'nfc']);
export type TestWay = z.infer<typeof testWay>;

export const deviceOutcome = z.enum(['works', 'failing', 'replace', 'could-not-tell']);
export type DeviceOutcome = z.infer<typeof deviceOutcome>;

/** What a test that was ended too early to tell had seen by then. */
export const deviceSeen = z.enum(['button-works', 'new-codes', 'no-fault']);
export type DeviceSeen = z.infer<typeof deviceSeen>;

export const deviceVerdict = z.strictObject({
  device: authenticatorKind,
  way: testWay,
  /** `failing`: works, but its display or something else of it is on the way out. */
  outcome: deviceOutcome,
  /** The weightiest first. */
  reasons: z.array(deviceReason),
  /** In the order in which to do them. */
  advice: z.array(deviceAdvice),
  retry: z.boolean(),
  /** How sure the rig is, percent, and by how many codes. */
  certainty: z
    .strictObject({ percent: z.int().min(0).max(100), codes: z.int().min(0), presses: z.int().min(0) })
    .optional(),
  /** Of a test that was ended too early to tell. */
  seen: z.array(deviceSeen).optional(),
  /** What a chip said of itself. */
  chip: z
    .strictObject({
      versions: z.array(z.string().max(32)).max(16),
      winked: z.boolean(),
    })
    .optional(),
  /** By simulated devices. */
  demo: z.boolean(),
});
export type DeviceVerdict = z.infer<typeof deviceVerdict>;

export const guidedInput = z.strictObject({
  device: guidedDevice,
  /** One for each question that was asked. */
  answers: z.partialRecord(guidedQuestion, guidedAnswer),
});
export type GuidedInput = z.infer<typeof guidedInput>;

// The bench of staff and technicians.

export const segmentHealth = z.enum(['healthy', 'weak', 'dead', 'stuck', 'slow', 'unsettled']);

export const benchFacts = z.strictObject({
  digitsExpected: z.int(),
  digitsPresent: z.int(),
  /** Digit by digit, segments a–g; `null` when too few codes came to say it without telling one of them. */
  segments: z.array(z.array(segmentHealth).length(7)).nullable(),
  codes: z.int(),
  presses: z.int(),
  confidence: z.number().min(0).max(1),
  /** Whether it was seen of every segment how quickly it comes; a slow rig does not see it. */
  paceJudged: z.boolean(),
  /** `null`: it was dark by now, and was not pressed often enough to tell. */
  lights: z.boolean().nullable(),
  dim: z.boolean(),
  button: z.enum(['works', 'sometimes', 'never', 'unknown']),
  newCodes: z.enum(['regular', 'irregular', 'none', 'unknown']),
  codeEverySeconds: z.number().nullable(),
  batteryVolts: z.number().nullable(),
  battery: z.enum(['good', 'low', 'empty', 'unknown']),
  elapsedMs: z.number(),
});
export type BenchFacts = z.infer<typeof benchFacts>;

export const rigError = z.strictObject({ code: z.int(), text: z.string().max(255) });

const intensity = z.int().min(0).max(1000);
const range = z.strictObject({ low: intensity, high: intensity });

/** Levels of the segments over several codes together, never of one. */
export const benchLevels = z.strictObject({
  codes: z.int(),
  digits: z.array(z.array(z.strictObject({ on: range.nullable(), off: range.nullable() })).length(7)),
});
export type BenchLevels = z.infer<typeof benchLevels>;

export const benchState = z.strictObject({
  rig: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('starting') }),
    z.strictObject({ kind: z.literal('restarting') }),
    z.strictObject({
      kind: z.literal('ready'),
      manufacturer: z.string(),
      model: z.string(),
      serialNumber: z.string(),
      firmware: z.string(),
      transport: z.enum(['serial', 'hid', 'demo']),
    }),
    z.strictObject({
      kind: z.literal('fault'),
      fault: z.enum(['no-rig', 'not-connected', 'silent', 'not-a-rig']),
    }),
  ]),
  demo: z.boolean(),
  /** FIDO keys in USB sockets. */
  keys: z.int(),
  calibration: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    /** `old`: older than the settings allow; it still counts, and the technician is told. */
    z.strictObject({ kind: z.literal('there'), at: z.iso.datetime(), ageDays: z.int(), old: z.boolean() }),
  ]),
  /** The last first; for as long as the kiosk runs and before: kept in the data folder. */
  selfTests: z
    .array(
      z.strictObject({
        at: z.iso.datetime(),
        /** Serial number of the rig, where it was known. */
        rig: z.string().max(64).optional(),
        result: z.int(),
        errors: z.array(rigError).max(32),
      }),
    )
    .max(50),
  /** What runs on the bench, for whichever screen. `own`: it was begun in this screen's session. */
  running: z
    .discriminatedUnion('kind', [
      z.strictObject({
        kind: z.enum(['display', 'calibration']),
        own: z.boolean(),
        step: deviceTestStep,
        codes: z.int(),
        fraction: z.number().min(0).max(1),
      }),
      z.strictObject({ kind: z.enum(['self-test', 'query', 'usb-key', 'nfc-key']), own: z.boolean() }),
      z.strictObject({ kind: z.literal('visitor') }),
    ])
    .optional(),
});
export type BenchState = z.infer<typeof benchState>;

/** Why nothing came of it. */
export const benchFault = z.enum([
  'no-rig',
  'not-connected',
  'silent',
  'not-a-rig',
  'no-device',
  'device-removed',
  'not-calibrated',
  'calibration-does-not-fit',
  'display-unfit',
  'rig-error',
  'rig-restarts',
  'took-too-long',
  'busy',
  'cancelled',
  'interrupted',
  'not-saved',
]);
export type BenchFault = z.infer<typeof benchFault>;

const failed = z.strictObject({ kind: z.literal('failed'), fault: benchFault });

/** `again`: takes up what was begun in this session before its connection was lost, and begins nothing. */
export const benchLongInput = z.strictObject({ again: z.literal(true).optional() });

export const benchDisplayResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tested'), facts: benchFacts, verdict: deviceVerdict }),
  failed,
]);
export const benchCalibrationResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('calibrated'), codes: z.int() }),
  failed,
]);
export const benchSelfTestResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('done'), result: z.int(), errors: z.array(rigError).max(32) }),
  failed,
]);
export const benchQueryResult = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('done'),
    line: z.string().max(512).nullable(),
    /** Levels of segments were left out: together they would tell the code on the display. */
    redacted: z.boolean(),
    errors: z.array(rigError).max(32),
  }),
  failed,
]);
/** One SCPI program message, printable ASCII. */
export const scpiMessage = z.string().regex(/^[\x20-\x7e]{1,120}$/);

export const keyFacts = z.strictObject({
  way: z.enum(['usb', 'nfc']),
  versions: z.array(z.string().max(32)).max(16),
  ctap2: z.boolean(),
  u2f: z.boolean(),
  hid: z
    .strictObject({
      protocolVersion: z.int(),
      deviceVersion: z.tuple([z.int(), z.int(), z.int()]),
      wink: z.boolean(),
      cbor: z.boolean(),
      message: z.boolean(),
    })
    .nullable(),
  ping: z.boolean().nullable(),
  winked: z.boolean(),
  aaguid: z.string().nullable(),
  transports: z.array(z.string().max(32)).max(8),
  firmwareVersion: z.int().nullable(),
  maxMessageSize: z.int().nullable(),
  elapsedMs: z.number(),
});
export type KeyFacts = z.infer<typeof keyFacts>;

export const benchKeyResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answers'), facts: keyFacts, verdict: deviceVerdict }),
  z.strictObject({ kind: z.literal('could-not-tell'), verdict: deviceVerdict }),
  failed,
]);

// The demo bench.

export const demoRigFaults = [
  'none',
  'no-device',
  'dead-segment',
  'weak-segment',
  'stuck-segment',
  'slow-segment',
  'missing-digit',
  'dim',
  'dark',
  'button-broken',
  'button-sometimes',
  'no-new-codes',
  'battery-low',
  'device-removed',
  'noise',
  'reboot',
  'wrong-baud-rate',
  'silent',
  'self-test-fails',
  'unplugged',
] as const;
export const demoKeys = ['ctap2', 'u2f-only', 'silent', 'torn', 'not-a-key', 'protocol-error'] as const;
export const demoAuthenticators = z.strictObject({
  rig: z.enum(demoRigFaults),
  /** In the demo USB socket. */
  key: z.enum(demoKeys).nullable(),
});
export type DemoAuthenticators = z.infer<typeof demoAuthenticators>;
