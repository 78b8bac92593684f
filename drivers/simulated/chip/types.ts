import { z } from 'zod';

/** Specimen documents that the demo bench offers. All persons are made up. */
export const demoDocuments = [
  'passport-pace',
  'passport-bac',
  'passport-brainpool',
  'identity-card',
  'passport-expired',
  'passport-small-photo',
  'passport-emergency',
] as const;
export const demoDocument = z.enum(demoDocuments);
export type DemoDocument = z.infer<typeof demoDocument>;

export const chipFault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** A chip that never answers. */
  z.strictObject({ kind: z.literal('dead') }),
  /** Each command takes this much longer, ms. */
  z.strictObject({ kind: z.literal('slow'), delayMs: z.int().min(1).max(60_000) }),
  /** Taken away during command number `atCommand`, counted from 0 after the card came. */
  z.strictObject({ kind: z.literal('torn'), atCommand: z.int().min(0) }),
  /** The chip holds another key than the printed one. */
  z.strictObject({ kind: z.literal('wrong-key') }),
  /** Another kind of chip: no travel document application. */
  z.strictObject({ kind: z.literal('not-a-passport') }),
  /** One byte of the photo differs from what was signed. */
  z.strictObject({ kind: z.literal('tampered-photo') }),
  /** The signature of the security object is wrong. */
  z.strictObject({ kind: z.literal('tampered-signature') }),
  /** Signed by a document signer whose issuer is on no list. */
  z.strictObject({ kind: z.literal('unknown-issuer') }),
]);
export type ChipFault = z.infer<typeof chipFault>;

export const demoPlacement = z.strictObject({ document: demoDocument, fault: chipFault });
export type DemoPlacement = z.infer<typeof demoPlacement>;

/** What is printed on each demo document: its kind and its key fields (YYYY-MM-DD). The expired one ran out long ago; the others are valid for years. */
export const demoSpecimens: Readonly<
  Record<
    DemoDocument,
    {
      readonly kind: 'passport' | 'identity-card';
      readonly documentNumber: string;
      readonly birthDate: string;
      readonly expiryDate: string;
    }
  >
> = {
  'passport-pace': {
    kind: 'passport',
    documentNumber: 'XP4271903',
    birthDate: '1984-03-17',
    expiryDate: '2034-09-30',
  },
  'passport-bac': {
    kind: 'passport',
    documentNumber: 'XB1180264',
    birthDate: '1957-11-02',
    expiryDate: '2031-02-28',
  },
  'passport-brainpool': {
    kind: 'passport',
    documentNumber: 'C01X0006H',
    birthDate: '1991-07-25',
    expiryDate: '2033-12-01',
  },
  'identity-card': {
    kind: 'identity-card',
    documentNumber: 'T22000129',
    birthDate: '1999-01-08',
    expiryDate: '2032-05-14',
  },
  'passport-expired': {
    kind: 'passport',
    documentNumber: 'XE9052217',
    birthDate: '1968-06-30',
    expiryDate: '2021-04-11',
  },
  'passport-small-photo': {
    kind: 'passport',
    documentNumber: 'XS3340058',
    birthDate: '1979-10-19',
    expiryDate: '2032-08-03',
  },
  'passport-emergency': {
    kind: 'passport',
    documentNumber: 'XN7716430',
    birthDate: '1995-12-24',
    expiryDate: '2031-01-15',
  },
};
