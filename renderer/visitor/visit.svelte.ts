import { createContext } from 'svelte';
import { chipCheckSteps } from '../../main/api/contract.js';
import type {
  ChipCheckStep,
  DemoSpecimen,
  DocumentKind,
  EventData,
  KeyFields,
  Verdict,
} from '../../main/api/contract.js';
import type { Api } from '../api.js';
import { emptyKey, keyEntryOf, keyFieldsOf, numberCharacters, numberLimits } from './key-entry.js';
import type { DateField, DatePart, KeyEntry } from './key-entry.js';
import { CheckIn, type CheckInScreen } from './check-in.svelte.js';
import { DeviceTest, type DeviceScreen } from './device-test.svelte.js';
import { Run, type Trouble } from './run.js';

/** What the way through a chip check shows. */
type CheckScreen =
  | { readonly kind: 'home' }
  | { readonly kind: 'document-kind' }
  | { readonly kind: 'document-number' }
  | { readonly kind: 'date'; readonly field: DateField; readonly part: DatePart }
  | { readonly kind: 'review' }
  | { readonly kind: 'check'; readonly step: ChipCheckStep; readonly fraction: number }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** Everything that the screen can show to a visitor. */
export type Screen = CheckScreen | CheckInScreen | DeviceScreen;

/** The questions in their order; entering a date by year, then month, then day is the advice of MitID. */
const path: readonly CheckScreen[] = [
  { kind: 'home' },
  { kind: 'document-kind' },
  { kind: 'document-number' },
  { kind: 'date', field: 'birth', part: 'year' },
  { kind: 'date', field: 'birth', part: 'month' },
  { kind: 'date', field: 'birth', part: 'day' },
  { kind: 'date', field: 'expiry', part: 'year' },
  { kind: 'date', field: 'expiry', part: 'month' },
  { kind: 'date', field: 'expiry', part: 'day' },
  { kind: 'review' },
];

/** A name of the screen that stays the same while only its content moves. */
export function screenName(screen: Screen): string {
  switch (screen.kind) {
    case 'date':
      return `${screen.field}-${screen.part}`;
    case 'check':
      return screen.step === 'waiting' ? 'placing' : 'progress';
    case 'device-test':
      return `${screen.device}-test`;
    case 'device-question':
      return `${screen.device}-${screen.question}`;
    case 'device-choice':
    case 'device-sending':
    case 'device-verdict':
    case 'device-trouble':
    case 'home':
    case 'document-kind':
    case 'document-number':
    case 'review':
    case 'verdict':
    case 'trouble':
    case 'booked':
    case 'booking-code':
    case 'booking-service':
    case 'booking-hour':
    case 'booking-minute':
    case 'services':
    case 'sending':
    case 'ticket':
    case 'refusal':
      return screen.kind;
  }
}

/** The group of questions that a person corrects together. */
export type Question = 'document-kind' | 'document-number' | DateField;

function lastOfQuestion(screen: CheckScreen): boolean {
  return screen.kind === 'document-number' || (screen.kind === 'date' && screen.part === 'day');
}

type CheckEvent =
  | { readonly kind: 'progress'; readonly data: EventData<'chipCheck.progress'> }
  | { readonly kind: 'verdict'; readonly data: EventData<'chipCheck.verdict'> };

/** One person's visit, from the first touch until it is dropped with all that was typed. */
export class Visit {
  /** The way to a number in the queue; its screens lie above those of the check. */
  readonly checkIn: CheckIn;
  /** The way through a test of a device; its screens lie above those of the check as well. */
  readonly devices: DeviceTest;
  readonly #api: Api;
  readonly #stops: readonly (() => void)[];
  readonly #run: Run<CheckEvent>;
  #screen = $state.raw<CheckScreen>({ kind: 'home' });
  #document = $state<DocumentKind>('passport');
  #documentChosen = $state(false);
  #key = $state.raw<KeyEntry>(emptyKey);
  #editing = false;

