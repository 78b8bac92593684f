import type { CardCheck, CheckContext } from './card-check.js';
import type { CheckFault } from '../../emrtd/types.js';
import { checkNfcKey } from '../../fido/index.js';
import type { KeyCheckFault, KeyCheckOutcome, KeyCheckProgress, KeyCheckRequest } from '../../fido/types.js';

/** Looks for a FIDO key on the readers and asks what it is. */
export function keyCheck(
  request: KeyCheckRequest,
  { signal, clock }: CheckContext,
  onProgress: (step: KeyCheckProgress['step']) => void,
): CardCheck<KeyCheckOutcome> {
  return {
    waitMs: request.waitForKeyMs,
    fits: () => true,
    onWaiting: () => onProgress('waiting'),
    read: ({ channel }) =>
      checkNfcKey(channel, request, { clock, signal, onProgress: ({ step }) => onProgress(step) }),
    hindranceOf: (outcome) => {
      if (outcome.kind !== 'stopped') return undefined;
      if (outcome.fault === 'key-silent') return 'silent';
      return outcome.fault === 'not-a-key' ? 'other-card' : undefined;
    },
    stopped: (during, fault, before) =>
      stoppedKey(
        before?.kind === 'stopped' ? before.during : during === 'waiting' ? 'waiting' : 'greeting',
        keyFaultOf(fault),
      ),
  };
}

export function stoppedKey(during: KeyCheckProgress['step'], fault: KeyCheckFault): KeyCheckOutcome {
  return { kind: 'stopped', during, fault };
}

/** What hinders a session with any card, in the words of keys. */
function keyFaultOf({ kind }: CheckFault): KeyCheckFault {
  switch (kind) {
    case 'no-card':
      return 'no-key';
    case 'card-removed':
      return 'key-removed';
    case 'card-silent':
      return 'key-silent';
    case 'reader-removed':
    case 'no-reader':
      return 'no-reader';
    case 'service-unavailable':
      return 'service-unavailable';
    case 'cancelled':
      return 'cancelled';
    // Faults of documents: no session with a card begins with one.
    case 'not-a-travel-document':
    case 'unsupported-access':
    case 'wrong-key':
    case 'protocol-error':
      return 'protocol-error';
  }
}
