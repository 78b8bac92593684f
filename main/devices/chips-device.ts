import type { CheckOutcome, CheckProgress, CheckRequest } from '../../drivers/emrtd/types.js';
import type { KeyCheckOutcome, KeyCheckProgress, KeyCheckRequest } from '../../drivers/fido/types.js';
import {
  type ChipsOptions,
  type ChipSource,
  type ChipsSnapshot,
  hostEvents,
  type HostMethod,
  hostMethods,
} from '../../drivers/protocol.js';
import type { DemoPlacement } from '../../drivers/simulated/chip/types.js';
import type { DemoKey } from '../../drivers/simulated/fido-key/types.js';
import { type Clock, systemClock } from '../clock.js';
import { type DeviceLogEvent, DriverHost } from './driver-host.js';
import { type HostMethodShape, receive } from './host-connection.js';
import type { HostLauncher } from './host-launcher.js';
import { Watchdog } from './watchdog.js';
import type { CheckEnd, ChipsDevice, ChipsState, KeyCheckEnd } from './types.js';

export interface ChipsDeviceOptions {
  readonly launch: HostLauncher;
  readonly chips: ChipsOptions;
  readonly log?: (event: DeviceLogEvent) => void;
  readonly clock?: Clock;
}

/** The longest a read may take once a document lies there, ms: 110 commands of a slow chip. */
const readDeadlineMs = 300_000;
/** The same for a key: a few commands, and once more from a reset. */
const keyDeadlineMs = 120_000;
/** The host takes each of its own steps within 25 s; without any news for longer it is stuck, ms. */
const newsDeadlineMs = 40_000;
/** A cancelled check ends with the command that is under way, ms. */
const cancelDeadlineMs = 5000;
const callDeadlineMs = 5000;

const nothingKnown: ChipsSnapshot = { service: 'starting', demo: false, readers: [] };

const calls = {
  check: { name: 'check', output: hostMethods.check.output },
  cancelCheck: { name: 'cancelCheck', output: hostMethods.cancelCheck.output },
  placeDemoDocument: { name: 'placeDemoDocument', output: hostMethods.placeDemoDocument.output },
  removeDemoDocument: { name: 'removeDemoDocument', output: hostMethods.removeDemoDocument.output },
  checkNfcKey: { name: 'checkNfcKey', output: hostMethods.checkNfcKey.output },
  placeDemoKey: { name: 'placeDemoKey', output: hostMethods.placeDemoKey.output },
} as const satisfies Partial<Record<HostMethod, unknown>>;

/** The answers in place of those that a cancelled check no longer gives. */
function cancelledKey(): KeyCheckOutcome {
  return { kind: 'stopped', during: 'waiting', fault: 'cancelled' };
}

function cancelled(): CheckOutcome {
  return {
    kind: 'stopped',
    during: 'waiting',
    fault: { kind: 'cancelled' },
    cost: { commands: 0, bytesSent: 0, bytesReceived: 0, elapsedMs: 0, transportMs: 0 },
  };
}

/** The passport readers, served by a driver host of the family `chips` that is replaced whenever it fails. */
export function createChipsDevice(options: ChipsDeviceOptions): ChipsDevice {
  return new SupervisedChips(options);
}

/** One check in the host, of whatever card. */
interface CardCheckCall<Outcome> {
  readonly method: HostMethodShape<Outcome>;
  readonly request: unknown;
  /** How long the host waits for a card, and how long it may take from then on, ms. */
  readonly waitMs: number;
  readonly deadlineMs: number;
  readonly cancelled: () => Outcome;
  /** Called with the way to tell of each step; it answers whether the step is still wanted. */
  readonly listen: (heard: (step: string) => boolean) => void;
  readonly signal: AbortSignal;
}