  constructor(api: Api) {
    this.#api = api;
    this.checkIn = new CheckIn(api);
    this.devices = new DeviceTest(api);
    this.#run = new Run((event) => this.#take(event));
    this.#stops = [
      api.on('chipCheck.progress', (data) => this.#run.hear({ kind: 'progress', data })),
      api.on('chipCheck.verdict', (data) => this.#run.hear({ kind: 'verdict', data })),
      api.onConnection((connection) => {
        if (connection === 'lost' && this.#run.going) this.#stumble('interrupted');
      }),
    ];
  }

  get screen(): Screen {
    return this.checkIn.screen ?? this.devices.screen ?? this.#screen;
  }

  get document(): DocumentKind {
    return this.#document;
  }

  get documentChosen(): boolean {
    return this.#documentChosen;
  }

  get key(): KeyEntry {
    return this.#key;
  }

  /** Nobody has chosen or typed anything. */
  get empty(): boolean {
    return !this.#documentChosen && this.#key === emptyKey;
  }

  begin(): void {
    this.#screen = { kind: 'document-kind' };
  }

  chooseDocument(document: DocumentKind): void {
    this.#document = document;
    this.#documentChosen = true;
    this.next();
  }

  /** Takes no more than fits and one character beyond, so that a number that is too long is seen and said. */
  setNumber(typed: string): void {
    const number = numberCharacters(typed).slice(0, numberLimits[this.#document] + 1);
    this.#key = { ...this.#key, documentNumber: number };
  }

  setYear(field: DateField, typed: string): void {
    const year = typed.replace(/\D/g, '').slice(0, 4);
    this.#key = { ...this.#key, [field]: { ...this.#key[field], year } };
  }

  /** 0: not stated in the document; then neither is the day. */
  setMonth(field: DateField, month: number): void {
    const { year, day } = this.#key[field];
    this.#key = { ...this.#key, [field]: { year, month, day: month === 0 ? 0 : day || undefined } };
  }

  setDay(field: DateField, day: number): void {
    this.#key = { ...this.#key, [field]: { ...this.#key[field], day } };
  }

  next(): void {
    if (this.#editing && (this.#screen.kind === 'document-kind' || lastOfQuestion(this.#screen))) {
      this.#toReview();
      return;
    }
    // Without a month, there is no day to ask for.
    const skipsDay =
      this.#screen.kind === 'date' &&
      this.#screen.part === 'month' &&
      this.#key[this.#screen.field].month === 0;
    if (skipsDay && this.#editing) {
      this.#toReview();
      return;
    }
    this.#screen = path[this.#place() + (skipsDay ? 2 : 1)] ?? this.#screen;
  }

  back(): void {
    if (this.checkIn.screen !== undefined) {
      this.checkIn.back();
      return;
    }
    if (this.devices.screen !== undefined) {
      this.devices.back();
      return;
    }
    const screen = this.#screen;
    switch (screen.kind) {
      case 'home':
        return;
      case 'check':
      case 'verdict':
      case 'trouble':
        this.#endCheck();
        this.#toReview();
        return;
      case 'document-kind':
      case 'document-number':
      case 'date':
      case 'review': {
        const firstOfQuestion = screen.kind !== 'date' || screen.part === 'year';
        if (this.#editing && firstOfQuestion && screen.kind !== 'review') {
          this.#toReview();
          return;
        }
        const before = path[this.#place() - 1] ?? screen;
        const skipsDay =
          before.kind === 'date' && before.part === 'day' && this.#key[before.field].month === 0;
        // Who comes to home next is another person, for all that the kiosk knows.
        if (before.kind === 'home') this.#forget();
        this.#screen = (skipsDay ? path[this.#place() - 2] : before) ?? screen;
      }
    }
  }

  /** From the overview to one question, and from there back to the overview. */
  edit(question: Question): void {
    this.#editing = true;
    this.#screen =
      question === 'birth' || question === 'expiry'
        ? { kind: 'date', field: question, part: 'year' }
        : { kind: question };
  }

  changeDetails(): void {
    this.#endCheck();
    this.#toReview();
  }

  /** The key fields, once all of them can be right. `today`: YYYY-MM-DD. */
  keyFields(today: string): KeyFields | undefined {
    return keyFieldsOf(this.#key, this.#document, today);
  }

  async startCheck(key: KeyFields): Promise<void> {
    this.#screen = { kind: 'check', step: 'waiting', fraction: 0 };
    const trouble = await this.#run.start(
      this.#api.call('chipCheck.start', { document: this.#document, key }),
    );
    if (trouble !== undefined) this.#stumble(trouble);
  }

  /** The same check once more, with what was typed. `today`: YYYY-MM-DD. */
  checkAgain(today: string): void {
    const fields = this.keyFields(today);
    if (fields === undefined) this.changeDetails();
    else void this.startCheck(fields);
  }

  /** Demo only: as if the visitor had typed what stands in this document. */
  fillIn(specimen: DemoSpecimen): void {
    this.#endCheck();
    this.devices.leave();
    this.#document = specimen.kind;
    this.#documentChosen = true;
    this.#key = keyEntryOf(specimen.key);
    this.#toReview();
  }

  /** Ends the visit: main forgets the check, and this object what was typed. */
  end(): void {
    for (const stop of this.#stops) stop();
    this.checkIn.end();
    this.devices.end();
    this.#forget();
  }

  #forget(): void {
    this.#run.end();
    this.#key = emptyKey;
    this.#document = 'passport';
    this.#documentChosen = false;
    this.#editing = false;
    void this.#api.call('chipCheck.clear', {});
  }

  #toReview(): void {
    this.#editing = true;
    this.#screen = { kind: 'review' };
  }

  #place(): number {
    const name = screenName(this.#screen);
    return path.findIndex((screen) => screenName(screen) === name);
  }

  #endCheck(): void {
    const wasGoing = this.#run.going;
    this.#run.end();
    if (wasGoing) void this.#api.call('chipCheck.clear', {});
  }

  #stumble(trouble: Trouble): void {
    // A start whose answer came too late may run all the same.
    this.#endCheck();
    this.#screen = { kind: 'trouble', trouble };
  }

  #take(event: CheckEvent): void {
    switch (event.kind) {
      case 'progress':
        this.#screen = { kind: 'check', step: event.data.step, fraction: event.data.fraction };
        return;
      case 'verdict':
        this.#run.end();
        this.#screen = { kind: 'verdict', verdict: event.data.verdict };
    }
  }
}

/** How far the whole check is, 0 to 1. */
export function shareDone(step: ChipCheckStep, fraction: number): number {
  if (step === 'waiting') return 0;
  return (chipCheckSteps.indexOf(step) + fraction) / chipCheckSteps.length;
}

/** Gives the visit of the person now in front of the screen. */
export const [useVisit, setVisit] = createContext<() => Visit>();
