import { z } from 'zod';
import { checkOutcome, checkProgress, checkRequest } from './emrtd/types.js';
import { keyCheckOutcome, keyCheckProgress, keyCheckRequest } from './fido/types.js';
import { readerStatus } from './pcsc/types.js';
import {
  printerConnection,
  printerModel,
  printerSnapshot,
  printerStatus,
  printOutcome,
  printRequest,
} from './printer/types.js';
import {
  calibrationOutcome,
  calibrationRequest,
  displayLevels,
  displayOutcome,
  displayTestProgress,
  displayTestRequest,
  queryOutcome,
  rigCalibration,
  rigCommand,
  rigConnection,
  rigStatus,
  selfTestOutcome,
  usbIds,
} from './rig/types.js';
import { demoPlacement } from './simulated/chip/types.js';
import { demoKey } from './simulated/fido-key/types.js';
import { demoPrinterFault, demoPrinterPaper } from './simulated/printer/types.js';
import { demoRigFault } from './simulated/rig/types.js';

/** A driver host serves one family of devices. */
export const hostFamilies = ['chips', 'printer', 'bench'] as const;
export type HostFamily = (typeof hostFamilies)[number];

/**
 * Where the chips come from. `auto`: a PC/SC reader that is no virtual one, or else demo devices; `pcsc`: PC/SC
 * only, virtual readers included; `demo`: simulated chips in the host itself.
 */
export const chipSource = z.enum(['auto', 'pcsc', 'demo']);
export type ChipSource = z.infer<typeof chipSource>;

/** Given to a host as JSON in its first argument. */
export const hostOptions = z.discriminatedUnion('family', [
  z.strictObject({
    family: z.literal('chips'),
    chips: z.strictObject({
      source: chipSource,
      /** Folder of trusted issuers' certificates (CSCA, DER or PEM, one a file); none: issuers are not checked. */
      issuers: z.string().optional(),
    }),
  }),
  z.strictObject({
    family: z.literal('printer'),
    printer: z.strictObject({
      connection: printerConnection,
      model: printerModel,
      /** Whether the demo printer may be used: asked for, or by `auto` where there is no other. */
      demoAllowed: z.boolean(),
    }),
  }),
  z.strictObject({
    family: z.literal('bench'),
    bench: z.strictObject({
      rig: rigConnection,
      /** What `auto` takes for a rig. */
      rigUsbIds: z.array(usbIds).max(16),
      /** Whether the demo rig and demo keys may be used: asked for, or by `auto` where there are no others. */
      demoAllowed: z.boolean(),
    }),
  }),
]);
export type HostOptions = z.infer<typeof hostOptions>;
export type ChipsOptions = Extract<HostOptions, { family: 'chips' }>['chips'];
export type PrinterOptions = Extract<HostOptions, { family: 'printer' }>['printer'];
export type BenchOptions = Extract<HostOptions, { family: 'bench' }>['bench'];

/** The whole state of the chips family; sent after each start and at each change. */
export const chipsSnapshot = z.strictObject({
  /** `starting`: not known yet. */
  service: z.enum(['starting', 'running', 'absent']),
  /** Whether the readers below are demo devices. */
  demo: z.boolean(),
  readers: z.array(readerStatus),
});
export type ChipsSnapshot = z.infer<typeof chipsSnapshot>;

/** The whole state of the bench family; sent after each start and at each change. */
export const benchSnapshot = z.strictObject({
  rig: rigStatus,
  /** Whether the rig is simulated. */
  demo: z.boolean(),
  /** FIDO keys in USB sockets. */
  keys: z.int().min(0),
});
export type BenchSnapshot = z.infer<typeof benchSnapshot>;

/** What lies in the demo rig, and which demo key is in the demo USB socket. */
export const demoBench = z.strictObject({ rig: demoRigFault, key: demoKey.nullable() });
export type DemoBench = z.infer<typeof demoBench>;

export const nothing = z.null();

