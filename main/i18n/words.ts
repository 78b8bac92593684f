import type { Names } from '../api/contract.js';

/**
 * What main itself puts into words, since it reaches no screen: the paper and the voice. ICU messages. Danish is the
 * pattern: a file with a missing or an extra text does not compile.
 */
export interface WordsFile {
  /** BCP 47 code. */
  readonly code: string;
  /** BCP 47 tag for dates: the language as it is written here. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** Name of the voice that speaks it, as espeak-ng has it. */
  readonly voice: string;
  readonly paper: {
    readonly title: string;
    readonly taken: string;
    readonly appointment: string;
    readonly ahead: string;
    readonly wait: string;
    readonly waitHours: string;
    /** From minutes to hours. */
    readonly waitMixed: string;
    readonly called: string;
    readonly follow: string;
    readonly number: string;
    readonly copy: string;
    readonly demo: string;
  };
  readonly speech: { readonly call: string };
}

/** A service's or a counter's name in the language, or else in Danish. */
export function nameIn(language: string, names: Names): string {
  return names[language] ?? names.da;
}
