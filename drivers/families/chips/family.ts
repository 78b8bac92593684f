import { ChipSource } from './source.js';
import { openDemoDevices } from './demo-devices.js';
import { waitForDocument } from './document-wait.js';
import { checkChip } from '../../emrtd/index.js';
import type { CheckFault, CheckOutcome, CheckRequest } from '../../emrtd/types.js';
import type { Emit, FamilyMethods } from '../../host-server.js';
import { readIssuers } from './issuers-folder.js';
import { PcscReaders } from '../../pcsc/pcsc-readers.js';
import type { HostOptions } from '../../protocol.js';
import type { CardFault } from '../../shared/card-channel.js';
import type { CardReaders } from '../../shared/card-readers.js';
import { type Clock, systemClock, within } from '../../shared/clock.js';

/** How long a running check may take to end by itself once the service is gone, ms. */
const lastWordsMs = 2000;
/** How long a message takes to leave this process, ms. */
const flushMs = 100;

export interface ChipsFamilyOptions {
  readonly source: HostOptions['chips']['source'];
  readonly issuers?: string | undefined;
  readonly emit: Emit;
  /** Ends this process. */
  readonly leave: () => void;
  readonly clock?: Clock;
  readonly openPcsc?: (onLost: (reason: 'service-lost' | 'service-hung') => void) => CardReaders;
}

/** Passport readers and the documents on them: the family `chips` of a driver host. */
export function createChipsFamily({
  source: sourceName,
  issuers,
  emit,
  leave,
  clock = systemClock,
  openPcsc = (onLost) => new PcscReaders({ onLost, clock }),
}: ChipsFamilyOptions): FamilyMethods {
  let current = new AbortController();
  let lastEnd: Promise<unknown> = Promise.resolve();

  const onLost = (reason: 'service-lost' | 'service-hung'): void => {
    void (async () => {
      // A visitor's check still gets its answer.
      await within(clock, lastWordsMs, lastEnd);
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

  return {
    check: (request) => {
      // Main runs one at a time; should it start another, the one before is over.
      current.abort();
      const abort = new AbortController();
      current = abort;
      const end = lastEnd.then(() => runCheck(request, { source, emit, signal: abort.signal, clock }));
      lastEnd = end;
      return end;
    },
    cancelCheck: () => {
      current.abort();
      return Promise.resolve(null);
    },
    placeDemoDocument: async (placement) => {
      const demo = source.demo;
      await demo?.place(placement);
      return { placed: demo !== undefined };
    },
    removeDemoDocument: () => {
      source.demo?.remove();
      return Promise.resolve(null);
    },
  };
}

interface CheckContext {
  readonly source: ChipSource;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

async function runCheck(request: CheckRequest, context: CheckContext): Promise<CheckOutcome> {
  const { source, emit, signal, clock } = context;
  const { id } = request;
  const giveUpAt = clock.now() + request.waitForDocumentMs;
  /** How the first try ended, when the card fell silent in it. */
  let silent: CheckOutcome | undefined;
  for (;;) {
    if (silent === undefined) emit('checkProgress', { id, step: 'waiting', fraction: 0 });
    const waitMs = Math.max(0, giveUpAt - clock.now());
    const found = await waitForDocument(source, { reader: request.reader, waitMs, signal, clock });
    if (!found.ok) return silent ?? stopped('waiting', found.error);
    const issuers = await source.issuers;
    const session = await source.connect(found.value);
    if (!session.ok) {
      if (silent !== undefined) return silent;
      // A document often touches the reader for a moment before it lies still.
      if (session.error.kind === 'card-removed' && clock.now() < giveUpAt) continue;
      return stopped('connect', checkFaultOf(session.error));
    }
    const outcome = await checkChip(session.value.channel, request, {
      ...(issuers === undefined ? {} : { issuers }),
      onProgress: (step, fraction) => emit('checkProgress', { id, step, fraction }),
      signal,
      now: () => clock.now(),
    });
    await session.value.close();
    // Silence has causes that a second try from a reset does not meet: a reader that does not carry extended length
    // and is known for it by now, or a document exchanged for another so fast that the service did not notice.
    const fellSilent = outcome.kind === 'stopped' && outcome.fault.kind === 'card-silent';
    if (!fellSilent || silent !== undefined) return outcome;
    silent = outcome;
  }
}

function stopped(during: 'waiting' | 'connect', fault: CheckFault): CheckOutcome {
  const cost = { commands: 0, bytesSent: 0, bytesReceived: 0, elapsedMs: 0, transportMs: 0 };
  return { kind: 'stopped', during, fault, cost };
}

function checkFaultOf(fault: CardFault): CheckFault {
  switch (fault.kind) {
    case 'card-removed':
    case 'card-silent':
    case 'reader-removed':
      return { kind: fault.kind };
    case 'service-lost':
      return { kind: 'service-unavailable' };
  }
}
