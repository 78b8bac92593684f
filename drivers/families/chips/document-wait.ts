import type { ChipsSnapshot } from '../../protocol.js';
import type { CheckFault } from '../../emrtd/types.js';
import type { Clock } from '../../shared/clock.js';
import { err, ok, type Result } from '../../shared/result.js';

/** A service or reader that is missing is waited for this long at most, ms: it may be just starting. */
const absenceGraceMs = 3000;

export interface DocumentWait {
  /** Name of a reader, or its beginning; any when left out. */
  readonly reader: string | undefined;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

interface Source {
  readonly state: ChipsSnapshot;
  subscribe(listener: () => void): () => void;
}

/** Waits until something lies on a reader; the name of that reader. */
export function waitForDocument(
  source: Source,
  { reader, waitMs, signal, clock }: DocumentWait,
): Promise<Result<string, CheckFault>> {
  const fits = (name: string): boolean => reader === undefined || name.startsWith(reader);
  const missing = (): CheckFault | undefined => {
    const { service, readers } = source.state;
    if (service !== 'running') return { kind: 'service-unavailable' };
    return readers.some(({ name }) => fits(name)) ? undefined : { kind: 'no-reader' };
  };
  return new Promise((resolve) => {
    const settle = (result: Result<string, CheckFault>): void => {
      unsubscribe();
      cancelWait();
      cancelGrace();
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onAbort = (): void => settle(err({ kind: 'cancelled' }));
    const look = (): boolean => {
      const there = source.state.readers.find(({ name, card }) => fits(name) && card !== 'absent');
      if (there === undefined) return false;
      settle(there.card === 'silent' ? err({ kind: 'card-silent' }) : ok(there.name));
      return true;
    };
    // Runs out anew each time that the reader, or the service, goes away.
    let graceRuns = false;
    let cancelGrace = (): void => undefined;
    const watchAbsence = (): void => {
      const isMissing = missing() !== undefined;
      if (isMissing === graceRuns) return;
      graceRuns = isMissing;
      cancelGrace();
      if (isMissing) {
        cancelGrace = clock.after(absenceGraceMs, () => settle(err(missing() ?? { kind: 'no-card' })));
      }
    };
    const unsubscribe = source.subscribe(() => {
      if (!look()) watchAbsence();
    });
    // A service that is just starting gets its chance also when nobody wants to wait for a document.
    const starting = source.state.service === 'starting' ? absenceGraceMs : 0;
    const cancelWait = clock.after(Math.max(waitMs, starting), () =>
      settle(err(missing() ?? { kind: 'no-card' })),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else if (!look()) watchAbsence();
  });
}
