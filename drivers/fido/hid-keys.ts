import { type Clock, within } from '../shared/clock.js';
import { pause } from '../shared/pause.js';
import { err, ok, type Result } from '../shared/result.js';
import { checkHidKey } from './hid-check.js';
import { type HidDevices, nodeHidDevices } from './hid-devices.js';
import type { HidLine } from './hid-line.js';
import type { KeyHooks } from './hooks.js';
import type { KeyCheckFault, KeyCheckOutcome, KeyCheckRequest } from './types.js';

const lookEveryMs = 1000;
/** A key that was there before the check may have been left by somebody else: a new one is waited for first, ms. */
const leftKeyGraceMs = 8000;
/** The system's rules let this program open a key only some time after it was plugged in, ms. */
const accessGraceMs = 2000;
const accessRetryMs = 250;
/** A driver may hang in an open or close after a USB reset, ms. */
const openDeadlineMs = 3000;
const closeDeadlineMs = 2000;

/** The FIDO keys in USB sockets. */
export interface HidKeys {
  /** The demo key counts while it is what would be checked. */
  readonly count: number;
  /** Waits for a key, asks what it is and lets it blink. One at a time: a second one is told `busy`. Never rejects. */
  check(request: KeyCheckRequest, hooks: KeyHooks): Promise<KeyCheckOutcome>;
  stop(): void;
}

export interface HidKeysOptions {
  readonly clock: Clock;
  readonly onChange: (count: number) => void;
  /** A demo key in the demo socket, looked at when no real one is there; `undefined`: none in it. */
  readonly openDemo?: () => HidLine | undefined;
  readonly devices?: HidDevices;
}

/** Looks every second which keys are plugged in. */
export function watchHidKeys(options: HidKeysOptions): HidKeys {
  return new WatchedKeys(options);
}

class WatchedKeys implements HidKeys {
  readonly #clock: Clock;
  readonly #onChange: (count: number) => void;
  readonly #openDemo: () => HidLine | undefined;
  readonly #devices: HidDevices;
  readonly #waiting = new Set<() => void>();
  readonly #stopping = new AbortController();
  /** In the order in which they came. */
  #paths: readonly string[] = [];
  #demo = false;
  #checking = false;

  constructor({ clock, onChange, openDemo = () => undefined, devices = nodeHidDevices }: HidKeysOptions) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#openDemo = openDemo;
    this.#devices = devices;
    void this.#watch();
  }

  get count(): number {
    return this.#paths.length > 0 ? this.#paths.length : this.#demo ? 1 : 0;
  }

  async check(request: KeyCheckRequest, hooks: KeyHooks): Promise<KeyCheckOutcome> {
    if (this.#checking) return stopped('waiting', 'busy');
    this.#checking = true;
    try {
      return await this.#runCheck(request, hooks);
    } finally {
      this.#checking = false;
    }
  }

  stop(): void {
    this.#stopping.abort();
    for (const look of [...this.#waiting]) look();
  }

  async #runCheck(
    { id, waitForKeyMs }: KeyCheckRequest,
    { onProgress, signal }: KeyHooks,
  ): Promise<KeyCheckOutcome> {
    onProgress({ id, step: 'waiting' });
    const found = await this.#untilPluggedIn(waitForKeyMs, signal);
    if (!found.ok) return stopped('waiting', found.error.kind);
    const line = await this.#open(found.value, signal);
    if (!line.ok) return stopped('greeting', line.error.kind);
    const outcome = await checkHidKey(line.value, {
      clock: this.#clock,
      signal,
      onStep: (step) => onProgress({ id, step }),
    });
    await within(this.#clock, closeDeadlineMs, line.value.close());
    return outcome;
  }

  /**
   * The key that comes now, or is put in anew; one that was there already only after a grace, since it may be another
   * visitor's. The demo key is nobody's, and taken at once.
   */
  #untilPluggedIn(
    ms: number,
    signal: AbortSignal,
  ): Promise<Result<string | undefined, { kind: KeyCheckFault }>> {
    return new Promise((resolve) => {
      let left = this.#paths;
      let isGraceOver = false;
      const settle = (result: Result<string | undefined, { kind: KeyCheckFault }>): void => {
        cancel();
        cancelGrace();
        this.#waiting.delete(look);
        signal.removeEventListener('abort', look);
        resolve(result);
      };
      const look = (): void => {
        left = left.filter((path) => this.#paths.includes(path));
        const last = this.#paths.at(-1);
        const isNew = last === undefined || !left.includes(last);
        if (signal.aborted || this.#stopping.signal.aborted) settle(err({ kind: 'cancelled' }));
        else if (this.count > 0 && (isNew || isGraceOver)) settle(ok(last));
      };
      const cancelGrace = this.#clock.after(Math.min(leftKeyGraceMs, ms), () => {
        isGraceOver = true;
        look();
      });
      const cancel = this.#clock.after(ms, () => settle(err({ kind: 'no-key' })));
      this.#waiting.add(look);
      signal.addEventListener('abort', look);
      look();
    });
  }

  /** The key at this path, or the demo key. */
  async #open(
    path: string | undefined,
    signal: AbortSignal,
  ): Promise<Result<HidLine, { kind: KeyCheckFault }>> {
    if (path === undefined) {
      const demo = this.#openDemo();
      return demo === undefined ? err({ kind: 'key-removed' }) : ok(demo);
    }
    const giveUpAt = this.#clock.now() + accessGraceMs;
    for (;;) {
      const line = await this.#openOnce(path);
      if (line !== undefined) return ok(line);
      if (signal.aborted) return err({ kind: 'cancelled' });
      if (!this.#paths.includes(path)) return err({ kind: 'key-removed' });
      if (this.#clock.now() >= giveUpAt) return err({ kind: 'no-access' });
      await pause(this.#clock, accessRetryMs, signal);
    }
  }

  async #openOnce(path: string): Promise<HidLine | undefined> {
    const opening = this.#devices.open(path);
    const line = await within(this.#clock, openDeadlineMs, opening);
    // One that opens after all is let go of.
    if (line === undefined) void opening.then((late) => late?.close());
    return line;
  }

  async #watch(): Promise<void> {
    const isStopped = (): boolean => this.#stopping.signal.aborted;
    while (!isStopped()) {
      // A look that hangs in a driver is not overtaken by another: each would keep one more thread.
      const listed = await this.#devices.list();
      if (isStopped()) return;
      this.#become(listed, this.#lookAtDemo());
      await pause(this.#clock, lookEveryMs, this.#stopping.signal);
    }
  }

  #lookAtDemo(): boolean {
    const line = this.#openDemo();
    void line?.close();
    return line !== undefined;
  }

  #become(listed: readonly string[], demo: boolean): void {
    const before = this.count;
    const stayed = this.#paths.filter((path) => listed.includes(path));
    this.#paths = [...stayed, ...listed.filter((path) => !stayed.includes(path))];
    this.#demo = demo;
    for (const look of [...this.#waiting]) look();
    if (this.count !== before) this.#onChange(this.count);
  }
}

function stopped(
  during: Extract<KeyCheckOutcome, { kind: 'stopped' }>['during'],
  fault: KeyCheckFault,
): KeyCheckOutcome {
  return { kind: 'stopped', during, fault };
}
