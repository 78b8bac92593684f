import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { capabilities } from '../../drivers/printer/capabilities.js';
import { openSerialLink } from '../../drivers/printer/serial-link.js';
import { openTcpLink } from '../../drivers/printer/tcp-link.js';
import { TicketPrinter } from '../../drivers/printer/ticket-printer.js';
import type {
  PrinterConnection,
  PrinterModel,
  PrinterStatus,
  PrintOutcome,
  TicketContent,
} from '../../drivers/printer/types.js';
import { systemClock } from '../../drivers/shared/clock.js';
import { describe as wordsOf } from '../../drivers/simulated/printer/paper.js';
import { pictureOf } from '../../drivers/simulated/printer/picture.js';
import type { SimulatedPrinter, Step } from '../../drivers/simulated/printer/simulated-printer.js';
import type { DemoPrinterFault } from '../../drivers/simulated/printer/types.js';
import {
  plugPrinter,
  transports,
  type PluggedPrinter,
  type PlugOptions,
  type Transport,
} from './simulated-printer.js';

const pictures = join(import.meta.dirname, '../results/tickets');

export const danish: TicketContent = {
  language: 'da',
  direction: 'ltr',
  place: 'Borgerservice, Åbyhøj',
  title: 'Dit nummer er',
  number: 'A042',
  lines: ['Pas og kørekort', 'Trukket kl. 10:42', '3 personer er foran dig', 'Ca. ventetid: 10–20 min.'],
  qr: 'https://koe.example.dk/t/Zm9yaGFsLWZvcmhhbC1mb3JoYWw',
  qrNote: 'Følg dit nummer på din telefon',
  notes: ['Hold øje med skærmen. Du bliver kaldt op.'],
};
const english: TicketContent = {
  ...danish,
  language: 'en',
  title: 'Your number is',
  lines: [
    'Passport and driving licence',
    'Taken at 10:42',
    '3 people are before you',
    'Approx. wait: 10–20 min.',
  ],
  qrNote: 'Follow your number on your phone',
  notes: ['Watch the screen. You will be called.'],
};
const arabic: TicketContent = {
  ...danish,
  language: 'ar',
  direction: 'rtl',
  place: 'خدمات المواطنين',
  title: 'رقمك هو',
  lines: ['جواز السفر ورخصة القيادة', 'الساعة 10:42', 'أمامك 3 أشخاص', 'وقت الانتظار: 10–20 دقيقة تقريباً'],
  qrNote: 'تابع رقمك على هاتفك',
  notes: ['انظر إلى الشاشة. سيتم مناداتك.'],
};

let plugged: PluggedPrinter | undefined;
let driver: TicketPrinter | undefined;
let statuses: PrinterStatus[] = [];

afterEach(async () => {
  await driver?.stop();
  await plugged?.close();
  driver = undefined;
  plugged = undefined;
  statuses = [];
});

async function plugIn(transport: Transport, options: PlugOptions = {}): Promise<SimulatedPrinter> {
  plugged = await plugPrinter(transport, options);
  driver = drive(plugged.connection, options.model);
  return plugged.printer;
}

function drive(to: PrinterConnection, model: PrinterModel = 'generic'): TicketPrinter {
  return new TicketPrinter({
    open: () => {
      switch (to.kind) {
        case 'tcp':
          return openTcpLink(to.host, to.port);
        case 'serial':
          return openSerialLink(to.path, to.baudRate);
        case 'auto':
        case 'none':
        case 'demo':
        case 'usb':
          throw new Error('not here');
      }
    },
    capabilities: capabilities[model],
    clock: systemClock,
    onStatus: (status) => statuses.push(status),
  });
}

/** A visitor who takes the ticket once the kiosk has seen it in the mouth. */
function takingTheTicket(): (step: Step) => void {
  let asked: number | undefined;
  return (step) => {
    if (step === 'process-id') asked = 0;
    if (step === 'status' && asked !== undefined && ++asked === 2) plugged!.printer.takeTicket();
  };
}

const print = (processId = 'J001', content = danish): Promise<PrintOutcome> =>
  driver!.print({ processId, content });
const papers = (printer: SimulatedPrinter): string[] => printer.pieces.map((piece) => wordsOf(piece, 48));
const whole = (printer: SimulatedPrinter): string[] =>
  printer.pieces
    .filter(({ cut }) => cut)
    .map((piece) => wordsOf(piece, 48))
    .filter((text) => text.includes('A042'));

