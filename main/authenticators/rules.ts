import { z } from 'zod';
import type { DeviceAdvice, DeviceOutcome, DeviceReason } from '../api/contract.js';

/** A fact about MitID's devices, with where it comes from and the day on which that was last looked up (YYYY-MM-DD). */
const rule = <Value extends z.ZodType>(value: Value) =>
  z.strictObject({
    value,
    source: z.string().min(1),
    checked: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  });

/** What an operator can change in the settings file without a new build. */
export const authenticatorRules = z.strictObject({
  /** So many orders of a code display or an audio code reader are free. */
  freeOrders: rule(z.int().min(0).max(20)),
  /** Where a new device is activated. */
  activation: rule(z.array(z.enum(['app', 'citizen-service']))),
});
export type AuthenticatorRules = z.infer<typeof authenticatorRules>;

export const defaultAuthenticatorRules: AuthenticatorRules = {
  freeOrders: {
    value: 3,
    source: 'mitid.dk, "MitID code display": the first three orders are free',
    checked: '2026-11-23',
  },
  activation: {
    value: ['app', 'citizen-service'],
    source: 'mitid.dk, "Activate a new authenticator": in the MitID app, or at Citizen Service',
    checked: '2026-11-23',
  },
};

/** The order in which to do what is advised: what helps here and now first, then ordering, then whoever can help. */
export const adviceOrder: readonly DeviceAdvice[] = [
  'use-it',
  'place-in-rig',
  'plug-in-usb',
  'hold-on-reader',
  'do-not-press-button',
  'try-again',
  'use-the-questions',
  'change-battery-not-possible',
  'order-new-soon',
  'order-new',
  'first-three-free',
  'activate-in-app-or-here',
  'block-the-old-one',
  'keep-it-to-yourself',
  'ask-staff',
  'visit-citizen-service',
  'call-support',
];

export interface ReasonRule {
  readonly reason: DeviceReason;
  readonly outcome: DeviceOutcome;
  readonly advice: readonly DeviceAdvice[];
  readonly retry: boolean;
}

/** A broken device is replaced: an order, its activation, and the old one blocked so that nobody finds a use for it. */
const replacing: readonly DeviceAdvice[] = [
  'order-new',
  'first-three-free',
  'activate-in-app-or-here',
  'block-the-old-one',
  'visit-citizen-service',
];
const ordering: readonly DeviceAdvice[] = [
  'use-it',
  'order-new-soon',
  'first-three-free',
  'activate-in-app-or-here',
];
const withoutRig: readonly DeviceAdvice[] = ['use-the-questions', 'ask-staff'];

const broken = (reason: DeviceReason, ...more: DeviceAdvice[]): ReasonRule => ({
  reason,
  outcome: 'replace',
  advice: [...more, ...replacing],
  retry: false,
});
/** It works, and something of it is on the way out. */
export const wearing = (reason: DeviceReason, ...more: DeviceAdvice[]): ReasonRule => ({
  reason,
  outcome: 'failing',
  advice: [...more, ...ordering],
  retry: false,
});
const unknown = (reason: DeviceReason, advice: readonly DeviceAdvice[], retry = true): ReasonRule => ({
  reason,
  outcome: 'could-not-tell',
  advice,
  retry,
});

/** On a reader a chip that is silent may just lie in the wrong place. */
export const silentOnReader: ReasonRule = unknown('chip-silent', [
  'hold-on-reader',
  'do-not-press-button',
  'plug-in-usb',
  'try-again',
  'ask-staff',
]);

/**
 * What each reason does to the verdict and what is then advised. The order is the reasons' weight: the first that
 * applies gives the outcome and leads on the screen. What could not be told stands before what is only on the way out:
 * a device of which something is not known is not said to work.
 */
export const reasonRules: readonly ReasonRule[] = [
  // Nothing that is bought makes up for a device that MitID no longer takes.
  broken('permanently-blocked', 'call-support'),
  // An audio code reader that is heard does without its display.
  broken('no-sound'),
  broken('does-not-light-up'),
  broken('battery-empty', 'change-battery-not-possible'),
  broken('digit-missing'),
  broken('segment-dead'),
  broken('segment-stuck'),
  broken('no-new-codes'),
  broken('button-dead'),
  { ...broken('chip-silent', 'try-again'), retry: true },

  unknown('rig-missing', withoutRig, false),
  unknown('rig-trouble', withoutRig),
  unknown('not-calibrated', withoutRig, false),
  unknown('no-device', ['place-in-rig', 'try-again', 'use-the-questions']),
  unknown('device-removed', ['place-in-rig', 'try-again']),
  unknown('reader-missing', ['plug-in-usb', 'ask-staff']),
  unknown('service-missing', ['ask-staff']),
  unknown('not-a-key', ['hold-on-reader', 'try-again', 'ask-staff']),
  unknown('key-missing', ['plug-in-usb', 'hold-on-reader', 'do-not-press-button', 'try-again']),
  unknown('key-busy', ['try-again', 'ask-staff']),
  unknown('key-protocol', ['try-again', 'ask-staff', 'call-support']),
  unknown('took-too-long', ['try-again', 'ask-staff']),
  unknown('interrupted', ['try-again', 'ask-staff']),
  unknown('cancelled', ['try-again']),
  // Whoever has no time for so many codes can answer questions.
  unknown('too-few-codes', ['try-again', 'use-the-questions']),
  unknown('answers-unsure', ['try-again', 'ask-staff', 'visit-citizen-service']),

  wearing('segment-weak'),
  wearing('display-dim'),
  wearing('battery-low', 'change-battery-not-possible'),
  wearing('segment-slow'),
  wearing('button-sometimes'),
  wearing('new-codes-irregular'),
  wearing('replay-fails'),
  wearing('volume-fixed'),
  wearing('language-fixed'),

  { reason: 'chip-answers', outcome: 'works', advice: ['use-it', 'keep-it-to-yourself'], retry: false },
  // Only MitID itself can say whose a device is, and whether it is blocked.
  { reason: 'owner-not-checked', outcome: 'works', advice: ['call-support'], retry: false },
];
