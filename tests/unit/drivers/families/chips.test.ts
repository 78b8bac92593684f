import { describe, expect, it } from 'vitest';
import { createChipsFamily } from '../../../../drivers/families/chips/family.js';
import type { CheckRequest } from '../../../../drivers/emrtd/types.js';
import type { CardChannel } from '../../../../drivers/shared/card-channel.js';
import { openChannel } from '../../../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../../../drivers/simulated/chip/chip.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { contents, interfere, key } from '../emrtd/document.js';
import { FakeReaders, noReaders, running } from './fake-readers.js';

const document = contents({ extendedLength: true });
const request: CheckRequest = { id: 'check-1', key, access: 'auto', waitForDocumentMs: 10_000 };

function channel(extendedLength = true): CardChannel {
  return openChannel(new SimulatedChip(document), { extendedLength });
}

/** A chip whose command number `at` is a moment for `then`; an answer follows. */
function interrupted(at: number, then: () => void): CardChannel {
  return interfere(channel(), async ({ index, answer }) => {
    if (index === at) then();
    return answer();
  });
}

/** A card that knows none of the applications and files it is asked for. */
function otherCard(): CardChannel {
  return interfere(channel(), () => Promise.resolve(Uint8Array.of(0x6a, 0x82)));
}

function open() {
  const clock = new ManualClock();
  const pcsc = new FakeReaders();
  const events: { name: string; data: unknown }[] = [];
  let left = false;
  /** Notes when a check has answered, and when the host has left. */
  const order = Object.assign(
    <Value>(answer: Promise<Value>): Promise<Value> => {
      void answer.then(() => order.happened.push('answered'));
      return answer;
    },
    { happened: [] as string[] },
  );
  let lose: (reason: 'service-lost' | 'service-hung') => void = () => undefined;
  const family = createChipsFamily({
    source: 'pcsc',
    emit: (name, data) => events.push({ name, data }),
    leave: () => {
      left = true;
      order.happened.push('left');
    },
    clock,
    openPcsc: (onLost) => {
      lose = onLost;
      return pcsc;
    },
  });
  const steps = (): unknown[] =>
    events.filter(({ name }) => name === 'checkProgress').map(({ data }) => data);
  return { clock, pcsc, events, family, steps, order, lose: () => lose('service-lost'), left: () => left };
}

describe('the passport readers of a driver host', () => {
  it('tell their whole state at the start and at each change', () => {
    const { pcsc, events } = open();
    expect(events).toEqual([{ name: 'chips', data: { service: 'starting', demo: false, readers: [] } }]);
    pcsc.become(running({ A: 'absent' }));
    expect(events.at(-1)).toEqual({
      name: 'chips',
      data: { service: 'running', demo: false, readers: [{ name: 'A', card: 'absent' }] },
    });
  });

  it('have no demo documents where real ones are read', async () => {
    const { family } = open();
    expect(await family.placeDemoDocument({ document: 'passport-bac', fault: { kind: 'none' } })).toEqual({
      placed: false,
    });
  });
});

