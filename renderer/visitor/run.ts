import type { CallError } from '../api.js';

/** Why a check or a test could not be started or followed to its end. */
export type Trouble = 'busy' | 'refused' | 'interrupted';

export function troubleOf(error: CallError): Trouble {
  switch (error.kind) {
    case 'busy':
      return 'busy';
    case 'unreachable':
      return 'interrupted';
    case 'bad-input':
    case 'unknown-method':
    case 'not-allowed':
    case 'demo-only':
    case 'queue-off':
    case 'internal':
      return 'refused';
  }
}

interface Told {
  readonly data: { readonly id: string };
}

type Start =
  | { readonly ok: true; readonly value: { readonly id: string } }
  | { readonly ok: false; readonly error: CallError };

// A run that is being started has no id yet; what is heard meanwhile waits, for it may be this run's.
type State<Event> =
  | { readonly kind: 'none' }
  | { readonly kind: 'starting'; readonly heard: Event[] }
  | { readonly kind: 'running'; readonly id: string };

/** What main runs for this screen, a check or a test: of all that is heard, only this run's is told on. */
export class Run<Event extends Told> {
  readonly #tell: (event: Event) => void;
  #state: State<Event> = { kind: 'none' };

  constructor(tell: (event: Event) => void) {
    this.#tell = tell;
  }

  get going(): boolean {
    return this.#state.kind !== 'none';
  }

  /** Waits for the answer to its start. Tells why it could not start; nothing where it was ended meanwhile. */
  async start(answered: Promise<Start>): Promise<Trouble | undefined> {
    const heard: Event[] = [];
    const starting: State<Event> = { kind: 'starting', heard };
    this.#state = starting;
    const answer = await answered;
    if (this.#state !== starting) return undefined;
    if (!answer.ok) return troubleOf(answer.error);
    this.#state = { kind: 'running', id: answer.value.id };
    for (const event of heard) this.hear(event);
    return undefined;
  }

  hear(event: Event): void {
    if (this.#state.kind === 'starting') this.#state.heard.push(event);
    else if (this.#state.kind === 'running' && event.data.id === this.#state.id) this.#tell(event);
  }

  end(): void {
    this.#state = { kind: 'none' };
  }
}
