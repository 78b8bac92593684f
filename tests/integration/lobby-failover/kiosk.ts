// A kiosk of a lobby and a desk beside it: numbers are taken and called, one after the other, for as long as it is let.
// Arguments: the database's address, data folder, kiosk, counter, ms between numbers. Prints what it acknowledges, a line
// of JSON each; ends when its input does. With LOBBY_QUIET nobody comes and nobody is called: what an earlier run left in
// the outbox is told, and that is all.
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock } from '../../../main/clock.js';
import { createQueue } from '../../../main/queue/create-queue.js';
import { settings } from '../../../main/settings/schema.js';

const [url = '', dataFolder = '', kiosk = '', counter = '', pause = '100'] = process.argv.slice(2);
/** A Monday, 11:00 at the lobby; the same for all kiosks. */
const opening = Date.UTC(2026, 10, 23, 10) - Number(process.env['LOBBY_STARTED']);
const clock = { ...systemClock, date: () => new Date(opening + Date.now()) };
const desk = { counter, session: `desk ${counter}` };
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let ending = false;
process.stdin.resume();
const ended = once(process.stdin, 'end').then(() => {
  ending = true;
});

async function visitors(queue: Awaited<ReturnType<typeof createQueue>>): Promise<void> {
  while (!ending) {
    const started = performance.now();
    const taken = await queue.takeNumber({ service: 'passport', language: 'da' });
    const ms = Math.round(performance.now() - started);
    if (taken.kind === 'ticket') say({ kind: 'taken', id: taken.ticket.id, label: taken.ticket.label, ms });
    else say({ kind: 'not-taken', why: taken.kind, ms });
    await wait(Number(pause));
  }
}

async function calls(queue: Awaited<ReturnType<typeof createQueue>>): Promise<void> {
  while (!ending) {
    await queue.openDesk(desk);
    const called = await queue.callNext(desk);
    if (called.kind === 'ok' && called.ticket !== undefined) {
      say({ kind: 'called', id: called.ticket.id, label: called.ticket.label });
      await queue.serve(desk);
      await queue.finish(desk, 'done');
    }
    await wait(Number(pause) / 2);
  }
}

async function run(): Promise<void> {
  const queue = await createQueue({
    settings: settings.parse({
      storage: { url, kiosk },
      queue: {
        series: [
          { id: 'a', prefix: 'A', first: 1, last: 9999, leased: { first: 10_000, last: 99_999, block: 200 } },
        ],
        services: [{ id: 'passport', names: { da: 'Pas', en: 'Passport' }, series: 'a' }],
      },
    }),
    dataFolder,
    storageWorker: join(__dirname, 'storage-worker.cjs'),
    clock,
    onStorage: () => undefined,
  });
  say({ kind: 'started' });
  if (process.env['LOBBY_QUIET'] === undefined) await Promise.all([visitors(queue), calls(queue)]);
  else await ended;
  await queue.stop();
}

void run();
