import { describe, expect, it } from 'vitest';
import { PcscReaders } from '../../../../drivers/pcsc/pcsc-readers.js';
import type { CardSession } from '../../../../drivers/shared/card-readers.js';
import { fromHex, toHex } from '../../../../drivers/shared/bytes.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { FakeNfc, type FakeReader, pcscError } from './fake-nfc.js';

const probe = '00B09C00000000';

async function open({ serviceRuns = true } = {}) {
  const clock = new ManualClock();
  const nfc = new FakeNfc();
  const service = { runs: serviceRuns, opened: 0 };
  const lost: string[] = [];
  const readers = new PcscReaders({
    clock,
    serviceAnswers: () => Promise.resolve(service.runs),
    openNfc: () => {
      service.opened++;
      return Promise.resolve(nfc.asNfc);
    },
    onLost: (reason) => lost.push(reason),
  });
  await settled();
  return { clock, nfc, service, lost, readers };
}

/** A session with the document on a reader whose lengths are known. */
async function openSession(readers: PcscReaders, reader: FakeReader): Promise<CardSession> {
  const session = await readers.connect(reader.name);
  if (!session.ok) throw new Error(session.error.kind);
  return session.value;
}

describe('the PC/SC service', () => {
  it('is not touched by the addon, which would hang, before it answers; it is found once it starts', async () => {
    const { clock, nfc, service, readers } = await open({ serviceRuns: false });
    await clock.pass(5000);
    expect(readers.state).toEqual({ service: 'absent', readers: [] });
    expect(service.opened).toBe(0);
    service.runs = true;
    await clock.pass(1000);
    nfc.add('Reader 00');
    expect(service.opened).toBe(1);
    expect(readers.state).toEqual({ service: 'running', readers: [{ name: 'Reader 00', card: 'absent' }] });
  });

  it('is running without readers when it names none within half a second', async () => {
    const { clock, readers } = await open();
    expect(readers.state.service).toBe('starting');
    await clock.pass(500);
    expect(readers.state).toEqual({ service: 'running', readers: [] });
  });

  it('that breaks off is reported once, and the readers with it', async () => {
    const { nfc, readers, lost } = await open();
    const reader = nfc.add('Reader 00');
    nfc.emit('error', new Error('SCardGetStatusChange error: RPC transport error.(0x80100013)'));
    reader.emit('error', new Error('SCardGetStatusChange error: RPC transport error.(0x80100013)'));
    reader.emit('end');
    expect(lost).toEqual(['service-lost']);
    expect(readers.state).toEqual({ service: 'absent', readers: [] });
    expect(await readers.connect('Reader 00')).toEqual({ ok: false, error: { kind: 'service-lost' } });
  });
});

describe('readers', () => {
  it('come and go, and two of one model are told apart', async () => {
    const { nfc, readers } = await open();
    const first = nfc.add('ACME Reader 00 00');
    const second = nfc.add('ACME Reader 01 00');
    await second.insert();
    expect(readers.state.readers).toEqual([
      { name: 'ACME Reader 00 00', card: 'absent' },
      { name: 'ACME Reader 01 00', card: 'present' },
    ]);
    first.emit('end');
    expect(readers.state.readers).toEqual([{ name: 'ACME Reader 01 00', card: 'present' }]);
    expect(await readers.connect('ACME Reader 00 00')).toEqual({
      ok: false,
      error: { kind: 'reader-removed' },
    });
  });

  it('that the service names alike are told apart, and both can be reached', async () => {
    const { nfc, readers } = await open();
    nfc.add('ACME Reader 00 00');
    const second = nfc.add('ACME Reader 00 00');
    await second.insert();
    expect(readers.state.readers).toEqual([
      { name: 'ACME Reader 00 00', card: 'absent' },
      { name: 'ACME Reader 00 00 (2)', card: 'present' },
    ]);
    expect(await readers.connect('ACME Reader 00 00 (2)')).toMatchObject({ ok: true });
  });

  it('never let nfc-pcsc talk to a card by itself', async () => {
    const { nfc } = await open();
    expect(nfc.add('Reader 00').autoProcessing).toBe(false);
  });
});

