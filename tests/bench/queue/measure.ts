import { LiveQueue } from '../../../main/api/live-queue.js';
import type { Screen } from '../../../main/api/router.js';
import { systemClock } from '../../../main/clock.js';
import type { Desk, Queue } from '../../../main/queue/types.js';
import type { BenchLobby } from './bench-lobby.js';

const services = ['passport', 'mitid', 'other'];
const deadlineMs = 10_000;

/** Check-ins a second, each on the disk before it is answered, by clients that take one number after the other. */
export async function checkInRate(lobby: BenchLobby, clients: number, checkIns: number): Promise<number> {
  const queues = await lobby.clients(clients);
  await lobby.drain();
  let left = checkIns;
  const began = performance.now();
  await Promise.all(
    queues.map(async (queue) => {
      while (left > 0) {
        left--;
        await takeNumber(queue, left);
      }
    }),
  );
  return (checkIns * 1000) / (performance.now() - began);
}

async function takeNumber(queue: Queue, nth: number): Promise<void> {
  const result = await queue.takeNumber({ service: services[nth % services.length] ?? '', language: 'da' });
  if (result.kind !== 'ticket') throw new Error(`no number: ${result.kind}`);
}

/**
 * How long it takes from the touch on "call next" until a board in the lobby is sent the call, ms each. On a server, the
 * board hangs at another kiosk than the one that calls.
 */
export async function callLatencies(lobby: BenchLobby, calls: number): Promise<number[]> {
  const [desks, boards = desks] = await lobby.clients(2);
  if (desks === undefined || boards === undefined) throw new Error('no kiosk');
  await lobby.drain();
  for (let nth = 0; nth < calls; nth++) await takeNumber(desks, nth);

  let shown: (call: { readonly label: string }) => void = () => undefined;
  const board: Screen = {
    baseRole: 'guest',
    place: '192.0.2.1',
    role: 'guest',
    window: false,
    send: (name, data) => {
      const last = name === 'board.state' && 'calls' in data ? data.calls[0] : undefined;
      if (last !== undefined) shown(last);
    },
  };
  const live = new LiveQueue({
    queue: boards,
    printer: { state: { host: 'running', demo: false, status: { kind: 'ready', paperLow: false } } },
    tickets: { refresh: () => Promise.resolve(), closed: () => undefined },
    sessionOf: () => undefined,
    clock: systemClock,
  });
  live.opened(board);
  const desk: Desk = { counter: '1', session: 'bench' };
  const latencies: number[] = [];
  try {
    await desks.openDesk(desk);
    for (let nth = 0; nth < calls; nth++) latencies.push(await oneCall());
    await desks.closeDesk(desk);
  } finally {
    live.stop();
  }
  return latencies;

  async function oneCall(): Promise<number> {
    let label: string | undefined;
    let newest = '';
    let deadline: NodeJS.Timeout | undefined;
    const began = performance.now();
    const seen = new Promise<number>((resolve, reject) => {
      deadline = setTimeout(() => reject(new Error('the board was not told')), deadlineMs);
      const look = (): void => {
        if (label !== undefined && label === newest) resolve(performance.now() - began);
      };
      shown = (call) => {
        newest = call.label;
        look();
      };
      void desks?.callNext(desk).then((result) => {
        if (result.kind !== 'ok' || result.ticket === undefined) reject(new Error(`no call: ${result.kind}`));
        else label = result.ticket.label;
        look();
      }, reject);
    });
    try {
      return await seen;
    } finally {
      clearTimeout(deadline);
    }
  }
}
