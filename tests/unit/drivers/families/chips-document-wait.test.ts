import { describe, expect, it } from 'vitest';
import { waitForDocument } from '../../../../drivers/families/chips/document-wait.js';
import type { ChipsSnapshot } from '../../../../drivers/protocol.js';
import type { ReadersState } from '../../../../drivers/shared/card-readers.js';
import { ManualClock } from '../../manual-clock.js';
import { absent, FakeReaders, noReaders, running } from './fake-readers.js';

function wait(
  initially: ReadersState,
  { waitMs = 60_000, reader }: { waitMs?: number; reader?: string } = {},
) {
  const clock = new ManualClock();
  const readers = new FakeReaders();
  readers.become(initially);
  const abort = new AbortController();
  const source = {
    get state(): ChipsSnapshot {
      return { service: readers.state.service, demo: false, readers: [...readers.state.readers] };
    },
    subscribe: (listener: () => void) => readers.subscribe(listener),
  };
  const lost = new AbortController();
  const found = waitForDocument(source, {
    fits: (name) => reader === undefined || name.startsWith(reader),
    waitMs,
    signal: abort.signal,
    lost: lost.signal,
    clock,
  });
  return { clock, readers, abort, lost, found };
}

describe('waiting for a document', () => {
  it('takes one that lies there already', async () => {
    const { clock, found } = wait(running({ A: 'absent', B: 'present' }), { waitMs: 0 });
    expect(await found).toEqual({ ok: true, value: 'B' });
    expect(clock.pending).toBe(0);
  });

  it('takes one that comes', async () => {
    const { clock, readers, found } = wait(running({ A: 'absent' }));
    await clock.pass(30_000);
    readers.become(running({ A: 'present' }));
    expect(await found).toEqual({ ok: true, value: 'A' });
    expect(clock.pending).toBe(0);
  });

  it('looks at the reader that was named only', async () => {
    const { readers, found } = wait(running({ 'ACME 00': 'present', 'Other 00': 'absent' }), {
      reader: 'Other',
    });
    readers.become(running({ 'ACME 00': 'present', 'Other 00': 'present' }));
    expect(await found).toEqual({ ok: true, value: 'Other 00' });
  });

  it('says so when what lies there stays silent for four seconds', async () => {
    const { clock, readers, found } = wait(running({ A: 'absent' }));
    await clock.pass(10_000);
    readers.become(running({ A: 'silent' }));
    let ended = false;
    void found.then(() => (ended = true));
    await clock.pass(3999);
    expect(ended).toBe(false);
    await clock.pass(1);
    expect(await found).toEqual({ ok: false, error: { kind: 'card-silent' } });
    expect(clock.pending).toBe(0);
  });

  it('takes a document that is silent only until it lies still', async () => {
    const { clock, readers, found } = wait(running({ A: 'silent' }));
    await clock.pass(3000);
    readers.become(running({ A: 'present' }));
    expect(await found).toEqual({ ok: true, value: 'A' });
    expect(clock.pending).toBe(0);
  });

  it('gives a document that is lifted and put down again its time anew', async () => {
    const { clock, readers, found } = wait(running({ A: 'silent' }));
    await clock.pass(3000);
    readers.become(running({ A: 'absent' }));
    readers.become(running({ A: 'silent' }));
    await clock.pass(3000);
    readers.become(running({ A: 'present' }));
    expect(await found).toEqual({ ok: true, value: 'A' });
  });

  it('says at once that what lies there is silent when nobody wants to wait', async () => {
    const { clock, found } = wait(running({ A: 'silent' }), { waitMs: 0 });
    await clock.pass(0);
    expect(await found).toEqual({ ok: false, error: { kind: 'card-silent' } });
  });

  it('takes a document that answers rather than one that is silent', async () => {
    const { found } = wait(running({ A: 'silent', B: 'present' }));
    expect(await found).toEqual({ ok: true, value: 'B' });
  });

  it('ends at once when the service is lost for good', async () => {
    const { clock, lost, found } = wait(running({ A: 'absent' }));
    lost.abort();
    expect(await found).toEqual({ ok: false, error: { kind: 'service-unavailable' } });
    expect(clock.pending).toBe(0);
  });

  it('ends without a document when the time is over', async () => {
    const { clock, found } = wait(running({ A: 'absent' }), { waitMs: 60_000 });
    await clock.pass(60_000);
    expect(await found).toEqual({ ok: false, error: { kind: 'no-card' } });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['no reader', noReaders, 'no-reader'],
    ['no such reader', running({ Other: 'present' }), 'no-reader'],
    ['no service', absent, 'service-unavailable'],
  ] as const)('tells of %s after three seconds, not at the end', async (_what, state, kind) => {
    const { clock, found } = wait(state, { reader: 'ACME' });
    await clock.pass(3000);
    expect(await found).toEqual({ ok: false, error: { kind } });
    expect(clock.pending).toBe(0);
  });

  it('tells of no reader at once when nobody wants to wait', async () => {
    const { clock, found } = wait(noReaders, { waitMs: 0 });
    await clock.pass(0);
    expect(await found).toEqual({ ok: false, error: { kind: 'no-reader' } });
  });

  it('gives a service that is just starting its time', async () => {
    const { clock, readers, found } = wait({ service: 'starting', readers: [] }, { waitMs: 0 });
    await clock.pass(1000);
    readers.become(running({ A: 'present' }));
    expect(await found).toEqual({ ok: true, value: 'A' });
  });

  it('goes on when a reader is plugged in again in time', async () => {
    const { clock, readers, found } = wait(running({ A: 'absent' }));
    readers.become(noReaders);
    await clock.pass(2000);
    readers.become(running({ A: 'absent' }));
    await clock.pass(10_000);
    readers.become(running({ A: 'present' }));
    expect(await found).toEqual({ ok: true, value: 'A' });
  });

  it('ends when it is cancelled', async () => {
    const { clock, abort, found } = wait(running({ A: 'absent' }));
    abort.abort();
    expect(await found).toEqual({ ok: false, error: { kind: 'cancelled' } });
    expect(clock.pending).toBe(0);
  });
});
