import type { ChipFacts, SecurityObjectFact } from '../../../../drivers/emrtd/types.js';

type ParsedSecurityObject = Extract<SecurityObjectFact, { kind: 'parsed' }>;

export const soundSecurityObject: ParsedSecurityObject = {
  kind: 'parsed',
  ldsVersion: '0',
  digest: 'sha256',
  hashes: [
    { dataGroup: 1, outcome: 'match' },
    { dataGroup: 2, outcome: 'match' },
    { dataGroup: 14, outcome: 'not-read' },
  ],
  signature: {
    outcome: 'valid',
    algorithm: 'ecdsa',
    hash: 'sha256',
    curve: 'P-256',
    explicitParameters: true,
    weaknesses: [],
  },
  signer: { country: 'UT', notBefore: '2024-01-01T00:00:00Z', notAfter: '2034-01-01T00:00:00Z' },
  issuer: 'trusted',
};

export const soundDetails = {
  kind: 'parsed',
  format: 'TD3',
  documentCode: 'P',
  issuingState: 'UTO',
  checkDigitsRight: true,
  matches: { documentNumber: true, birthDate: true, expiryDate: true },
} as const satisfies ChipFacts['details'];

export const soundPhoto = {
  kind: 'parsed',
  container: 'ISO 19794-5',
  format: 'jpeg',
  width: 413,
  height: 531,
  bytes: 18_000,
  faces: 1,
} as const satisfies ChipFacts['photo'];

/** The facts of a passport of a made-up person with which nothing is wrong. */
export const soundFacts: ChipFacts = {
  access: {
    protocol: 'pace',
    mapping: 'generic',
    keyAgreement: 'ecdh',
    cipher: 'aes-128',
    curve: 'P-256',
    password: 'mrz',
  },
  extendedLength: true,
  files: [],
  details: soundDetails,
  photo: soundPhoto,
  securityObject: soundSecurityObject,
  cost: { commands: 10, bytesSent: 400, bytesReceived: 25_000, elapsedMs: 2000, transportMs: 1900 },
};
