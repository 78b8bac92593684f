import { describe, expect, it } from 'vitest';
import { fromHex } from '../../../../../drivers/shared/bytes.js';
import type { CardSession, ReadersState } from '../../../../../drivers/shared/card-readers.js';
import { SimulatedChip } from '../../../../../drivers/simulated/chip/chip.js';
import { DemoReaders, demoReaderName } from '../../../../../drivers/simulated/shared/demo-readers.js';
import type { ChipFault } from '../../../../../drivers/simulated/chip/types.js';
import { ManualClock, settled } from '../../../manual-clock.js';
import { contents, selectApplication } from '../chip/terminal.js';

const atOnce = { commandMs: 0, byteMs: 0 };
const select = fromHex(selectApplication);

function chip(fault: ChipFault = { kind: 'none' }): SimulatedChip {
  return new SimulatedChip(contents(), fault);
}

async function connected(readers: DemoReaders): Promise<CardSession> {
  const session = await readers.connect(demoReaderName);
  if (!session.ok) throw new Error(session.error.kind);
  return session.value;
}

describe('the demo reader', () => {
  it('runs from the start, with nothing on it', async () => {
    const readers = new DemoReaders({ timing: atOnce });
    expect(readers.state).toEqual({
      service: 'running',
      readers: [{ name: 'Demo reader', card: 'absent' }],
    });
    expect(await readers.connect(demoReaderName)).toEqual({ ok: false, error: { kind: 'card-removed' } });
    expect(await readers.connect('Another')).toEqual({ ok: false, error: { kind: 'reader-removed' } });
  });

  it('tells each coming and going, and a replacement as both, until nobody listens', () => {
    const readers = new DemoReaders({ timing: atOnce });
    const seen: (string | undefined)[] = [];
    const stop = readers.subscribe((state: ReadersState) => seen.push(state.readers[0]?.card));
    readers.place(chip());
    readers.place(chip());
    readers.remove();
    readers.remove();
    expect(seen).toEqual(['present', 'absent', 'present', 'absent']);
    stop();
    readers.place(chip());
    expect(seen).toHaveLength(4);
  });

  it('carries commands to the chip; each session starts from a reset', async () => {
    const readers = new DemoReaders({ timing: atOnce });
    readers.place(chip());
    const first = await connected(readers);
    expect(await first.channel.transmit(select)).toEqual({ ok: true, value: fromHex('9000') });
    expect(await first.channel.transmit(fromHex('00B0810000'))).toEqual({ ok: true, value: fromHex('6982') });
    const second = await connected(readers);
    expect(second.readerName).toBe('Demo reader');
    // Back in the master file, where no such file is.
    expect(await second.channel.transmit(fromHex('00B0810000'))).toEqual({
      ok: true,
      value: fromHex('6A82'),
    });
  });

  it('powers the chip down when a session is closed', async () => {
    const readers = new DemoReaders({ timing: atOnce });
    readers.place(chip());
    const session = await connected(readers);
    await session.channel.transmit(select);
    await session.close();
    expect(await session.channel.transmit(fromHex('00B0810000'))).toEqual({
      ok: true,
      value: fromHex('6A82'),
    });
  });

  it('takes about as long as the air does', async () => {
    const clock = new ManualClock();
    const readers = new DemoReaders({ clock, timing: { commandMs: 10, byteMs: 2 } });
    readers.place(chip());
    const { channel } = await connected(readers);
    let answered = false;
    void channel.transmit(select).then(() => (answered = true));
    await clock.pass(13);
    expect(answered).toBe(false);
    await clock.pass(1);
    expect(answered).toBe(true);
  });

  it.each([
    ['the air', { kind: 'none' }],
    ['a slow chip', { kind: 'slow', delayMs: 5000 }],
  ] as const)('answers at once that the card is gone when it is taken away during %s', async (_, fault) => {
    const clock = new ManualClock();
    const readers = new DemoReaders({ clock });
    readers.place(new SimulatedChip(contents(), fault, { clock }));
    const { channel } = await connected(readers);
    const answer = channel.transmit(select);
    await settled();
    expect(clock.pending).toBe(1);
    readers.remove();
    expect(await answer).toEqual({ ok: false, error: { kind: 'card-removed' } });
    expect(clock.pending).toBe(0);
  });

  it('keeps an old session away from the chip that was placed after it', async () => {
    const readers = new DemoReaders({ timing: atOnce });
    readers.place(chip());
    const old = await connected(readers);
    readers.place(chip());
    expect(await old.channel.transmit(select)).toEqual({ ok: false, error: { kind: 'card-removed' } });
    expect(readers.state.readers[0]?.card).toBe('present');
  });

  it('shows a torn card as gone, and reads it after it was placed again', async () => {
    const readers = new DemoReaders({ timing: atOnce });
    const torn = chip({ kind: 'torn', atCommand: 1 });
    readers.place(torn);
    const { channel } = await connected(readers);
    expect((await channel.transmit(select)).ok).toBe(true);
    expect(await channel.transmit(select)).toEqual({ ok: false, error: { kind: 'card-removed' } });
    expect(readers.state.readers[0]?.card).toBe('absent');
    readers.place(torn);
    const again = await connected(readers);
    for (let i = 0; i < 3; i++) expect((await again.channel.transmit(select)).ok).toBe(true);
  });

  it('shows a dead card as lying there, silent at each command', async () => {
    const readers = new DemoReaders({ timing: atOnce });
    readers.place(chip({ kind: 'dead' }));
    const { channel } = await connected(readers);
    expect(await channel.transmit(select)).toEqual({ ok: false, error: { kind: 'card-silent' } });
    expect(readers.state.readers[0]?.card).toBe('present');
  });

  it('ends what runs and tells nobody more once it is closed', async () => {
    const clock = new ManualClock();
    const readers = new DemoReaders({ clock });
    const seen: ReadersState[] = [];
    readers.place(new SimulatedChip(contents()));
    readers.subscribe((state) => seen.push(state));
    const { channel } = await connected(readers);
    const answer = channel.transmit(select);
    await settled();
    await readers.close();
    expect(await answer).toEqual({ ok: false, error: { kind: 'card-removed' } });
    expect([seen.length, clock.pending]).toEqual([0, 0]);
  });
});
