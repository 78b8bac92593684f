export { Rigs, type RigsOptions } from './rigs.js';
export type { RigLine } from './line.js';
export type { TestHooks } from './display-test.js';
