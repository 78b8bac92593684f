/** Time as the drivers see it; tests give one that they move by hand. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number;
  /** Calls back once after so many ms; returns the way to call that off. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** What `promise` brings within `ms`, or `undefined`. The promise itself goes on; its rejection passes through in time only. */
export function within<Value>(clock: Clock, ms: number, promise: Promise<Value>): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined));
    promise.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error instanceof Error ? error : new Error('not an Error was thrown', { cause: error }));
      },
    );
  });
}