class SupervisedChips implements ChipsDevice {
  readonly #host: DriverHost;
  readonly #clock: Clock;
  readonly #listeners = new Set<(state: ChipsState) => void>();
  #snapshot = nothingKnown;
  #source: ChipSource;
  #onProgress: ((progress: CheckProgress) => void) | undefined;
  #onKeyProgress: ((progress: KeyCheckProgress) => void) | undefined;
  /** Settles when the check before has ended. */
  #lastCheck: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor({ launch, chips, log = () => undefined, clock = systemClock }: ChipsDeviceOptions) {
    this.#clock = clock;
    this.#source = chips.source;
    this.#host = new DriverHost({
      family: 'chips',
      launch: () => launch({ family: 'chips', chips: { ...chips, source: this.#source } }),
      events: new Map([
        ['chips', receive(hostEvents.chips, (snapshot) => this.#onSnapshot(snapshot))],
        ['checkProgress', receive(hostEvents.checkProgress, (progress) => this.#onProgress?.(progress))],
        [
          'keyCheckProgress',
          receive(hostEvents.keyCheckProgress, (progress) => this.#onKeyProgress?.(progress)),
        ],
        ['leaving', receive(hostEvents.leaving, () => this.#host.expectExit())],
      ]),
      onStateChange: (state) => {
        if (state !== 'running') this.#snapshot = nothingKnown;
        this.#publish();
      },
      log,
      clock,
    });
  }

  get state(): ChipsState {
    return { ...this.#snapshot, host: this.#host.state };
  }

  subscribe(listener: (state: ChipsState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async check(
    request: CheckRequest,
    onProgress: (progress: CheckProgress) => void,
    signal: AbortSignal,
  ): Promise<CheckEnd> {
    return this.#inTurn(async () => {
      const end = await this.#run({
        method: calls.check,
        request,
        waitMs: request.waitForDocumentMs,
        deadlineMs: readDeadlineMs,
        cancelled,
        listen: (heard) => {
          this.#onProgress = (progress) => {
            if (progress.id === request.id && heard(progress.step)) onProgress(progress);
          };
        },
        signal,
      });
      this.#onProgress = undefined;
      return end;
    });
  }

  async checkNfcKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd> {
    return this.#inTurn(async () => {
      const end = await this.#run({
        method: calls.checkNfcKey,
        request,
        waitMs: request.waitForKeyMs,
        deadlineMs: keyDeadlineMs,
        cancelled: cancelledKey,
        listen: (heard) => {
          this.#onKeyProgress = (progress) => {
            if (progress.id === request.id && heard(progress.step)) onProgress(progress);
          };
        },
        signal,
      });
      this.#onKeyProgress = undefined;
      return end;
    });
  }

  async placeDemoKey(key: DemoKey): Promise<boolean> {
    const end = await this.#host.call(calls.placeDemoKey, { key }, callDeadlineMs);
    return end.kind === 'answer' && end.value.placed;
  }

  async placeDemoDocument(placement: DemoPlacement): Promise<boolean> {
    const end = await this.#host.call(calls.placeDemoDocument, placement, callDeadlineMs);
    return end.kind === 'answer' && end.value.placed;
  }

  async removeDemoDocument(): Promise<void> {
    await this.#host.call(calls.removeDemoDocument, null, callDeadlineMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#listeners.clear();
    await this.#host.stop();
  }

  /** One after the other; a bug in a listener of one must not keep the next from running. */
  #inTurn<End>(run: () => Promise<End>): Promise<End> {
    const end = this.#lastCheck.then(run);
    this.#lastCheck = end.catch(() => undefined);
    return end;
  }

  async #run<Outcome>({
    method,
    request,
    waitMs,
    deadlineMs,
    cancelled,
    listen,
    signal,
  }: CardCheckCall<Outcome>): Promise<Outcome | { kind: 'host-lost' } | { kind: 'timed-out' }> {
    const isCancelled = (): boolean => signal.aborted || this.#stopped;
    if (isCancelled()) return cancelled();
    const watchdog = new Watchdog(this.#clock, () => this.#host.replace());
    const cancelCheck = (): void => {
      watchdog.feed(cancelDeadlineMs);
      void this.#host.call(calls.cancelCheck, null, callDeadlineMs);
    };
    signal.addEventListener('abort', cancelCheck, { once: true });
    listen((step) => {
      if (isCancelled()) return false;
      watchdog.feed(newsDeadlineMs + (step === 'waiting' ? waitMs : 0));
      return true;
    });
    watchdog.feed(newsDeadlineMs);
    const end = await this.#host.call(method, request, waitMs + deadlineMs);
    watchdog.stop();
    signal.removeEventListener('abort', cancelCheck);
    if (isCancelled()) return cancelled();
    switch (end.kind) {
      case 'answer':
        return end.value;
      case 'timed-out':
        return { kind: 'timed-out' };
      case 'no-host':
      case 'host-lost':
      case 'malformed':
        return { kind: watchdog.fired ? 'timed-out' : 'host-lost' };
    }
  }

  #onSnapshot(snapshot: ChipsSnapshot): void {
    // Once a real reader was seen, a host that starts anew must not offer demo devices while that reader is away.
    if (this.#source === 'auto' && !snapshot.demo && snapshot.readers.length > 0) this.#source = 'pcsc';
    this.#snapshot = snapshot;
    this.#publish();
  }

  #publish(): void {
    for (const listener of [...this.#listeners]) listener(this.state);
  }
}
