import { Allowance } from '../allowance.js';
import type { Language } from '../api/contract.js';
import type { Clock } from '../clock.js';
import type { WordsFile } from '../i18n/words.js';
import type { Synthesizer } from './synthesizer.js';

export interface GuideVoiceOptions {
  readonly words: Readonly<Record<Language, WordsFile>>;
  readonly synthesizer: Pick<Synthesizer, 'speak'>;
  readonly clock: Clock;
}

/** Each screen that is passed by is a text, however quickly someone goes: so many at once, and as many again in a minute. */
const burst = 120;
const refillMs = 60_000;

const digitRun = /\p{Nd}(?:[\s.,·:/_–-]*\p{Nd})*/gu;
const digit = /\p{Nd}/gu;
/** As many digits in a row can be one of MitID's codes or PINs, however they are set apart. */
const codeDigits = 4;
/** What has as many and is none: an amount, and a Danish phone number. */
const amount = /^\p{Nd}{1,3}[.,]\p{Nd}{2}$/u;
const phoneNumber = /^(?:45[ \u00a0])?\p{Nd}{2}(?:[ \u00a0]\p{Nd}{2}){3}$/u;

/** Reads a screen's text out to its visitor. The text is kept nowhere. */
export class GuideVoice {
  readonly #options: GuideVoiceOptions;
  readonly #allowance: Allowance;

  constructor(options: GuideVoiceOptions) {
    this.#options = options;
    this.#allowance = new Allowance(burst, refillMs, () => options.clock.now());
  }

  /** WAV; `undefined` where it cannot be spoken, comes too often, or has digits in it that could be a code. */
  async say(language: Language, text: string): Promise<Buffer | undefined> {
    if (couldBeCode(text) || !this.#allowance.take()) return undefined;
    const { words, synthesizer } = this.#options;
    return synthesizer.speak(words[language].voice, text);
  }
}

function couldBeCode(text: string): boolean {
  return [...text.matchAll(digitRun)].some(
    ([run]) => (run.match(digit)?.length ?? 0) >= codeDigits && !amount.test(run) && !phoneNumber.test(run),
  );
}
