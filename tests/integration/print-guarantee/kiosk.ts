// A kiosk's queue and its ticket printer, with one visitor's screen and one of staff, told what to do line by line.
// Arguments: data folder, driver host, the printer's connection as JSON. Says what its screens are told, a line of JSON
// each, and kills itself at the step that it is told to.
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { printerConnection } from '../../../drivers/printer/types.js';
import type { VisitorTicket } from '../../../main/api/contract.js';
import type { Screen } from '../../../main/api/router.js';
import { systemClock } from '../../../main/clock.js';
import { nodeLauncher } from '../../../main/devices/node-launcher.js';
import { createPrinterDevice } from '../../../main/devices/printer-device.js';
import { startKioskQueue } from '../../../main/kiosk-queue.js';
import { createQueue } from '../../../main/queue/create-queue.js';
import type { PaperLog } from '../../../main/queue/types.js';
import { defaultSettings } from '../../../main/settings/schema.js';
import { type Order, order, type Said } from './orders.js';

const [dataFolder = '', host = '', connection = ''] = process.argv.slice(2);
/** A Monday, 11:00 at the lobby, when the test began. */
const opening = Date.UTC(2026, 10, 23, 10) - Number(process.env['LOBBY_STARTED']);
const clock = { ...systemClock, date: () => new Date(opening + Date.now()) };
const say = (said: Said): void => void process.stdout.write(`${JSON.stringify(said)}\n`);

let killAt: string | undefined;
/** The step has been taken: as far as it goes, it is on the disk. */
function at<Value>(step: string, value: Value): Value {
  if (killAt === step) process.kill(process.pid, 'SIGKILL');
  return value;
}

const watched = (papers: PaperLog): PaperLog => ({
  queue: async (ticket) => at('queued', await at('before queued', papers).queue(ticket)),
  sent: async (job) => at('sent', await at('before sent', papers).sent(job)),
  end: async (job, end, trouble) => at('ended', await at('before ended', papers).end(job, end, trouble)),
  settle: (ticket) => papers.settle(ticket),
  unfinished: () => papers.unfinished(),
  unprinted: () => papers.unprinted(),
  lastOf: (ticket) => papers.lastOf(ticket),
});

async function run(): Promise<void> {
  const queue = await createQueue({
    settings: defaultSettings,
    dataFolder,
    storageWorker: join(__dirname, 'storage-worker.cjs'),
    clock,
    onStorage: () => undefined,
  });
  Object.defineProperty(queue, 'papers', { value: watched(queue.papers) });
  const printer = createPrinterDevice({
    launch: nodeLauncher(host),
    printer: {
      connection: printerConnection.parse(JSON.parse(connection)),
      model: 'generic',
      demoAllowed: false,
    },
    log: (change) => {
      if (change.event === 'host-started') say({ kind: 'host', pid: change.pid ?? 0 });
    },
  });
  const status = printer.status.bind(printer);
  Object.defineProperty(printer, 'status', { value: async () => at('asked', await status()) });
  const kioskQueue = await startKioskQueue({
    queue,
    printer,
    placeName: 'Borgerservice',
    sessionOf: () => undefined,
    clock,
    onRecovered: () => undefined,
  });
  const { handlers } = kioskQueue;
  /** Each visitor has a screen of their own: one screen may not take number after number. */
  const visitor = (): Screen => ({
    baseRole: 'visitor',
    role: 'visitor',
    place: 'kiosk',
    window: true,
    send: (name, data) => {
      if (name === 'queue.ticket' && 'print' in data) say({ kind: 'ticket', ...pick(data) });
    },
  });
  const staff: Screen = {
    baseRole: 'guest',
    role: 'staff',
    place: 'desk',
    window: false,
    send: () => undefined,
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    void obey(order.parse(JSON.parse(line)));
  });
  lines.once('close', () => {
    void printer.stop().then(() => kioskQueue.stop());
  });

  async function obey(told: Order): Promise<void> {
    switch (told.kind) {
      case 'take': {
        killAt = told.killAt;
        const taken = await handlers['queue.takeNumber']({ service: 'passport', language: 'da' }, visitor());
        at('taken', undefined);
        if (taken.ok && taken.value.kind === 'ticket') say({ kind: 'ticket', ...pick(taken.value.ticket) });
        return;
      }
      case 'status':
        say({ kind: 'status', status: await status() });
        return;
      case 'reprint': {
        const end = await handlers['desk.reprint']({ ticket: told.ticket }, staff);
        say({ kind: 'reprinted', end: end.ok ? end.value.kind : 'error' });
        return;
      }
      case 'desk': {
        const desk = await handlers['desk.state']({}, staff);
        say({ kind: 'desk', papers: desk.ok ? desk.value.papers : [] });
        return;
      }
    }
  }
  say({ kind: 'started' });
}

function pick({ id, label, print }: VisitorTicket): Omit<Extract<Said, { kind: 'ticket' }>, 'kind'> {
  return { id, label, print };
}

void run();
