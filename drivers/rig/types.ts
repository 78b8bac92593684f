import { z } from 'zod';

/** A digit's segments: clockwise from the top, then the middle. */
export const segmentNames = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const segmentCount = segmentNames.length;

const usbId = z.int().min(0).max(0xffff);
export const usbIds = z.strictObject({ vendorId: usbId, productId: usbId });
export type UsbIds = z.infer<typeof usbIds>;

/**
 * Where the rig is. `auto`: a serial port or a HID device with a known rig's USB ids that answers `*IDN?`, or else,
 * where demo devices are allowed, the demo rig.
 */
export const rigConnection = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('auto') }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('demo') }),
  z.strictObject({
    kind: z.literal('serial'),
    path: z.string().min(1).max(200),
    baudRate: z.int().min(1200).max(921_600).default(115_200),
  }),
  z.strictObject({
    kind: z.literal('hid'),
    ...usbIds.shape,
    /** Of the USB device, where several are plugged in. */
    serialNumber: z.string().max(128).optional(),
  }),
]);
export type RigConnection = z.infer<typeof rigConnection>;

/** Answer to `*IDN?`, IEEE 488.2 section 10.14: manufacturer, model, serial number, firmware. */
export const rigIdentity = z.strictObject({
  manufacturer: z.string().max(64),
  model: z.string().max(64),
  serialNumber: z.string().max(64),
  firmware: z.string().max(64),
});
export type RigIdentity = z.infer<typeof rigIdentity>;

export const rigFault = z.enum([
  /** None is configured or found. */
  'no-rig',
  /** It is configured and cannot be opened: unplugged, in use, no permission. */
  'not-connected',
  /** It is open and does not answer, also after it was resynchronised. */
  'silent',
  /** What answers is no rig, or answers what no rig would. */
  'not-a-rig',
]);
export type RigFault = z.infer<typeof rigFault>;

export const rigStatus = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('starting') }),
  z.strictObject({
    kind: z.literal('ready'),
    identity: rigIdentity,
    transport: z.enum(['serial', 'hid', 'demo']),
  }),
  z.strictObject({ kind: z.literal('fault'), fault: rigFault }),
]);
export type RigStatus = z.infer<typeof rigStatus>;

/** Intensity, in the rig's own unit: 0 is dark for the sensor, 1000 its end of scale. */
export const intensity = z.int().min(0).max(1000);

/** What a healthy display gives on this rig, segment by segment; it is measured and kept in the settings. */
export const rigCalibration = z.strictObject({
  /** Serial number of the rig. */
  rig: z.string().max(64),
  /** When it was measured. */
  at: z.iso.datetime(),
  digits: z
    .array(z.array(z.strictObject({ off: intensity, on: intensity })).length(segmentCount))
    .min(1)
    .max(12),
});
export type RigCalibration = z.infer<typeof rigCalibration>;

/**
 * `healthy`: seen both on and off, clearly. `weak`: between the two when it should be on. `dead`: never on.
 * `stuck`: never off. `slow`: takes longer than the others to change. `unsettled`: not enough codes came to tell.
 */
export const segmentHealth = z.enum(['healthy', 'weak', 'dead', 'stuck', 'slow', 'unsettled']);
export type SegmentHealth = z.infer<typeof segmentHealth>;

export const displayTestRequest = z.strictObject({
  id: z.string().max(64),
  calibration: rigCalibration,
  /** Digit places of a working display. */
  digits: z.int().min(1).max(12),
  /** How long to wait for a device in the fixture, ms. */
  waitForDeviceMs: z.int().min(0).max(600_000),
});
export type DisplayTestRequest = z.infer<typeof displayTestRequest>;

export const displayTestStep = z.enum(['connect', 'waiting', 'button', 'codes']);
export type DisplayTestStep = z.infer<typeof displayTestStep>;

/** Counts only: what a code shows stays inside the driver. */
export const displayTestProgress = z.strictObject({
  id: z.string().max(64),
  step: displayTestStep,
  /** Different codes that came so far. */
  codes: z.int().min(0),
  /** Of the whole test, as far as it can be told. */
  fraction: z.number().min(0).max(1),
});
export type DisplayTestProgress = z.infer<typeof displayTestProgress>;

/**
 * So many codes go into every statement about segments, and no two statements share some but not all of them:
 * otherwise their difference would tell a code.
 */
export const codesInAStatement = 5;

const range = z.strictObject({ low: intensity, high: intensity });

/** The segments' levels over the last `codesInAStatement` or more codes together, digit by digit. */
export const displayLevels = z.strictObject({
  id: z.string().max(64),
  codes: z.int().min(codesInAStatement),
  digits: z
    .array(
      z
        .array(
          z.strictObject({
            /** Levels when it was taken for on, and for off; `null`: it never was, in these codes. */
            on: range.nullable(),
            off: range.nullable(),
          }),
        )
        .length(segmentCount),
    )
    .max(12),
});
export type DisplayLevels = z.infer<typeof displayLevels>;

