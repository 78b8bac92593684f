import { z } from 'zod';
import { accessState, loginResult, pin, setPinResult, staffRole } from './contract/access.js';
import {
  authenticatorKind,
  benchCalibrationResult,
  benchDisplayResult,
  benchKeyResult,
  benchLevels,
  benchLongInput,
  benchQueryResult,
  benchSelfTestResult,
  benchState,
  demoAuthenticators,
  demoKeys,
  deviceTestStep,
  deviceVerdict,
  guidedInput,
  scpiMessage,
} from './contract/authenticators.js';
import { boardState } from './contract/board.js';
import { chipCheckStep, documentKind, keyFields, verdict } from './contract/chip-check.js';
import { empty, type ApiError, language, type Role, roles } from './contract/common.js';
import { demoDocuments, demoFaults, demoPaper, demoPrinterFaults, demoSpecimen } from './contract/demo.js';
import {
  appointmentsResult,
  deskResult,
  deskState,
  importResult,
  statisticsResult,
} from './contract/desk.js';
import { kioskState } from './contract/kiosk.js';
import {
  appointmentCode,
  checkInInput,
  checkInResult,
  localDay,
  localTime,
  queueName,
  queueOffer,
  takeNumberInput,
  takeNumberResult,
  ticketId,
  ticketLabel,
  visitorTicket,
} from './contract/queue.js';

// The one contract between main and its screens, on every transport. It imports nothing of the house but its own
// parts: the renderer depends on them alone.

export * from './contract/access.js';
export * from './contract/authenticators.js';
export * from './contract/board.js';
export * from './contract/chip-check.js';
export * from './contract/common.js';
export * from './contract/demo.js';
export * from './contract/desk.js';
export * from './contract/kiosk.js';
export * from './contract/queue.js';

