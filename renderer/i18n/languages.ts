import type { LanguageFile } from './language-file.js';

// Each language is a file named by its two-letter code; putting the file here is all that it takes to add one.
const files = import.meta.glob<LanguageFile>('./[a-z][a-z].ts', { eager: true, import: 'default' });

export const languages: readonly LanguageFile[] = Object.values(files);

/** The language with this code, or the first one there is. */
export function languageOf(code: string): LanguageFile {
  const found = languages.find((language) => language.code === code) ?? languages[0];
  if (found === undefined) throw new Error('No language file was built in');
  return found;
}

/** The first of a browser's languages (BCP 47, the most wanted first) that there is; else Danish. */
export function languageOfBrowser(wanted: readonly string[]): LanguageFile {
  const code = wanted
    .map((tag) => tag.slice(0, 2).toLowerCase())
    .find((each) => languages.some((language) => language.code === each));
  return languageOf(code ?? 'da');
}

/** The language that the language button offers next. */
export function languageAfter(code: string): LanguageFile {
  const index = languages.findIndex((language) => language.code === code);
  return languages[(index + 1) % languages.length] ?? languageOf(code);
}
