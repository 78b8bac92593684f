import type { BoardState } from '../../main/api/contract.js';
import type { Api } from '../api.js';
import { timeOfDay } from '../time-of-day.js';

/** How often main is asked though nothing has happened: a line can be dead without saying so. */
const askEveryMs = 10_000;
const minuteMs = 60_000;
const dayMinutes = 24 * 60;

export interface LobbyClock {
  /** ms since 1970. */
  now(): number;
  /** Local time of this screen, HH:MM. */
  localTime(): string;
}

export const browserClock: LobbyClock = {
  now: () => Date.now(),
  localTime: timeOfDay,
};

function later(time: string, minutes: number): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const total = (hour * 60 + minute + minutes) % dayMinutes;
  return `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`;
}

/** What the board was last told, and since when it is no longer told anything. */
export class Lobby {
  readonly #api: Api;
  readonly #clock: LobbyClock;
  readonly #onState: (state: BoardState) => void;
  #state = $state.raw<BoardState>();
  #lostSince = $state<string>();
  #time = $state('');
  #toldAt = 0;
  #open = false;

  constructor(api: Api, clock: LobbyClock, onState: (state: BoardState) => void) {
    this.#api = api;
    this.#clock = clock;
    this.#onState = onState;
  }

  get state(): BoardState | undefined {
    return this.#state;
  }

  /** HH:MM, while what is shown may no longer be so. */
  get lostSince(): string | undefined {
    return this.#lostSince;
  }

  /** The lobby's time, HH:MM. */
  get time(): string {
    return this.#time;
  }

  start(): () => void {
    const asking = setInterval(() => void this.#ask(), askEveryMs);
    const ticking = setInterval(() => this.#tick(), 1_000);
    const stops = [
      this.#api.on('board.state', (state) => this.#take(state)),
      this.#api.onConnection((connection) => {
        this.#open = connection === 'open';
        if (this.#open) void this.#ask();
        else if (connection === 'lost') this.#lose();
      }),
    ];
    return () => {
      clearInterval(asking);
      clearInterval(ticking);
      for (const stop of stops) stop();
    };
  }

  async #ask(): Promise<void> {
    if (!this.#open) return;
    const answer = await this.#api.call('board.state', {});
    if (answer.ok) this.#take(answer.value);
    else this.#lose();
  }

  #take(state: BoardState): void {
    this.#state = state;
    this.#toldAt = this.#clock.now();
    this.#lostSince = undefined;
    this.#tick();
    this.#onState(state);
  }

  #lose(): void {
    // What is shown was so when it was last told, not when its loss was noticed.
    this.#lostSince ??= this.#state?.time ?? this.#clock.localTime();
  }

  #tick(): void {
    if (this.#state === undefined) return;
    this.#time = later(this.#state.time, Math.floor((this.#clock.now() - this.#toldAt) / minuteMs));
  }
}
