import { z } from 'zod';
import { rigState } from './authenticators.js';
import { language } from './common.js';

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
  /** Whether the passport reader, or the printer, is simulated: said on every screen. */
  demo: z.boolean(),
  demoPrinter: z.boolean(),
  rig: rigState,
  /** Whether the rig and the USB sockets for MitID chips are simulated. */
  demoRig: z.boolean(),
  /** Whether this kiosk has a queue. */
  queue: z.boolean(),
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
