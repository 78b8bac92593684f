import type { BoardState } from '../api/contract.js';
import { momentOf, type Lobby } from './lobby.js';
import { localDayOf, localTimeOf } from './local-time.js';
import type { Desk, Queue } from './types.js';

type DeskView = Awaited<ReturnType<Queue['deskState']>>;

interface Kept<State> {
  /** ms since 1970. */
  readonly at: number;
  readonly state: State;
}

/**
 * What board and desks were last told by the database, for as long as it does not answer: nobody is called meanwhile, so
 * who waited waits still. Of another day nothing is known, only what the settings say.
 */
export class LastKnown {
  readonly #lobby: Pick<Lobby, 'settings' | 'placeName' | 'speech' | 'clock'>;
  /** By counter; a desk without one by `''`. */
  readonly #desks = new Map<string, Kept<DeskView>>();
  #board: Kept<BoardState> | undefined;

  constructor(lobby: Pick<Lobby, 'settings' | 'placeName' | 'speech' | 'clock'>) {
    this.#lobby = lobby;
  }

  /** What the board is shown, `state`: as the database has it, if it has answered. */
  board(state: BoardState | undefined): BoardState {
    const { at } = momentOf(this.#lobby);
    if (state !== undefined) {
      this.#board = { at, state };
      return state;
    }
    const { placeName, speech, settings } = this.#lobby;
    const kept = this.#ofToday(this.#board, at);
    const time = localTimeOf(at);
    if (kept === undefined) {
      const services = settings.services.map(({ id, names }) => ({ id, names, waiting: 0 }));
      return { placeName, time, serving: [], calls: [], services, speech, source: 'away' };
    }
    const sinceMs = Math.max(0, at - kept.at);
    return {
      ...kept.state,
      time,
      calls: kept.state.calls.map((call) => ({ ...call, agoMs: call.agoMs + sinceMs })),
      source: 'away',
      lastKnown: localTimeOf(kept.at),
    };
  }

  /** The same for a desk. */
  desk(desk: Desk | undefined, state: DeskView | undefined): DeskView {
    const { at } = momentOf(this.#lobby);
    const name = desk?.counter ?? '';
    if (state !== undefined) {
      this.#desks.set(name, { at, state });
      return state;
    }
    const { settings } = this.#lobby;
    const kept = this.#ofToday(this.#desks.get(name), at);
    if (kept === undefined) {
      return {
        at,
        ...(desk === undefined ? {} : { counter: desk.counter }),
        waiting: [],
        waitingTotal: 0,
        early: [],
        parked: [],
        elsewhere: [],
        noShows: [],
        papers: [],
        services: settings.services.map(({ id, names }) => ({
          ...{ id, names, waiting: 0, paused: false },
          state: { kind: 'paused' },
        })),
        counters: settings.counters.map(({ id, names, services }) => ({
          ...{ id, names, services, staffed: false },
        })),
        source: 'away',
      };
    }
    const sinceMinutes = Math.max(0, Math.floor((at - kept.at) / 60_000));
    return {
      ...kept.state,
      at,
      services: kept.state.services.map(({ longestWaitMinutes: longest, ...service }) => ({
        ...service,
        ...(longest === undefined ? {} : { longestWaitMinutes: longest + sinceMinutes }),
      })),
      source: 'away',
      lastKnown: localTimeOf(kept.at),
    };
  }

  #ofToday<State>(kept: Kept<State> | undefined, at: number): Kept<State> | undefined {
    return kept !== undefined && localDayOf(kept.at) === localDayOf(at) ? kept : undefined;
  }
}
