import type { BoardState } from '../../main/api/contract.js';

export type BoardCall = BoardState['calls'][number];

/** What makes the sound. Each promise ends when the sound has; one that rejects, or hangs, is passed over. */
export interface Player {
  /** False while the browser keeps the page silent. */
  readonly ready: boolean;
  chime(): Promise<void>;
  /** Plays the recording at this address. */
  play(address: string): Promise<void>;
  /** Silences what is sounding. */
  stop(): void;
}

/** Older calls are of no use to the ear: who was called has come, or reads the board. */
const newForMs = 20_000;
/** More than this many waiting to be said would be heard minutes late; the oldest are left to the eye. */
const longestBacklog = 6;
const soundDeadlineMs = 12_000;
const languages = ['da', 'en'] as const;

function speechAddress(language: string, { label, counter }: BoardCall): string {
  return `/speech/${language}/${encodeURIComponent(label)}/${encodeURIComponent(counter)}.wav`;
}

/** With the label: another database of the lobby counts its calls from the start again. */
const nameOf = ({ call, label }: BoardCall): string => `${call} ${label}`;

/** Says each call once, one after another: chime, Danish, English. */
export class Announcer {
  readonly #player: Player;
  /**
   * What the last list held that held any. Not the highest number: a call may be seen before one with a smaller number,
   * whose transaction ended later. An empty list is what a lost database looks like, and forgets nothing.
   */
  #heard: ReadonlySet<string> = new Set();
  #backlog: { readonly call: BoardCall; readonly spoken: boolean }[] = [];
  #sounding = false;
  #stopped = false;

  constructor(player: Player) {
    this.#player = player;
  }

  /** Takes in what the board was told; `calls` as main sends them. */
  hear({ calls, speech }: Pick<BoardState, 'calls' | 'speech'>): void {
    const fresh = calls
      .filter((call) => !this.#heard.has(nameOf(call)) && call.agoMs < newForMs)
      .sort((one, other) => one.call - other.call);
    if (calls.length > 0) this.#heard = new Set(calls.map(nameOf));
    if (!this.#player.ready || this.#stopped) return;
    for (const call of fresh) {
      // Called again before it was said: once is enough, with the counter that counts now.
      this.#backlog = this.#backlog.filter((waiting) => waiting.call.label !== call.label);
      this.#backlog.push({ call, spoken: speech });
    }
    this.#backlog = this.#backlog.slice(-longestBacklog);
    if (!this.#sounding) void this.#sayAll();
  }

  stop(): void {
    this.#stopped = true;
    this.#backlog = [];
    this.#player.stop();
  }

  async #sayAll(): Promise<void> {
    this.#sounding = true;
    for (let next = this.#backlog.shift(); next !== undefined; next = this.#backlog.shift()) {
      const { call, spoken } = next;
      await this.#sound(() => this.#player.chime());
      if (!spoken) continue;
      for (const language of languages) {
        if (this.#stopped) break;
        await this.#sound(() => this.#player.play(speechAddress(language, call)));
      }
    }
    this.#sounding = false;
  }

  /** One sound to its end; a fault or a hang costs this sound alone, and what hangs is silenced before the next begins. */
  async #sound(make: () => Promise<void>): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<void>((pass) => {
      timer = setTimeout(() => {
        this.#player.stop();
        pass();
      }, soundDeadlineMs);
    });
    try {
      await Promise.race([make(), deadline]);
    } catch {
      this.#player.stop();
    } finally {
      clearTimeout(timer);
    }
  }
}
