import { parseArgs } from 'node:util';
import { z } from 'zod';
import { mrzKey, type CheckRequest } from '../../drivers/emrtd/types.js';
import {
  demoDocument,
  demoDocuments,
  demoSpecimens,
  type DemoDocument,
} from '../../drivers/simulated/chip/types.js';
import { withoutCheckDigit } from './check-digit.js';

export const usage = `Checks a travel document's chip on this computer's PC/SC reader and prints the facts.

npm run chip-check -- --number N --birth YYMMDD --expiry YYMMDD [options]

  --number N        document number, as in the machine-readable zone (its check digit may follow)
  --birth YYMMDD    date of birth (unknown parts: <)
  --expiry YYMMDD   date of expiry
  --can C           card access number, 6 digits: used for PACE instead of the key fields
  --access WAY      auto (PACE where offered, otherwise BAC), bac or pace
  --data-groups L   read and hash these besides DG1 and DG2: 14, 15 or 14,15
  --reader NAME     name of the reader, or its beginning
  --wait SECONDS    how long to wait for a document (10)
  --issuers FOLDER  certificates of trusted issuers (CSCA), one a file
  --demo DOCUMENT   check a simulated document instead; its key is known
                    (${demoDocuments.join(', ')})
  --json            print JSON
  --help            print this

Exit status: 0 ready (also: ready, but), 1 not ready, 2 could not tell, 3 no reader or no document, 64 bad arguments
`;

export interface CliOptions {
  readonly request: CheckRequest;
  readonly demo: DemoDocument | undefined;
  readonly issuers: string | undefined;
  readonly json: boolean;
}

export type CommandLine =
  | { readonly kind: 'check'; readonly options: CliOptions }
  | { readonly kind: 'help' }
  /** `message` names the argument, never what was typed for it: that is somebody's data. */
  | { readonly kind: 'bad'; readonly message: string };

const date = (text: string): string => text.replaceAll('-', '').slice(2);

const textOptions = {
  number: { type: 'string' },
  birth: { type: 'string' },
  expiry: { type: 'string' },
  can: { type: 'string' },
  access: { type: 'string' },
  'data-groups': { type: 'string' },
  reader: { type: 'string' },
  wait: { type: 'string' },
  issuers: { type: 'string' },
  demo: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

const shape = z.object({
  can: z
    .string()
    .regex(/^\d{6}$/)
    .optional(),
  access: z.enum(['auto', 'bac', 'pace']).default('auto'),
  'data-groups': z
    .string()
    .regex(/^1[45](,1[45])?$/)
    .optional(),
  reader: z.string().min(1).max(200).optional(),
  wait: z
    .string()
    .regex(/^\d{1,3}$/)
    .default('10'),
  issuers: z.string().min(1).optional(),
  demo: demoDocument.optional(),
  json: z.boolean().default(false),
});

const key = z.object({
  number: mrzKey.shape.documentNumber,
  birth: mrzKey.shape.birthDate,
  expiry: mrzKey.shape.expiryDate,
});

/** Understands the arguments of `npm run chip-check`. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const typed = readArguments(args);
  if (typed === undefined) return { kind: 'bad', message: 'unknown or incomplete argument' };
  if (typed.help === true) return { kind: 'help' };
  const rest = shape.safeParse(typed);
  if (!rest.success) return { kind: 'bad', message: blame(rest.error) };
  const demo = rest.data.demo;
  const specimen = demo === undefined ? undefined : demoSpecimens[demo];
  const fields = key.safeParse({
    number: typed.number?.toUpperCase() ?? specimen?.documentNumber,
    birth: typed.birth ?? (specimen && date(specimen.birthDate)),
    expiry: typed.expiry ?? (specimen && date(specimen.expiryDate)),
  });
  if (!fields.success) return { kind: 'bad', message: blame(fields.error) };
  const { can, access, reader, wait, issuers, json } = rest.data;
  const dataGroups = ([14, 15] as const).filter((group) => rest.data['data-groups']?.includes(String(group)));
  return {
    kind: 'check',
    options: {
      request: {
        id: 'chip-check',
        key: {
          documentNumber: withoutCheckDigit(fields.data.number),
          birthDate: fields.data.birth,
          expiryDate: fields.data.expiry,
        },
        access,
        waitForDocumentMs: Math.min(Number(wait), 600) * 1000,
        ...(can === undefined ? {} : { can }),
        ...(reader === undefined ? {} : { reader }),
        ...(dataGroups.length === 0 ? {} : { dataGroups }),
      },
      demo,
      issuers,
      json,
    },
  };
}

function readArguments(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: textOptions, allowPositionals: false }).values;
  } catch {
    // The error's own text quotes what was typed.
    return undefined;
  }
}

function blame(error: z.ZodError): string {
  const names = new Set(error.issues.map(({ path }) => `--${String(path[0])}`));
  return `missing or not understood: ${[...names].join(', ')}`;
}
