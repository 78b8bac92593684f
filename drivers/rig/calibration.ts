import type { Clock } from '../shared/clock.js';
import { ok } from '../shared/result.js';
import { CodeWatch } from './code-watch.js';
import { Fixture, type Going, type Halt } from './fixture.js';
import { SegmentEvidence } from './evidence.js';
import type { RigInstrument } from './rig-instrument.js';
import { segmentsADigit, surelyOn } from './seven-segments.js';
import {
  type CalibrationOutcome,
  type CalibrationRequest,
  codesInAStatement,
  type DisplayTestProgress,
  type DisplayTestStep,
  type RigCalibration,
} from './types.js';
import type { WatchedCode } from './watched-code.js';

export interface CalibrationHooks {
  readonly onProgress: (progress: DisplayTestProgress) => void;
  readonly signal: AbortSignal;
}

export interface CalibrationOptions {
  readonly rig: RigInstrument;
  /** Serial number of the rig. */
  readonly serialNumber: string;
  readonly clock: Clock;
  readonly request: CalibrationRequest;
  readonly hooks: CalibrationHooks;
}

/** Looks at a dark display, and seconds between them: it may still be lit from before. */
const darkLooks = 6;
const darkEvery = 4;
/** What lights is brighter than dark by this much at least. */
const leastStep = 150;
/** Between the two groups of a segment's levels lies at least this much, and as much again as either is wide. */
const leastGap = 150;
/** A level is stated by so many codes in each group at least; every other of ten digits has it on or off. */
const codesAsARule = 50;

/** Measures what a healthy display gives on this rig. Levels are kept as counts over all codes, and overwritten in the end. */
export async function calibrate(options: CalibrationOptions): Promise<CalibrationOutcome> {
  const measuring = new Calibrating(options);
  const outcome = await measuring.run();
  measuring.wipe();
  return outcome;
}

const levelCount = 1001;

class Calibrating {
  readonly #options: CalibrationOptions;
  readonly #fixture: Fixture;
  readonly #evidence: SegmentEvidence;
  /** How often each segment had each level. */
  readonly #counts: readonly Uint16Array[];
  #block: WatchedCode[] = [];
  #watch: CodeWatch | undefined;
  #codes = 0;
  #step: DisplayTestStep = 'connect';

  constructor(options: CalibrationOptions) {
    this.#options = options;
    const { rig, clock, request, hooks } = options;
    this.#fixture = new Fixture({ rig, clock, signal: hooks.signal });
    this.#evidence = new SegmentEvidence(request.digits);
    this.#counts = Array.from({ length: request.digits * segmentsADigit }, () => new Uint16Array(levelCount));
  }

