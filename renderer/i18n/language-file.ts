import type { Messages } from './da.js';

/** What a language's file exports. Danish is the pattern: a file with a missing or an extra text does not compile. */
export interface LanguageFile {
  /** BCP 47 code; also the name of the file. */
  readonly code: string;
  /** BCP 47 tag for dates: the language as it is written here. */
  readonly locale: string;
  /** The language's name in the language itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  readonly messages: Messages;
}
