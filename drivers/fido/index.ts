export type { HidLine } from './hid-line.js';
export { type HidKeys, type HidKeysOptions, watchHidKeys } from './hid-keys.js';
export type { KeyHooks } from './hooks.js';
export { checkNfcKey } from './nfc-check.js';
