/** `asking`: the person is asked whether more time is needed; `over`: nobody answered. */
export type IdlePhase =
  | { readonly kind: 'active' }
  | { readonly kind: 'asking'; readonly secondsLeft: number }
  | { readonly kind: 'over' };

export interface IdleLimits {
  /** s without a touch until the question. */
  readonly idleSeconds: number;
  /** s from the question until the session ends. */
  readonly graceSeconds: number;
}

/** Where a session stands that nobody has touched for `idleMs`. */
export function idlePhase(idleMs: number, { idleSeconds, graceSeconds }: IdleLimits): IdlePhase {
  const pastQuestionMs = idleMs - idleSeconds * 1000;
  if (pastQuestionMs < 0) return { kind: 'active' };
  const leftMs = graceSeconds * 1000 - pastQuestionMs;
  return leftMs <= 0 ? { kind: 'over' } : { kind: 'asking', secondsLeft: Math.ceil(leftMs / 1000) };
}

/** Watches for a person who has left. Its clock is given to it, in ms. */
export class IdleWatch {
  readonly #now: () => number;
  #touchedAt: number;
  #phase = $state.raw<IdlePhase>({ kind: 'active' });

  constructor(now: () => number) {
    this.#now = now;
    this.#touchedAt = now();
  }

  get phase(): IdlePhase {
    return this.#phase;
  }

  /** Someone touched the screen, pressed a key, or a check moved on. While the question stands, only its answer counts. */
  touch(): void {
    if (this.#phase.kind === 'active') this.#touchedAt = this.#now();
  }

  /** More time was asked for, or a new session begins. */
  restart(): void {
    this.#touchedAt = this.#now();
    this.#phase = { kind: 'active' };
  }

  /** To be called at least once a second. */
  tick(limits: IdleLimits): void {
    this.#phase = idlePhase(this.#now() - this.#touchedAt, limits);
  }
}
