import { createContext } from 'svelte';
import type { ChipReaderState, KioskState } from '../../main/api/contract.js';
import type { Api, Connection } from '../api.js';

const heartbeatMs = 5_000;

/** What main says about the kiosk, and whether the screen can hear it. */
export class Kiosk {
  readonly #api: Api;
  #connection = $state<Connection>('connecting');
  #state = $state.raw<KioskState>();

  constructor(api: Api) {
    this.#api = api;
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

  get demo(): boolean {
    return this.#state?.demo ?? false;
  }

  /** Listens, asks for the state anew on each connection and says that the page is alive. Returns how to stop. */
  start(): () => void {
    const stops = [
      this.#api.on('kiosk.state', (state) => {
        this.#state = state;
      }),
      this.#api.onConnection((connection) => {
        this.#connection = connection;
        if (connection === 'open') void this.#fetch();
      }),
    ];
    const heartbeat = setInterval(() => void this.#api.call('kiosk.heartbeat', {}), heartbeatMs);
    return () => {
      clearInterval(heartbeat);
      for (const stop of stops) stop();
    };
  }

  async #fetch(): Promise<void> {
    const answer = await this.#api.call('kiosk.state', {});
    if (answer.ok) this.#state = answer.value;
  }
}

export const [useKiosk, setKiosk] = createContext<Kiosk>();