  async run(): Promise<CalibrationOutcome> {
    this.#tell('connect');
    const compared = await this.#fixture.prepare();
    if (!compared.ok) return this.#halted(compared.error);
    const places = await this.#fixture.digitPlaces();
    if (!places.ok) return this.#halted(places.error);
    this.#tell('waiting');
    const there = await this.#fixture.waitForDevice(this.#options.request.waitForDeviceMs);
    if (!there.ok) return this.#halted(there.error);
    this.#tell('button');
    const rough = await this.#roughly();
    if (!rough.ok) return this.#halted(rough.error);
    if (rough.value === undefined) return this.#unfit(() => true);
    this.#watch = new CodeWatch(this.#fixture, {
      calibration: rough.value,
      onCode: (code) => this.#take(code),
      onAlive: () => this.#tell(this.#step),
    });
    const end = await this.#watch.run();
    if (!end.ok) return this.#halted(end.error);
    const health = this.#evidence.health();
    const levels = this.#counts.map(twoGroups);
    const digits = health.map((segments, digit) =>
      segments.flatMap((each, bit) => {
        const pair = levels[digit * segmentsADigit + bit];
        return each === 'healthy' && pair !== undefined ? [pair] : [];
      }),
    );
    if (digits.some((segments) => segments.length < segmentsADigit)) {
      return this.#unfit((digit) => (digits[digit]?.length ?? 0) < segmentsADigit);
    }
    const calibration = {
      rig: this.#options.serialNumber,
      at: new Date().toISOString(),
      digits,
    };
    return { kind: 'calibrated', calibration, codes: this.#codes };
  }

  wipe(): void {
    for (const code of this.#block.splice(0)) code.wipe();
    for (const counts of this.#counts) counts.fill(0);
    this.#evidence.wipe();
    this.#watch?.wipe();
  }

  /** Dark levels, and one step for all segments by which a lit one is brighter; `undefined`: nothing lights. */
  async #roughly(): Going<RigCalibration | undefined> {
    const { digits } = this.#options.request;
    let dark: Uint16Array | undefined;
    for (let look = 0; look < darkLooks; look++) {
      const levels = await this.#fixture.levels(digits);
      if (!levels.ok) return levels;
      if (dark === undefined || sum(levels.value) < sum(dark)) dark = levels.value;
      const next = await this.#fixture.waitUntil(this.#fixture.now() + darkEvery);
      if (!next.ok) return next;
    }
    const base = dark ?? new Uint16Array(digits * segmentsADigit);
    for (let attempt = 0; attempt < 5; attempt++) {
      const pressed = await this.#fixture.press(300);
      if (!pressed.ok) return pressed;
      const lit = await this.#fixture.waitUntil(this.#fixture.now() + 1.5);
      if (!lit.ok) return lit;
      const levels = await this.#fixture.levels(digits);
      if (!levels.ok) return levels;
      const steps = levels.value.map((level, at) => Math.max(0, level - (base[at] ?? 0))).sort();
      const step = steps[steps.length - Math.ceil(surelyOn * steps.length)] ?? 0;
      steps.fill(0);
      levels.value.fill(0);
      if (step < leastStep) continue;
      return ok({
        rig: this.#options.serialNumber,
        at: new Date(0).toISOString(),
        digits: Array.from({ length: digits }, (_, digit) =>
          Array.from({ length: segmentsADigit }, (__, bit) => {
            const level = base[digit * segmentsADigit + bit] ?? 0;
            return { off: level, on: level + step };
          }),
        ),
      });
    }
    return ok(undefined);
  }

  #take(code: WatchedCode): boolean {
    this.#codes++;
    this.#tell('codes');
    this.#block.push(code);
    if (this.#block.length < codesInAStatement) return false;
    this.#evidence.add(this.#block);
    for (const { levels } of this.#block) {
      for (const [at, level] of levels.entries()) {
        const counts = this.#counts[at];
        if (counts !== undefined) counts[level] = (counts[level] ?? 0) + 1;
      }
    }
    for (const each of this.#block.splice(0)) each.wipe();
    return this.#evidence.isSettled();
  }

  #unfit(isUnfit: (digit: number) => boolean): CalibrationOutcome {
    const places = Array.from({ length: this.#options.request.digits }, (_, digit) => digit);
    return { kind: 'display-unfit', digits: places.filter(isUnfit).map((digit) => digit + 1) };
  }

  #tell(step: DisplayTestStep): void {
    this.#step = step;
    this.#options.hooks.onProgress({
      id: this.#options.request.id,
      step,
      codes: this.#codes,
      fraction: Math.min(0.98, this.#codes / codesAsARule),
    });
  }

  #halted(halt: Halt): CalibrationOutcome {
    return {
      kind: 'stopped',
      during: this.#step,
      fault: halt.kind === 'finish' ? 'cancelled' : halt.kind,
    };
  }
}

function sum(levels: Uint16Array): number {
  return levels.reduce((a, b) => a + b, 0);
}

/** Middles of the two groups that the levels fall into; `undefined`: they do not. */
export function twoGroups(counts: Uint16Array): { off: number; on: number } | undefined {
  const there = [...counts.keys()].filter((level) => (counts[level] ?? 0) > 0);
  let gap = 0;
  let split = 0;
  for (const [at, level] of there.entries()) {
    const distance = level - (there[at - 1] ?? level);
    if (distance > gap) {
      gap = distance;
      split = at;
    }
  }
  const lower = there.slice(0, split);
  const upper = there.slice(split);
  const widest = Math.max(width(lower), width(upper));
  if (lower.length === 0 || gap < leastGap || gap < widest) return undefined;
  return { off: middleOf(lower, counts), on: middleOf(upper, counts) };
}

function width(levels: readonly number[]): number {
  return (levels.at(-1) ?? 0) - (levels[0] ?? 0);
}

/** The median. */
function middleOf(levels: readonly number[], counts: Uint16Array): number {
  const all = levels.reduce((total, level) => total + (counts[level] ?? 0), 0);
  let seen = 0;
  for (const level of levels) {
    seen += counts[level] ?? 0;
    if (2 * seen >= all) return level;
  }
  return 0;
}
