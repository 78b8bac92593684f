import { err, ok, type Result } from '../shared/result.js';
import {
  type Parse,
  parseInteger,
  parseNumber,
  type ScpiFault,
  type ScpiInstrument,
} from './scpi-instrument.js';
import { type RigFault, segmentNames } from './types.js';

/** Why the rig did not do what it was asked for. */
export type InstrumentFault =
  | { readonly kind: Exclude<RigFault, 'no-rig'> }
  /** It answers, and not this: it reports an error, or measures what cannot be. */
  | { readonly kind: 'rig-error' };

type Answer<Value> = Promise<Result<Value, InstrumentFault>>;

/** Of a query that the rig does not refuse; each of them asks twice. */
const mostAttempts = 3;
const mostPresses = 2;
const secondsADay = 86_400;
/** Not a number, as SCPI-99 volume 1 section 7.2.1.5 writes it: 9.91E37; what is above is no measurement. */
const overrange = 9.9e36;

/** A code-display rig's own commands, above SCPI. */
export class RigInstrument {
  readonly scpi: ScpiInstrument;
  readonly #unsupported = new Set<string>();

  constructor(scpi: ScpiInstrument) {
    this.scpi = scpi;
  }

  /**
   * To be done once before the rig is used: what its error queue and its event register hold is of before, of its start
   * or of a program that tried the line, and not of what is asked from now on.
   */
  async forgetThePast(): Answer<undefined> {
    const cleared = await this.scpi.clearStatus();
    return cleared.ok ? cleared : err({ kind: faultOf(cleared.error) });
  }

  /** Presses the device's button for so many ms; the rig lets go by itself. An error of before may be in the queue: once is no refusal. */
  async press(ms: number): Answer<undefined> {
    for (let attempt = 1; ; attempt++) {
      const sent = await this.scpi.command(`BUTT:PRES ${ms}`);
      if (!sent.ok) return err({ kind: faultOf(sent.error) });
      const errors = await this.scpi.errors();
      if (!errors.ok) return err({ kind: faultOf(errors.error) });
      if (errors.value.length === 0) return ok(undefined);
      if (attempt >= mostPresses) return err({ kind: 'rig-error' });
    }
  }

  /** Intensities of segments a–g, 0 to 1000, into `into` from `at` on. `digit` counts from 1 at the left. */
  async measureSegments(digit: number, into: Uint16Array, at: number): Answer<undefined> {
    const levels = await this.#ask(`MEAS:SEGM? ${digit}`, parseLevels);
    if (!levels.ok) return levels;
    into.set(levels.value, at);
    levels.value.fill(0);
    return ok(undefined);
  }

  /** Whether a device lies in the fixture. */
  devicePresent(): Answer<boolean> {
    return this.#ask('SENS:PRES?', (line) => (line === '0' ? false : line === '1' ? true : undefined));
  }

  /** Digit places that the rig sees; `undefined`: it cannot tell. */
  digitPlaces(): Answer<number | undefined> {
    return this.#askIfItCan('DISP:DIG?', (line) => {
      const places = parseInteger(line);
      return places === undefined || places < 0 || places > 12 ? undefined : places;
    });
  }

  /** Volts; `undefined`: it cannot tell. */
  async batteryVolts(): Answer<number | undefined> {
    const volts = await this.#askIfItCan('MEAS:BATT?', parseNumber);
    if (!volts.ok || volts.value === undefined || volts.value < overrange) return volts;
    return ok(undefined);
  }

  /** Seconds of the rig's day, SCPI-99 volume 2 section 21.21: hours, minutes, seconds; `undefined`: it has no clock. */
  time(): Answer<number | undefined> {
    return this.#askIfItCan('SYST:TIME?', (line) => {
      const [hours, minutes, seconds, ...more] = line.split(',').map((text) => parseNumber(text.trim()));
      if (hours === undefined || minutes === undefined || seconds === undefined || more.length > 0)
        return undefined;
      const all = hours * 3600 + minutes * 60 + seconds;
      return all >= 0 && all <= secondsADay ? all : undefined;
    });
  }

  /** A line that loses bytes is no refusal: without a word in the error queue it is asked again, a bounded number of times. */
  async #ask<Value>(message: string, parse: Parse<Value>): Answer<Value> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.scpi.query(message, parse);
      if (answer.ok) return answer;
      if (answer.error.kind === 'closed') return err({ kind: 'not-connected' });
      // Does it answer anything at all?
      const errors = await this.scpi.errors();
      if (!errors.ok) return err({ kind: faultOf(errors.error) });
      if (errors.value.length > 0 || attempt >= mostAttempts) return err({ kind: 'rig-error' });
    }
  }

  /** What the rig refused once it is not asked for again. */
  async #askIfItCan<Value>(message: string, parse: Parse<Value>): Answer<Value | undefined> {
    if (this.#unsupported.has(message)) return ok(undefined);
    const answer = await this.#ask(message, parse);
    if (answer.ok || answer.error.kind !== 'rig-error') return answer;
    this.#unsupported.add(message);
    return ok(undefined);
  }
}

export function faultOf({ kind }: ScpiFault): Exclude<RigFault, 'no-rig'> {
  switch (kind) {
    case 'closed':
      return 'not-connected';
    case 'silent':
      return 'silent';
    case 'garbled':
      return 'not-a-rig';
  }
}

function parseLevels(line: string): Uint16Array | undefined {
  const fields = line.split(',');
  if (fields.length !== segmentNames.length) return undefined;
  const levels = new Uint16Array(segmentNames.length);
  for (const [at, text] of fields.entries()) {
    const level = parseInteger(text.trim());
    if (level === undefined || level < 0 || level > 1000) return undefined;
    levels[at] = level;
  }
  return levels;
}
