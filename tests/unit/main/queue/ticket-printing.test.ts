import { describe, expect, it } from 'vitest';
import type { PrinterStatus } from '../../../../drivers/printer/types.js';
import type { PrintEnd } from '../../../../main/devices/types.js';
import { TicketPrinting } from '../../../../main/queue/ticket-printing.js';
import type { PaperJob, PaperLog } from '../../../../main/queue/types.js';
import { ManualClock } from '../../manual-clock.js';

const ready: PrinterStatus = { kind: 'ready', paperLow: false };
const content = (copy: boolean) =>
  Promise.resolve({
    language: 'da',
    direction: 'ltr' as const,
    place: 'Borgerservice',
    title: 'Dit nummer er',
    number: 'A042',
    lines: [],
    notes: [],
    ...(copy ? { copyMark: 'KOPI' } : {}),
  });

/** A log of steps and a printer, which write down in what order they were asked. */
class Bench {
  readonly order: string[] = [];
  jobs: PaperJob[] = [];
  status: PrinterStatus = ready;
  end: PrintEnd = { kind: 'printed' };
  readonly refused = new Set<string>();
  readonly printed: string[] = [];
  unprinted: string[] = [];
  readonly clock = new ManualClock();
  readonly recovered: number[] = [];

  readonly printing: TicketPrinting;