describe.each(transports)('a ticket printer over %s', (transport) => {
  it('prints a ticket, and says so once it is out', async () => {
    const printer = await plugIn(transport);
    expect(await driver!.status()).toEqual({ kind: 'ready', paperLow: false });
    expect(await print()).toEqual({ kind: 'printed' });
    const [ticket] = papers(printer);
    for (const text of [
      'Borgerservice, Åbyhøj',
      'A042',
      'Pas og kørekort',
      '10-20 min',
      '[QR https://koe.example.dk',
    ]) {
      expect(ticket).toContain(text);
    }
  });

  it.each(['epson-tm-t20', 'epson-tm-t88', 'epson-tm-t88iii', 'star-escpos'] as const)(
    'prints on a %s',
    async (model) => {
      const printer = await plugIn(transport, { model });
      expect(await print()).toEqual({ kind: 'printed' });
      expect(await print('J002')).toEqual({ kind: 'printed' });
      expect(whole(printer)).toHaveLength(2);
    },
  );

  it('knows from a Custom VKP80 that the ticket was taken', async () => {
    const printer = await plugIn(transport, { model: 'custom-vkp80', onStep: takingTheTicket() });
    expect(await print()).toEqual({ kind: 'printed' });
    expect(whole(printer)).toHaveLength(1);
  });

  const faults: readonly (readonly [DemoPrinterFault, string])[] = [
    ['paper-out', 'paper-out'],
    ['cover-open', 'cover-open'],
    ['cutter-jam', 'cutter-jam'],
    ['offline', 'offline'],
    ['silent', 'silent'],
  ];

  it.each(faults)('that is %s before a ticket gets not one byte of it', async (fault, name) => {
    const printer = await plugIn(transport);
    printer.setFault(fault);
    expect(await print()).toEqual({ kind: 'not-started', fault: name });
    printer.setFault('none');
    expect(whole(printer)).toEqual([]);
  });

  it('that falls silent after a ticket leaves it unknown, and answers again once it was mended', async () => {
    const printer = await plugIn(transport);
    printer.setFault('silent-after-print');
    expect(await print()).toEqual({ kind: 'unknown', fault: 'silent' });
    expect(whole(printer)).toHaveLength(1);
    printer.setFault('none');
    expect(await print('J002')).toEqual({ kind: 'printed' });
  });

  it('that is unplugged before a ticket is not connected, and gets not one byte of it', async () => {
    const printer = await plugIn(transport);
    expect(await driver!.status()).toEqual({ kind: 'ready', paperLow: false });
    await plugged!.unplug();
    expect(await print()).toEqual({ kind: 'not-started', fault: 'not-connected' });
    await plugged!.plug();
    expect(await print('J002')).toEqual({ kind: 'printed' });
    expect(whole(printer)).toHaveLength(1);
  });

  // What a fault at each step of a ticket comes to: what the driver says, and how many whole tickets there are on
  // paper once the printer was mended and left alone.
  const steps: readonly (readonly [Step, boolean])[] = [
    ['body', false],
    ['midway', false],
    ['cut', false],
    ['process-id', true],
    ['reply', true],
  ];
  const stopping: readonly DemoPrinterFault[] = ['paper-out', 'cover-open', 'cutter-jam'];
  const table = steps.flatMap(([step, isOut]) => stopping.map((fault) => [fault, step, isOut] as const));

  it.each(table)('that is %s at the step "%s" prints no second one by itself', async (fault, at, isOut) => {
    let broken = false;
    const printer = await plugIn(transport, {
      onStep: (step) => {
        if (step !== at || broken) return;
        broken = true;
        plugged!.printer.setFault(fault);
      },
    });
    const outcome = await print();
    // Once the printer has said that the ticket is out, only a roll that ended behind it leaves no doubt.
    const expected =
      at !== 'reply'
        ? { kind: 'stopped', fault }
        : fault === 'paper-out'
          ? { kind: 'printed' }
          : { kind: 'unknown', fault };
    expect(outcome).toEqual(expected);
    printer.setFault('none');
    // Mended, it prints nothing by itself; the next ticket comes out whole and alone.
    expect(await print('J002')).toEqual({ kind: 'printed' });
    expect(whole(printer).filter((text) => text.split('A042').length > 2)).toEqual([]);
    expect(printer.pieces.filter(({ cut }) => cut).length).toBeLessThanOrEqual(3);
    expect(isOut ? whole(printer).length : whole(printer).length - 1).toBeGreaterThanOrEqual(isOut ? 2 : 0);
  });

  it.each(['body', 'midway', 'cut', 'process-id', 'reply'] as const)(
    'that is unplugged at the step "%s" leaves it unknown',
    async (at) => {
      await plugIn(transport, {
        onStep: (step) => {
          if (step === at) plugged!.printer.setFault('unplugged');
        },
      });
      expect(await print()).toEqual({ kind: 'unknown', fault: 'not-connected' });
    },
  );

  it('of which a late answer to an earlier ticket comes does not take it for the next one', async () => {
    const printer = await plugIn(transport);
    expect(await print('J001')).toEqual({ kind: 'printed' });
    printer.setFault('paper-out-midway');
    expect(await print('J002')).toEqual({ kind: 'stopped', fault: 'paper-out' });
  });

  it('is found again each of twenty times that it was unplugged', async () => {
    await plugIn(transport);
    for (let time = 0; time < 20; time++) {
      await plugged!.unplug();
      expect(await driver!.status()).toEqual({ kind: 'fault', fault: 'not-connected' });
      await plugged!.plug();
      await expect
        .poll(() => driver!.status(), { timeout: 5000 })
        .toEqual({ kind: 'ready', paperLow: false });
    }
    expect(await print()).toEqual({ kind: 'printed' });
  });
});