describe('a check', () => {
  it('waits for a document, reads it and lets go of it', async () => {
    const { pcsc, family, steps } = open();
    pcsc.become(running({ A: 'absent' }));
    pcsc.next = () => channel();
    const outcome = family.check(request);
    await settled();
    expect(steps()).toEqual([{ id: 'check-1', step: 'waiting', fraction: 0 }]);
    pcsc.become(running({ A: 'present' }));
    expect(await outcome).toMatchObject({ kind: 'facts' });
    expect(pcsc.closed).toBe(1);
    expect(steps().at(-1)).toMatchObject({ step: 'verify' });
  });

  it('tries again while there is time when a document touched the reader for a moment only', async () => {
    const { clock, pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => {
      pcsc.become(running({ A: 'absent' }));
      return { kind: 'card-removed' };
    };
    const outcome = family.check(request);
    await clock.pass(1000);
    pcsc.next = () => channel();
    pcsc.become(running({ A: 'present' }));
    expect(await outcome).toMatchObject({ kind: 'facts' });
    expect(pcsc.opened).toEqual(['A', 'A']);
  });

  it.each([
    ['reader-removed', 'reader-removed'],
    ['service-lost', 'service-unavailable'],
  ] as const)('tells when connecting fails: %s', async (kind, fault) => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => ({ kind });
    expect(await family.check(request)).toMatchObject({
      kind: 'stopped',
      during: 'connect',
      fault: { kind: fault },
    });
  });

  it('goes on waiting when a document at the edge of the field does not connect at first', async () => {
    const { clock, pcsc, family, steps } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => ({ kind: 'card-silent' });
    const outcome = family.check(request);
    await clock.pass(3000);
    expect(steps().at(-1)).toMatchObject({ step: 'waiting' });
    pcsc.next = () => channel();
    await clock.pass(1000);
    expect(await outcome).toMatchObject({ kind: 'facts' });
    expect(clock.pending).toBe(0);
  });

  it('tells of a silent card when it does not connect for four seconds', async () => {
    const { clock, pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => ({ kind: 'card-silent' });
    const outcome = family.check(request);
    await clock.pass(4000);
    expect(await outcome).toMatchObject({ during: 'connect', fault: { kind: 'card-silent' } });
    expect(clock.pending).toBe(0);
  });

  it('ends when a document whose chip fell silent is taken away', async () => {
    const { clock, pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () =>
      interfere(channel(false), () => {
        pcsc.become(running({ A: 'absent' }));
        return Promise.resolve('silent');
      });
    const outcome = family.check({ ...request, waitForDocumentMs: 60_000 });
    await clock.pass(1000);
    expect(await outcome).toMatchObject({ kind: 'stopped', fault: { kind: 'card-removed' } });
    expect(pcsc.opened).toEqual(['A']);
    expect(clock.pending).toBe(0);
  });

  it('reads the passport although another card was left in the slot before it', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present', B: 'present' }));
    pcsc.next = () => (pcsc.opened.at(-1) === 'A' ? otherCard() : channel());
    expect(await family.check(request)).toMatchObject({ kind: 'facts' });
    expect(pcsc.opened).toEqual(['A', 'B']);
  });

  it('looks at each card once when none is a travel document', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present', B: 'present' }));
    pcsc.next = otherCard;
    expect(await family.check(request)).toMatchObject({ fault: { kind: 'not-a-travel-document' } });
    expect(pcsc.opened).toEqual(['A', 'B']);
  });

  it('starts over in short length when that was why the chip fell silent', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    const cannotExtend = interfere(channel(), ({ command, answer }) =>
      command.length > 5 && command[4] === 0 ? Promise.resolve('silent') : answer(),
    );
    pcsc.next = () => (pcsc.opened.length === 1 ? cannotExtend : channel(false));
    expect(await family.check(request)).toMatchObject({ kind: 'facts', facts: { extendedLength: false } });
    expect(pcsc.closed).toBe(2);
  });

  it('starts over once when the card falls silent for another reason', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    const mute = interfere(channel(false), () => Promise.resolve('silent'));
    pcsc.next = () => (pcsc.opened.length === 1 ? mute : channel(false));
    expect(await family.check(request)).toMatchObject({ kind: 'facts' });
    expect(pcsc.closed).toBe(2);
  });

  it('does not start over a second time: the chip is dead', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => openChannel(new SimulatedChip(document, { kind: 'dead' }));
    expect(await family.check(request)).toMatchObject({ kind: 'stopped', fault: { kind: 'card-silent' } });
    expect(pcsc.closed).toBe(2);
  });

  it('that is cancelled stops before the next command', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => interrupted(3, () => void family.cancelCheck(null));
    expect(await family.check(request)).toMatchObject({
      kind: 'stopped',
      fault: { kind: 'cancelled' },
      cost: { commands: 4 },
    });
    expect(pcsc.closed).toBe(1);
  });

  it('takes the place of one that still runs', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'absent' }));
    const first = family.check(request);
    const second = family.check({ ...request, id: 'check-2', waitForDocumentMs: 0 });
    expect(await first).toMatchObject({ fault: { kind: 'cancelled' } });
    pcsc.become(noReaders);
    pcsc.next = () => channel();
    pcsc.become(running({ A: 'present' }));
    expect(await second).toMatchObject({ kind: 'facts' });
  });
});

describe('a service that is lost', () => {
  it('makes the host say so and leave', async () => {
    const { clock, events, lose, left } = open();
    lose();
    await clock.pass(50);
    expect(events.at(-1)).toEqual({ name: 'leaving', data: { reason: 'service-lost' } });
    expect(left()).toBe(false);
    await clock.pass(50);
    expect(left()).toBe(true);
  });

  it('gives a visitor who is still to place a document the answer at once, before the host leaves', async () => {
    const { clock, pcsc, family, order, lose } = open();
    pcsc.become(running({ A: 'absent' }));
    const outcome = order(family.check(request));
    await settled();
    pcsc.become({ service: 'absent', readers: [] });
    lose();
    await settled();
    expect(await outcome).toMatchObject({ fault: { kind: 'service-unavailable' } });
    await clock.pass(100);
    expect(order.happened).toEqual(['answered', 'left']);
    expect(clock.pending).toBe(0);
  });

  it('is not asked to let go of a card, or to read it again, when a command hung', async () => {
    const { clock, pcsc, family, order, lose } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () =>
      interfere(channel(), ({ index, answer }) => {
        if (index < 3) return answer();
        lose();
        return Promise.resolve('silent');
      });
    const outcome = order(family.check(request));
    await settled();
    expect(await outcome).toMatchObject({ fault: { kind: 'service-unavailable' }, cost: { commands: 4 } });
    await clock.pass(100);
    expect(order.happened).toEqual(['answered', 'left']);
    expect(pcsc.opened).toEqual(['A']);
    expect(pcsc.closed).toBe(0);
  });

  it('has a check that hangs in a driver answered for after two seconds, before the host leaves', async () => {
    const { clock, pcsc, family, order, lose } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.connect = () => new Promise(() => undefined);
    const outcome = order(family.check(request));
    await settled();
    lose();
    await clock.pass(1999);
    expect(order.happened).toEqual([]);
    await clock.pass(200);
    expect(await outcome).toMatchObject({ fault: { kind: 'service-unavailable' } });
    expect(order.happened).toEqual(['answered', 'left']);
  });
});
