import { questionsFor } from '../../main/api/contract.js';
import type {
  AuthenticatorKind,
  DeviceTestStep,
  DeviceVerdict,
  EventData,
  GuidedAnswer,
  GuidedInput,
  GuidedQuestion,
  Input,
} from '../../main/api/contract.js';
import type { Api } from '../api.js';
import { Run, troubleOf, type Trouble } from './run.js';

/** What is tested by questions. */
export type GuidedDevice = GuidedInput['device'];
/** What is tested by a device of the kiosk. */
export type MeasuredDevice = Input<'authenticator.start'>['device'];

interface Measuring {
  readonly kind: 'device-test';
  readonly device: MeasuredDevice;
  readonly step: DeviceTestStep;
  /** Different codes that came so far. */
  readonly codes: number;
  /** 0 to 1. */
  readonly fraction: number;
  /** The result was asked for before the end. */
  readonly finishing: boolean;
  /** Whether to leave without a result is being asked. */
  readonly leaving: boolean;
}

export type DeviceScreen =
  | { readonly kind: 'device-choice' }
  | Measuring
  | { readonly kind: 'device-question'; readonly device: GuidedDevice; readonly question: GuidedQuestion }
  | { readonly kind: 'device-sending'; readonly device: GuidedDevice }
  | { readonly kind: 'device-verdict'; readonly verdict: DeviceVerdict }
  | { readonly kind: 'device-trouble'; readonly device: AuthenticatorKind; readonly trouble: Trouble };

type TestEvent =
  | { readonly kind: 'progress'; readonly data: EventData<'authenticator.progress'> }
  | { readonly kind: 'verdict'; readonly data: EventData<'authenticator.verdict'> };

type Answers = Readonly<Partial<Record<GuidedQuestion, GuidedAnswer>>>;

type Pointless = Readonly<Partial<Record<GuidedQuestion, readonly GuidedQuestion[]>>>;

/** With this answered by no, these tell nothing more. Whoever cannot see an audio code reader's display still hears it. */
const pointlessAfter: Readonly<Record<GuidedDevice, Pointless>> = {
  'code-display': {
    'lights-up': ['six-digits', 'digits-whole', 'new-code'],
    'six-digits': ['digits-whole'],
  },
  'audio-code-reader': { 'hears-digits': ['volume-changes', 'replays', 'language-changes'] },
};

/** The questions of a device that are worth asking after these answers, in their order. */
export function questionsLeft(device: GuidedDevice, answers: Answers): readonly GuidedQuestion[] {
  const asked = questionsFor(device);
  const pointless = asked.flatMap((question) =>
    answers[question] === 'no' ? (pointlessAfter[device][question] ?? []) : [],
  );
  return asked.filter((question) => !pointless.includes(question));
}

/** The errand of a person who wants a device tested, from the choice of device to its verdict. */
export class DeviceTest {
  readonly #api: Api;
  readonly #stops: readonly (() => void)[];
  readonly #run: Run<TestEvent>;
  #screen = $state.raw<DeviceScreen>();
  #answers = $state.raw<Answers>({});
  /** The way that was gone last, to go it again. */
  #last: (() => void) | undefined;

