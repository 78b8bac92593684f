import { type Clock, within } from '../shared/clock.js';
import { err, ok, type Result } from '../shared/result.js';
import { calibrate, type CalibrationHooks } from './calibration.js';
import { testDisplay, type TestHooks } from './display-test.js';
import type { ByteLine } from '../shared/byte-line.js';
import type { OpenLine } from './line.js';
import { isQuery, mayTellCode } from './redaction.js';
import { findDevices, type RigCandidate, type RigDevices } from './rig-devices.js';
import { faultOf, RigInstrument } from './rig-instrument.js';
import { parseInteger, ScpiInstrument } from './scpi-instrument.js';
import type {
  CalibrationOutcome,
  CalibrationRequest,
  DisplayOutcome,
  DisplayTestFault,
  DisplayTestRequest,
  QueryOutcome,
  RigConnection,
  RigFault,
  RigIdentity,
  RigStatus,
  SelfTestOutcome,
  UsbIds,
} from './types.js';

export interface RigsOptions {
  readonly connection: RigConnection;
  /** What `auto` takes for a rig. */
  readonly usbIds: readonly UsbIds[];
  readonly clock: Clock;
  /** Told at each change. */
  readonly onChange: (status: RigStatus) => void;
  /**
   * The demo rig, where it is allowed: for `demo`, and for `auto` while no real one is there. Once a real one was
   * seen it never comes back.
   */
  readonly openDemo?: () => ByteLine;
  readonly devices?: RigDevices;
}

/** So often it is looked for a rig, and the one that is there is asked who it is, ms. */
const lookEveryMs = 1000;
/** What was no rig is asked again after so long, ms: it may only have been starting. */
const askAgainMs = 5000;
/** Opening and closing take no longer, ms. */
const openDeadlineMs = 3000;
const closeDeadlineMs = 2000;
/** A self-test may move every part of a rig, ms. */
const selfTestDeadlineMs = 30_000;
/** A technician's query may be a measurement, ms. */
const rawQueryDeadlineMs = 3000;
const longestAnswer = 512;

type Transport = 'serial' | 'hid' | 'demo';

interface Connected {
  readonly rig: RigInstrument;
  readonly identity: RigIdentity;
  readonly transport: Transport;
}

const fault = (kind: RigFault): RigStatus => ({ kind: 'fault', fault: kind });

/** The code-display rig, wherever it is: looks for it, keeps it, and lends it to one task at a time. */
export class Rigs {
  readonly #options: RigsOptions;
  readonly #devices: RigDevices;
  readonly #refused = new Map<string, { readonly at: number; readonly fault: RigFault }>();
  #status: RigStatus = { kind: 'starting' };
  #connected: Connected | undefined;
  #opening: ScpiInstrument | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #busy = false;
  #realSeen = false;
  #stopped = false;
  #cancelLook: () => void = () => undefined;

  constructor(options: RigsOptions) {
    this.#options = options;
    this.#devices = options.devices ?? findDevices();
    this.#watch();
  }

  get status(): RigStatus {
    return this.#status;
  }

  /** Tests the code display in the fixture. */
  testDisplay(request: DisplayTestRequest, hooks: TestHooks): Promise<DisplayOutcome> {
    const stopped = (why: DisplayTestFault): DisplayOutcome => ({
      kind: 'stopped',
      during: 'connect',
      fault: why,
    });
    return this.#lend(stopped, hooks.signal, async ({ rig, identity }) => {
      if (request.calibration.rig !== identity.serialNumber) return stopped('calibration-does-not-fit');
      return testDisplay({ rig, clock: this.#options.clock, request, hooks });
    });
  }

