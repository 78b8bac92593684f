import { createContext } from 'svelte';
import type { Messages } from '../i18n/da.js';
import type { LanguageFile } from '../i18n/language-file.js';
import { formatMessage } from '../i18n/format.js';
import { languageAfter, languageOf } from '../i18n/languages.js';

const textScales = [1, 1.15, 1.3] as const;

type Values = Readonly<Record<string, string | number>>;

/** How the person in front of the screen wants it: language, size of text, contrast. Forgotten with the person. */
export class Preferences {
  #chosen = $state<string>();
  #fallback = $state('da');
  #textStep = $state(0);
  #highContrast = $state(false);

  readonly language: LanguageFile = $derived(languageOf(this.#chosen ?? this.#fallback));
  readonly nextLanguage: LanguageFile = $derived(languageAfter(this.language.code));
  readonly textScale: number = $derived(textScales[this.#textStep] ?? 1);
  readonly textIsLargest: boolean = $derived(this.#textStep === textScales.length - 1);
  readonly changed: boolean = $derived(
    this.#textStep !== 0 || this.#highContrast || this.language.code !== this.#fallback,
  );

  get highContrast(): boolean {
    return this.#highContrast;
  }

  get text(): Messages {
    return this.language.messages;
  }

  /** Fills a message's parameters in the language on screen. */
  readonly format = (message: string, values: Values): string =>
    formatMessage(this.language.code, message, values);

  setDefaultLanguage(code: string): void {
    this.#fallback = code;
  }

  switchLanguage(): void {
    this.#chosen = this.nextLanguage.code;
  }

  /** One step larger; from the largest back to normal. */
  stepText(): void {
    this.#textStep = (this.#textStep + 1) % textScales.length;
  }

  toggleContrast(): void {
    this.#highContrast = !this.#highContrast;
  }

  reset(): void {
    this.#chosen = undefined;
    this.#textStep = 0;
    this.#highContrast = false;
  }
}

export const [usePreferences, setPreferences] = createContext<Preferences>();