describe('a card', () => {
  it('that is mute is silent', async () => {
    const { nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert({ mute: true });
    expect(readers.state.readers).toEqual([{ name: 'Reader 00', card: 'silent' }]);
    expect(await readers.connect('Reader 00')).toEqual({ ok: false, error: { kind: 'card-silent' } });
  });

  it('whose arrival is followed by silence is silent after five seconds', async () => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert({ connects: false });
    await clock.pass(4999);
    expect(readers.state.readers[0]?.card).toBe('absent');
    await clock.pass(1);
    expect(readers.state.readers[0]?.card).toBe('silent');
    reader.remove();
    expect(readers.state.readers[0]?.card).toBe('absent');
  });
});

describe('a session', () => {
  it('uses the connection that is open already, but never one that somebody has spoken over', async () => {
    const { nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const first = await openSession(readers, reader);
    const resetsSoFar = reader.reader.resets;
    await first.channel.transmit(fromHex('00A4000C'));
    const second = await openSession(readers, reader);
    expect(reader.reader.resets).toBe(resetsSoFar + 1);
    expect(await second.channel.transmit(fromHex('00A4000C'))).toMatchObject({ ok: true });
    expect(await first.channel.transmit(fromHex('00A4000C'))).toMatchObject({ ok: false });
  });

  it('finds out once for each reader whether it carries extended length, and starts from a reset after that', async () => {
    const { nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const first = await openSession(readers, reader);
    expect(first.channel.extendedLength).toBe(true);
    expect(reader.sent.map(({ command }) => command)).toEqual([probe]);
    expect(reader.reader.resets).toBe(1);
    await first.close();
    await openSession(readers, reader);
    expect(reader.sent).toHaveLength(1);
  });

  it('is in short form on a reader that does not carry extended length', async () => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    reader.answer = (command) =>
      command.length === 7 && command[4] === 0 ? pcscError(0x80100016) : Buffer.from('9000', 'hex');
    const opening = openSession(readers, reader);
    await clock.pass(1500);
    const { channel } = await opening;
    expect(channel.extendedLength).toBe(false);
    await channel.transmit(fromHex('00A4000C'));
    expect(reader.sent.at(-1)).toEqual({ command: '00A4000C', longest: 258 });
  });

  it('does not blame the reader for a card that answers neither form', async () => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    reader.answer = () => pcscError(0x80100016);
    const opening = readers.connect('Reader 00');
    await clock.pass(3000);
    expect(await opening).toEqual({ ok: false, error: { kind: 'card-silent' } });
    reader.remove();
    reader.answer = () => Buffer.from('9000', 'hex');
    await reader.insert();
    expect((await openSession(readers, reader)).channel.extendedLength).toBe(true);
  });

  it('asks for the longest response there is', async () => {
    const { nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => Buffer.concat([Buffer.alloc(60_000, 7), Buffer.from('9000', 'hex')]);
    const response = await channel.transmit(fromHex('00B0810000000000'));
    expect(response.ok && response.value.length).toBe(60_002);
    expect(reader.sent.at(-1)?.longest).toBe(65_538);
  });

  it('hands over the answer as it came', async () => {
    const { nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => Buffer.from('01026A82', 'hex');
    const response = await channel.transmit(fromHex('00A4000C'));
    expect(response.ok && toHex(response.value)).toBe('01026A82');
  });
});

describe('a command whose card is pulled away', () => {
  it.each([
    ['an empty response', Buffer.alloc(0)],
    ['one lone byte', Buffer.of(0x90)],
    ['"transaction failed"', pcscError(0x80100016)],
    ['"card was removed"', pcscError(0x80100069)],
    ['"card was reset"', pcscError(0x80100068)],
  ])('ends with %s, told as card removed', async (_how, answer) => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => answer;
    const response = channel.transmit(fromHex('00A4000C'));
    await settled();
    reader.remove();
    expect(await response).toEqual({ ok: false, error: { kind: 'card-removed' } });
    await clock.pass(60_000);
    expect(clock.pending).toBe(0);
  });

  it('waits for the service to notice, so that the next check does not find a ghost', async () => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => Buffer.alloc(0);
    let answered = false;
    const response = channel.transmit(fromHex('00A4000C')).then(() => (answered = true));
    await clock.pass(400);
    expect(answered).toBe(false);
    reader.remove();
    await response;
    expect(readers.state.readers[0]?.card).toBe('absent');
  });
});