  constructor() {
    const papers: PaperLog = {
      queue: (ticket) => {
        if (!this.#step('queue')) return Promise.resolve(undefined);
        const copy = this.jobs.some((job) => job.ticket === ticket && this.#onPaper.has(job.id));
        const job: PaperJob = {
          id: String(this.jobs.length),
          ticket,
          copy,
          processId: 'J001',
          state: 'queued',
        };
        this.jobs.push(job);
        return Promise.resolve(job);
      },
      sent: (id) => Promise.resolve(this.#step('sent') && this.#become(id, 'sent')),
      end: (id, end, trouble) =>
        Promise.resolve(
          this.#step('end') &&
            this.#step(`end ${end} ${trouble ?? ''}`.trim()) &&
            this.#become(id, end === 'not-started' ? 'failed' : end) &&
            (end !== 'not-started' || this.#onPaper.delete(id) || true),
        ),
      settle: () => Promise.resolve(true),
      unfinished: () =>
        Promise.resolve(
          this.refused.has('unfinished')
            ? undefined
            : this.jobs.filter(({ state }) => state === 'queued' || state === 'sent'),
        ),
      unprinted: () => Promise.resolve(this.unprinted),
      lastOf: () => Promise.resolve(this.jobs[this.jobs.length - 1]),
    };
    this.printing = new TicketPrinting({
      papers,
      clock: this.clock,
      onRecovered: (count) => this.recovered.push(count),
      printer: {
        status: () => {
          this.order.push('status');
          return Promise.resolve(this.status);
        },
        print: ({ content: { copyMark, number } }) => {
          this.order.push('print');
          this.printed.push(`${number} ${copyMark ?? ''}`.trim());
          return Promise.resolve(this.end);
        },
      },
    });
  }

  readonly #onPaper = new Set<string>();

  #step(name: string): boolean {
    if (name !== 'end') this.order.push(name);
    return !this.refused.has(name);
  }

  #become(id: string, state: PaperJob['state']): boolean {
    if (state === 'sent') this.#onPaper.add(id);
    this.jobs = this.jobs.map((job) => (job.id === id ? { ...job, state } : job));
    return true;
  }
}

describe('the print guarantee', () => {
  it('asks the printer, then commits the job, then that it is sent, and only then sends a byte', async () => {
    const bench = new Bench();
    expect(await bench.printing.print('t', content)).toEqual({ kind: 'printed' });
    expect(bench.order).toEqual(['status', 'queue', 'sent', 'print', 'end confirmed']);
  });

  it.each(['paper-out', 'cover-open', 'offline', 'silent', 'not-connected'] as const)(
    'sends nothing to a printer that is not ready (%s), and staff find the failed paper',
    async (fault) => {
      const bench = new Bench();
      bench.status = { kind: 'fault', fault };
      expect(await bench.printing.print('t', content)).toEqual({ kind: 'not-printed', why: fault });
      expect(bench.order).toEqual(['status', 'queue', `end not-started ${fault}`]);
    },
  );

  it('has no failed paper where there is no printer', async () => {
    const bench = new Bench();
    bench.status = { kind: 'fault', fault: 'no-printer' };
    expect(await bench.printing.print('t', content)).toEqual({ kind: 'not-printed', why: 'no-printer' });
    expect(bench.order).toEqual(['status']);
  });

  it.each(['queue', 'sent'])('sends nothing while "%s" cannot be committed', async (step) => {
    const bench = new Bench();
    bench.refused.add(step);
    expect(await bench.printing.print('t', content)).toEqual({ kind: 'not-printed', why: 'error' });
    expect(bench.order).not.toContain('print');
  });

  it.each([
    [{ kind: 'printed' }, { kind: 'printed' }, 'confirmed'],
    [{ kind: 'not-started', fault: 'cover-open' }, { kind: 'not-printed', why: 'cover-open' }, 'failed'],
    [{ kind: 'stopped', fault: 'paper-out' }, { kind: 'not-printed', why: 'paper-out' }, 'failed'],
    [{ kind: 'unknown', fault: 'silent' }, { kind: 'unknown' }, 'unknown'],
    [{ kind: 'host-lost' }, { kind: 'unknown' }, 'unknown'],
  ] as const)('ends %o as %o, %s on the disk', async (end, shown, state) => {
    const bench = new Bench();
    bench.end = end;
    expect(await bench.printing.print('t', content)).toEqual(shown);
    expect(bench.jobs).toMatchObject([{ state }]);
  });

  it('marks what may be on paper already', async () => {
    const bench = new Bench();
    bench.end = { kind: 'unknown', fault: 'silent' };
    await bench.printing.print('t', content);
    bench.end = { kind: 'printed' };
    await bench.printing.print('t', content);
    expect(bench.printed).toEqual(['A042', 'A042 KOPI']);
  });

  it.each([
    [{ kind: 'not-started', fault: 'cover-open' }, 'A042'],
    [{ kind: 'stopped', fault: 'paper-out' }, 'A042 KOPI'],
    [{ kind: 'host-lost' }, 'A042 KOPI'],
  ] as const)('after %o prints it as "%s"', async (end, second) => {
    const bench = new Bench();
    bench.end = end;
    await bench.printing.print('t', content);
    await bench.printing.print('t', content);
    expect(bench.printed[1]).toBe(second);
  });

  it('prints one ticket after the other, also when one of them fails by a bug', async () => {
    const bench = new Bench();
    const bug = bench.printing.print('a', () => Promise.reject(new Error('bug')));
    const next = bench.printing.print('b', content);
    await expect(bug).rejects.toThrow('bug');
    expect(await next).toEqual({ kind: 'printed' });
    expect(bench.order.filter((step) => step === 'status')).toHaveLength(2);
  });

  it('takes after a crash a queued job for failed and a sent one for unknown', async () => {
    const bench = new Bench();
    bench.jobs = [
      { id: '0', ticket: 'a', copy: false, processId: 'J001', state: 'queued' },
      { id: '1', ticket: 'b', copy: false, processId: 'J002', state: 'sent' },
      { id: '2', ticket: 'c', copy: false, processId: 'J003', state: 'confirmed' },
    ];
    await bench.printing.recover();
    expect(bench.recovered).toEqual([2]);
    expect(bench.jobs.map(({ state }) => state)).toEqual(['failed', 'unknown', 'confirmed']);
    expect(bench.clock.pending).toBe(0);
  });

  it.each([
    [ready, ['failed', 'failed']],
    [{ kind: 'fault', fault: 'no-printer' } as const, []],
  ])(
    'has a failed paper for each ticket whose printing a crash kept from beginning (%o)',
    async (status, states) => {
      const bench = new Bench();
      bench.status = status;
      bench.unprinted = ['a', 'b'];
      await bench.printing.recover();
      expect(bench.jobs.map(({ state }) => state)).toEqual(states);
      await bench.printing.recover();
      expect(bench.jobs).toHaveLength(states.length);
    },
  );

  it('finds what a crash left as soon as the database is there, and does not touch what is printed meanwhile', async () => {
    const bench = new Bench();
    bench.jobs = [{ id: '0', ticket: 'a', copy: false, processId: 'J001', state: 'sent' }];
    bench.refused.add('unfinished');
    await bench.printing.recover();
    await bench.clock.pass(5000);
    expect(bench.jobs).toMatchObject([{ state: 'sent' }]);
    bench.refused.clear();
    const printed = bench.printing.print('b', content);
    await bench.clock.pass(5000);
    expect(await printed).toEqual({ kind: 'printed' });
    expect(bench.jobs.map(({ state }) => state)).toEqual(['unknown', 'confirmed']);
    expect(bench.recovered).toEqual([1]);
    await bench.clock.pass(60_000);
    expect(bench.recovered).toEqual([1]);
  });

  it.each([
    [{ kind: 'printed' }, 'confirmed'],
    [{ kind: 'stopped', fault: 'paper-out' }, 'failed'],
    [{ kind: 'unknown', fault: 'silent' }, 'unknown'],
  ] as const)('tells the database how %o ended once it takes it', async (end, state) => {
    const bench = new Bench();
    bench.end = end;
    bench.refused.add('end');
    await bench.printing.print('t', content);
    await bench.clock.pass(5000);
    expect(bench.jobs).toMatchObject([{ state: 'sent' }]);
    bench.refused.clear();
    await bench.clock.pass(5000);
    expect(bench.jobs).toMatchObject([{ state }]);
    expect(bench.clock.pending).toBe(0);
  });

  it('leaves no timer behind when it stops', async () => {
    const bench = new Bench();
    bench.refused.add('unfinished');
    await bench.printing.recover();
    await bench.printing.stop();
    expect(bench.clock.pending).toBe(0);
  });
});
