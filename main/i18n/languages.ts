import type { Language } from '../api/contract.js';
import { da } from './da.js';
import { en } from './en.js';
import type { WordsFile } from './words.js';

export const words: Readonly<Record<Language, WordsFile>> = { da, en };