interface Method {
  readonly roles: readonly [Role, ...Role[]];
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

const everyone = roles;
/** Whoever stands at the kiosk, and staff. */
const visitors = ['visitor', 'staff', 'technician'] as const;
const staff = ['staff', 'technician'] as const;
const technicians = ['technician'] as const;

/** Every method, who may call it, what goes in and what comes out. A method without a role cannot be written. */
export const methods = {
  'kiosk.state': { roles: everyone, input: empty, output: kioskState },
  /** The page says that it is alive; the shell relaunches one that falls silent. */
  'kiosk.heartbeat': { roles: everyone, input: empty, output: empty },
  /** Starts a check; progress and verdict come as events with this id. A running one of the same screen ends first. */
  'chipCheck.start': {
    roles: visitors,
    input: z.strictObject({ document: documentKind, key: keyFields }),
    output: z.strictObject({ id: z.string() }),
  },
  /** Ends the running check and forgets what was typed; also when a session ends. */
  'chipCheck.clear': { roles: visitors, input: empty, output: empty },

  /**
   * Starts a test of a code display in the rig, or of a MitID chip in a USB socket or on the reader; progress and
   * verdict come as events with this id. A running one of the same screen ends first.
   */
  'authenticator.start': {
    roles: visitors,
    input: z.strictObject({ device: authenticatorKind.exclude(['audio-code-reader']) }),
    output: z.strictObject({ id: z.string() }),
  },
  /** Ends the running test with what is known by now: its verdict follows. */
  'authenticator.finish': { roles: visitors, input: empty, output: empty },
  'authenticator.clear': { roles: visitors, input: empty, output: empty },
  /** The verdict of a guided test's answers. */
  'authenticator.guided': { roles: visitors, input: guidedInput, output: deviceVerdict },
  /** The text spoken, WAV in base64; none where this computer cannot speak. */
  'voice.say': {
    roles: visitors,
    input: z.strictObject({ language, text: z.string().min(1).max(600) }),
    output: z.strictObject({ wav: z.base64().optional() }),
  },

  'demo.specimens': { roles: visitors, input: empty, output: z.array(demoSpecimen) },
  'demo.place': {
    roles: visitors,
    input: z.strictObject({ document: z.enum(demoDocuments), fault: z.enum(demoFaults) }),
    output: empty,
  },
  'demo.remove': { roles: visitors, input: empty, output: empty },
  'demo.paper': { roles: visitors, input: empty, output: demoPaper },
  'demo.printer': {
    roles: visitors,
    input: z.strictObject({ fault: z.enum(demoPrinterFaults) }),
    output: demoPaper,
  },
  /** Changes what is in the demo rig and the demo USB socket, or only tells of it. */
  'demo.authenticators': {
    roles: visitors,
    input: z.strictObject({ change: demoAuthenticators.optional() }),
    output: demoAuthenticators,
  },
  /** Puts a demo key on the demo reader; `demo.remove` takes it away. */
  'demo.placeKey': { roles: visitors, input: z.strictObject({ key: z.enum(demoKeys) }), output: empty },

  'queue.offer': { roles: visitors, input: empty, output: queueOffer },
  /** Takes a number without a booking; how its paper fares comes as events, for as long as the screen shows it. */
  'queue.takeNumber': { roles: visitors, input: takeNumberInput, output: takeNumberResult },
  'queue.checkIn': { roles: visitors, input: checkInInput, output: checkInResult },
  /** The answer to "Did you get your ticket?", from the screen that took it, once. */
  'queue.received': {
    roles: visitors,
    input: z.strictObject({ ticket: ticketId, received: z.boolean() }),
    output: empty,
  },
  /** Prints it once more, marked as a copy, from the screen that took it while its paper failed. */
  'queue.printAgain': { roles: visitors, input: z.strictObject({ ticket: ticketId }), output: empty },
  /** The visitor has left: no more events about the ticket. */
  'queue.leave': { roles: visitors, input: empty, output: empty },

  'board.state': { roles: everyone, input: empty, output: boardState },

  'access.state': { roles: everyone, input: empty, output: accessState },
  'access.login': {
    roles: everyone,
    input: z.strictObject({ role: staffRole, pin }),
    output: loginResult,
  },
  'access.resume': {
    roles: everyone,
    input: z.strictObject({ resume: z.string().max(128) }),
    output: loginResult,
  },
  'access.logout': { roles: everyone, input: empty, output: accessState },
  'access.setPin': {
    roles: technicians,
    input: z.strictObject({ role: staffRole, pin }),
    output: setPinResult,
  },

  /** Logs this screen in to a counter; until it is closed, or the screen is gone for some minutes. */
  'desk.open': { roles: staff, input: z.strictObject({ counter: queueName }), output: deskResult },
  'desk.close': { roles: staff, input: empty, output: deskResult },
  'desk.state': { roles: staff, input: empty, output: deskState },
  /** Ends what this counter serves as done, and calls the next. */
  'desk.callNext': { roles: staff, input: empty, output: deskResult },
  /** Calls this number, whatever its place; also one that is parked or was a no-show. */
  'desk.call': {
    roles: staff,
    input: z.strictObject({
      label: ticketLabel,
      /** Not where that would make a no-show of the ticket in hand: that is asked about first. */
      passOver: z.literal('ask-first').optional(),
    }),
    output: deskResult,
  },
  'desk.recall': { roles: staff, input: empty, output: deskResult },
  /** The person has come. */
  'desk.serve': { roles: staff, input: empty, output: deskResult },
  'desk.done': { roles: staff, input: empty, output: deskResult },
  'desk.noShow': { roles: staff, input: empty, output: deskResult },
  'desk.park': { roles: staff, input: empty, output: deskResult },
  'desk.transfer': { roles: staff, input: z.strictObject({ service: queueName }), output: deskResult },
  'desk.cancel': { roles: staff, input: z.strictObject({ ticket: ticketId }), output: deskResult },
  'desk.reprint': { roles: staff, input: z.strictObject({ ticket: ticketId }), output: deskResult },
  /** The visitor has the paper, or does not need it. */
  'desk.settlePaper': { roles: staff, input: z.strictObject({ ticket: ticketId }), output: deskResult },
  'desk.setService': {
    roles: staff,
    input: z.strictObject({ service: queueName, paused: z.boolean() }),
    output: deskResult,
  },
  'desk.appointments': {
    roles: staff,
    input: z.strictObject({ day: localDay }),
    output: appointmentsResult,
  },
  /** Without a code, one is made up. */
  'desk.addAppointment': {
    roles: staff,
    input: z.strictObject({
      service: queueName,
      day: localDay,
      time: localTime,
      code: appointmentCode.optional(),
    }),
    output: importResult,
  },
  'desk.cancelAppointment': { roles: staff, input: z.strictObject({ id: z.uuid() }), output: deskResult },
  'desk.importAppointments': {
    roles: staff,
    input: z.strictObject({ format: z.enum(['csv', 'icalendar']), text: z.string().max(400_000) }),
    output: importResult,
  },
  'desk.statistics': { roles: staff, input: z.strictObject({ day: localDay }), output: statisticsResult },

  'bench.state': { roles: staff, input: empty, output: benchState },
  /** Tests the display in the rig; answers when it is done. Levels come as events meanwhile. */
  'bench.testDisplay': { roles: staff, input: benchLongInput, output: benchDisplayResult },
  /** This and the next end what was begun in the same session; a technician cancels whatever staff have running. */
  'bench.finish': { roles: staff, input: empty, output: empty },
  'bench.cancel': { roles: staff, input: empty, output: empty },
  'bench.checkKey': {
    roles: staff,
    input: z.strictObject({ way: z.enum(['usb', 'nfc']) }),
    output: benchKeyResult,
  },
  'bench.selfTest': { roles: staff, input: empty, output: benchSelfTestResult },
  /** Measures a healthy display's levels and keeps them in the settings. */
  'bench.calibrate': { roles: technicians, input: benchLongInput, output: benchCalibrationResult },
  /** One raw SCPI message to the rig. */
  'bench.query': {
    roles: technicians,
    input: z.strictObject({ message: scpiMessage }),
    output: benchQueryResult,
  },
} as const satisfies Record<string, Method>;
export type Methods = typeof methods;
export type MethodName = keyof Methods;
export const methodNames = Object.keys(methods) as readonly MethodName[];
export type Input<Name extends MethodName> = z.infer<Methods[Name]['input']>;
export type Output<Name extends MethodName> = z.infer<Methods[Name]['output']>;
export type Answer<Name extends MethodName> =
  { readonly ok: true; readonly value: Output<Name> } | { readonly ok: false; readonly error: ApiError };

/** Every event that main sends to a screen. */
export const events = {
  'kiosk.state': kioskState,
  'chipCheck.progress': z.strictObject({
    id: z.string(),
    step: chipCheckStep,
    fraction: z.number().min(0).max(1),
  }),
  'chipCheck.verdict': z.strictObject({ id: z.string(), verdict }),
  'authenticator.progress': z.strictObject({
    id: z.string(),
    step: deviceTestStep,
    /** Different codes that came so far. */
    codes: z.int().min(0),
    fraction: z.number().min(0).max(1),
  }),
  'authenticator.verdict': z.strictObject({ id: z.string(), verdict: deviceVerdict }),
  'queue.offer': queueOffer,
  /** To the screen that took it. */
  'queue.ticket': visitorTicket,
  'board.state': boardState,
  /** To staff's screens. */
  'desk.state': deskState,
  'access.state': accessState,
  /** To staff's screens, where the bench is watched. */
  'bench.state': benchState,
  /** To the screen that started the test. */
  'bench.levels': benchLevels,
} as const;
export type Events = typeof events;
export type EventName = keyof Events;
export const eventNames = Object.keys(events) as readonly EventName[];
export type EventData<Name extends EventName> = z.infer<Events[Name]>;
