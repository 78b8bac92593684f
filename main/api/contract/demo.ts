import { z } from 'zod';
import { documentKind, keyFields } from './chip-check.js';

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

/** What can be wrong with the demo printer. */
export const demoPrinterFaults = [
  'none',
  'paper-low',
  'paper-out',
  /** The paper ends in the middle of the next ticket. */
  'paper-out-midway',
  'cover-open',
  'cutter-jam',
  'offline',
  'silent',
  /** Silent once the next ticket is cut: whether it came out cannot be known. */
  'silent-after-print',
  'slow',
  'unplugged',
] as const;

/** What came out of the demo printer, the last first, as text. */
export const demoPaper = z.strictObject({
  fault: z.enum(demoPrinterFaults),
  tickets: z.array(z.string().max(4000)).max(5),
});
export type DemoPaper = z.infer<typeof demoPaper>;