/** Methods that main calls on a host: one argument, one answer, both validated on arrival. */
export const hostMethods = {
  /** Answers at once; main uses it to tell a busy host from a hung one. */
  ping: { input: nothing, output: nothing },

  /** Waits for a document, reads and verifies it. One check at a time; progress comes as events. */
  check: { input: checkRequest, output: checkOutcome },
  /** Ends the running check, which answers with the fault `cancelled`; nothing happens when none runs. */
  cancelCheck: { input: nothing, output: nothing },
  /** Puts a simulated document on the demo reader, in place of what lies there. Only with demo devices. */
  placeDemoDocument: { input: demoPlacement, output: z.strictObject({ placed: z.boolean() }) },
  removeDemoDocument: { input: nothing, output: nothing },
  /** Waits for a FIDO key on a reader and asks what it is. Shares the readers with `check`; `cancelCheck` ends it too. */
  checkNfcKey: { input: keyCheckRequest, output: keyCheckOutcome },
  /** Puts a simulated key on the demo reader, in place of what lies there. Only with demo devices. */
  placeDemoKey: { input: z.strictObject({ key: demoKey }), output: z.strictObject({ placed: z.boolean() }) },

  /** Asks the printer itself. */
  printerStatus: { input: nothing, output: printerStatus },
  /** Prints a ticket with the driver's part of the print guarantee; one after the other. */
  printTicket: { input: printRequest, output: printOutcome },
  /** The demo printer's paper; nothing with a real one. */
  demoPaper: { input: nothing, output: demoPrinterPaper.nullable() },
  setDemoPrinterFault: {
    input: z.strictObject({ fault: demoPrinterFault }),
    output: demoPrinterPaper.nullable(),
  },

  /**
   * Tests the code display in the rig. One test or calibration at a time; progress and levels come as events. Without a
   * calibration: by the demo rig's own.
   */
  testDisplay: {
    input: displayTestRequest.extend({ calibration: rigCalibration.nullable() }),
    output: displayOutcome,
  },
  /** Ends the running test with what is known by now. */
  finishDisplayTest: { input: nothing, output: nothing },
  /** Measures a healthy display's levels. */
  calibrateRig: { input: calibrationRequest, output: calibrationOutcome },
  selfTestRig: { input: nothing, output: selfTestOutcome },
  /** One raw SCPI message, for technicians. */
  queryRig: { input: z.strictObject({ command: rigCommand }), output: queryOutcome },
  /** Waits for a FIDO key in a USB socket and asks what it is. */
  checkUsbKey: { input: keyCheckRequest, output: keyCheckOutcome },
  /** Ends what runs, which answers with the fault `cancelled`. */
  cancelBench: { input: nothing, output: nothing },
  /** Changes the demo devices, or only tells of them (`null`); `null` with real ones. */
  demoBench: { input: demoBench.nullable(), output: demoBench.nullable() },
} as const;

/** Which family serves which of them, besides `ping`. */
export const familyMethods = {
  chips: ['check', 'cancelCheck', 'placeDemoDocument', 'removeDemoDocument', 'checkNfcKey', 'placeDemoKey'],
  printer: ['printerStatus', 'printTicket', 'demoPaper', 'setDemoPrinterFault'],
  bench: [
    'testDisplay',
    'finishDisplayTest',
    'calibrateRig',
    'selfTestRig',
    'queryRig',
    'checkUsbKey',
    'cancelBench',
    'demoBench',
  ],
} as const satisfies Record<HostFamily, readonly (keyof typeof hostMethods)[]>;
export type HostMethods = typeof hostMethods;
export type HostMethod = keyof HostMethods;

/** Events that a host sends to main. */
export const hostEvents = {
  chips: chipsSnapshot,
  checkProgress,
  printer: printerSnapshot,
  bench: benchSnapshot,
  displayTestProgress,
  displayLevels,
  keyCheckProgress,
  /** The host cannot go on (the PC/SC service went away) and exits right after. */
  leaving: z.strictObject({ reason: z.enum(['service-lost', 'service-hung']) }),
} as const;
export type HostEvents = typeof hostEvents;

/** One message between main and a host: birpc 4's envelope, as JSON text in either direction. */
const hostMessage = z.union([
  z.strictObject({
    t: z.literal('q'),
    m: z.string().max(64),
    a: z.array(z.unknown()).max(1),
    i: z.string().max(64).optional(),
  }),
  z.strictObject({
    t: z.literal('s'),
    i: z.string().max(64),
    r: z.unknown().optional(),
    e: z.unknown().optional(),
  }),
]);
export type HostMessage = z.infer<typeof hostMessage>;

/** `undefined` for what is no message. */
export function decodeHostMessage(text: unknown): HostMessage | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return hostMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
