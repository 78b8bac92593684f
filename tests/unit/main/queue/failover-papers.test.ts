import { beforeEach, describe, expect, it } from 'vitest';
import { FailoverPapers } from '../../../../main/queue/failover-papers.js';
import type { OutboxEntry } from '../../../../main/queue/outbox.js';
import type { PaperJob, PaperLog } from '../../../../main/queue/types.js';

/** The lobby's database, as far as it knows of papers: nothing while it is away. */
class Lobby implements PaperLog {
  isAway = false;
  jobs: PaperJob[] = [];
  readonly known: (string | undefined)[] = [];
  readonly ended: string[] = [];

  queue(ticket: string, known?: 'may-be-on-paper'): Promise<PaperJob | undefined> {
    if (this.isAway) return Promise.resolve(undefined);
    this.known.push(known);
    const id = `lobby ${this.jobs.length}`;
    const job: PaperJob = { id, ticket, copy: known !== undefined, processId: 'J001', state: 'queued' };
    this.jobs.push(job);
    return Promise.resolve(job);
  }

  sent = (job: string): Promise<boolean> => this.#become(job, 'sent');

  end = (job: string, end: string): Promise<boolean> => {
    if (!this.isAway) this.ended.push(`${job} ${end}`);
    return this.#become(job, 'failed');
  };

  settle = (): Promise<boolean> => Promise.resolve(true);
  unfinished = (): Promise<PaperJob[] | undefined> =>
    Promise.resolve(
      this.isAway ? undefined : this.jobs.filter(({ state }) => state === 'queued' || state === 'sent'),
    );
  unprinted = (): Promise<string[] | undefined> => Promise.resolve(this.isAway ? undefined : ['t', 'u']);
  lastOf = (): Promise<undefined> => Promise.resolve(undefined);

  #become(id: string, state: PaperJob['state']): Promise<boolean> {
    if (this.isAway) return Promise.resolve(false);
    this.jobs = this.jobs.map((job) => (job.id === id ? { ...job, state } : job));
    return Promise.resolve(true);
  }
}

let lobby: Lobby;
let outbox: OutboxEntry[];

function start(own: { readonly first?: readonly string[]; readonly local?: readonly string[] } = {}) {
  return new FailoverPapers({
    lobby,
    ...{ branch: 'b', kiosk: 'kiosk-1', now: () => 0, serviceOf: () => 'passport' },
    isLocal: (ticket) => own.local?.includes(ticket) ?? false,
    isFirst: (ticket) => own.first?.includes(ticket) ?? false,
    isAway: () => Promise.resolve(lobby.isAway),
    keep: (entry) => {
      outbox.push(entry);
      return Promise.resolve(true);
    },
  });
}

beforeEach(() => {
  lobby = new Lobby();
  outbox = [];
});

const papers = (): string[] =>
  outbox.map((entry) => (entry.kind === 'paper' ? `${entry.job.state} ${entry.job.on_paper}` : entry.kind));

describe('papers of a kiosk whose database goes away', () => {
  it.each([
    ['confirmed', true, 'confirmed 1', true],
    ['unknown', true, 'unknown 1', true],
    ['failed', true, 'failed 1', true],
    ['failed', false, 'failed 0', false],
    ['not-started', true, 'failed 0', false],
  ] as const)('that ended as %s (sent: %s) are kept as "%s"', async (end, isSent, kept, copy) => {
    lobby.isAway = true;
    const log = start({ local: ['t'] });
    const job = await log.queue('t');
    expect(job?.copy).toBe(false);
    if (isSent) await log.sent(job!.id);
    expect(await log.end(job!.id, end, 'error')).toBe(true);
    expect(papers().at(-1)).toBe(kept);
    expect(await log.queue('t')).toMatchObject({ copy });
  });

  it('are copies where an earlier run gave the ticket out, and nobody here knows of its paper', async () => {
    lobby.isAway = true;
    expect(await start().queue('t')).toMatchObject({ copy: true });
    expect(await start({ first: ['t'] }).queue('t')).toMatchObject({ copy: false });
  });

  it('are copies also when the database is back and has not been told of the paper before', async () => {
    const log = start({ first: ['t'] });
    const job = await log.queue('t');
    lobby.isAway = true;
    expect(await log.sent(job!.id)).toBe(true);
    expect(await log.end(job!.id, 'unknown', 'silent')).toBe(true);
    lobby.isAway = false;
    expect(await log.queue('t')).toMatchObject({ id: 'lobby 1', copy: true });
    expect(lobby.known).toEqual([undefined, 'may-be-on-paper']);
  });

  it('are found unfinished once the database can tell of all of them, and not before', async () => {
    const earlier = start({ first: ['t'] });
    const job = await earlier.queue('t');
    await earlier.sent(job!.id);
    lobby.isAway = true;
    expect(await start().unfinished()).toBeUndefined();
    expect(await start().unprinted()).toBeUndefined();
    lobby.isAway = false;
    const log = start();
    expect(await log.unfinished()).toMatchObject([{ id: job!.id, state: 'sent' }]);
    expect(await log.end(job!.id, 'unknown', 'error')).toBe(true);
    expect(lobby.ended).toEqual([`${job!.id} unknown`]);
  });

  it('that ended on the disk are not unfinished because the database has not been told', async () => {
    const earlier = start({ first: ['t'] });
    const job = await earlier.queue('t');
    await earlier.sent(job!.id);
    lobby.isAway = true;
    await earlier.end(job!.id, 'confirmed');
    lobby.isAway = false;
    const log = start();
    for (const entry of outbox) if (entry.kind === 'paper') log.restore(entry);
    expect(lobby.jobs).toMatchObject([{ state: 'sent' }]);
    expect(await log.unfinished()).toEqual([]);
    expect(await log.end(job!.id, 'unknown', 'error')).toBe(false);
    expect(lobby.ended).toEqual([]);
    expect(await log.unprinted()).toEqual(['u']);
  });
});