  /** Measures what the display in the fixture, a healthy one, gives on this rig. */
  calibrate(request: CalibrationRequest, hooks: CalibrationHooks): Promise<CalibrationOutcome> {
    const stopped = (why: DisplayTestFault): CalibrationOutcome => ({
      kind: 'stopped',
      during: 'connect',
      fault: why,
    });
    return this.#lend(stopped, hooks.signal, ({ rig, identity: { serialNumber } }) =>
      calibrate({ rig, serialNumber, clock: this.#options.clock, request, hooks }),
    );
  }

  /** `*TST?`, IEEE 488.2 section 10.38, and what the error queue holds after it. */
  selfTest(signal: AbortSignal): Promise<SelfTestOutcome> {
    const stopped = (why: DisplayTestFault): SelfTestOutcome => ({ kind: 'stopped', fault: why });
    return this.#lend(stopped, signal, async ({ rig }) => {
      const { scpi } = rig;
      const ready = await rig.forgetThePast();
      if (!ready.ok) return stopped(ready.error.kind);
      // It is not asked twice: a second one would begin the whole test anew.
      const result = await scpi.query('*TST?', parseInteger, {
        deadlineMs: selfTestDeadlineMs,
        once: true,
        signal,
      });
      if (signal.aborted) return stopped('cancelled');
      if (!result.ok) return stopped(faultOf(result.error));
      const errors = await scpi.errors();
      if (!errors.ok) return stopped(faultOf(errors.error));
      return { kind: 'done', result: result.value, errors: [...errors.value] };
    });
  }

  /** One raw message. What could tell the code on the display is left out of the answer. */
  query(command: string, signal: AbortSignal): Promise<QueryOutcome> {
    const stopped = (why: DisplayTestFault): QueryOutcome => ({ kind: 'stopped', fault: why });
    return this.#lend(stopped, signal, async ({ rig: { scpi } }) => {
      const asks = isQuery(command);
      const answer = asks
        ? await scpi.query(command, (line) => line.slice(0, longestAnswer), {
            deadlineMs: rawQueryDeadlineMs,
            // A message is sent once: it may press the button or begin a measurement.
            once: true,
            signal,
          })
        : await scpi.command(command);
      if (signal.aborted) return stopped('cancelled');
      if (!answer.ok && answer.error.kind === 'closed') return stopped('not-connected');
      const errors = await scpi.errors();
      if (!errors.ok) return stopped(faultOf(errors.error));
      const line = answer.ok ? (answer.value ?? null) : null;
      const redacted = line !== null && mayTellCode(command, line);
      return { kind: 'done', line: redacted ? null : line, redacted, errors: [...errors.value] };
    });
  }

  /** Resolves once the device is free for the next opener. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelLook();
    await Promise.all([this.#opening?.close(), this.#connected?.rig.scpi.close()]);
    // What was under way sees that the line is closed.
    await this.#turn;
  }

  /** Lends the rig to one task; a second one is turned away, the look for a rig waits. */
  async #lend<Outcome>(
    stopped: (why: DisplayTestFault) => Outcome,
    signal: AbortSignal,
    work: (connected: Connected) => Promise<Outcome>,
  ): Promise<Outcome> {
    if (this.#busy) return stopped('busy');
    this.#busy = true;
    try {
      return await this.#inTurn(async () => {
        if (signal.aborted) return stopped('cancelled');
        if (this.#connected === undefined || this.#connected.rig.scpi.closed) await this.#look();
        const connected = this.#connected;
        if (connected === undefined || this.#status.kind !== 'ready') {
          return stopped(this.#status.kind === 'fault' ? this.#status.fault : 'not-connected');
        }
        return work(connected);
      });
    } finally {
      this.#busy = false;
    }
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const end = this.#turn.then(work);
    this.#turn = end.catch(() => undefined);
    return end;
  }

  #watch(): void {
    if (this.#stopped) return;
    void this.#inTurn(() => this.#look()).then(() => {
      if (!this.#isStopped()) this.#cancelLook = this.#options.clock.after(lookEveryMs, () => this.#watch());
    });
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  #become(status: RigStatus): void {
    if (this.#stopped || JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#options.onChange(status);
  }

  /** Sees whether the rig is still there, or another one is. */
  async #look(): Promise<void> {
    if (this.#stopped) return;
    const { connection } = this.#options;
    if (this.#connected !== undefined) await this.#askAgain(this.#connected);
    if (this.#connected !== undefined && (this.#connected.transport !== 'demo' || connection.kind === 'demo'))
      return;
    const candidates = await this.#devices.find(connection, this.#options.usbIds);
    if (this.#isStopped()) return;
    if (candidates.length > 0 && connection.kind === 'auto') this.#realSeen = true;
    const found = await this.#firstOf(candidates);
    if (found.ok) {
      await this.#use(found.value);
      return;
    }
    const mayBeDemo = connection.kind === 'demo' || (connection.kind === 'auto' && !this.#realSeen);
    const { openDemo } = this.#options;
    if (mayBeDemo && openDemo !== undefined) {
      if (this.#connected !== undefined) return;
      const demo = await this.#open('demo', () => Promise.resolve(openDemo()));
      if (demo.ok) await this.#use(demo.value);
      else this.#become(fault(demo.error.kind));
      return;
    }
    await this.#drop();
    this.#become(fault(this.#faultWithout(found.error.kind)));
  }

  /** What is wrong where no rig answers: none was looked for, the one that is meant is gone, or what is there is none. */
  #faultWithout(found: RigFault): RigFault {
    const { kind } = this.#options.connection;
    if (found !== 'no-rig') return found;
    return kind === 'serial' || kind === 'hid' || (kind === 'auto' && this.#realSeen)
      ? 'not-connected'
      : 'no-rig';
  }

  async #askAgain({ rig, identity, transport }: Connected): Promise<void> {
    const answer = await rig.scpi.identify();
    if (answer.ok && answer.value.serialNumber === identity.serialNumber) {
      this.#become({ kind: 'ready', identity, transport });
      return;
    }
    await this.#drop();
    if (!answer.ok) this.#become(fault(faultOf(answer.error)));
  }

  async #drop(): Promise<void> {
    const before = this.#connected;
    this.#connected = undefined;
    if (before !== undefined) await within(this.#options.clock, closeDeadlineMs, before.rig.scpi.close());
  }

  async #use(connected: Connected): Promise<void> {
    await this.#drop();
    this.#connected = connected;
    this.#become({ kind: 'ready', identity: connected.identity, transport: connected.transport });
  }

  /** The first that is a rig; else why the first that is there is none. */
  async #firstOf(
    candidates: readonly RigCandidate[],
  ): Promise<Result<Connected, { readonly kind: RigFault }>> {
    const now = this.#options.clock.now();
    // What is meant by name is always asked.
    const isAuto = this.#options.connection.kind === 'auto';
    let why: RigFault | undefined;
    for (const name of this.#refused.keys()) {
      if (!candidates.some((each) => each.name === name)) this.#refused.delete(name);
    }
    for (const { name, transport, open } of candidates) {
      const before = this.#refused.get(name);
      if (isAuto && before !== undefined && now - before.at < askAgainMs) {
        why ??= before.fault;
        continue;
      }
      const opened = await this.#open(transport, open);
      if (opened.ok) {
        this.#refused.delete(name);
        return opened;
      }
      why ??= opened.error.kind;
      if (opened.error.kind !== 'not-connected')
        this.#refused.set(name, { at: now, fault: opened.error.kind });
    }
    return err({ kind: why ?? 'no-rig' });
  }

  async #open(
    transport: Transport,
    open: OpenLine,
  ): Promise<Result<Connected, { readonly kind: Exclude<RigFault, 'no-rig'> }>> {
    const { clock } = this.#options;
    const opening = open();
    const line = await within(clock, openDeadlineMs, opening);
    if (line === undefined) {
      // It may still come.
      void opening.then((late) => late?.close());
      return err({ kind: 'not-connected' });
    }
    const scpi = new ScpiInstrument(line, clock);
    this.#opening = scpi;
    const rig = new RigInstrument(scpi);
    const identity = this.#stopped ? err({ kind: 'closed' } as const) : await scpi.identify();
    // An instrument that has no fixture is no rig.
    const present = identity.ok ? await rig.devicePresent() : undefined;
    if (present?.ok === true) await rig.forgetThePast();
    this.#opening = undefined;
    if (identity.ok && present?.ok === true && !this.#isStopped()) {
      return ok({ rig, identity: identity.value, transport });
    }
    await within(clock, closeDeadlineMs, scpi.close());
    if (!identity.ok) return err({ kind: faultOf(identity.error) });
    if (present === undefined || present.ok || present.error.kind === 'rig-error')
      return err({ kind: 'not-a-rig' });
    return err({ kind: present.error.kind });
  }
}
