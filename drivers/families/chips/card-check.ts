import type { ChipSource } from './source.js';
import { silenceGraceMs, waitForDocument } from './document-wait.js';
import type { CheckFault } from '../../emrtd/types.js';
import type { CardFault } from '../../shared/card-channel.js';
import type { CardSession } from '../../shared/card-readers.js';
import type { Clock } from '../../shared/clock.js';
import { pause } from '../../shared/pause.js';
import { err, type Result } from '../../shared/result.js';

/** A card that did not answer is tried again after this time, ms. */
const retryPauseMs = 250;
/** How long a card that fell silent may be out of sight before it counts as taken away, ms. */
const stillThereMs = 1000;

export interface CheckContext {
  readonly source: ChipSource;
  readonly signal: AbortSignal;
  /** Aborted once the service is gone and will not come back to this process. */
  readonly lost: AbortSignal;
  readonly clock: Clock;
}

/** What is looked for on the readers: a document, or a FIDO key. */
export interface CardCheck<Outcome> {
  readonly waitMs: number;
  /** Whether a card on the reader of this name would do. */
  readonly fits: (readerName: string) => boolean;
  readonly onWaiting: () => void;
  readonly read: (session: CardSession) => Promise<Outcome>;
  /** What hinders an outcome: another card may do, or the same once more from a reset. */
  readonly hindranceOf: (outcome: Outcome) => 'other-card' | 'silent' | undefined;
  /** The outcome where no card could be read; `before`: what was read before that, in the same check. */
  readonly stopped: (during: 'waiting' | 'connect', fault: CheckFault, before?: Outcome) => Outcome;
}

/** Looks at the cards on the readers, one reader after the other, until one is what is looked for. */
export async function checkCards<Outcome>(
  check: CardCheck<Outcome>,
  context: CheckContext,
): Promise<Outcome> {
  const { source } = context;
  const giveUpAt = context.clock.now() + check.waitMs;
  const tried = new Set<string>();
  const fits = (name: string): boolean => !tried.has(name) && check.fits(name);
  for (;;) {
    const placed = await connectToCard({ ...check, fits }, giveUpAt, context);
    if (!placed.ok) return check.stopped(placed.error.during, placed.error.fault);
    const outcome = await readTwice(check, placed.value, context);
    tried.add(placed.value.readerName);
    // A card that was left in another slot does not stand in for the one that is looked for.
    const another = source.state.readers.some(({ name, card }) => card === 'present' && fits(name));
    if (check.hindranceOf(outcome) !== 'other-card' || !another) return outcome;
  }
}

interface NoCard {
  readonly kind: 'no-card';
  readonly during: 'waiting' | 'connect';
  readonly fault: CheckFault;
}

/** Waits for a card, and for it to lie still. */
async function connectToCard(
  { fits, onWaiting }: Pick<CardCheck<unknown>, 'fits' | 'onWaiting'>,
  giveUpAt: number,
  { source, signal, lost, clock }: CheckContext,
): Promise<Result<CardSession, NoCard>> {
  const noCard = (during: NoCard['during'], fault: CheckFault): Result<CardSession, NoCard> =>
    err({ kind: 'no-card', during, fault });
  /** When the card that lies there counts as silent. */
  let silentAt: number | undefined;
  for (;;) {
    onWaiting();
    const waitMs = Math.max(0, giveUpAt - clock.now());
    const found = await waitForDocument(source, { fits, waitMs, signal, lost, clock });
    if (!found.ok) return noCard('waiting', found.error);
    const session = await source.connect(found.value);
    if (session.ok) return session;
    const fault = session.error.kind;
    if (fault === 'card-silent') silentAt ??= clock.now() + silenceGraceMs;
    // A document often touches the reader for a moment, or at its edge, before it lies still.
    const mayComeYet = fault === 'card-removed' || fault === 'card-silent';
    if (!mayComeYet || clock.now() >= Math.min(giveUpAt, silentAt ?? giveUpAt)) {
      return noCard('connect', checkFaultOf(session.error));
    }
    await pause(clock, retryPauseMs, signal, lost);
    const there = source.state.readers.some(({ name, card }) => name === found.value && card !== 'absent');
    if (!there) silentAt = undefined;
  }
}

/** Reads the card in `session`, and once more from a reset when it fell silent. */
async function readTwice<Outcome>(
  check: CardCheck<Outcome>,
  session: CardSession,
  context: CheckContext,
): Promise<Outcome> {
  const { source, signal, lost, clock } = context;
  const first = await readOnce(check, session, context);
  if (check.hindranceOf(first) !== 'silent') return first;
  // Silence has causes that a second try from a reset does not meet: a reader that does not carry extended length
  // and is known for it by now, or a card exchanged for another so fast that the service did not notice.
  const fits = (name: string): boolean => name === session.readerName;
  const found = await waitForDocument(source, { fits, waitMs: stillThereMs, signal, lost, clock });
  if (!found.ok) {
    const fault: CheckFault = found.error.kind === 'no-card' ? { kind: 'card-removed' } : found.error;
    return check.stopped('connect', fault, first);
  }
  const again = await source.connect(found.value);
  if (!again.ok) return check.stopped('connect', checkFaultOf(again.error), first);
  return readOnce(check, again.value, context);
}

async function readOnce<Outcome>(
  { read, hindranceOf, stopped }: CardCheck<Outcome>,
  session: CardSession,
  { lost }: CheckContext,
): Promise<Outcome> {
  const outcome = await read(session);
  // Once the service is lost, letting go of the card may hang too, and silence says nothing about the chip.
  if (lost.aborted) {
    return hindranceOf(outcome) === 'silent'
      ? stopped('connect', { kind: 'service-unavailable' }, outcome)
      : outcome;
  }
  await session.close();
  return outcome;
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
