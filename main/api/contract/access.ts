import { z } from 'zod';
import { roles } from './common.js';

export const staffRole = z.enum(['staff', 'technician']);
export type StaffRole = z.infer<typeof staffRole>;

/** Digits only, so that it can be typed on the kiosk; 6 at least. */
export const pin = z.string().regex(/^\d{6,12}$/);

/** Who this screen is, now. */
export const accessState = z.strictObject({
  role: z.enum(roles),
  /** The PIN that was used is the one that the program made up, or there is none yet: nothing works before a new one is set. */
  mustSetPin: z.boolean(),
  /** Whether staff have a PIN yet. */
  staffPinSet: z.boolean(),
  /** When the session ends unless something is done, ms from now. */
  endsInMs: z.int().min(0).optional(),
});
export type AccessState = z.infer<typeof accessState>;

export const loginResult = z.discriminatedUnion('kind', [
  /** `resume`: takes the session up again after a lost connection, from the same page only. */
  z.strictObject({ kind: z.literal('in'), state: accessState, resume: z.string() }),
  z.strictObject({ kind: z.literal('wrong'), triesLeft: z.int().min(0) }),
  z.strictObject({ kind: z.literal('locked'), forMs: z.int().min(0) }),
  /** No PIN has been set for this role: a technician sets it. */
  z.strictObject({ kind: z.literal('not-set') }),
  /**
   * Nobody can log in now, whatever the PIN. `damaged`: what is kept of PINs cannot be read; `not-stored`: the disk does
   * not take the try, and a try that does not count is none.
   */
  z.strictObject({ kind: z.literal('unavailable'), why: z.enum(['damaged', 'not-stored']) }),
]);
export type LoginResult = z.infer<typeof loginResult>;

export const setPinResult = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('set'), state: accessState }),
  /** All the same digit, a run, or the one before. */
  z.strictObject({ kind: z.literal('too-easy') }),
  /** It is the other role's: whoever had the one would have both. */
  z.strictObject({ kind: z.literal('other-role') }),
  /** It could not be stored: the one before holds. */
  z.strictObject({ kind: z.literal('not-stored') }),
]);
export type SetPinResult = z.infer<typeof setPinResult>;
