import type { Handlers, Screen } from '../../../../main/api/router.js';
import { done, refuse } from '../../../../main/api/router.js';
import type { Role } from '../../../../main/api/contract.js';
import { judgeAnswers } from '../../../../main/authenticators/verdict.js';
import { defaultAuthenticatorRules } from '../../../../main/authenticators/rules.js';
import { withoutQueue } from '../../../../main/kiosk-queue.js';

/** A screen of this role that hears nothing. */
export function screenOf(role: Role): Screen {
  return {
    baseRole: role === 'guest' ? 'guest' : 'visitor',
    place: role === 'guest' ? '192.0.2.1' : 'kiosk',
    role,
    window: role === 'visitor',
    send: () => undefined,
  };
}

/** A visitor's screen that hears nothing. */
export const visitor: Screen = screenOf('visitor');

const out = { role: 'visitor', mustSetPin: false, staffPinSet: false } as const;

/** What answers the methods that a test is not about. */
export const others: Omit<
  Handlers,
  | 'kiosk.state'
  | 'kiosk.heartbeat'
  | 'chipCheck.start'
  | 'chipCheck.clear'
  | 'demo.specimens'
  | 'demo.place'
  | 'demo.remove'
> = {
  ...withoutQueue(),
  'demo.paper': () => refuse('demo-only'),
  'demo.printer': () => refuse('demo-only'),
  'demo.authenticators': () => refuse('demo-only'),
  'demo.placeKey': () => refuse('demo-only'),
  'authenticator.start': () => refuse('busy'),
  'authenticator.finish': () => done({}),
  'authenticator.clear': () => done({}),
  'authenticator.guided': (input) => done(judgeAnswers(input, { rules: defaultAuthenticatorRules })),
  'voice.say': () => done({}),
  'bench.state': () => refuse('busy'),
  'bench.testDisplay': () => refuse('busy'),
  'bench.finish': () => done({}),
  'bench.cancel': () => done({}),
  'bench.checkKey': () => refuse('busy'),
  'bench.selfTest': () => refuse('busy'),
  'bench.calibrate': () => refuse('busy'),
  'bench.query': () => refuse('busy'),
  'access.state': () => done(out),
  'access.login': () => done({ kind: 'not-set' }),
  'access.resume': () => done({ kind: 'not-set' }),
  'access.logout': () => done(out),
  'access.setPin': () => done({ kind: 'too-easy' }),
};
