import { afterEach, describe, expect, it } from 'vitest';
import { createPrinterFamily } from '../../../../drivers/families/printer/family.js';
import type { PrinterConnection, PrinterSnapshot, PrintRequest } from '../../../../drivers/printer/types.js';
import { ManualClock } from '../../manual-clock.js';

const request: PrintRequest = {
  processId: 'J001',
  content: {
    language: 'en',
    direction: 'ltr',
    place: 'Borgerservice',
    title: 'Your number is',
    number: 'A042',
    lines: [],
    notes: [],
  },
};

let usb: string | undefined;

afterEach(() => (usb = undefined));

function start(connection: PrinterConnection, demoAllowed: boolean) {
  const clock = new ManualClock();
  const events: PrinterSnapshot[] = [];
  const family = createPrinterFamily({
    connection,
    model: 'generic',
    demoAllowed,
    emit: (_name, data) => events.push(data as PrinterSnapshot),
    clock,
    findUsb: () => usb,
  });
  return { clock, events, family };
}

const starting: PrinterSnapshot = { demo: false, status: { kind: 'starting' } };
const noPrinter: PrinterSnapshot = { demo: false, status: { kind: 'fault', fault: 'no-printer' } };

describe('the printer family', () => {
  it('says once that there is no printer, not at each look', async () => {
    const { clock, events } = start({ kind: 'auto' }, false);
    await clock.pass(10_000);
    expect(events).toEqual([starting, noPrinter]);
  });

  it('refuses a ticket where no printer is configured, and has no demo paper', async () => {
    const { events, family } = start({ kind: 'none' }, true);
    expect(events).toEqual([starting, noPrinter]);
    expect(await family.printerStatus(null)).toEqual(noPrinter.status);
    expect(await family.printTicket(request)).toEqual({ kind: 'not-started', fault: 'no-printer' });
    expect(await family.demoPaper(null)).toBeNull();
    expect(await family.setDemoPrinterFault({ fault: 'paper-out' })).toBeNull();
  });

  it.each(['auto', 'demo'] as const)(
    'prints on the demo printer by "%s" where it is allowed',
    async (kind) => {
      const { clock, events, family } = start({ kind }, true);
      await clock.pass(5000);
      expect(events).toEqual([starting, { demo: true, status: { kind: 'ready', paperLow: false } }]);
      const printed = family.printTicket(request);
      await clock.pass(1000);
      expect(await printed).toEqual({ kind: 'printed' });
      expect((await family.demoPaper(null))?.tickets[0]).toContain('A042');
    },
  );

  it.each(['auto', 'demo'] as const)('has no demo printer by "%s" where it is not allowed', async (kind) => {
    const { clock, events, family } = start({ kind }, false);
    await clock.pass(5000);
    expect(events).toEqual([starting, noPrinter]);
    expect(await family.printTicket(request)).toEqual({ kind: 'not-started', fault: 'no-printer' });
    expect(await family.demoPaper(null)).toBeNull();
  });

  it('tells each change of the demo printer once', async () => {
    const { clock, events, family } = start({ kind: 'demo' }, true);
    await clock.pass(2000);
    const seen = events.length;
    await family.setDemoPrinterFault({ fault: 'cover-open' });
    await clock.pass(5000);
    await family.setDemoPrinterFault({ fault: 'none' });
    await clock.pass(5000);
    expect(events.slice(seen).map(({ status }) => status)).toEqual([
      { kind: 'fault', fault: 'cover-open' },
      { kind: 'ready', paperLow: false },
    ]);
  });

  it('leaves the demo printer for a real one as soon as it is plugged in', async () => {
    const { clock, events, family } = start({ kind: 'auto' }, true);
    await clock.pass(2000);
    expect(events.at(-1)).toMatchObject({ demo: true });
    usb = '/dev/null/no-such-printer';
    await clock.pass(1000);
    await expect
      .poll(() => events.at(-1))
      .toEqual({
        demo: false,
        status: { kind: 'fault', fault: 'not-connected' },
      });
    expect(await family.demoPaper(null)).toBeNull();
  });
});
