import type { Clock } from './clock.js';

/** Waits so many ms, less when one of `signals` is aborted. */
export function pause(
  clock: Clock,
  ms: number,
  ...signals: readonly (AbortSignal | undefined)[]
): Promise<void> {
  if (ms <= 0 || signals.some((signal) => signal?.aborted === true)) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      for (const signal of signals) signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    for (const signal of signals) signal?.addEventListener('abort', end, { once: true });
  });
}
