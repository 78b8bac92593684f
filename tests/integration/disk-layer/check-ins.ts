// A kiosk's check-ins and a desk's calls, on the disk that it is started on. Arguments: data folder, how many numbers,
// how many at once. Writes what it acknowledges to `acknowledged` in that folder, and prints how it went as JSON.
import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../../main/clock.js';
import { createQueue } from '../../../main/queue/create-queue.js';
import { defaultSettings } from '../../../main/settings/schema.js';

const [dataFolder = '', count = '', atOnce = '1'] = process.argv.slice(2);
/** A Monday, 11:00 at the lobby. */
const opening = Date.UTC(2026, 10, 23, 10) - performance.now();
const desk = { counter: '1', session: 'desk' };

async function run(): Promise<void> {
  const queue = await createQueue({
    settings: defaultSettings,
    dataFolder,
    storageWorker: join(__dirname, 'storage-worker.cjs'),
    clock: { ...systemClock, date: () => new Date(opening + performance.now()) },
    onStorage: () => undefined,
  });
  const acknowledged = openSync(join(dataFolder, 'acknowledged'), 'a');
  const acknowledge = (what: string, ticket: string): void =>
    void writeSync(acknowledged, `${what} ${ticket}\n`);
  await queue.openDesk(desk);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  let left = Number(count);
  let given = 0;
  const visitors = async (): Promise<void> => {
    while (left-- > 0) {
      const taken = await queue.takeNumber({ service: 'passport', language: 'da' });
      if (taken.kind !== 'ticket') continue;
      acknowledge('ticket', taken.ticket.id);
      if (++given % 4 !== 0) continue;
      const called = await queue.callNext(desk);
      if (called.kind !== 'ok' || called.ticket === undefined) continue;
      acknowledge('call', called.ticket.id);
      const ended = await queue.finish(desk, 'done');
      if (ended.kind === 'ok') acknowledge('done', called.ticket.id);
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, visitors));
  delay.disable();
  const elapsedMs = performance.now() - started;
  await queue.stop();
  const delayP99Ms = delay.percentile(99) / 1e6;
  process.stdout.write(JSON.stringify({ given, elapsedMs, delayP99Ms, delayMaxMs: delay.max / 1e6 }));
}

void run();
