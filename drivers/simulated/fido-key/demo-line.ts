import { type Clock, systemClock } from '../../shared/clock.js';
import { HidKey, type HidKeyOptions } from './hid-key.js';
import type { DemoKey } from './types.js';

/** An open line to the key, as the driver knows it. */
interface Line {
  write(report: Uint8Array): Promise<boolean>;
  onReport(callback: (report: Uint8Array) => void): void;
  onClose(callback: () => void): void;
  close(): Promise<void>;
}

/**
 * A key in the demo socket, in this process. Each line begins as if it was just plugged in: a torn key leaves each time.
 * `undefined` for what is no key: no FIDO device shows there.
 */
export function openDemoKey(
  kind: DemoKey,
  clock: Clock = systemClock,
  options: HidKeyOptions = {},
): Line | undefined {
  if (kind === 'not-a-key') return undefined;
  const key = new HidKey(kind, clock, options);
  const onClose: (() => void)[] = [];
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    key.unplug();
    for (const callback of onClose) callback();
  };
  key.onLeave(close);
  return {
    write: (report) => {
      // A line takes a moment: nobody is answered while still asking.
      if (!closed) queueMicrotask(() => key.receive(report));
      return Promise.resolve(!closed);
    },
    onReport: (callback) =>
      key.onReport((report) => {
        if (!closed) callback(report);
      }),
    onClose: (callback) => {
      if (closed) callback();
      else onClose.push(callback);
    },
    close: () => {
      close();
      return Promise.resolve();
    },
  };
}
