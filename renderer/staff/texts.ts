import type { DeskMessages } from '../i18n/desk/da.js';

export type StaffTexts = DeskMessages['staff'];
/** Fills a message's parameters. */
export type Say = (message: string, values: Readonly<Record<string, string | number>>) => string;
/** A name in the language on screen. */
export type NameIn = (names: { readonly da: string; readonly en: string }) => string;
