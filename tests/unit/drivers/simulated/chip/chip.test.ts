import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import { openChannel } from '../../../../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../../../../drivers/simulated/chip/chip.js';
import type { ChipFault } from '../../../../../drivers/simulated/chip/types.js';
import { ManualClock, settled } from '../../../manual-clock.js';
import { seededNumbers, seededRandom } from '../../emrtd/scripted-chip.js';
import { chipWith, contents, exchange, openTerminal, selectApplication } from './terminal.js';

const faulty = (fault: ChipFault, clock = new ManualClock()) =>
  new SimulatedChip(contents(), fault, { clock });

describe('answer to reset', () => {
  it('is that of a contactless card, PC/SC part 3, and tells whether the chip takes extended length', () => {
    // TCK is the exclusive or of all bytes from T0 on.
    expect(toHex(chipWith({ extendedLength: true }).atr)).toBe('3B85800180739421C082');
    expect(toHex(chipWith().atr)).toBe('3B8580018073942180C2');
  });
});

describe('faults', () => {
  it('dead: answers nothing', async () => {
    expect(await exchange(faulty({ kind: 'dead' }), selectApplication)).toBe('silent');
    const answer = await openChannel(faulty({ kind: 'dead' })).transmit(fromHex(selectApplication));
    expect(answer).toEqual({ ok: false, error: { kind: 'card-silent' } });
  });

  it('slow: answers after its delay, and not before', async () => {
    const clock = new ManualClock();
    const chip = faulty({ kind: 'slow', delayMs: 700 }, clock);
    let answer = '';
    void exchange(chip, selectApplication).then((given) => (answer = given));
    await clock.pass(699);
    expect(answer).toBe('');
    await clock.pass(1);
    expect(answer).toBe('9000');
  });

  it('slow: leaves no timer behind when it is taken away', async () => {
    const clock = new ManualClock();
    const removal = new AbortController();
    const answered = faulty({ kind: 'slow', delayMs: 700 }, clock).transmit(
      fromHex(selectApplication),
      removal.signal,
    );
    await settled();
    expect(clock.pending).toBe(1);
    removal.abort();
    await answered;
    expect(clock.pending).toBe(0);
  });

  it('torn: gone during that command, still gone after a reset, whole again once placed anew', async () => {
    const chip = faulty({ kind: 'torn', atCommand: 2 });
    chip.place();
    expect(await exchange(chip, selectApplication)).toBe('9000');
    chip.reset();
    expect(await exchange(chip, selectApplication)).toBe('9000');
    expect(await exchange(chip, selectApplication)).toBe('removed');
    chip.reset();
    expect(await exchange(chip, selectApplication)).toBe('removed');
    chip.place();
    for (let i = 0; i < 4; i++) expect(await exchange(chip, selectApplication)).toBe('9000');
  });

  it('torn during the very first command', async () => {
    const answer = await openChannel(faulty({ kind: 'torn', atCommand: 0 })).transmit(fromHex('00B09C0000'));
    expect(answer).toEqual({ ok: false, error: { kind: 'card-removed' } });
  });

  it('another kind of card: knows SELECT, but neither the application nor its files', async () => {
    const chip = faulty({ kind: 'not-a-passport' });
    expect(toHex(chip.atr)).toBe('3B80800101');
    expect(await exchange(chip, selectApplication)).toBe('6A82');
    expect(await exchange(chip, '00B09C0000')).toBe('6D00');
    expect(await exchange(chip, '0CB09C0000')).toBe('6E00');
    expect(await exchange(chip, '00')).toBe('6700');
  });
});

describe('any bytes at all', () => {
  const interesting = [
    0x00, 0x0c, 0x10, 0x22, 0x82, 0x84, 0x86, 0xa4, 0xb0, 0xb1, 0x7c, 0x87, 0x8e, 0x97, 0xff,
  ];

  it('get an answer with a status word', async () => {
    const next = seededNumbers(7);
    const below = (limit: number) => Math.floor(next() * limit);
    const byte = () => (next() < 0.6 ? interesting[below(interesting.length)]! : below(256));
    const pace = [{ parameterId: 12, cipher: 'aes-128' }] as const;
    const chip = chipWith({ pace, extendedLength: true });
    for (let i = 0; i < 20_000; i++) {
      const answer = await chip.transmit(Uint8Array.from({ length: below(next() < 0.1 ? 400 : 24) }, byte));
      if (answer.kind !== 'response') throw new Error(answer.kind);
      expect(answer.bytes.length).toBeGreaterThanOrEqual(2);
      if (below(200) === 0) chip.reset();
    }
  });

  it('in place of a bit of a protected command end the session without a data group', async () => {
    const next = seededNumbers(8);
    const below = (limit: number) => Math.floor(next() * limit);
    for (let i = 0; i < 300; i++) {
      const terminal = await openTerminal(contents(), 'bac');
      const answer = await terminal.sendChanged({ p1: 0x81, le: 256 }, (bytes) => {
        const changed = bytes.slice();
        // Anything but the trailing length, which secure messaging does not protect.
        const at = below(bytes.length - 1);
        changed[at] = (changed[at] ?? 0) ^ (1 << below(8));
        return changed;
      });
      expect(answer).toMatch(/^6[0-9A-F]{3}$/);
    }
  });

  it('in the place of PACE data objects get a refusal', async () => {
    const chip = new SimulatedChip(
      contents({ pace: [{ parameterId: 12, cipher: 'aes-128' }] }),
      { kind: 'none' },
      { random: seededRandom(3) },
    );
    const bytes = seededRandom(4);
    for (let i = 0; i < 500; i++) {
      await exchange(chip, '0022C1A40F800A04007F00070202040202830101');
      await exchange(chip, '10860000027C0000');
      const garbage = toHex(bytes(1 + (i % 60)));
      const length = (garbage.length / 2).toString(16).padStart(2, '0');
      expect(await exchange(chip, `10860000${length}${garbage}00`)).toMatch(/^6[0-9A-F]{3}$/);
    }
  });
});