/** What is left of a ticket's bytes without the commands, as ESC/POS bounds them, in the letters that iconv knows. */
function textBetweenCommands(bytes: Buffer): string {
  const text: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const [first = 0, second = 0, , low = 0, high = 0] = bytes.subarray(at);
    if (first === 0x1b) at += second === 0x40 ? 2 : 3;
    else if (first === 0x10) at += second === 0x14 ? 10 : 3;
    else if (first === 0x1d && second === 0x28) at += 5 + low + 256 * high;
    else if (first === 0x1d) at += second === 0x56 ? 4 : 3;
    else {
      text.push(first);
      at++;
    }
  }
  return execFileSync('iconv', ['-f', 'CP858', '-t', 'UTF-8'], {
    input: Buffer.from(text),
    encoding: 'utf8',
  });
}

const recognize = (file: string, language: string): string =>
  execFileSync('tesseract', [file, '-', '-l', language, '--psm', '4'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });

async function photograph(name: string, content: TicketContent, model?: PrinterModel): Promise<string> {
  const printer = await plugIn('tcp', {
    ...(model === undefined ? {} : { model }),
    onStep: takingTheTicket(),
  });
  expect(await print('J001', content)).toEqual({ kind: 'printed' });
  mkdirSync(pictures, { recursive: true });
  const file = join(pictures, `${name}.png`);
  writeFileSync(file, pictureOf(printer.pieces[0]!, capabilities[model ?? 'generic'].dots));
  return file;
}

describe('what is printed', () => {
  it.each([
    ['da', danish],
    ['en', english],
    ['ar', arabic],
  ] as const)('in %s has a QR code that zbarimg reads', async (language, content) => {
    const file = await photograph(language, content);
    expect(execFileSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' }).trim()).toBe(content.qr);
  });

  it('by a printer that draws no QR code itself has one that zbarimg reads', async () => {
    const file = await photograph('da-tm-t88iii', danish, 'epson-tm-t88iii');
    expect(execFileSync('zbarimg', ['--quiet', '--raw', file], { encoding: 'utf8' }).trim()).toBe(danish.qr);
  });

  it.each([
    ['Danish', danish],
    ['English', english],
  ] as const)('in %s are bytes that iconv reads', async (_language, content) => {
    await plugIn('tcp');
    expect(await print('J001', content)).toEqual({ kind: 'printed' });
    const lines = textBetweenCommands(plugged!.received())
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    expect(lines).toEqual([
      content.place,
      content.title,
      'A042',
      ...content.lines.map((line) => line.replace('–', '-')),
      content.qrNote,
      ...content.notes,
    ]);
  });

  it.each(['generic', 'epson-tm-t88', 'custom-vkp80'] as const)(
    'in Arabic can be read off the paper of a %s by tesseract',
    async (model) => {
      const file = await photograph(`ar-${model}`, arabic, model);
      const read = recognize(file, 'ara+eng');
      const { place, title, number, lines, qrNote, notes } = arabic;
      for (const text of [place, title, number, ...lines.slice(0, 3), qrNote, ...notes]) {
        expect(read).toContain(text);
      }
    },
  );

  it('in a script that no code page has is a picture, nothing of it a question mark', async () => {
    const printer = await plugIn('tcp');
    await print('J001', arabic);
    expect(
      printer.pieces[0]!.rows.filter(({ kind }) => kind === 'text').every(
        (row) => row.kind === 'text' && row.text === '',
      ),
    ).toBe(true);
  });

  it('says on a copy that it is one', async () => {
    const printer = await plugIn('tcp');
    await print('J001', { ...danish, copyMark: 'KOPI' });
    expect(papers(printer)[0]).toContain('KOPI');
  });
});
