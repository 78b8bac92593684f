import { createContext } from 'svelte';
import type { Language } from '../../main/api/contract.js';
import type { Api } from '../api.js';

/** What makes the sound. */
export interface Loudspeaker {
  /** Plays a WAV file; ends when the sound has, or was stopped. */
  play(wav: ArrayBuffer): Promise<void>;
  /** Silences what is sounding. */
  stop(): void;
}

/** Main speaks no more than this at once, characters. */
const longestPiece = 600;
/** No piece sounds for longer than this, ms. */
const soundDeadlineMs = 90_000;

/** Cuts at the ends of sentences, or of words where a sentence is too long. */
export function piecesOf(text: string, longest = longestPiece): string[] {
  const pieces: string[] = [];
  let rest = text.replaceAll(/\s+/g, ' ').trim();
  while (rest.length > longest) {
    const head = rest.slice(0, longest + 1);
    const sentence = Math.max(...['. ', '? ', '! '].map((end) => head.lastIndexOf(end) + 1));
    const cut = sentence > 0 ? sentence : head.lastIndexOf(' ') > 0 ? head.lastIndexOf(' ') : longest;
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer;
}

/** Reads screens aloud, one at a time: what begins ends what was being read. */
export class Voice {
  readonly #api: Api;
  readonly #loudspeaker: Loudspeaker;
  #turn = 0;
  #speaking = $state(false);
  #mute = $state(false);

  constructor(api: Api, loudspeaker: Loudspeaker) {
    this.#api = api;
    this.#loudspeaker = loudspeaker;
  }

  get speaking(): boolean {
    return this.#speaking;
  }

  /** The last that was to be read could not be. */
  get mute(): boolean {
    return this.#mute;
  }

  /** Ends when all is read, or something else is, or it cannot be. */
  async say(language: Language, text: string): Promise<void> {
    this.stop();
    const turn = this.#turn;
    this.#speaking = true;
    for (const piece of piecesOf(text)) {
      const answer = await this.#api.call('voice.say', { language, text: piece });
      if (turn !== this.#turn) return;
      const spoken = answer.ok && answer.value.wav !== undefined && (await this.#play(answer.value.wav));
      if (turn !== this.#turn) return;
      if (!spoken) {
        this.#mute = true;
        break;
      }
    }
    this.#speaking = false;
  }

  stop(): void {
    this.#turn += 1;
    this.#speaking = false;
    this.#mute = false;
    this.#loudspeaker.stop();
  }

  /** Whether it sounded to its end, or was stopped. */
  async #play(wav: string): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<boolean>((pass) => {
      timer = setTimeout(() => {
        this.#loudspeaker.stop();
        pass(false);
      }, soundDeadlineMs);
    });
    try {
      return await Promise.race([this.#loudspeaker.play(bytesOf(wav)).then(() => true), deadline]);
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}

export const [useVoice, setVoice] = createContext<Voice>();
