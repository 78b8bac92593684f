import { scpiMessage } from '../../../main/api/contract.js';
import type { BenchLevels, BenchState, Input, MethodName, Output } from '../../../main/api/contract.js';
import type { Api, CallError } from '../../api.js';

/** What main would not do, or what did not come back. */
interface Refused {
  readonly kind: 'refused';
  readonly error: CallError['kind'];
}
type Outcome<Name extends MethodName> = Output<Name> | Refused;

export type DisplayOutcome = Outcome<'bench.testDisplay'>;
export type CalibrationOutcome = Outcome<'bench.calibrate'>;
export type KeyOutcome = Outcome<'bench.checkKey'>;
export type SelfTestOutcome = Outcome<'bench.selfTest'>;
export type QueryOutcome = Outcome<'bench.query'>;
export type KeyWay = Input<'bench.checkKey'>['way'];

/** What this screen has under way; one thing at a time. */
export type Job = 'display' | 'calibration' | KeyWay | 'self-test' | 'query';

/** One message to the rig and what came of it. */
export interface Exchange {
  readonly number: number;
  readonly message: string;
  readonly outcome: QueryOutcome;
}

/** So many messages to the rig are shown; the oldest go first. */
const longestHistory = 200;

/** What staff see of the rig and the keys, and what they had tested on this screen. */
export class Bench {
  readonly #api: Api;
  #state = $state.raw<BenchState>();
  #unseen = $state(false);
  #job = $state.raw<Job>();
  #levels = $state.raw<BenchLevels>();
  #display = $state.raw<DisplayOutcome>();
  #calibration = $state.raw<CalibrationOutcome>();
  #key = $state.raw<KeyOutcome>();
  #selfTest = $state.raw<SelfTestOutcome>();
  #exchanges = $state.raw<readonly Exchange[]>([]);
  #numbers = 0;
  #done = $state(0);
  /** Counts who was logged in: what was asked for before is not told to the next person. */
  #session = 0;

  constructor(api: Api) {
    this.#api = api;
  }

  /** Undefined until main has told it. */
  get state(): BenchState | undefined {
    return this.#state;
  }

  /** Whether main was asked for the state and did not give it. */
  get unseen(): boolean {
    return this.#unseen;
  }

  get job(): Job | undefined {
    return this.#job;
  }

  /** Whether something can be begun: nothing runs, here or on another screen. */
  get free(): boolean {
    return this.#job === undefined && this.#state?.running === undefined;
  }

  /** Of the test that runs, or the last one: several codes together. */
  get levels(): BenchLevels | undefined {
    return this.#levels;
  }

  get display(): DisplayOutcome | undefined {
    return this.#display;
  }

  get calibration(): CalibrationOutcome | undefined {
    return this.#calibration;
  }

  get key(): KeyOutcome | undefined {
    return this.#key;
  }

  get selfTest(): SelfTestOutcome | undefined {
    return this.#selfTest;
  }

  /** The last message first. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** How many jobs have come to their end. */
  get done(): number {
    return this.#done;
  }

  start(): () => void {
    const stops = [
      this.#api.on('bench.state', (state) => {
        this.#state = state;
        this.#unseen = false;
      }),
      this.#api.on('bench.levels', (levels) => {
        if (this.#job === 'display') this.#levels = levels;
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  async look(): Promise<void> {
    const session = this.#session;
    const answer = await this.#api.call('bench.state', {});
    if (session !== this.#session) return;
    this.#unseen = !answer.ok;
    if (!answer.ok) return;
    this.#state = answer.value;
    this.#takeUpAgain(answer.value.running);
  }

  testDisplay(): Promise<void> {
    return this.#testDisplay({});
  }

  calibrate(): Promise<void> {
    return this.#calibrate({});
  }

  async checkKey(way: KeyWay): Promise<void> {
    await this.#run(way, 'bench.checkKey', { way }, (outcome) => (this.#key = outcome));
  }

  async testItself(): Promise<void> {
    await this.#run('self-test', 'bench.selfTest', {}, (outcome) => (this.#selfTest = outcome));
  }

  /** One SCPI program message. Returns whether it is one: printable ASCII, up to 120 characters. */
  query(message: string): boolean {
    const checked = scpiMessage.safeParse(message.trim());
    if (!checked.success) return false;
    void this.#run('query', 'bench.query', { message: checked.data }, (outcome) => {
      if (outcome === undefined) return;
      this.#numbers += 1;
      const exchange = { number: this.#numbers, message: checked.data, outcome };
      this.#exchanges = [exchange, ...this.#exchanges].slice(0, longestHistory);
    });
    return true;
  }

  /** Ends the test with what is known by now. */
  async finish(): Promise<void> {
    await this.#api.call('bench.finish', {});
  }

  async cancel(): Promise<void> {
    await this.#api.call('bench.cancel', {});
  }

  /** Nothing of this person's work is left. */
  forget(): void {
    this.#session += 1;
    this.#state = undefined;
    this.#unseen = false;
    this.#job = undefined;
    this.#levels = undefined;
    this.#display = undefined;
    this.#calibration = undefined;
    this.#key = undefined;
    this.#selfTest = undefined;
    this.#exchanges = [];
  }

  #testDisplay(input: Input<'bench.testDisplay'>): Promise<void> {
    return this.#run('display', 'bench.testDisplay', input, (outcome) => {
      this.#display = outcome;
      if (outcome === undefined) this.#levels = undefined;
    });
  }

  #calibrate(input: Input<'bench.calibrate'>): Promise<void> {
    return this.#run('calibration', 'bench.calibrate', input, (outcome) => (this.#calibration = outcome));
  }

  /** What takes long outlives a lost connection, and its outcome is awaited anew. */
  #takeUpAgain(running: BenchState['running']): void {
    if (this.#job !== undefined || running === undefined || running.kind === 'visitor' || !running.own)
      return;
    if (running.kind === 'display') void this.#testDisplay({ again: true });
    else if (running.kind === 'calibration') void this.#calibrate({ again: true });
  }

  /** `tell` hears undefined first: what was found before no longer counts. */
  async #run<Name extends MethodName>(
    job: Job,
    name: Name,
    input: Input<Name>,
    tell: (outcome: Outcome<Name> | undefined) => void,
  ): Promise<void> {
    if (this.#job !== undefined) return;
    const session = this.#session;
    this.#job = job;
    tell(undefined);
    const answer = await this.#api.call(name, input);
    if (session !== this.#session) return;
    this.#job = undefined;
    tell(answer.ok ? answer.value : { kind: 'refused', error: answer.error.kind });
    this.#done += 1;
    await this.look();
  }
}
