import type { Clock } from '../shared/clock.js';
import { CodeWatch, type WatchEnd } from './code-watch.js';
import { Fixture, type Going, type Halt } from './fixture.js';
import { SegmentEvidence } from './evidence.js';
import { off, segmentsADigit } from './seven-segments.js';
import { ok } from '../shared/result.js';
import type { RigInstrument } from './rig-instrument.js';
import {
  codesInAStatement,
  type DisplayFacts,
  type DisplayLevels,
  type DisplayOutcome,
  type DisplayTestProgress,
  type DisplayTestRequest,
  type DisplayTestStep,
} from './types.js';
import type { WatchedCode } from './watched-code.js';

export interface TestHooks {
  readonly onProgress: (progress: DisplayTestProgress) => void;
  readonly onLevels: (levels: DisplayLevels) => void;
  readonly signal: AbortSignal;
  /** Ends the test with what is known. */
  readonly finish: AbortSignal;
}

/** A lithium cell of 3 V: below the first it is at its end, below the second it is empty, volts. */
const batteryLow = 2.7;
const batteryEmpty = 2.4;
/** Below it no cell is touched at all, volts. */
const noContactBelow = 1;
/** A display whose lit segments reach less than this part of a calibrated one's is dim. */
const dimBelow = 0.65;
/** A button that fails more seldom than once in so many presses works. */
const failsSeldom = 10;
/** Ninety-five of a hundred sound displays of six digits are settled after so many codes. */
const codesAsARule = 50;

/** Codes of one statement: nothing is said of a part of them. */
class CodeBlock {
  readonly #codes: WatchedCode[] = [];

  get size(): number {
    return this.#codes.length;
  }

  /** Whether the block is complete now. */
  add(code: WatchedCode): boolean {
    this.#codes.push(code);
    return this.#codes.length >= codesInAStatement;
  }

  get codes(): readonly WatchedCode[] {
    return this.#codes;
  }

  levels(id: string): DisplayLevels {
    const [first] = this.#codes;
    const digits = (first?.states.length ?? 0) / segmentsADigit;
    const range = (at: number, lit: boolean): { low: number; high: number } | null => {
      const levels = this.#codes
        .filter(({ states }) => (states[at] !== off) === lit)
        .map((code) => code.levels[at] ?? 0);
      return levels.length === 0 ? null : { low: Math.min(...levels), high: Math.max(...levels) };
    };
    return {
      id,
      codes: this.#codes.length,
      digits: Array.from({ length: digits }, (_, digit) =>
        Array.from({ length: segmentsADigit }, (__, bit) => {
          const at = digit * segmentsADigit + bit;
          return { on: range(at, true), off: range(at, false) };
        }),
      ),
    };
  }

  wipe(): void {
    for (const code of this.#codes.splice(0)) code.wipe();
  }
}

export interface DisplayTestOptions {
  readonly rig: RigInstrument;
  readonly clock: Clock;
  readonly request: DisplayTestRequest;
  readonly hooks: TestHooks;
}

/** Tests the code display in the fixture. What it shows is overwritten before this answers. */
export async function testDisplay(options: DisplayTestOptions): Promise<DisplayOutcome> {
  const test = new DisplayTest(options);
  const outcome = await test.run();
  test.wipe();
  return outcome;
}

class DisplayTest {
  readonly #options: DisplayTestOptions;
  readonly #fixture: Fixture;
  readonly #watch: CodeWatch;
  readonly #evidence: SegmentEvidence;
  readonly #block = new CodeBlock();
  readonly #begun: number;
  #contrasts: number[] = [];
  #codes = 0;
  #places: number | undefined;
  #volts: number | undefined;
  #end: WatchEnd | undefined;
  #step: DisplayTestStep = 'connect';