describe('a command that fails', () => {
  it('with the card still there means a silent card', async () => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => pcscError(0x80100016);
    const response = channel.transmit(fromHex('00A4000C'));
    await clock.pass(1500);
    expect(await response).toEqual({ ok: false, error: { kind: 'card-silent' } });
  });

  it('because the reader was unplugged says so', async () => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => pcscError(0x80100017);
    const response = channel.transmit(fromHex('00A4000C'));
    await settled();
    reader.emit('end');
    await clock.pass(500);
    expect(await response).toEqual({ ok: false, error: { kind: 'reader-removed' } });
  });

  it('because the service died says so also between two commands, when its reader ends first', async () => {
    const { nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.emit('end');
    const response = channel.transmit(fromHex('00A4000C'));
    await settled();
    nfc.emit('error', new Error('RPC transport error'));
    expect(await response).toEqual({ ok: false, error: { kind: 'service-lost' } });
  });

  it('because the service died says so', async () => {
    const { nfc, readers, lost } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => pcscError(0x80100013);
    const response = channel.transmit(fromHex('00A4000C'));
    await settled();
    nfc.emit('error', new Error('SCardGetStatusChange error: RPC transport error.(0x80100013)'));
    expect(await response).toEqual({ ok: false, error: { kind: 'service-lost' } });
    expect(lost).toEqual(['service-lost']);
  });

  it('because the service died says so also when the end of the reader is told first', async () => {
    const { nfc, readers, lost } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => pcscError(0x80100013);
    const response = channel.transmit(fromHex('00A4000C'));
    await settled();
    reader.emit('end');
    expect(await response).toEqual({ ok: false, error: { kind: 'service-lost' } });
    expect(lost).toEqual(['service-lost']);
  });

  it('in extended length sends the reader back to short form for the next session', async () => {
    const { clock, nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = (command) => (command[4] === 0 ? pcscError(0x80100016) : Buffer.from('9000', 'hex'));
    const response = channel.transmit(fromHex('00B0810000FFFF'));
    await clock.pass(1500);
    expect(await response).toMatchObject({ ok: false });
    expect((await openSession(readers, reader)).channel.extendedLength).toBe(false);
  });
});

describe('a driver that hangs', () => {
  it('in a command is given 25 seconds; then this process is to be replaced', async () => {
    const { clock, nfc, readers, lost } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    const { channel } = await openSession(readers, reader);
    reader.answer = () => 'hang';
    const response = channel.transmit(fromHex('00A4000C'));
    await clock.pass(24_999);
    expect(lost).toEqual([]);
    await clock.pass(1);
    expect(await response).toEqual({ ok: false, error: { kind: 'card-silent' } });
    expect(lost).toEqual(['service-hung']);
  });

  it('in a connect is given 10 seconds', async () => {
    const { clock, nfc, readers, lost } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    await (await openSession(readers, reader)).close();
    reader.connectFails = 'hang';
    const session = readers.connect('Reader 00');
    await clock.pass(10_000);
    expect(await session).toEqual({ ok: false, error: { kind: 'service-lost' } });
    expect(lost).toEqual(['service-hung']);
  });
});

describe('a card that was exchanged between two looks of the service', () => {
  it('is connected to anew', async () => {
    const { nfc, readers } = await open();
    const reader = nfc.add('Reader 00');
    await reader.insert();
    await (await openSession(readers, reader)).close();
    reader.remove();
    await reader.insert();
    const resets = reader.reader.resets;
    reader.exchange();
    const { channel } = await openSession(readers, reader);
    expect(reader.reader.resets).toBe(resets + 1);
    expect(await channel.transmit(fromHex('00A4000C'))).toMatchObject({ ok: true });
  });
});
