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
import { DeviceState } from './device-state.js';
import { type DeviceLogEvent, DriverHost } from './driver-host.js';
import { receive } from './host-connection.js';
import type { HostLauncher } from './host-launcher.js';
import { HostRuns } from './host-runs.js';
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
const cancelledKey: KeyCheckOutcome = { kind: 'stopped', during: 'waiting', fault: 'cancelled' };
const cancelled: CheckOutcome = {
  kind: 'stopped',
  during: 'waiting',
  fault: { kind: 'cancelled' },
  cost: { commands: 0, bytesSent: 0, bytesReceived: 0, elapsedMs: 0, transportMs: 0 },
};

/** The passport readers, served by a driver host of the family `chips` that is replaced whenever it fails. */
export function createChipsDevice(options: ChipsDeviceOptions): ChipsDevice {
  return new SupervisedChips(options);
}

class SupervisedChips implements ChipsDevice {
  readonly #host: DriverHost;
  readonly #runs: HostRuns;
  readonly #state = new DeviceState(nothingKnown, () => this.#host.state);
  #source: ChipSource;
  #onProgress: ((progress: CheckProgress) => void) | undefined;
  #onKeyProgress: ((progress: KeyCheckProgress) => void) | undefined;

  constructor({ launch, chips, log = () => undefined, clock = systemClock }: ChipsDeviceOptions) {
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
      onStateChange: (state) => this.#state.hostChanged(state),
      log,
      clock,
    });
    this.#runs = new HostRuns({
      host: this.#host,
      clock,
      cancel: calls.cancelCheck,
      endMs: cancelDeadlineMs,
    });
  }

  get state(): ChipsState {
    return this.#state.current;
  }

  subscribe(listener: (state: ChipsState) => void): () => void {
    return this.#state.subscribe(listener);
  }

  check(
    request: CheckRequest,
    onProgress: (progress: CheckProgress) => void,
    signal: AbortSignal,
  ): Promise<CheckEnd> {
    const { id, waitForDocumentMs: waitMs } = request;
    return this.#runs.next({
      method: calls.check,
      input: request,
      deadlineMs: waitMs + readDeadlineMs,
      newsMs: newsDeadlineMs,
      signal,
      cancelled,
      listen: (alive) => {
        this.#onProgress = (progress) => {
          if (progress.id !== id) return;
          alive(newsDeadlineMs + (progress.step === 'waiting' ? waitMs : 0));
          onProgress(progress);
        };
        return () => {
          this.#onProgress = undefined;
        };
      },
    });
  }

  checkNfcKey(
    request: KeyCheckRequest,
    onProgress: (progress: KeyCheckProgress) => void,
    signal: AbortSignal,
  ): Promise<KeyCheckEnd> {
    const { id, waitForKeyMs: waitMs } = request;
    return this.#runs.next({
      method: calls.checkNfcKey,
      input: request,
      deadlineMs: waitMs + keyDeadlineMs,
      newsMs: newsDeadlineMs,
      signal,
      cancelled: cancelledKey,
      listen: (alive) => {
        this.#onKeyProgress = (progress) => {
          if (progress.id !== id) return;
          alive(newsDeadlineMs + (progress.step === 'waiting' ? waitMs : 0));
          onProgress(progress);
        };
        return () => {
          this.#onKeyProgress = undefined;
        };
      },
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
    this.#runs.stop();
    this.#state.stop();
    await this.#host.stop();
  }

  #onSnapshot(snapshot: ChipsSnapshot): void {
    // Once a real reader was seen, a host that starts anew must not offer demo devices while that reader is away.
    if (this.#source === 'auto' && !snapshot.demo && snapshot.readers.length > 0) this.#source = 'pcsc';
    this.#state.become(snapshot);
  }
}
