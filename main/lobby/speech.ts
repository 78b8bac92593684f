import { IntlMessageFormat } from 'intl-messageformat';
import type { BoardState } from '../api/contract.js';
import { nameIn, type WordsFile } from '../i18n/words.js';
import { keepLatest } from '../keep-latest.js';
import type { Synthesizer } from './synthesizer.js';

export interface SpeechOptions {
  readonly words: Readonly<Record<string, WordsFile>>;
  /** Calls of the last minutes: nothing else is spoken, so that nobody can make it say anything. */
  readonly calls: () => Promise<BoardState['calls']>;
  readonly synthesizer: Pick<Synthesizer, 'speak'>;
}

/** A call is heard for as long, ms. */
const spokenWithinMs = 5 * 60_000;
const soundsKept = 64;

/** Speaks calls, each in the languages of the house. */
export class Speech {
  readonly #options: SpeechOptions;
  readonly #sounds = new Map<string, Promise<Buffer | undefined>>();

  constructor(options: SpeechOptions) {
    this.#options = options;
  }

  /** WAV; `undefined` where that was not called, or cannot be spoken. */
  async spoken(language: string, label: string, counter: string): Promise<Buffer | undefined> {
    const { words, calls } = this.#options;
    const own = Object.hasOwn(words, language) ? words[language] : undefined;
    if (own === undefined) return undefined;
    const call = (await calls()).find(
      (each) => each.label === label && each.counter === counter && each.agoMs <= spokenWithinMs,
    );
    if (call === undefined) return undefined;
    const text = String(
      new IntlMessageFormat(own.speech.call, own.code).format({
        number: spelled(label),
        counter: nameIn(own.code, call.counterNames),
      }),
    );
    return this.#sound(own.voice, text);
  }

  #sound(voice: string, text: string): Promise<Buffer | undefined> {
    const key = `${voice} ${text}`;
    const known = this.#sounds.get(key);
    if (known !== undefined) return known;
    const sound = this.#options.synthesizer.speak(voice, text);
    keepLatest(this.#sounds, key, sound, soundsKept);
    // One that failed is tried again at the next call.
    void sound.then((bytes) => bytes ?? this.#sounds.delete(key));
    return sound;
  }
}

/** "A042" as it is said: letters one by one, the number without the zeros before it. */
function spelled(label: string): string {
  const [, prefix = '', number = ''] = /^(\D*)0*(\d+)$/.exec(label) ?? [];
  return [...Array.from(prefix), number].join(' ');
}
