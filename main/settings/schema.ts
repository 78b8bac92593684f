import { z } from 'zod';
import { printerConnection, printerModel } from '../../drivers/printer/types.js';
import { chipSource } from '../../drivers/protocol.js';
import { rigCalibration, rigConnection, usbIds } from '../../drivers/rig/types.js';
import { kioskState, language, queueName } from '../api/contract.js';
import {
  type AuthenticatorRules,
  authenticatorRules,
  defaultAuthenticatorRules,
} from '../authenticators/rules.js';
import { chipCheckRules, defaultRules } from '../chip-check/rules.js';
import { faultsOf, queueSettings } from '../queue/settings.js';
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
      printer: z
        .strictObject({
          connection: printerConnection.default({ kind: 'auto' }),
          model: printerModel.default('generic'),
        })
        .prefault({}),
      rig: z
        .strictObject({
          connection: rigConnection.default({ kind: 'auto' }),
          /** What `auto` takes for a rig. The default is pid.codes' id for private tests: an operator sets the rig's own. */
          usbIds: z
            .array(usbIds)
            .max(16)
            .default([{ vendorId: 0x1209, productId: 0x0010 }]),
          /** Digit places of a code display. */
          digits: z.int().min(1).max(12).default(6),
          /** What a healthy display gives, one for each rig; the technician's calibration writes it. */
          calibrations: z.array(rigCalibration).max(16).default([]),
          /** An older calibration counts, and the technician is told of its age, days. */
          calibrationMaxAgeDays: z.int().min(1).max(3650).default(365),
        })
        .prefault({}),
    })
    .prefault({}),
  queue: queueSettings
    .superRefine((queue, context) => {
      for (const fault of faultsOf(queue)) {
        context.addIssue({ code: 'custom', path: fault.split('.'), message: 'does not fit the rest' });
      }
    })
    .prefault({}),
  storage: z
    .strictObject({
      /** `postgres://…` where several kiosks share a lobby; without it, a file in the data folder. */
      url: z
        .string()
        .regex(/^postgres(ql)?:\/\//)
        .optional(),
      /** This kiosk's name among them: two of one name would take each other's printings for their own. */
      kiosk: queueName.optional(),
    })
    .refine(({ url, kiosk }) => url === undefined || kiosk !== undefined, {
      path: ['kiosk'],
      error: 'must name this kiosk among those that share the database',
    })
    .prefault({}),
  lobby: z
    .strictObject({
      /** Desks and boards on other machines: off unless an address to listen on stands here. */
      network: z
        .strictObject({
          host: z.string().min(1).max(200),
          port: z.int().min(1).max(65_535).default(8443),
          /** PEM files. */
          certificate: z.string().min(1),
          key: z.string().min(1),
          /** Names under which browsers may ask for it, besides the address itself. */
          names: z.array(z.string().min(1).max(200)).default([]),
        })
        .optional(),
      /** Where phones reach this kiosk or what stands before it; without it, tickets have no page of their own. */
      publicAddress: z
        .url({ protocol: /^https?$/ })
        .max(200)
        .refine((address) => !/[?#@]/.test(address), { error: 'must be an address without ?, # or @' })
        // In ASCII, as browsers send it and as a ticket's QR code holds it.
        .transform((address) => new URL(address).href.replace(/\/+$/, ''))
        .optional(),
      /**
       * Addresses of reverse proxies before this kiosk, whose `X-Forwarded-For` tells where a request came from. Without
       * them all that comes through a proxy counts as one place, whose tries and misses are counted together.
       */
      proxies: z
        .array(z.union([z.ipv4(), z.ipv6()]))
        .max(8)
        .default([]),
      /** Whether calls are spoken. */
      speech: z.boolean().default(true),
      /** A staff session ends by itself after so long without an action, min. */
      sessionMinutes: z.int().min(1).max(720).default(480),
      /** The same on the kiosk itself, where anybody comes by. */
      kioskSessionMinutes: z.int().min(1).max(60).default(5),
    })
    .prefault({}),
  chipCheck: z.strictObject({ rules: chipCheckRules.partial().default({}) }).prefault({}),
  authenticators: z.strictObject({ rules: authenticatorRules.partial().default({}) }).prefault({}),
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

/** What is true of MitID's devices, the operator's own facts before the built-in ones. */
export function authenticatorRulesOf({ authenticators: { rules } }: Settings): AuthenticatorRules {
  return {
    freeOrders: rules.freeOrders ?? defaultAuthenticatorRules.freeOrders,
    activation: rules.activation ?? defaultAuthenticatorRules.activation,
  };
}
