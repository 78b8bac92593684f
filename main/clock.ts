/** Time as main sees it; tests give one that they move by hand. */
export interface Clock {
  /** Monotonic, ms. */
  now(): number;
  /** The wall clock. */
  date(): Date;
  /** Calls back once after so many ms; returns the way to call that off. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
