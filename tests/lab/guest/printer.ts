import assert from 'node:assert/strict';
import { createPrinterFamily } from '../../../drivers/families/printer/family.js';
import {
  type PrinterSnapshot,
  printerSnapshot,
  type PrintOutcome,
  printOutcome,
} from '../../../drivers/printer/types.js';
import { systemClock, within } from '../../../drivers/shared/clock.js';
import type { Step } from '../../../drivers/simulated/printer/simulated-printer.js';
import { eventually } from '../../integration/pcscd.js';
import type { Figures } from '../messages.js';
import { GadgetPrinter, lastLine } from './gadget-printer.js';
import { type LabTest, rounds, spread, tally } from './lab-test.js';

/** Main waits so long for a ticket at most, ms. */
const ticketMs = 46_000;
const foundMs = 10_000;

/** When the cable is pulled: before the ticket, or at a step of it. */
const moments = ['before', 'status', 'body', 'midway', 'cut', 'process-id', 'reply'] as const;
type Moment = 'before' | Step;

/** A printer whose cable is pulled at a moment that is said before. */
class PulledPrinter {
  readonly gadget: GadgetPrinter;
  pullAt: Moment | undefined;

  constructor() {
    this.gadget = new GadgetPrinter((step) => {
      if (step !== this.pullAt) return;
      this.pullAt = undefined;
      this.gadget.unplug();
    });
  }
}

async function usePrinter(): Promise<Figures> {
  const pulled = new PulledPrinter();
  try {
    await pulled.gadget.plug();
    return await printAndPull(pulled);
  } finally {
    pulled.gadget.unplug();
  }
}

async function printAndPull(pulled: PulledPrinter): Promise<Figures> {
  const { gadget } = pulled;
  let snapshot: PrinterSnapshot | undefined;
  const startedAt = performance.now();
  const family = createPrinterFamily({
    connection: { kind: 'auto' },
    model: 'generic',
    demoAllowed: false,
    emit: (event, value) => {
      if (event === 'printer') snapshot = printerSnapshot.parse(value);
    },
  });
  const isReady = (): boolean => snapshot?.status.kind === 'ready';
  const print = async (number: string): Promise<PrintOutcome> => {
    const outcome = await within(
      systemClock,
      ticketMs,
      family.printTicket({
        processId: number,
        content: {
          language: 'en',
          direction: 'ltr',
          place: 'Citizen Service',
          title: 'Your number is',
          number,
          lines: ['Passport and driving licence', 'Taken at 10:42', '3 people are before you'],
          notes: [lastLine],
        },
      }),
    );
    assert.ok(outcome, `the ticket ${number} has come to no end`);
    return printOutcome.parse(outcome);
  };

  await eventually('the printer is found', isReady, foundMs);
  const firstFoundMs = performance.now() - startedAt;
  const printedAt = performance.now();
  assert.deepEqual(await print('A000'), { kind: 'printed' });
  const ticketTime = performance.now() - printedAt;
  assert.equal(gadget.ticketsOf('A000'), 1);

  const foundAfter: number[] = [];
  const outcomes: string[] = [];
  let again = 0;
  for (let round = 1; round <= rounds; round++) {
    const number = `A${String(round).padStart(3, '0')}`;
    const moment = moments[round % moments.length]!;
    if (moment === 'before') gadget.unplug();
    else pulled.pullAt = moment;
    const outcome = await print(number);
    await eventually('the cable is pulled', () => !gadget.plugged);
    // Over USB a pulled cable is known at once, and taken for nothing else.
    if ('fault' in outcome) assert.equal(outcome.fault, 'not-connected', `${number}, at ${moment}`);
    outcomes.push('fault' in outcome ? `${outcome.kind} (${outcome.fault})` : outcome.kind);
    const onPaper = gadget.ticketsOf(number);
    if (outcome.kind === 'printed') assert.equal(onPaper, 1, `${number} was not printed, at ${moment}`);
    if (outcome.kind === 'not-started') assert.equal(onPaper, 0, `${number} was printed, at ${moment}`);
    await eventually('the printer is missed', () => snapshot?.status.kind === 'fault', foundMs);

    const pluggedAt = performance.now();
    await gadget.plug();
    await eventually('the printer is found again', isReady, foundMs);
    foundAfter.push(performance.now() - pluggedAt);
    if (outcome.kind === 'printed') continue;
    // As staff do: a number whose ticket is not known to be out is printed once more.
    again++;
    assert.deepEqual(await print(number), { kind: 'printed' }, `${number} again, after ${moment}`);
    const most = outcome.kind === 'unknown' ? 2 : 1;
    const copies = gadget.ticketsOf(number);
    assert.ok(copies >= 1 && copies <= most, `${copies} tickets ${number}, after ${moment}`);
  }
  return {
    'first found': `${Math.round(firstFoundMs)} ms`,
    'a ticket, until it is confirmed': `${Math.round(ticketTime)} ms`,
    [`pulled ${rounds} times in use: found again`]: spread(foundAfter),
    'what became of those tickets': tally(outcomes),
    'printed once more; numbers lost': `${again}; 0`,
  };
}

export const printerTests: readonly LabTest[] = [
  { name: 'ticket printer over /dev/usb/lp*', deadlineMs: 180_000, run: usePrinter },
];
