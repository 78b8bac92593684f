import type { ChipsSnapshot } from '../../protocol.js';
import type { CheckFault } from '../../emrtd/types.js';
import type { Clock } from '../../shared/clock.js';
import { err, ok, type Result } from '../../shared/result.js';

/** A service or reader that is missing is waited for this long at most, ms: it may be just starting. */
const absenceGraceMs = 3000;
/** A document at the edge of the field gives no answer to reset; it is silent only when it stays so for this long, ms. */
export const silenceGraceMs = 4000;

export interface DocumentWait {
  /** Whether a document on the reader of this name would do. */
  readonly fits: (name: string) => boolean;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Aborted once the service is gone and will not come back to this process. */
  readonly lost: AbortSignal;
  readonly clock: Clock;
}

interface Source {
  readonly state: ChipsSnapshot;
  subscribe(listener: () => void): () => void;
}

/** Waits until something that answers lies on a reader; the name of that reader. */
export function waitForDocument(
  source: Source,
  { fits, waitMs, signal, lost, clock }: DocumentWait,
): Promise<Result<string, CheckFault>> {
  const fitting = (card: 'present' | 'silent'): string | undefined =>
    source.state.readers.find((reader) => fits(reader.name) && reader.card === card)?.name;
  const missing = (): CheckFault | undefined => {
    const { service, readers } = source.state;
    if (service !== 'running') return { kind: 'service-unavailable' };
    return readers.some(({ name }) => fits(name)) ? undefined : { kind: 'no-reader' };
  };
  const silent = (): CheckFault | undefined =>
    fitting('silent') === undefined ? undefined : { kind: 'card-silent' };
  return new Promise((resolve) => {
    const settle = (result: Result<string, CheckFault>): void => {
      unsubscribe();
      cancelWait();
      absence.stop();
      silence.stop();
      signal.removeEventListener('abort', onAbort);
      lost.removeEventListener('abort', onLost);
      resolve(result);
    };
    const giveUp = (): void => settle(err(missing() ?? silent() ?? { kind: 'no-card' }));
    const onAbort = (): void => settle(err({ kind: 'cancelled' }));
    const onLost = (): void => settle(err({ kind: 'service-unavailable' }));
    // Each runs out anew each time that the reader, or the service, goes away, and each time that silence begins.
    const absence = new Grace(clock, absenceGraceMs, giveUp);
    const silence = new Grace(clock, silenceGraceMs, giveUp);
    const look = (): void => {
      const present = fitting('present');
      if (present !== undefined) {
        settle(ok(present));
        return;
      }
      absence.runWhile(missing() !== undefined);
      silence.runWhile(silent() !== undefined);
    };
    const unsubscribe = source.subscribe(look);
    // A service that is just starting gets its chance also when nobody wants to wait for a document.
    const starting = source.state.service === 'starting' ? absenceGraceMs : 0;
    const cancelWait = clock.after(Math.max(waitMs, starting), giveUp);
    signal.addEventListener('abort', onAbort, { once: true });
    lost.addEventListener('abort', onLost, { once: true });
    if (signal.aborted) onAbort();
    else if (lost.aborted) onLost();
    else look();
  });
}

/** Time that something may last. */
class Grace {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #onOver: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, ms: number, onOver: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onOver = onOver;
  }

  runWhile(lasts: boolean): void {
    if (!lasts) this.stop();
    else this.#cancel ??= this.#clock.after(this.#ms, this.#onOver);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