  constructor(api: Api) {
    this.#api = api;
    this.#run = new Run((event) => this.#take(event));
    this.#stops = [
      api.on('authenticator.progress', (data) => this.#run.hear({ kind: 'progress', data })),
      api.on('authenticator.verdict', (data) => this.#run.hear({ kind: 'verdict', data })),
      api.onConnection((connection) => {
        if (connection === 'lost' && this.#screen?.kind === 'device-test')
          this.#stumble(this.#screen.device, 'interrupted');
      }),
    ];
  }

  /** Undefined while the person is about something else. */
  get screen(): DeviceScreen | undefined {
    return this.#screen;
  }

  get answers(): Answers {
    return this.#answers;
  }

  /** What was answered by "I do not know", of what was asked. */
  unsureOf(device: GuidedDevice): readonly GuidedQuestion[] {
    return questionsLeft(device, this.#answers).filter((question) => this.#answers[question] === 'unsure');
  }

  /** Whether the device is one for impaired sight, so that its screens are read without being asked for. */
  get aloud(): boolean {
    switch (this.#screen?.kind) {
      case undefined:
      case 'device-choice':
      case 'device-test':
        return false;
      case 'device-question':
      case 'device-sending':
      case 'device-trouble':
        return this.#screen.device === 'audio-code-reader';
      case 'device-verdict':
        return this.#screen.verdict.device === 'audio-code-reader';
    }
  }

  begin(): void {
    this.#screen = { kind: 'device-choice' };
  }

  /** Tests what is in the rig, in a USB socket or on the reader. */
  async measure(device: MeasuredDevice): Promise<void> {
    this.#endRun();
    this.#last = () => void this.measure(device);
    this.#screen = {
      ...{ kind: 'device-test', device, step: 'waiting', codes: 0, fraction: 0 },
      ...{ finishing: false, leaving: false },
    };
    const trouble = await this.#run.start(this.#api.call('authenticator.start', { device }));
    if (trouble !== undefined) this.#stumble(device, trouble);
  }

  /** Ends the running test with what is known by now. */
  async finish(): Promise<void> {
    const asked = this.#screen;
    if (asked?.kind !== 'device-test' || asked.finishing) return;
    this.#screen = { ...asked, finishing: true, leaving: false };
    const answer = await this.#api.call('authenticator.finish', {});
    if (answer.ok || this.screen?.kind !== 'device-test') return;
    this.#stumble(asked.device, troubleOf(answer.error));
  }

  /** Asks the person about the device instead. */
  ask(device: GuidedDevice): void {
    this.#endRun();
    this.#last = () => this.ask(device);
    this.#answers = {};
    this.#showQuestion(device, questionsFor(device)[0]);
  }

  async answer(answer: GuidedAnswer): Promise<void> {
    const screen = this.#screen;
    if (screen?.kind !== 'device-question') return;
    const { device, question } = screen;
    this.#answers = { ...this.#answers, [question]: answer };
    const asked = questionsLeft(device, this.#answers);
    const next = asked[asked.indexOf(question) + 1];
    if (next !== undefined) {
      this.#showQuestion(device, next);
      return;
    }
    const answers = Object.fromEntries(
      asked.flatMap((each) => {
        const given = this.#answers[each];
        return given === undefined ? [] : [[each, given]];
      }),
    );
    const sending: DeviceScreen = { kind: 'device-sending', device };
    this.#screen = sending;
    const result = await this.#api.call('authenticator.guided', { device, answers });
    if (this.screen !== sending) return;
    if (result.ok) this.#screen = { kind: 'device-verdict', verdict: result.value };
    else this.#stumble(device, troubleOf(result.error));
  }

  /** Goes on with the test that was about to be left. */
  stay(): void {
    if (this.#screen?.kind === 'device-test') this.#screen = { ...this.#screen, leaving: false };
  }

  /** Leaves a running test without a result. */
  cancel(): void {
    if (this.#screen?.kind === 'device-test') this.#toChoice();
  }

  /** The same test from its beginning. */
  again(): void {
    this.#last?.();
  }

  back(): void {
    const screen = this.#screen;
    switch (screen?.kind) {
      case undefined:
      case 'device-sending':
        return;
      case 'device-choice':
        this.leave();
        return;
      case 'device-question': {
        const asked = questionsLeft(screen.device, this.#answers);
        const before = asked[asked.indexOf(screen.question) - 1];
        if (before === undefined) this.#toChoice();
        else this.#showQuestion(screen.device, before);
        return;
      }
      case 'device-test':
        // A display in the rig has been at it for minutes: that is not thrown away by one touch.
        if (screen.device === 'code-display' && screen.step !== 'waiting')
          this.#screen = { ...screen, leaving: true };
        else this.#toChoice();
        return;
      case 'device-verdict':
      case 'device-trouble':
        this.#toChoice();
    }
  }

  /** Away from devices, with nothing kept. */
  leave(): void {
    this.#endRun();
    this.#answers = {};
    this.#last = undefined;
    this.#screen = undefined;
  }

  end(): void {
    for (const stop of this.#stops) stop();
    this.leave();
  }

  #toChoice(): void {
    this.leave();
    this.begin();
  }

  #showQuestion(device: GuidedDevice, question: GuidedQuestion | undefined): void {
    if (question !== undefined) this.#screen = { kind: 'device-question', device, question };
  }

  #endRun(): void {
    const wasGoing = this.#run.going;
    this.#run.end();
    if (wasGoing) void this.#api.call('authenticator.clear', {});
  }

  #stumble(device: AuthenticatorKind, trouble: Trouble): void {
    // A start whose answer came too late may run all the same.
    this.#endRun();
    this.#screen = { kind: 'device-trouble', device, trouble };
  }

  #take(event: TestEvent): void {
    switch (event.kind) {
      case 'progress': {
        if (this.#screen?.kind !== 'device-test') return;
        const { step, codes, fraction } = event.data;
        this.#screen = { ...this.#screen, step, codes, fraction };
        return;
      }
      case 'verdict':
        this.#run.end();
        this.#screen = { kind: 'device-verdict', verdict: event.data.verdict };
    }
  }
}
