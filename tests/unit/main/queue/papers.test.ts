import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PaperEnd } from '../../../../main/queue/types.js';
import { buildStorageWorker } from '../../storage-worker.js';
import { type LobbyBench, openLobby } from './lobby-bench.js';

let worker: Awaited<ReturnType<typeof buildStorageWorker>>;
let bench: LobbyBench;

beforeAll(async () => {
  worker = await buildStorageWorker();
});
afterAll(() => worker.remove());
beforeEach(() => {
  bench = openLobby({ worker: worker.path });
});
afterEach(() => bench.close());

async function take(queue = bench.queue): Promise<string> {
  const taken = await queue.takeNumber({ service: 'passport', language: 'da' });
  if (taken.kind !== 'ticket') throw new Error(taken.kind);
  return taken.ticket.id;
}

/** One printing of the ticket, as far as it comes. */
async function print(ticket: string, end?: PaperEnd, isSent = true): Promise<void> {
  const { papers } = bench.queue;
  const job = await papers.queue(ticket);
  if (isSent) expect(await papers.sent(job!.id)).toBe(true);
  if (end !== undefined) expect(await papers.end(job!.id, end, 'error')).toBe(true);
}

describe('a ticket that is printed once more', () => {
  it.each([
    ['was confirmed', 'confirmed', true, true],
    ['is unknown', 'unknown', true, true],
    ['failed after it was sent', 'failed', true, true],
    ['is still under way', undefined, true, true],
    ['failed before it was sent', 'failed', false, false],
    ['was sent, and the printer got not one byte of it', 'not-started', true, false],
    ['is left queued', undefined, false, false],
  ] as const)('when the paper before %s (%s)', async (_what, end, isSent, copy) => {
    const ticket = await take();
    await print(ticket, end, isSent);
    expect(await bench.queue.papers.queue(ticket)).toMatchObject({ copy });
  });

  it('is a copy also where staff have seen to the paper before, unless nothing of it came out', async () => {
    const [unknown, nothing] = [await take(), await take()];
    await print(unknown, 'unknown');
    await print(nothing, 'not-started');
    for (const ticket of [unknown, nothing]) expect(await bench.queue.papers.settle(ticket)).toBe(true);
    expect(await bench.queue.papers.queue(unknown)).toMatchObject({ copy: true });
    expect(await bench.queue.papers.queue(nothing)).toMatchObject({ copy: false });
  });

  it('is a copy where who asks knows that it may be', async () => {
    expect(await bench.queue.papers.queue(await take(), 'may-be-on-paper')).toMatchObject({ copy: true });
  });

  it('is a copy at another kiosk, and then at its own: either may have printed what it could not tell', async () => {
    const other = bench.another('kiosk-2');
    const ticket = await take();
    expect(await other.papers.queue(ticket)).toMatchObject({ copy: true });
    expect(await bench.queue.papers.queue(ticket)).toMatchObject({ copy: true });
  });
});

describe('what an earlier run of a kiosk left behind', () => {
  it('are its own printings that have no end, and its tickets without any', async () => {
    const [queued, sent, ended, none, called] = [
      await take(),
      await take(),
      await take(),
      await take(),
      await take(),
    ];
    await print(queued, undefined, false);
    await print(sent);
    await print(ended, 'confirmed');
    const desk = { counter: '1', session: 's1' };
    await bench.queue.openDesk(desk);
    const labels = (await bench.queue.deskState(undefined)).waiting;
    await bench.queue.call(desk, labels.find(({ id }) => id === called)!.label);
    await bench.queue.serve(desk);

    expect(await bench.queue.papers.unprinted()).toEqual([]);
    bench.clock.minutes(1);
    const next = bench.another('kiosk-1');
    const later = await take(next);
    expect((await next.papers.unfinished())?.map(({ ticket, state }) => [ticket, state])).toEqual([
      [queued, 'queued'],
      [sent, 'sent'],
    ]);
    expect(await next.papers.unprinted()).toEqual([none]);
    expect(later).not.toBe(none);

    const another = bench.another('kiosk-2');
    expect(await another.papers.unfinished()).toEqual([]);
    expect(await another.papers.unprinted()).toEqual([]);
  });
});
