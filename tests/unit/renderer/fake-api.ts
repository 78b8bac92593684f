import { eventNames } from '../../../main/api/contract.js';
import type {
  EventData,
  EventName,
  Input,
  KioskState,
  MethodName,
  Output,
} from '../../../main/api/contract.js';
import type { Api, CallError, CallResult, Connection } from '../../../renderer/api.js';

interface Call {
  readonly name: MethodName;
  readonly input: unknown;
}

const atRest: KioskState = {
  chipReader: { kind: 'ready', documentPresent: false },
  demo: false,
  demoPrinter: false,
  rig: { kind: 'none' },
  demoRig: false,
  queue: false,
  settings: {
    defaultLanguage: 'da',
    idleSeconds: 60,
    idleGraceSeconds: 20,
    primaryColour: '#1a3e72',
    placeName: 'Borgerservice',
    minimumAge: 13,
    ordinaryAge: 15,
  },
  today: '2026-11-23',
};

/** Main, as far as a screen can tell. A start is answered when the test says so, the state as often as it allows. */
export class FakeApi implements Api {
  readonly calls: Call[] = [];
  /** So many questions for the state come to nothing. */
  deafToState = 0;
  readonly #listeners = new Map<EventName, Set<(data: never) => void>>(
    eventNames.map((name) => [name, new Set()]),
  );
  readonly #connectionListeners = new Set<(connection: Connection) => void>();
  readonly #starts: ((result: CallResult<'chipCheck.start'>) => void)[] = [];
  readonly #answers = new Map<MethodName, unknown>();
  readonly #outputs: { readonly [Name in MethodName]?: Output<Name> } = {
    'kiosk.state': atRest,
    'kiosk.heartbeat': {},
    'chipCheck.clear': {},
    'demo.specimens': [],
    'demo.place': {},
    'demo.remove': {},
  };

  call<Name extends MethodName>(name: Name, input: Input<Name>): Promise<CallResult<Name>>;
  call(name: MethodName, input: unknown): Promise<unknown> {
    this.calls.push({ name, input });
    if (name === 'chipCheck.start') return new Promise((answer) => this.#starts.push(answer));
    if (name === 'kiosk.state' && this.deafToState > 0) {
      this.deafToState -= 1;
      return Promise.resolve({ ok: false, error: { kind: 'unreachable' } });
    }
    const answer = this.#answers.get(name);
    return Promise.resolve(answer ?? { ok: true, value: this.#outputs[name] });
  }

  /** What main answers to this from now on; a promise answers when the test has it so. */
  answers(name: MethodName, answer: unknown): void {
    this.#answers.set(name, answer);
  }

  /** Lets everyone go on who waits for an answer that is there. */
  async settle(): Promise<void> {
    await new Promise<void>((settled) => setImmediate(settled));
  }

  on<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void {
    this.#listeners.get(name)?.add(listener);
    return () => this.#listeners.get(name)?.delete(listener);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#connectionListeners.add(listener);
    listener('open');
    return () => this.#connectionListeners.delete(listener);
  }

  emit<Name extends EventName>(name: Name, data: EventData<Name>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(data as never);
  }

  connection(connection: Connection): void {
    for (const listener of this.#connectionListeners) listener(connection);
  }

  async answerStart(answer: { readonly id: string } | CallError): Promise<void> {
    this.#starts.shift()?.(
      'id' in answer ? { ok: true, value: { id: answer.id } } : { ok: false, error: answer },
    );
    // The caller goes on in the microtasks behind its answer.
    await new Promise<void>((settle) => setImmediate(settle));
  }

  get listening(): number {
    return (
      [...this.#listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0) +
      this.#connectionListeners.size
    );
  }
}
