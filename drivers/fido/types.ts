import { z } from 'zod';

export const keyWay = z.enum(['usb', 'nfc']);
export type KeyWay = z.infer<typeof keyWay>;

export const keyCheckRequest = z.strictObject({
  id: z.string().max(64),
  /** How long to wait for a key, ms. */
  waitForKeyMs: z.int().min(0).max(600_000),
});
export type KeyCheckRequest = z.infer<typeof keyCheckRequest>;

/** `waiting` for a key, `greeting` it (INIT or SELECT), `asking` what it is (GetInfo or U2F's version). */
export const keyCheckStep = z.enum(['waiting', 'greeting', 'asking']);
export const keyCheckProgress = z.strictObject({ id: z.string().max(64), step: keyCheckStep });
export type KeyCheckStep = z.infer<typeof keyCheckStep>;
export type KeyCheckProgress = z.infer<typeof keyCheckProgress>;

/** What a key says of itself, to anybody who asks: nothing of its owner. */
export const keyFacts = z.strictObject({
  way: keyWay,
  /** As it names them: "FIDO_2_1", "FIDO_2_0", "U2F_V2" (CTAP 2.1 section 6.4). */
  versions: z.array(z.string().max(32)).max(16),
  /** Answers CTAP2's GetInfo; otherwise it was asked by U2F alone. */
  ctap2: z.boolean(),
  u2f: z.boolean(),
  /** Of CTAPHID_INIT, CTAP 2.1 section 11.2.9.1.3; `null` over NFC. */
  hid: z
    .strictObject({
      protocolVersion: z.int().min(0).max(255),
      /** Major, minor, build. */
      deviceVersion: z.tuple([z.int(), z.int(), z.int()]),
      wink: z.boolean(),
      cbor: z.boolean(),
      /** Whether it carries U2F messages. */
      message: z.boolean(),
    })
    .nullable(),
  /** Whether an echo came back as it was sent; `null` over NFC. */
  ping: z.boolean().nullable(),
  /** Whether it was made to blink. */
  winked: z.boolean(),
  /** GetInfo's model id, hex; `null` without CTAP2, or all zeros. It names the model, never the key. */
  aaguid: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
  /** GetInfo's transports: "usb", "nfc", "ble". */
  transports: z.array(z.string().max(32)).max(8),
  /** GetInfo's firmwareVersion. */
  firmwareVersion: z.number().int().min(0).nullable(),
  /** GetInfo's maxMsgSize, bytes. */
  maxMessageSize: z.int().min(0).nullable(),
  elapsedMs: z.number().min(0),
});
export type KeyFacts = z.infer<typeof keyFacts>;

export const keyCheckFault = z.enum([
  /** None came. */
  'no-key',
  'key-removed',
  /** It is there and does not answer. */
  'key-silent',
  /** Another program talks to it, or it waits for something else. */
  'key-busy',
  /** A card that is no FIDO key. */
  'not-a-key',
  /** It answers what the standard does not allow, or was greeted and then leaves unanswered what it must answer. */
  'protocol-error',
  /** The computer does not let this program open it. */
  'no-access',
  'no-reader',
  'service-unavailable',
  /** Another check uses the reader. */
  'busy',
  'cancelled',
]);
export type KeyCheckFault = z.infer<typeof keyCheckFault>;

export const keyCheckOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('answers'), facts: keyFacts }),
  z.strictObject({
    kind: z.literal('stopped'),
    during: keyCheckStep,
    fault: keyCheckFault,
  }),
]);
export type KeyCheckOutcome = z.infer<typeof keyCheckOutcome>;
