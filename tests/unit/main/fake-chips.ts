import type { CheckProgress, CheckRequest } from '../../../drivers/emrtd/types.js';
import type { KeyCheckProgress, KeyCheckRequest } from '../../../drivers/fido/types.js';
import type { DemoPlacement } from '../../../drivers/simulated/chip/types.js';
import type { DemoKey } from '../../../drivers/simulated/fido-key/types.js';
import type { CheckEnd, ChipsDevice, ChipsState, KeyCheckEnd } from '../../../main/devices/types.js';
import { ask, type AskedKey } from './fake-bench.js';

/** One check that was asked for; the test decides what becomes of it. */
export interface AskedCheck {
  readonly request: CheckRequest;
  readonly signal: AbortSignal;
  progress(progress: CheckProgress): void;
  end(end: CheckEnd): void;
  fail(error: Error): void;
}

/** Passport readers whose every answer the test gives. */
export class FakeChips implements ChipsDevice {
  readonly checks: AskedCheck[] = [];
  readonly placed: DemoPlacement[] = [];
  readonly keys: AskedKey[] = [];
  readonly placedKeys: DemoKey[] = [];
  stopped = false;
  #state: ChipsState;
  readonly #listeners = new Set<(state: ChipsState) => void>();

  constructor(state: ChipsState = demoReader) {
    this.#state = state;
  }

  get state(): ChipsState {
    return this.#state;
  }

  become(state: ChipsState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  subscribe(listener: (state: ChipsState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  check(
    request: CheckRequest,
    onProgress: (progress: CheckProgress) => void,
    signal: AbortSignal,
  ): Promise<CheckEnd> {
    return new Promise((resolve, reject) => {
      this.checks.push({ request, signal, progress: onProgress, end: resolve, fail: reject });
    });
  }

  placeDemoDocument(placement: DemoPlacement): Promise<boolean> {
    this.placed.push(placement);
    return Promise.resolve(true);
  }

  removeDemoDocument(): Promise<void> {
    return Promise.resolve();
  }

  checkNfcKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd> {
    return ask(this.keys, request, { onProgress, signal });
  }

  placeDemoKey(key: DemoKey): Promise<boolean> {
    this.placedKeys.push(key);
    return Promise.resolve(true);
  }

  stop(): Promise<void> {
    this.stopped = true;
    return Promise.resolve();
  }
}

export const demoReader: ChipsState = {
  host: 'running',
  service: 'running',
  demo: true,
  readers: [{ name: 'Demo reader', card: 'absent' }],
};

export const realReader: ChipsState = {
  host: 'running',
  service: 'running',
  demo: false,
  readers: [{ name: 'Reader 00 00', card: 'absent' }],
};
