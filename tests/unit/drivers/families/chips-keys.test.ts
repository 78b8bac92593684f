import { describe, expect, it } from 'vitest';
import { createChipsFamily } from '../../../../drivers/families/chips/family.js';
import type { CheckRequest } from '../../../../drivers/emrtd/types.js';
import type { CardChannel, CardFault } from '../../../../drivers/shared/card-channel.js';
import { err } from '../../../../drivers/shared/result.js';
import { SimulatedChip } from '../../../../drivers/simulated/chip/chip.js';
import { NfcKey } from '../../../../drivers/simulated/fido-key/nfc-key.js';
import type { DemoKey } from '../../../../drivers/simulated/fido-key/types.js';
import { openChannel } from '../../../../drivers/simulated/shared/channel.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { contents, key } from '../emrtd/document.js';
import { FakeReaders, noReaders, running } from './fake-readers.js';

const document = contents({ extendedLength: true });
const request = { id: 'key-1', waitForKeyMs: 10_000 };
const documentRequest: CheckRequest = { id: 'check-1', key, access: 'auto', waitForDocumentMs: 10_000 };

const passport = (): CardChannel => openChannel(new SimulatedChip(document));
const fidoKey = (kind: DemoKey = 'ctap2') => openChannel(new NfcKey(kind, { polls: 0 }));

function broken(kind: CardFault['kind']): CardChannel {
  return { ...fidoKey(), transmit: () => Promise.resolve(err({ kind })) };
}

function open(source: 'pcsc' | 'demo' = 'pcsc') {
  const clock = new ManualClock();
  const pcsc = new FakeReaders();
  const events: { name: string; data: unknown }[] = [];
  let lose: (reason: 'service-lost') => void = () => undefined;
  const family = createChipsFamily({
    source,
    emit: (name, data) => events.push({ name, data }),
    leave: () => events.push({ name: 'left', data: null }),
    clock,
    openPcsc: (onLost) => {
      lose = onLost;
      return pcsc;
    },
  });
  const steps = (): unknown[] =>
    events.filter(({ name }) => name === 'keyCheckProgress').map(({ data }) => data);
  return { clock, pcsc, events, family, steps, lose: () => lose('service-lost') };
}

describe('the check of a FIDO key on a reader', () => {
  it('waits for a key, asks it and lets go of it', async () => {
    const { clock, pcsc, family, steps } = open();
    pcsc.become(running({ A: 'absent' }));
    pcsc.next = fidoKey;
    const outcome = family.checkNfcKey(request);
    await settled();
    expect(steps()).toEqual([{ id: 'key-1', step: 'waiting' }]);
    pcsc.become(running({ A: 'present' }));
    expect(await outcome).toMatchObject({ kind: 'answers', facts: { way: 'nfc', ctap2: true } });
    expect(pcsc.closed).toBe(1);
    expect(steps().slice(1)).toEqual([
      { id: 'key-1', step: 'greeting' },
      { id: 'key-1', step: 'asking' },
    ]);
    expect(clock.pending).toBe(0);
  });

  it('tells a passport from a key', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = passport;
    expect(await family.checkNfcKey(request)).toEqual({
      kind: 'stopped',
      during: 'greeting',
      fault: 'not-a-key',
    });
  });

  it('finds the key although a passport was left on another reader', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present', B: 'present' }));
    pcsc.next = () => (pcsc.opened.at(-1) === 'A' ? passport() : fidoKey('u2f-only'));
    expect(await family.checkNfcKey(request)).toMatchObject({ kind: 'answers', facts: { ctap2: false } });
    expect(pcsc.opened).toEqual(['A', 'B']);
  });

  it.each([
    ['no reader', noReaders, 'no-reader'],
    ['no key', running({ A: 'absent' }), 'no-key'],
    ['a key without a sign of life', running({ A: 'silent' }), 'key-silent'],
    ['no service', { service: 'absent', readers: [] }, 'service-unavailable'],
  ] as const)('tells of %s', async (_what, state, fault) => {
    const { clock, pcsc, family } = open();
    pcsc.become(state);
    const outcome = family.checkNfcKey(request);
    await clock.pass(10_000);
    expect(await outcome).toEqual({ kind: 'stopped', during: 'waiting', fault });
  });

  it('asks a key that fell silent once more, from a reset', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => (pcsc.opened.length === 1 ? broken('card-silent') : fidoKey());
    expect(await family.checkNfcKey(request)).toMatchObject({ kind: 'answers' });
    expect(pcsc.closed).toBe(2);
  });

  it('tells of a key that stays silent, and of one that is taken away meanwhile', async () => {
    const { clock, pcsc, family } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.next = () => broken('card-silent');
    expect(await family.checkNfcKey(request)).toMatchObject({ during: 'greeting', fault: 'key-silent' });
    pcsc.next = () => {
      pcsc.become(running({ A: 'absent' }));
      return broken('card-silent');
    };
    const outcome = family.checkNfcKey(request);
    await clock.pass(1000);
    expect(await outcome).toMatchObject({ during: 'greeting', fault: 'key-removed' });
  });

  it('is ended by cancelCheck', async () => {
    const { clock, pcsc, family } = open();
    pcsc.become(running({ A: 'absent' }));
    const outcome = family.checkNfcKey(request);
    await settled();
    await family.cancelCheck(null);
    expect(await outcome).toEqual({ kind: 'stopped', during: 'waiting', fault: 'cancelled' });
    expect(clock.pending).toBe(0);
  });

  it('shares the readers with the check of a document: the second ends the first', async () => {
    const { pcsc, family } = open();
    pcsc.become(running({ A: 'absent' }));
    const first = family.check(documentRequest);
    const second = family.checkNfcKey(request);
    expect(await first).toMatchObject({ fault: { kind: 'cancelled' } });
    const third = family.check(documentRequest);
    expect(await second).toMatchObject({ fault: 'cancelled' });
    pcsc.next = passport;
    pcsc.become(running({ A: 'present' }));
    expect(await third).toMatchObject({ kind: 'facts' });
  });

  it('is answered for when the service is lost while a driver hangs', async () => {
    const { clock, pcsc, family, events, lose } = open();
    pcsc.become(running({ A: 'present' }));
    pcsc.connect = () => new Promise(() => undefined);
    const outcome = family.checkNfcKey(request);
    await settled();
    lose();
    await clock.pass(2200);
    expect(await outcome).toEqual({ kind: 'stopped', during: 'waiting', fault: 'service-unavailable' });
    expect(events.at(-1)?.name).toBe('left');
  });
});

describe('demo keys', () => {
  it('are not there where real ones are read', async () => {
    expect(await open().family.placeDemoKey({ key: 'ctap2' })).toEqual({ placed: false });
  });

  it('lie on the demo reader in place of a document, until they are taken away', async () => {
    const { events, family } = open('demo');
    expect(await family.placeDemoKey({ key: 'not-a-key' })).toEqual({ placed: true });
    expect(events.at(-1)?.data).toMatchObject({ demo: true, readers: [{ card: 'present' }] });
    expect(await family.checkNfcKey(request)).toMatchObject({ fault: 'not-a-key' });
    await family.removeDemoDocument(null);
    expect(events.at(-1)?.data).toMatchObject({ readers: [{ card: 'absent' }] });
  });
});
