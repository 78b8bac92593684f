import { createContext } from 'svelte';
import type { ChipReaderState, KioskState, QueueOffer } from '../../main/api/contract.js';
import type { Api, Connection } from '../api.js';
import { Heartbeat, type Page } from './heartbeat.js';

/** From a question for the state that had no answer to the next one, ms; twice as long each time. */
const firstRetryMs = 500;
const longestRetryMs = 5_000;

/** What main says about the kiosk, and whether the screen can hear it. */
export class Kiosk {
  readonly #api: Api;
  readonly #heartbeat: Heartbeat;
  #retryMs = firstRetryMs;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #connection = $state<Connection>('connecting');
  #state = $state.raw<KioskState>();
  #offer = $state.raw<QueueOffer>();

  constructor(api: Api, page: Page) {
    this.#api = api;
    this.#heartbeat = new Heartbeat(api, page);
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Undefined until main has answered for the first time. */
  get state(): KioskState | undefined {
    return this.#state;
  }

  get chipReader(): ChipReaderState {
    return this.#state?.chipReader ?? { kind: 'starting' };
  }

  /** Whether a device is simulated. */
  get demo(): boolean {
    return this.#state?.demo === true || this.demoPrinter || this.demoRig;
  }

  get demoPrinter(): boolean {
    return this.#state?.demoPrinter ?? false;
  }

  /** Whether the rig and the USB sockets for MitID chips are simulated. */
  get demoRig(): boolean {
    return this.#state?.demoRig ?? false;
  }

  /** Whether a code display can be tested by the rig: there is one, and its levels are known. */
  get measures(): boolean {
    const rig = this.#state?.rig;
    return rig?.kind === 'ready' && rig.calibrated;
  }

  /** Whether this kiosk has a queue. */
  get queue(): boolean {
    return this.#state?.queue ?? false;
  }

  /** What a visitor can choose from in the queue; undefined until main has said it. */
  get offer(): QueueOffer | undefined {
    return this.queue ? this.#offer : undefined;
  }

  /** This service, if numbers are given out for it now. */
  openService(id: string | undefined): string | undefined {
    const { offer } = this;
    if (offer === undefined || offer.source === 'away') return undefined;
    return offer.services.find((service) => service.id === id && service.state.kind === 'open')?.id;
  }

  /** Ages that a verdict's texts name; no verdict is shown before main has told them. */
  get ages(): { readonly minimumAge: number; readonly ordinaryAge: number } {
    const { minimumAge = 0, ordinaryAge = 0 } = this.#state?.settings ?? {};
    return { minimumAge, ordinaryAge };
  }

  /** Listens, asks for the state anew on each connection and says that the page is alive. Returns how to stop. */
  start(): () => void {
    const stops = [
      this.#heartbeat.start(),
      this.#api.on('kiosk.state', (state) => this.#take(state)),
      this.#api.on('queue.offer', (offer) => {
        this.#offer = offer;
      }),
      this.#api.onConnection((connection) => {
        this.#connection = connection;
        this.#endRetries();
        if (connection === 'open') void this.#fetch();
      }),
      () => this.#endRetries(),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Asks what can be chosen now, for a screen that is about to show it. */
  async askForOffer(): Promise<void> {
    const answer = await this.#api.call('queue.offer', {});
    if (answer.ok) this.#offer = answer.value;
  }

  async #fetch(): Promise<void> {
    const answer = await this.#api.call('kiosk.state', {});
    if (answer.ok) {
      this.#take(answer.value);
      // The first sign of life comes with the first screen.
      this.#heartbeat.beat();
      if (answer.value.queue) void this.askForOffer();
      return;
    }
    // A lost connection asks by itself when it is back.
    if (this.#connection !== 'open') return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#fetch(), this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, longestRetryMs);
  }

  #take(state: KioskState): void {
    this.#state = state;
    this.#endRetries();
  }

  #endRetries(): void {
    clearTimeout(this.#retry);
    this.#retryMs = firstRetryMs;
  }
}

export const [useKiosk, setKiosk] = createContext<Kiosk>();
