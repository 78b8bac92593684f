import { z } from 'zod';
import { chipSource } from '../../drivers/protocol.js';
import { kioskState, language } from '../api/contract.js';
import { chipCheckRules, defaultRules } from '../chip-check/rules.js';
import { contrastRatio } from './contrast.js';

/** White text stands on the theme's colour and the theme's colour on white: WCAG 2.2 success criterion 1.4.3 (AA). */
const readableRatio = 4.5;

const shown = kioskState.shape.settings.shape;

export const logLevel = z.enum(['error', 'warn', 'info', 'debug']);
export type LogLevel = z.infer<typeof logLevel>;

/** The settings file. Whatever it leaves out has the default; what it does not know is refused, so that a slip shows. */
export const settings = z.strictObject({
  /** Language in which the kiosk greets. */
  language: language.default('da'),
  idle: z
    .strictObject({
      /** Without a touch for this long, the kiosk asks whether more time is needed, s. */
      seconds: z.int().min(5).max(3600).default(60),
      /** How long it then waits for an answer before it forgets everything, s. */
      graceSeconds: z.int().min(5).max(600).default(20),
    })
    .prefault({}),
  theme: z
    .strictObject({
      /** #rrggbb. */
      primaryColour: shown.primaryColour
        .refine((colour) => contrastRatio(colour, '#ffffff') >= readableRatio, {
          error: 'must have a contrast of 4.5:1 or more with white',
        })
        .default('#1a3e72'),
    })
    .prefault({}),
  /** Name of the place, shown on the home screen. */
  placeName: shown.placeName.default('Borgerservice'),
  devices: z
    .strictObject({
      chips: z
        .strictObject({
          /** `auto` becomes `pcsc` by itself once a real reader was seen. */
          source: chipSource.default('auto'),
          /** Folder of trusted issuers' certificates; without it issuers are not checked. */
          issuers: z.string().min(1).optional(),
        })
        .prefault({}),
    })
    .prefault({}),
  chipCheck: z.strictObject({ rules: chipCheckRules.partial().default({}) }).prefault({}),
  http: z
    .strictObject({
      /** 0: one that is free. */
      port: z.int().min(0).max(65_535).default(0),
    })
    .prefault({}),
  log: z.strictObject({ level: logLevel.default('info') }).prefault({}),
});
export type Settings = z.infer<typeof settings>;

export const defaultSettings: Settings = settings.parse({});

/** The rules of the verdict, the operator's own before the built-in ones. */
export function rulesOf({ chipCheck: { rules } }: Settings): z.infer<typeof chipCheckRules> {
  return {
    minimumAge: rules.minimumAge ?? defaultRules.minimumAge,
    ordinaryAge: rules.ordinaryAge ?? defaultRules.ordinaryAge,
    smallestPhoto: rules.smallestPhoto ?? defaultRules.smallestPhoto,
    expiresSoon: rules.expiresSoon ?? defaultRules.expiresSoon,
    temporaryDocumentCodes: rules.temporaryDocumentCodes ?? defaultRules.temporaryDocumentCodes,
    acceptedDocumentCodes: rules.acceptedDocumentCodes ?? defaultRules.acceptedDocumentCodes,
  };
}
