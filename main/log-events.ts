import type { AccessRefusal, SessionEnd } from './access/access.js';
import type { ChipReaderState, Input, MethodName, RigState, StaffRole } from './api/contract.js';
import type { Refusal } from './api/session.js';
import type { WebSocketRefusal } from './api/websocket.js';
import type { TestEndName } from './authenticators/authenticator-tests.js';
import type { BenchWork, BenchWorkEnd } from './authenticators/staff-bench.js';
import type { CheckEndName } from './chip-check/chip-check.js';
import type { DeviceLogEvent } from './devices/driver-host.js';
import type { NetworkFault } from './lobby/network.js';
import type { StoreName } from './queue/create-queue.js';
import type { SettingsOrigin } from './settings/settings-file.js';
import type { StorageFault } from './storage/outcome.js';

type Level = 'error' | 'warn' | 'info' | 'debug';

/** An event that says all by its name. */
type None = Readonly<Record<string, never>>;

/**
 * Everything that can be written to the log, with its fields. What is not declared here cannot be logged, and
 * nothing here can hold what a person typed or what a chip holds: numbers, kinds and names of the program's own.
 */
export interface LogEvents {
  'app.started': { readonly version: string; readonly shell: 'electron' | 'chromium' | 'none' };
  'app.stopped': { readonly reason: string };
  /** Only the kind and the place in the program: a message could quote what it failed on. */
  'app.fault': { readonly error: string; readonly at: string };
  'settings.read': { readonly origin: SettingsOrigin['kind']; readonly where: readonly string[] };
  'settings.real-readers-kept': None;
  'settings.not-written': { readonly code: string };
  'device.host': { readonly change: DeviceLogEvent };
  'chip-reader.changed': { readonly state: ChipReaderState['kind']; readonly demo: boolean };
  'chip-check.started': None;
  'chip-check.ended': {
    /** How, as the devices see it. Neither verdict nor reasons: they are about the visitor's document. */
    readonly how: CheckEndName;
    /** From start to verdict, ms. */
    readonly elapsedMs: number;
  };
  'chip-check.cleared': None;
  'rig.changed': { readonly state: RigState['kind']; readonly demo: boolean };
  'authenticator.started': { readonly device: Input<'authenticator.start'>['device'] };
  'authenticator.ended': {
    readonly device: Input<'authenticator.start'>['device'];
    /** How, as the devices see it. Neither verdict nor reasons: they are about the visitor's device. */
    readonly how: TestEndName;
    /** From start to verdict, ms. */
    readonly elapsedMs: number;
  };
  'authenticator.cleared': None;
  'bench.started': { readonly work: BenchWork };
  'bench.ended': { readonly work: BenchWork; readonly how: BenchWorkEnd };
  /** The first header of a raw message, such as `MEAS:BATT?`: never its parameters, never the answer. */
  'bench.queried': { readonly header: string };
  'access.logged-in': { readonly role: StaffRole };
  'access.refused': { readonly role: StaffRole; readonly why: AccessRefusal };
  'access.logged-out': { readonly role: StaffRole; readonly why: SessionEnd };
  'access.pin-set': { readonly role: StaffRole };
  'access.damaged': None;
  /** A crash or a power cut left so many printings of tickets unfinished; each was ended, for staff to see. */
  'queue.papers-recovered': { readonly papers: number };
  /** The queue's database, or the file for while that is away, cannot be worked with; told when that begins or changes. */
  'storage.fault': { readonly store: StoreName; readonly fault: StorageFault };
  'storage.back': { readonly store: StoreName };
  'lobby.listening': { readonly port: number };
  'lobby.not-listening': { readonly why: NetworkFault };
  'api.handler-failed': { readonly method: MethodName; readonly error: string; readonly at: string };
  'api.connection-refused': { readonly reason: WebSocketRefusal };
  'api.page-refused': { readonly reason: Refusal | 'sender' };
  'shell.sandbox-off': { readonly why: 'root' };
  'shell.browser-started': { readonly pid: number | undefined };
  /** The system's code for why it could not even be tried. */
  'shell.browser-not-started': { readonly code: string };
  'shell.browser-ended': { readonly code: number | null; readonly signal: string | null };
  /** The first sign of life of a page that was opened. */
  'shell.page-alive': { readonly afterMs: number };
  'shell.page-silent': { readonly silentMs: number };
  'shell.page-gone': { readonly reason: string; readonly exitCode: number };
  'shell.page-hung': None;
  'shell.page-reloaded': None;
  'shell.child-gone': { readonly type: string; readonly reason: string };
  'shell.relaunched': None;
  /** The data folder cannot hold Electron's own files: a temporary folder does. */
  'shell.profile-elsewhere': { readonly code: string };
  'shell.attempt-denied': { readonly what: string };
}
export type LogEventName = keyof LogEvents;

export const logLevels: Readonly<Record<LogEventName, Level>> = {
  'app.started': 'info',
  'app.stopped': 'info',
  'app.fault': 'error',
  'settings.read': 'info',
  'settings.real-readers-kept': 'info',
  'settings.not-written': 'error',
  'device.host': 'info',
  'chip-reader.changed': 'info',
  'chip-check.started': 'info',
  'chip-check.ended': 'info',
  'chip-check.cleared': 'info',
  'rig.changed': 'info',
  'authenticator.started': 'info',
  'authenticator.ended': 'info',
  'authenticator.cleared': 'info',
  'bench.started': 'info',
  'bench.ended': 'info',
  'bench.queried': 'info',
  'access.logged-in': 'info',
  'access.refused': 'warn',
  'access.logged-out': 'info',
  'access.pin-set': 'info',
  'access.damaged': 'error',
  'queue.papers-recovered': 'warn',
  'storage.fault': 'error',
  'storage.back': 'info',
  'lobby.listening': 'info',
  'lobby.not-listening': 'error',
  'api.handler-failed': 'error',
  'api.connection-refused': 'warn',
  'api.page-refused': 'warn',
  'shell.sandbox-off': 'warn',
  'shell.browser-started': 'info',
  'shell.browser-not-started': 'error',
  'shell.browser-ended': 'warn',
  'shell.page-alive': 'info',
  'shell.page-silent': 'error',
  'shell.page-gone': 'error',
  'shell.page-hung': 'error',
  'shell.page-reloaded': 'warn',
  'shell.child-gone': 'error',
  'shell.relaunched': 'error',
  'shell.profile-elsewhere': 'error',
  'shell.attempt-denied': 'warn',
};