  constructor(options: DisplayTestOptions) {
    this.#options = options;
    const { rig, clock, request, hooks } = options;
    this.#fixture = new Fixture({ rig, clock, signal: hooks.signal, finish: hooks.finish });
    this.#evidence = new SegmentEvidence(request.calibration.digits.length);
    this.#watch = new CodeWatch(this.#fixture, {
      calibration: request.calibration,
      onCode: (code) => this.#take(code),
      onAlive: () => this.#tell(this.#step),
    });
    this.#begun = clock.now();
  }

  async run(): Promise<DisplayOutcome> {
    const { request } = this.#options;
    this.#tell('connect');
    if (request.calibration.digits.length !== request.digits) {
      return { kind: 'stopped', during: 'connect', fault: 'calibration-does-not-fit' };
    }
    const prepared = await this.#prepare();
    if (!prepared.ok) return this.#halted(prepared.error);
    if (prepared.value === 'does-not-fit') {
      return { kind: 'stopped', during: 'connect', fault: 'calibration-does-not-fit' };
    }
    this.#tell('button');
    const end = await this.#watch.run();
    if (!end.ok) return this.#halted(end.error);
    this.#end = end.value;
    // With the display lit a moment ago, it is under load.
    const measured = await this.#measureBattery();
    if (!measured.ok && measured.error.kind !== 'finish') return this.#halted(measured.error);
    return { kind: 'tested', facts: this.#facts() };
  }

  wipe(): void {
    this.#block.wipe();
    this.#evidence.wipe();
    this.#watch.wipe();
  }

  async #prepare(): Going<'fits' | 'does-not-fit'> {
    const compared = await this.#fixture.prepare();
    if (!compared.ok) return compared;
    const places = await this.#digitPlaces();
    if (!places.ok) return places;
    if (places.value !== undefined && places.value > this.#options.request.digits) return ok('does-not-fit');
    this.#tell('waiting');
    const there = await this.#fixture.waitForDevice(this.#options.request.waitForDeviceMs);
    if (!there.ok) return there;
    const now = await this.#digitPlaces();
    if (!now.ok) return now;
    this.#places = now.value;
    const battery = await this.#measureBattery();
    return battery.ok ? ok('fits') : battery;
  }

  /** One answer could be wrong: another number than the expected one is believed when it is measured twice. */
  async #digitPlaces(): Going<number | undefined> {
    const places = await this.#fixture.digitPlaces();
    if (!places.ok || places.value === undefined || places.value === this.#options.request.digits)
      return places;
    const again = await this.#fixture.digitPlaces();
    return !again.ok || again.value === places.value ? again : ok(undefined);
  }

  async #measureBattery(): Going<undefined> {
    const volts = await this.#fixture.batteryVolts();
    if (!volts.ok) return volts;
    if (volts.value !== undefined && volts.value >= noContactBelow)
      this.#volts = Math.min(this.#volts ?? Infinity, volts.value);
    return ok(undefined);
  }

  /** Nothing but the number of codes tells how far it is: a step by what was seen would tell of one code. */
  #tell(step: DisplayTestStep): void {
    this.#step = step;
    this.#options.hooks.onProgress({
      id: this.#options.request.id,
      step,
      codes: this.#codes,
      fraction: Math.min(0.98, this.#codes / codesAsARule),
    });
  }

  /** Whether enough is known; asked after each block only, so that the end does not tell of one code either. */
  #take(code: WatchedCode): boolean {
    this.#codes++;
    this.#contrasts.push(code.contrast);
    this.#tell('codes');
    if (!this.#block.add(code)) return false;
    this.#options.hooks.onLevels(this.#block.levels(this.#options.request.id));
    this.#evidence.add(this.#block.codes);
    this.#block.wipe();
    return this.#evidence.isSettled();
  }

  #halted(halt: Halt): DisplayOutcome {
    if (halt.kind === 'finish') return { kind: 'tested', facts: this.#facts() };
    return { kind: 'stopped', during: this.#step, fault: halt.kind };
  }

  #facts(): DisplayFacts {
    const { request, clock } = this.#options;
    const { cadence, presses, failedPresses, lights } = this.#watch;
    // Dark is what a display is only after all the presses that it gets: a test may be ended before.
    const inVain = this.#end === 'no-light';
    const isStated = this.#evidence.codes >= codesInAStatement;
    // Where enough codes came they tell better than the rig, which may count what it sees of a dark display.
    const present = isStated
      ? request.digits - this.#evidence.missing().length
      : (this.#places ?? request.digits);
    const contrasts = this.#contrasts.sort((a, b) => a - b);
    const contrast = contrasts[Math.floor(contrasts.length / 2)] ?? 1;
    return {
      digitsExpected: request.digits,
      digitsPresent: present,
      segments: isStated ? this.#evidence.health() : null,
      codes: this.#codes,
      presses,
      confidence: this.#evidence.confidence(),
      paceJudged: isStated && this.#evidence.isPaceJudged(),
      lights: lights || (inVain ? false : null),
      dim: contrast < dimBelow,
      button: buttonOf(presses, failedPresses, inVain),
      newCodes: cadence.verdict(),
      codeEverySeconds: cadence.period(),
      batteryVolts: this.#volts === undefined ? null : Math.min(12, this.#volts),
      battery: batteryOf(this.#volts),
      elapsedMs: clock.now() - this.#begun,
    };
  }
}

function buttonOf(presses: number, failed: number, inVain: boolean): DisplayFacts['button'] {
  if (failed === presses) return inVain ? 'never' : 'unknown';
  return failed * failsSeldom >= presses ? 'sometimes' : 'works';
}

function batteryOf(volts: number | undefined): DisplayFacts['battery'] {
  if (volts === undefined) return 'unknown';
  return volts < batteryEmpty ? 'empty' : volts < batteryLow ? 'low' : 'good';
}