/** What a test found: health, never what was shown. */
export const displayFacts = z.strictObject({
  /** Digit places: of a working display, and those that the rig sees. */
  digitsExpected: z.int().min(1).max(12),
  digitsPresent: z.int().min(0).max(12),
  /** Digit by digit, in the order of `segmentNames`; `null` when fewer than `codesInAStatement` codes came. */
  segments: z.array(z.array(segmentHealth).length(segmentCount)).max(12).nullable(),
  /** Different codes that came, and how often the button was pressed. */
  codes: z.int().min(0),
  presses: z.int().min(0),
  /** How likely a fault of a segment would have shown by now: least of all segments. 0 to 1. */
  confidence: z.number().min(0).max(1),
  /** Whether it can be told of every segment if it is slow; not with a rig that takes too long for its answers. */
  paceJudged: z.boolean(),
  /** Whether the display showed anything at all; `null`: it did not by now, and was not pressed often enough to tell. */
  lights: z.boolean().nullable(),
  /** The whole display is near the lower end of what can be read. */
  dim: z.boolean(),
  button: z.enum(['works', 'sometimes', 'never', 'unknown']),
  /** Whether a new code came when its time was up. */
  newCodes: z.enum(['regular', 'irregular', 'none', 'unknown']),
  /** Seconds between two codes, where it could be measured. */
  codeEverySeconds: z.number().min(0).max(600).nullable(),
  /** Volts; `null` when the rig cannot measure it. */
  batteryVolts: z.number().min(0).max(12).nullable(),
  battery: z.enum(['good', 'low', 'empty', 'unknown']),
  elapsedMs: z.number().min(0),
});
export type DisplayFacts = z.infer<typeof displayFacts>;

export const displayTestFault = z.enum([
  ...rigFault.options,
  /** Nothing was put in the fixture. */
  'no-device',
  'device-removed',
  /** The calibration is of another rig, or of another number of digits. */
  'calibration-does-not-fit',
  /** The rig reports an error of its own, or measures what cannot be. */
  'rig-error',
  /** The rig started anew again and again. */
  'rig-restarts',
  'took-too-long',
  'busy',
  'cancelled',
]);
export type DisplayTestFault = z.infer<typeof displayTestFault>;

export const displayOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tested'), facts: displayFacts }),
  z.strictObject({ kind: z.literal('stopped'), during: displayTestStep, fault: displayTestFault }),
]);
export type DisplayOutcome = z.infer<typeof displayOutcome>;

export const calibrationRequest = z.strictObject({
  id: z.string().max(64),
  digits: z.int().min(1).max(12),
  waitForDeviceMs: z.int().min(0).max(600_000),
});
export type CalibrationRequest = z.infer<typeof calibrationRequest>;

export const calibrationOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('calibrated'), calibration: rigCalibration, codes: z.int().min(0) }),
  /** The display that was put in is not a healthy one: some segments' levels do not fall into two groups. */
  z.strictObject({ kind: z.literal('display-unfit'), digits: z.array(z.int().min(1).max(12)) }),
  z.strictObject({ kind: z.literal('stopped'), during: displayTestStep, fault: displayTestFault }),
]);
export type CalibrationOutcome = z.infer<typeof calibrationOutcome>;

/** One entry of the error queue, SCPI-99 volume 1 section 21.8: number and text. */
export const rigError = z.strictObject({ code: z.int(), text: z.string().max(255) });
export type RigError = z.infer<typeof rigError>;

export const selfTestOutcome = z.discriminatedUnion('kind', [
  /** `*TST?`, IEEE 488.2 section 10.38: 0 is passed. */
  z.strictObject({ kind: z.literal('done'), result: z.int(), errors: z.array(rigError).max(32) }),
  z.strictObject({ kind: z.literal('stopped'), fault: displayTestFault }),
]);
export type SelfTestOutcome = z.infer<typeof selfTestOutcome>;

/** One program message without its terminator: printable ASCII. */
export const rigCommand = z.string().regex(/^[\x20-\x7e]{1,120}$/);

export const queryOutcome = z.discriminatedUnion('kind', [
  /**
   * `line`: the answer; none for a command that is no query. Levels of segments are left out and say so (`redacted`):
   * together they would tell the code on the display.
   */
  z.strictObject({
    kind: z.literal('done'),
    line: z.string().max(512).nullable(),
    redacted: z.boolean(),
    errors: z.array(rigError).max(32),
  }),
  z.strictObject({ kind: z.literal('stopped'), fault: displayTestFault }),
]);
export type QueryOutcome = z.infer<typeof queryOutcome>;
