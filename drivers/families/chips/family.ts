import { type CardCheck, checkCards, type CheckContext } from './card-check.js';
import { openDemoDevices } from './demo-devices.js';
import { documentCheck, stoppedDocument } from './document-check.js';
import { readIssuers } from './issuers-folder.js';
import { keyCheck, stoppedKey } from './key-check.js';
import { ChipSource } from './source.js';
import type { CheckProgress } from '../../emrtd/types.js';
import type { KeyCheckProgress } from '../../fido/types.js';
import type { Emit, FamilyMethods } from '../../host-server.js';
import { PcscReaders } from '../../pcsc/pcsc-readers.js';
import type { ChipsOptions } from '../../protocol.js';
import type { CardReaders } from '../../shared/card-readers.js';
import { type Clock, systemClock, within } from '../../shared/clock.js';

/** How long a running check may take to end by itself once the service is gone, ms; then it is answered for. */
const lastWordsMs = 2000;
/** How long a message takes to leave this process, ms. */
const flushMs = 100;

export interface ChipsFamilyOptions {
  readonly source: ChipsOptions['source'];
  readonly issuers?: string | undefined;
  readonly emit: Emit;
  /** Ends this process. */
  readonly leave: () => void;
  readonly clock?: Clock;
  readonly openPcsc?: (onLost: (reason: 'service-lost' | 'service-hung') => void) => CardReaders;
}

/** Passport readers, and the documents and FIDO keys on them: the family `chips` of a driver host. */
export function createChipsFamily({
  source: sourceName,
  issuers,
  emit,
  leave,
  clock = systemClock,
  openPcsc = (onLost) => new PcscReaders({ onLost, clock }),
}: ChipsFamilyOptions): FamilyMethods<'chips'> {
  let running = new AbortController();
  let lastEnd: Promise<unknown> = Promise.resolve();
  const lost = new AbortController();
  const lastWord = new AbortController();

  const onLost = (reason: 'service-lost' | 'service-hung'): void => {
    lost.abort();
    void (async () => {
      // A visitor's check still gets its answer, also where it hangs in a driver.
      await within(clock, lastWordsMs, lastEnd);
      lastWord.abort();
      await lastEnd;
      emit('leaving', { reason });
      clock.after(flushMs, leave);
    })();
  };

  const source = new ChipSource({
    source: sourceName,
    openPcsc: () => openPcsc(onLost),
    openDemo: () => openDemoDevices(),
    issuers: issuers === undefined ? Promise.resolve(undefined) : readIssuers(issuers),
  });
  source.subscribe((state) => emit('chips', state));
  emit('chips', source.state);

  /** Main runs one at a time; should it start another, of whatever kind, the one before is over. */
  const run = <Outcome>(
    makeCheck: (context: CheckContext) => CardCheck<Outcome>,
    unavailable: () => Outcome,
  ): Promise<Outcome> => {
    running.abort();
    const abort = new AbortController();
    running = abort;
    const context: CheckContext = { source, signal: abort.signal, lost: lost.signal, clock };
    const end = lastEnd.then(() =>
      unlessAborted(lastWord.signal, checkCards(makeCheck(context), context), unavailable),
    );
    lastEnd = end;
    return end;
  };

  return {
    check: (request) => {
      let step: CheckProgress['step'] = 'waiting';
      return run(
        (context) =>
          documentCheck(request, context, (current, fraction) => {
            step = current;
            emit('checkProgress', { id: request.id, step, fraction });
          }),
        () => stoppedDocument(step, { kind: 'service-unavailable' }),
      );
    },
    checkNfcKey: (request) => {
      let step: KeyCheckProgress['step'] = 'waiting';
      return run(
        (context) =>
          keyCheck(request, context, (current) => {
            step = current;
            emit('keyCheckProgress', { id: request.id, step });
          }),
        () => stoppedKey(step, 'service-unavailable'),
      );
    },
    cancelCheck: () => {
      running.abort();
      return Promise.resolve(null);
    },
    placeDemoDocument: async (placement) => {
      const demo = source.demo;
      await demo?.place(placement);
      return { placed: demo !== undefined };
    },
    placeDemoKey: ({ key }) => {
      const demo = source.demo;
      demo?.placeKey(key);
      return Promise.resolve({ placed: demo !== undefined });
    },
    removeDemoDocument: () => {
      source.demo?.remove();
      return Promise.resolve(null);
    },
  };
}

/** What `promise` brings, or `instead` once the signal is aborted. Leaves nothing behind at the signal. */
function unlessAborted<Value>(
  signal: AbortSignal,
  promise: Promise<Value>,
  instead: () => Value,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(instead());
    signal.addEventListener('abort', onAbort, { once: true });
    promise.finally(() => signal.removeEventListener('abort', onAbort)).then(resolve, reject);
  });
}
