import { z } from 'zod';

/** `guest`: a lobby board, or a desk's browser in which nobody has logged in. `visitor`: the kiosk's own screen. */
export const roles = ['guest', 'visitor', 'staff', 'technician'] as const;
export type Role = (typeof roles)[number];

export const language = z.enum(['da', 'en']);
export type Language = z.infer<typeof language>;

/** Errors that any method can answer with. */
export const apiError = z.discriminatedUnion('kind', [
  /** The input does not have the method's shape. */
  z.strictObject({ kind: z.literal('bad-input') }),
  z.strictObject({ kind: z.literal('unknown-method') }),
  z.strictObject({ kind: z.literal('not-allowed') }),
  /** Another check is running, or what was asked for does not go with the present state. */
  z.strictObject({ kind: z.literal('busy') }),
  z.strictObject({ kind: z.literal('demo-only') }),
  /** The kiosk's settings switch the queue off. */
  z.strictObject({ kind: z.literal('queue-off') }),
  z.strictObject({ kind: z.literal('internal') }),
]);
export type ApiError = z.infer<typeof apiError>;

export const empty = z.strictObject({});
