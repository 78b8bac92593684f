// One process of a lobby. Its argument is a `Member` as JSON. Prints what was acknowledged to it, a line of JSON each;
// ends when its input does: an owner at once, a kiosk when nobody waits any longer.
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock } from '../../../main/clock.js';
import { createQueue } from '../../../main/queue/create-queue.js';
import type { Queue } from '../../../main/queue/types.js';
import { settings } from '../../../main/settings/schema.js';
import { askIn, askOver, serveAsking, type Ask } from './asking.js';
import { counters, type Said, member, opening } from './member-types.js';

const self = member.parse(JSON.parse(process.argv[2] ?? ''));
const services = ['passport', 'licence', 'mitid'];
const pauseMs = 20;
const say = (line: Said): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let ending = false;
process.stdin.resume();
const ended = once(process.stdin, 'end').then(() => {
  ending = true;
});

function openQueue(): Promise<Queue> {
  const { url, kiosk, dataFolder, started } = self;
  const begun = opening - started;
  return createQueue({
    settings: settings.parse({
      storage: { kiosk, ...(url === undefined ? {} : { url }) },
      queue: {
        series: ['a', 'b'].map((id) => ({
          ...{ id, prefix: id.toUpperCase(), first: 1, last: 9999 },
          leased: { first: 10_000, last: 99_999, block: 100 },
        })),
        services: [
          { id: 'passport', names: { da: 'Pas', en: 'Passport' }, series: 'a' },
          { id: 'licence', names: { da: 'Kørekort', en: 'Driving licence' }, series: 'a' },
          { id: 'mitid', names: { da: 'MitID', en: 'MitID' }, series: 'b' },
        ],
        counters: counters.map((id) => ({ id, names: { da: `Skranke ${id}`, en: `Counter ${id}` } })),
      },
    }),
    dataFolder,
    storageWorker: join(__dirname, 'storage-worker.cjs'),
    clock: { ...systemClock, date: () => new Date(begun + Date.now()) },
    onStorage: () => undefined,
  });
}

async function visitors(ask: Ask): Promise<void> {
  for (let taken = 0; taken < self.checkIns && !ending;) {
    const began = performance.now();
    const answer = await ask({ what: 'take', service: services[taken % services.length] ?? '' });
    if (answer.kind === 'ticket' && answer.ticket !== undefined) {
      say({ kind: 'taken', ...answer.ticket, ms: performance.now() - began });
      taken++;
    } else {
      say({ kind: 'trouble', asked: 'take', answer: answer.kind });
      await wait(pauseMs);
    }
  }
}

async function calls(ask: Ask): Promise<void> {
  const desk = { counter: self.counter, session: `desk ${self.counter}` };
  const tried = async (what: 'open' | 'serve' | 'done'): Promise<boolean> => {
    const { kind } = await ask({ what, desk });
    if (kind !== 'ok') say({ kind: 'trouble', asked: what, answer: kind });
    return kind === 'ok';
  };
  while (!(await tried('open'))) await wait(pauseMs);
  for (;;) {
    const { kind, ticket } = await ask({ what: 'call', desk });
    if (kind === 'ok' && ticket !== undefined) {
      say({ kind: 'called', ...ticket, counter: desk.counter });
      if ((await tried('serve')) && (await tried('done'))) say({ kind: 'done', ...ticket });
    } else if (kind === 'nobody-waiting') {
      if (ending) return;
      await wait(pauseMs);
    } else {
      say({ kind: 'trouble', asked: 'call', answer: kind });
      await wait(pauseMs);
      await tried('open');
    }
  }
}

async function run(): Promise<void> {
  switch (self.role) {
    case 'owner': {
      const queue = await openQueue();
      const server = await serveAsking(self.socket ?? '', askIn(queue));
      await ended;
      server.close();
      await queue.stop();
      return;
    }
    case 'client': {
      // A screen and a desk, each with a connection of its own.
      await Promise.all([visitors(askOver(self.socket ?? '')), calls(askOver(self.socket ?? ''))]);
      process.exit();
      return;
    }
    case 'kiosk': {
      const queue = await openQueue();
      await Promise.all([visitors(askIn(queue)), calls(askIn(queue))]);
      await queue.stop();
    }
  }
}

void run();
