import { z } from 'zod';

// What crosses from the driver host to main about a chip: facts only. The objects are strict, so that a name, a
// number or a photo cannot ride along: main refuses a message with an unknown field.

/** The three key fields of the machine-readable zone, Doc 9303 part 11 section 4.3.2, in the document's own order of digits. */
export const mrzKey = z.strictObject({
  /** Capital letters, digits and `<`, without its check digit; longer than 9 characters on some TD1 cards (Doc 9303 part 5 section 4.2.4). */
  documentNumber: z.string().regex(/^[A-Z0-9<]{1,22}$/),
  /** YYMMDD; unknown parts are `<`. */
  birthDate: z.string().regex(/^[0-9<]{6}$/),
  /** YYMMDD. */
  expiryDate: z.string().regex(/^\d{6}$/),
});
export type MrzKey = z.infer<typeof mrzKey>;

export const checkRequest = z.strictObject({
  id: z.string().min(1).max(64),
  key: mrzKey,
  /** Card access number, 6 digits: used for PACE instead of the MRZ where it is given. */
  can: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  /** `auto`: PACE when EF.CardAccess offers it, otherwise BAC. */
  access: z.enum(['auto', 'bac', 'pace']),
  /** Data groups to read and hash besides DG1 and DG2, where the security object lists them; none when left out. */
  dataGroups: z.array(z.literal([14, 15])).optional(),
  /** Name of a reader (or the beginning of it); any reader with a document on it when left out. */
  reader: z.string().max(200).optional(),
  /** How long to wait for a document on a reader, ms. */
  waitForDocumentMs: z.int().min(0).max(600_000),
});
export type CheckRequest = z.infer<typeof checkRequest>;

/** What a person sees ticking off, in this order. */
export const checkSteps = ['connect', 'access', 'security-object', 'details', 'photo', 'verify'] as const;
export const checkStep = z.enum(checkSteps);
export type CheckStep = z.infer<typeof checkStep>;

export const checkProgress = z.strictObject({
  id: z.string(),
  /** `waiting`: no document on the reader yet. */
  step: z.enum(['waiting', ...checkSteps]),
  /** From 0 to 1 within the step. */
  fraction: z.number().min(0).max(1),
});
export type CheckProgress = z.infer<typeof checkProgress>;

export const hashName = z.enum(['sha1', 'sha224', 'sha256', 'sha384', 'sha512']);

const accessFact = z.discriminatedUnion('protocol', [
  z.strictObject({
    protocol: z.literal('bac'),
    cipher: z.literal('3des'),
    /** Whether PACE was offered and failed before. */
    afterPaceFailed: z.boolean(),
  }),
  z.strictObject({
    protocol: z.literal('pace'),
    mapping: z.enum(['generic']),
    keyAgreement: z.enum(['ecdh']),
    cipher: z.enum(['3des', 'aes-128', 'aes-192', 'aes-256']),
    curve: z.string(),
    password: z.enum(['mrz', 'can']),
  }),
]);
export type AccessFact = z.infer<typeof accessFact>;

export const fileName = z.enum(['EF.CardAccess', 'EF.SOD', 'DG1', 'DG2', 'DG14', 'DG15']);
export type FileName = z.infer<typeof fileName>;

const fileFact = z.strictObject({
  file: fileName,
  /** `refused`: the chip answered with an error status; `damaged`: what came is not a file. */
  outcome: z.enum(['read', 'absent', 'refused', 'damaged']),
  bytes: z.int().min(0),
});
export type FileFact = z.infer<typeof fileFact>;

const detailsFact = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('parsed'),
    format: z.enum(['TD1', 'TD2', 'TD3']),
    /** First two characters of the MRZ, without filler: P, PE (emergency passport), I, AC … */
    documentCode: z.string().max(2),
    /** Three-letter code of the issuing state, without filler (D, DNK, UTO …). */
    issuingState: z.string().max(3),
    checkDigitsRight: z.boolean(),
    /** Whether each typed key field equals what is in the chip. */
    matches: z.strictObject({ documentNumber: z.boolean(), birthDate: z.boolean(), expiryDate: z.boolean() }),
  }),
  z.strictObject({ kind: z.literal('unreadable') }),
]);
export type DetailsFact = z.infer<typeof detailsFact>;

