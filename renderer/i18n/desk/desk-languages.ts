import { da, type DeskMessages } from './da.js';
import { en } from './en.js';

const languages: Readonly<Record<string, DeskMessages>> = { da, en };

/** The staff's and the board's texts: Danish where a visitor's language is none of theirs. */
export function textsOf(code: string): DeskMessages {
  return languages[code] ?? da;
}

/** What a page says in each language when it has failed. */
export function faultTexts(
  page: 'staff' | 'board',
): readonly { readonly language: string; readonly what: string; readonly restart: string }[] {
  return Object.entries(languages).map(([language, texts]) => ({
    language,
    what: texts[page].fault,
    restart: texts[page].restart,
  }));
}
