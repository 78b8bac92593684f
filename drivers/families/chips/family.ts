import { ChipSource } from './source.js';
import { openDemoDevices } from './demo-devices.js';
import { silenceGraceMs, waitForDocument } from './document-wait.js';
import { checkChip } from '../../emrtd/index.js';
import type { CheckFault, CheckOutcome, CheckProgress, CheckRequest } from '../../emrtd/types.js';
import type { Emit, FamilyMethods } from '../../host-server.js';
import { readIssuers } from './issuers-folder.js';
import { PcscReaders } from '../../pcsc/pcsc-readers.js';
import type { ChipsOptions } from '../../protocol.js';
import type { CardFault } from '../../shared/card-channel.js';
import type { CardReaders, CardSession } from '../../shared/card-readers.js';
import { type Clock, systemClock, within } from '../../shared/clock.js';
import { err, type Result } from '../../shared/result.js';

/** How long a running check may take to end by itself once the service is gone, ms; then it is answered for. */
const lastWordsMs = 2000;
/** A card that did not answer is tried again after this time, ms. */
const retryPauseMs = 250;
/** How long a document whose chip fell silent may be out of sight before it counts as taken away, ms. */
const stillThereMs = 1000;
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

/** Passport readers and the documents on them: the family `chips` of a driver host. */
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

  return {
    check: (request) => {
      // Main runs one at a time; should it start another, the one before is over.
      running.abort();
      const abort = new AbortController();
      running = abort;
      let step: CheckProgress['step'] = 'waiting';
      const context: CheckContext = {
        source,
        onProgress: (current, fraction) => {
          step = current;
          emit('checkProgress', { id: request.id, step, fraction });
        },
        signal: abort.signal,
        lost: lost.signal,
        clock,
      };
      const end = lastEnd.then(() =>
        unlessAborted(lastWord.signal, runCheck(request, context), () =>
          stopped(step, { kind: 'service-unavailable' }),
        ),
      );
      lastEnd = end;
      return end;
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
    removeDemoDocument: () => {
      source.demo?.remove();
      return Promise.resolve(null);
    },
  };
}

interface CheckContext {
  readonly source: ChipSource;
  readonly onProgress: (step: CheckProgress['step'], fraction: number) => void;
  readonly signal: AbortSignal;
  /** Aborted once the service is gone and will not come back to this process. */
  readonly lost: AbortSignal;
  readonly clock: Clock;
}

/** Checks the documents on the readers, one reader after the other, until one is a travel document. */
async function runCheck(request: CheckRequest, context: CheckContext): Promise<CheckOutcome> {
  const { source } = context;
  const giveUpAt = context.clock.now() + request.waitForDocumentMs;
  const tried = new Set<string>();
  const fits = (name: string): boolean =>
    !tried.has(name) && (request.reader === undefined || name.startsWith(request.reader));
  for (;;) {
    const placed = await connectToDocument(fits, giveUpAt, context);
    if (!placed.ok) return placed.error;
    const outcome = await readTwice(request, placed.value, context);
    tried.add(placed.value.readerName);
    // A card that was left in another slot does not stand in for the document on the reader.
    const another = source.state.readers.some(({ name, card }) => card === 'present' && fits(name));
    if (!isStoppedBy(outcome, 'not-a-travel-document') || !another) return outcome;
  }
}

/** Waits for a document, and for it to lie still. */
async function connectToDocument(
  fits: (name: string) => boolean,
  giveUpAt: number,
  context: CheckContext,
): Promise<Result<CardSession, CheckOutcome>> {
  const { source, onProgress, signal, lost, clock } = context;
  /** When the card that lies there counts as silent. */
  let silentAt: number | undefined;
  for (;;) {
    onProgress('waiting', 0);
    const waitMs = Math.max(0, giveUpAt - clock.now());
    const found = await waitForDocument(source, { fits, waitMs, signal, lost, clock });
    if (!found.ok) return err(stopped('waiting', found.error));
    const session = await source.connect(found.value);
    if (session.ok) return session;
    const fault = session.error.kind;
    if (fault === 'card-silent') silentAt ??= clock.now() + silenceGraceMs;
    // A document often touches the reader for a moment, or at its edge, before it lies still.
    const mayComeYet = fault === 'card-removed' || fault === 'card-silent';
    if (!mayComeYet || clock.now() >= Math.min(giveUpAt, silentAt ?? giveUpAt)) {
      return err(stopped('connect', checkFaultOf(session.error)));
    }
    await pause(clock, retryPauseMs, [signal, lost]);
    const there = source.state.readers.some(({ name, card }) => name === found.value && card !== 'absent');
    if (!there) silentAt = undefined;
  }
}

/** Reads the document in `session`, and once more from a reset when its chip fell silent. */
async function readTwice(
  request: CheckRequest,
  session: CardSession,
  context: CheckContext,
): Promise<CheckOutcome> {
  const { source, signal, lost, clock } = context;
  const first = await readOnce(request, session, context);
  if (!isStoppedBy(first, 'card-silent')) return first;
  const endWith = (fault: CheckFault): CheckOutcome => ({ ...first, fault });
  // Silence has causes that a second try from a reset does not meet: a reader that does not carry extended length
  // and is known for it by now, or a document exchanged for another so fast that the service did not notice.
  const fits = (name: string): boolean => name === session.readerName;
  const found = await waitForDocument(source, { fits, waitMs: stillThereMs, signal, lost, clock });
  if (!found.ok) return endWith(found.error.kind === 'no-card' ? { kind: 'card-removed' } : found.error);
  const again = await source.connect(found.value);
  return again.ok ? readOnce(request, again.value, context) : endWith(checkFaultOf(again.error));
}

async function readOnce(
  request: CheckRequest,
  session: CardSession,
  { source, onProgress, signal, lost, clock }: CheckContext,
): Promise<CheckOutcome> {
  const issuers = await source.issuers;
  const outcome = await checkChip(session.channel, request, {
    ...(issuers === undefined ? {} : { issuers }),
    onProgress,
    signal,
    now: () => clock.now(),
  });
  // Once the service is lost, letting go of the card may hang too, and silence says nothing about the chip.
  if (lost.aborted) {
    return isStoppedBy(outcome, 'card-silent')
      ? { ...outcome, fault: { kind: 'service-unavailable' } }
      : outcome;
  }
  await session.close();
  return outcome;
}

type Stopped = Extract<CheckOutcome, { kind: 'stopped' }>;

function isStoppedBy(outcome: CheckOutcome, fault: CheckFault['kind']): outcome is Stopped {
  return outcome.kind === 'stopped' && outcome.fault.kind === fault;
}

function stopped(during: Stopped['during'], fault: CheckFault): CheckOutcome {
  const cost = { commands: 0, bytesSent: 0, bytesReceived: 0, elapsedMs: 0, transportMs: 0 };
  return { kind: 'stopped', during, fault, cost };
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

/** So many ms, or until one of `signals` is aborted. */
function pause(clock: Clock, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    for (const signal of signals) {
      if (signal.aborted) end();
      else signal.addEventListener('abort', end);
    }
  });
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
