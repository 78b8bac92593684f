import type { Screen } from '../../../../main/api/router.js';

/** A visitor's screen that hears nothing. */
export const visitor: Screen = { role: 'visitor', window: true, send: () => undefined };
