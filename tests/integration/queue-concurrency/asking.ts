import { existsSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Queue } from '../../../main/queue/types.js';

const desk = z.object({ counter: z.string(), session: z.string() });

/** What a kiosk's visitors and desks ask of the queue. */
const request = z.discriminatedUnion('what', [
  z.object({ what: z.literal('take'), service: z.string() }),
  z.object({ what: z.literal('open'), desk }),
  z.object({ what: z.literal('call'), desk }),
  z.object({ what: z.literal('serve'), desk }),
  z.object({ what: z.literal('done'), desk }),
]);
export type Request = z.infer<typeof request>;

/** The queue's own kinds; `lost`: the connection ended before the answer, nobody knows what was done. */
const answer = z.object({
  kind: z.string(),
  ticket: z.object({ id: z.string(), label: z.string() }).optional(),
});
export type Answer = z.infer<typeof answer>;

export type Ask = (request: Request) => Promise<Answer>;

/** The queue, asked by the process that opened it. */
export function askIn(queue: Queue): Ask {
  return async (asked) => {
    switch (asked.what) {
      case 'take':
        return queue.takeNumber({ service: asked.service, language: 'da' });
      case 'open':
        return queue.openDesk(asked.desk);
      case 'call':
        return queue.callNext(asked.desk);
      case 'serve':
        return queue.serve(asked.desk);
      case 'done':
        return queue.finish(asked.desk, 'done');
    }
  };
}

function lines(input: Readable, line: (line: string) => void): void {
  // A connection that ends in the middle is seen by its being closed.
  createInterface({ input })
    .on('line', line)
    .on('error', () => undefined);
}

/** Lets other processes ask, over a socket of the file system: one line of JSON each way. */
export async function serveAsking(path: string, ask: Ask): Promise<Server> {
  // Left by an owner that was killed.
  if (existsSync(path)) unlinkSync(path);
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    lines(socket, (line) => {
      void ask(request.parse(JSON.parse(line))).then(({ kind, ...rest }) => {
        const said: Answer = answer.parse({ kind, ...rest });
        if (socket.writable) socket.write(`${JSON.stringify(said)}\n`);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return server;
}

/** Asks the queue's owner, one thing at a time, and the next owner once that one is gone. */
export function askOver(path: string): Ask {
  let socket: Socket | undefined;
  let answered: (answer: Answer) => void = () => undefined;
  const open = async (): Promise<Socket> => {
    const opened = await reached(path);
    opened.on('close', () => {
      if (socket === opened) socket = undefined;
      answered({ kind: 'lost' });
    });
    lines(opened, (line) => answered(answer.parse(JSON.parse(line))));
    return opened;
  };
  return async (asked) => {
    if (socket?.destroyed !== false) socket = await open();
    const to = socket;
    return new Promise((resolve) => {
      answered = resolve;
      if (to.destroyed) resolve({ kind: 'lost' });
      else to.write(`${JSON.stringify(asked)}\n`);
    });
  };
}

const retryMs = 20;
/** An owner is back by then, on a busy computer too. */
const reachedMs = 60_000;

async function reached(path: string): Promise<Socket> {
  const until = performance.now() + reachedMs;
  for (;;) {
    const socket = connect(path);
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('close', () => resolve(false));
      socket.on('error', () => socket.destroy());
    });
    if (isOpen) return socket;
    if (performance.now() > until) throw new Error('nobody owns the queue');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}
