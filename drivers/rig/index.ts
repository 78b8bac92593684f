export { Rigs, type RigsOptions } from './rigs.js';
export type { TestHooks } from './display-test.js';