const photoFact = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('parsed'),
    container: z.enum(['ISO 19794-5', 'ISO 39794-5']),
    format: z.enum(['jpeg', 'jpeg2000']),
    /** As the image itself says, px. */
    width: z.int().positive(),
    height: z.int().positive(),
    bytes: z.int().positive(),
    faces: z.int().positive(),
  }),
  z.strictObject({ kind: z.literal('unreadable') }),
]);
export type PhotoFact = z.infer<typeof photoFact>;

export const weakness = z.enum([
  'sha1',
  'rsa-under-2048',
  'curve-under-224',
  'explicit-parameters-unknown-curve',
]);

const securityObjectFact = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('parsed'),
    ldsVersion: z.enum(['0', '1']),
    digest: hashName,
    hashes: z.array(
      z.strictObject({
        /** Number of the data group, 1 to 16. */
        dataGroup: z.int().min(1).max(16),
        outcome: z.enum(['match', 'mismatch', 'not-read', 'not-in-security-object']),
      }),
    ),
    signature: z.strictObject({
      /** `unsupported`: an algorithm that this program does not know. */
      outcome: z.enum(['valid', 'invalid', 'unsupported']),
      algorithm: z.enum(['rsa-pkcs1', 'rsa-pss', 'ecdsa', 'unknown']),
      hash: hashName.optional(),
      keyBits: z.int().positive().optional(),
      curve: z.string().optional(),
      explicitParameters: z.boolean().optional(),
      weaknesses: z.array(weakness),
    }),
    signer: z.strictObject({
      /** Two-letter country of the document signer's issuer (X.509 countryName, capitals). */
      country: z.string().max(3).optional(),
      /** ISO 8601 dates of the signer certificate's validity. */
      notBefore: z.string(),
      notAfter: z.string(),
    }),
    /** `not-checked`: no list of issuers is installed; `trusted`, `unknown`: on it or not. */
    issuer: z.enum(['not-checked', 'trusted', 'unknown']),
  }),
  z.strictObject({ kind: z.literal('unreadable') }),
]);
export type SecurityObjectFact = z.infer<typeof securityObjectFact>;

export const checkCost = z.strictObject({
  commands: z.int().min(0),
  /** Bytes of command APDUs. */
  bytesSent: z.int().min(0),
  /** Bytes of response APDUs, status words included. */
  bytesReceived: z.int().min(0),
  /** From the first command to the last fact, ms. */
  elapsedMs: z.number().min(0),
  /** Of these, waiting for the card, ms. */
  transportMs: z.number().min(0),
});
export type CheckCost = z.infer<typeof checkCost>;

export const chipFacts = z.strictObject({
  access: accessFact,
  extendedLength: z.boolean(),
  files: z.array(fileFact),
  /** From DG1. */
  details: detailsFact,
  /** From DG2. */
  photo: photoFact,
  /** From EF.SOD. */
  securityObject: securityObjectFact,
  cost: checkCost,
});
export type ChipFacts = z.infer<typeof chipFacts>;

/** Why a check ended before there were facts. */
export const checkFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('no-reader') }),
  /** No document came within the time to wait. */
  z.strictObject({ kind: z.literal('no-card') }),
  z.strictObject({ kind: z.literal('card-removed') }),
  z.strictObject({ kind: z.literal('card-silent') }),
  z.strictObject({ kind: z.literal('reader-removed') }),
  z.strictObject({ kind: z.literal('service-unavailable') }),
  /** A chip answers, but has no travel document application. */
  z.strictObject({ kind: z.literal('not-a-travel-document') }),
  /** The chip refused the key: the typed fields are not those of this document. */
  z.strictObject({ kind: z.literal('wrong-key') }),
  /** The chip asks for a way in that this program does not have. */
  z.strictObject({ kind: z.literal('unsupported-access') }),
  /** The chip broke the protocol (wrong MAC, unexpected status). `status` is the status word in hexadecimal. */
  z.strictObject({
    kind: z.literal('protocol-error'),
    status: z
      .string()
      .regex(/^[0-9A-F]{4}$/)
      .optional(),
  }),
  z.strictObject({ kind: z.literal('cancelled') }),
]);
export type CheckFault = z.infer<typeof checkFault>;

export const checkOutcome = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('facts'), facts: chipFacts }),
  z.strictObject({
    kind: z.literal('stopped'),
    during: z.enum(['waiting', ...checkSteps]),
    fault: checkFault,
    cost: checkCost,
  }),
]);
export type CheckOutcome = z.infer<typeof checkOutcome>;
