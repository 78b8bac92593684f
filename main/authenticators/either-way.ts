import type { KeyCheckRequest, KeyCheckStep, KeyWay } from '../../drivers/fido/types.js';
import type { Clock } from '../clock.js';
import type { BenchDevice, ChipsDevice, KeyCheckEnd } from '../devices/types.js';

export interface EitherWayOptions {
  readonly bench: Pick<BenchDevice, 'checkUsbKey'>;
  readonly chips: Pick<ChipsDevice, 'checkNfcKey'>;
  readonly clock: Clock;
}

export interface EitherWayHooks {
  /** The step of the way that has come further. */
  readonly onStep: (step: KeyCheckStep) => void;
  /** Aborted: both ways end with what is known by then. */
  readonly signal: AbortSignal;
}

/** Once one way told what is wrong with a key, the other may still bring one for this long, ms. */
const otherWayGraceMs = 5000;
/** And so long where that may be no key: time to find one that was in the socket before, and to plug one in, ms. */
const somethingElseGraceMs = 20_000;

const steps: readonly KeyCheckStep[] = ['waiting', 'greeting', 'asking'];

/**
 * How much each end tells, the most telling first: of the key itself, then of what became of the check, and last that
 * a way is not there.
 */
const telling = [
  'key-silent',
  'protocol-error',
  'key-removed',
  'key-busy',
  'not-a-key',
  'no-access',
  'timed-out',
  'host-lost',
  'no-key',
  'cancelled',
  'busy',
  'service-unavailable',
  'no-reader',
] as const;
const aboutTheKey: readonly string[] = telling.slice(0, telling.indexOf('not-a-key'));

/** How long the other way still has once this one came to such an end; `undefined`: as long as it takes. */
function graceAfter(end: Failed, way: KeyWay): number | undefined {
  const name = nameOf(end);
  // A card that was left on the reader, or one that is laid there and does not do NFC.
  if (name === 'not-a-key' || (name === 'key-silent' && way === 'nfc')) return somethingElseGraceMs;
  return aboutTheKey.includes(name) ? otherWayGraceMs : undefined;
}

/**
 * Waits for a MitID chip in a USB socket and on a reader at once. The first that answers counts, and the other way is
 * cancelled; where none answers, the more telling of both ends counts.
 */
export function checkEitherWay(
  { bench, chips, clock }: EitherWayOptions,
  request: KeyCheckRequest,
  { onStep, signal }: EitherWayHooks,
): Promise<{ readonly end: KeyCheckEnd; readonly way: KeyWay }> {
  const abort = { usb: new AbortController(), nfc: new AbortController() };
  const step: Record<KeyWay, KeyCheckStep> = { usb: 'waiting', nfc: 'waiting' };
  const ends = new Map<KeyWay, KeyCheckEnd>();
  let cancelGrace = (): void => undefined;
  let shown: KeyCheckStep | undefined;

  const other = (way: KeyWay): KeyWay => (way === 'usb' ? 'nfc' : 'usb');
  const abortBoth = (): void => {
    abort.usb.abort();
    abort.nfc.abort();
  };
  const show = (): void => {
    const furthest = steps[Math.max(steps.indexOf(step.usb), steps.indexOf(step.nfc))];
    if (furthest === undefined || furthest === shown) return;
    shown = furthest;
    onStep(furthest);
  };

  return new Promise((resolve) => {
    const settle = (end: KeyCheckEnd, way: KeyWay): void => {
      cancelGrace();
      signal.removeEventListener('abort', abortBoth);
      resolve({ end, way });
      abort[other(way)].abort();
    };
    const ended = (way: KeyWay, end: KeyCheckEnd): void => {
      ends.set(way, end);
      step[way] = 'waiting';
      if (end.kind === 'answers') {
        settle(end, way);
        return;
      }
      const before = ends.get(other(way));
      if (before !== undefined) {
        // The second answer after a first that counts changes nothing: a promise settles once.
        if (rank(before) <= rank(end)) settle(before, other(way));
        else settle(end, way);
        return;
      }
      show();
      const graceMs = graceAfter(end, way);
      if (graceMs === undefined) return;
      cancelGrace = clock.after(graceMs, () => {
        if (step[other(way)] === 'waiting') abort[other(way)].abort();
      });
    };
    const begin = (way: KeyWay, check: ChipsDevice['checkNfcKey']): void => {
      const progress = (to: KeyCheckStep): void => {
        if (ends.has(way)) return;
        step[way] = to;
        show();
      };
      // A device's failure is a value; a rejection is a bug in its driver, and the check has stopped there.
      check(request, (news) => progress(news.step), abort[way].signal).then(
        (end) => ended(way, end),
        () => ended(way, { kind: 'host-lost' }),
      );
    };
    signal.addEventListener('abort', abortBoth, { once: true });
    if (signal.aborted) abortBoth();
    begin('usb', (...args) => bench.checkUsbKey(...args));
    begin('nfc', (...args) => chips.checkNfcKey(...args));
  });
}

type Failed = Exclude<KeyCheckEnd, { kind: 'answers' }>;

function nameOf(end: Failed): (typeof telling)[number] {
  return end.kind === 'stopped' ? end.fault : end.kind;
}

function rank(end: KeyCheckEnd): number {
  return end.kind === 'answers' ? -1 : telling.indexOf(nameOf(end));
}
