import type { ByteLine } from '../shared/byte-line.js';

/** Opens a line to a rig; `undefined` when that cannot be done now: unplugged, in use, no permission. */
export type OpenLine = () => Promise<ByteLine | undefined>;
