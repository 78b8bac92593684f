import type { CardCheck, CheckContext } from './card-check.js';
import { checkChip } from '../../emrtd/index.js';
import type { CheckFault, CheckOutcome, CheckProgress, CheckRequest } from '../../emrtd/types.js';

/** Looks for a travel document, reads and verifies it. */
export function documentCheck(
  request: CheckRequest,
  { source, signal, clock }: CheckContext,
  onProgress: (step: CheckProgress['step'], fraction: number) => void,
): CardCheck<CheckOutcome> {
  return {
    waitMs: request.waitForDocumentMs,
    fits: (name) => request.reader === undefined || name.startsWith(request.reader),
    onWaiting: () => onProgress('waiting', 0),
    read: async ({ channel }) => {
      const issuers = await source.issuers;
      return checkChip(channel, request, {
        ...(issuers === undefined ? {} : { issuers }),
        onProgress,
        signal,
        now: () => clock.now(),
      });
    },
    hindranceOf: (outcome) => {
      if (outcome.kind !== 'stopped') return undefined;
      if (outcome.fault.kind === 'card-silent') return 'silent';
      return outcome.fault.kind === 'not-a-travel-document' ? 'other-card' : undefined;
    },
    stopped: (during, fault, before) =>
      before?.kind === 'stopped' ? { ...before, fault } : stoppedDocument(during, fault),
  };
}

export function stoppedDocument(during: CheckProgress['step'], fault: CheckFault): CheckOutcome {
  const cost = { commands: 0, bytesSent: 0, bytesReceived: 0, elapsedMs: 0, transportMs: 0 };
  return { kind: 'stopped', during, fault, cost };
}
