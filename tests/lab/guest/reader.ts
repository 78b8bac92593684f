import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PcscReaders } from '../../../drivers/pcsc/pcsc-readers.js';
import type { CardSession } from '../../../drivers/shared/card-readers.js';
import { eventually, sleep } from '../../integration/pcscd.js';
import type { Figures } from '../messages.js';
import type { HostChannel } from './host-channel.js';
import { type LabTest, rounds, spread, tally } from './lab-test.js';

const service = '/usr/sbin/pcscd';
const serviceSocket = '/run/pcscd/pcscd.comm';
const appearMs = 20_000;
/** The card thinks for about 150 ms: pulled after so long, the command is under way. */
const pullAfterMs = [0, 20, 60, 120] as const;

/** SELECT of the eMRTD application (ICAO 9303 part 10), without an answer's length: T=0 carries it as it is. */
const select = Uint8Array.from(Buffer.from('00a4040c07a0000002471001', 'hex'));

/** The PC/SC service with USB readers alone. */
function startService(): ChildProcess {
  const readers = mkdtempSync(join(tmpdir(), 'forhal-readers-'));
  return spawn(service, ['--foreground', '-c', readers], { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function useReader(host: HostChannel): Promise<Figures> {
  await host.reader('insert-card');
  await host.reader('plug-reader');
  const daemon = startService();
  try {
    await eventually('the service runs', () => existsSync(serviceSocket), appearMs);
    return await readAndPull(host);
  } finally {
    daemon.kill('SIGKILL');
  }
}

async function readAndPull(host: HostChannel): Promise<Figures> {
  const startedAt = performance.now();
  const lost: string[] = [];
  const readers = new PcscReaders({ onLost: (reason) => lost.push(reason) });
  const cardIs = (card: 'present' | 'absent'): string | undefined =>
    readers.state.readers.find((reader) => reader.card === card)?.name;
  const connect = async (): Promise<CardSession> => {
    const name = await eventually('a reader with a card', () => cardIs('present'), appearMs);
    const session = await readers.connect(name);
    assert.ok(session.ok, `no session: ${JSON.stringify(session)}`);
    return session.value;
  };
  const selectWith = async (session: CardSession): Promise<string> => {
    const answer = await session.channel.transmit(select);
    return answer.ok ? Buffer.from(answer.value).toString('hex') : answer.error.kind;
  };

  const first = await connect();
  const firstMs = performance.now() - startedAt;
  const before = await host.reader('count-commands');
  assert.equal(await selectWith(first), '9000');
  assert.equal((await host.reader('count-commands')) - before, 1, 'SELECT did not reach the card');
  await first.close();

  const cardSeen: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await host.reader('remove-card');
    await eventually('the card is missed', () => cardIs('absent'), appearMs);
    const insertedAt = performance.now();
    await host.reader('insert-card');
    await eventually('the card is seen', () => cardIs('present'), appearMs);
    cardSeen.push(performance.now() - insertedAt);
  }
  const inserted = await connect();
  assert.equal(await selectWith(inserted), '9000');
  await inserted.close();

  const found: number[] = [];
  const ends: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const session = await connect();
    const selected = selectWith(session);
    await sleep(pullAfterMs[round % pullAfterMs.length]!);
    await host.reader('unplug-reader');
    ends.push(await selected);
    await eventually('the reader is missed', () => readers.state.readers.length === 0, appearMs);
    await session.close();
    const pluggedAt = performance.now();
    await host.reader('plug-reader');
    const again = await connect();
    found.push(performance.now() - pluggedAt);
    assert.equal(await selectWith(again), '9000', `SELECT after ${round + 1} plugs`);
    await again.close();
  }
  assert.deepEqual(lost, [], 'the service was given up');
  return {
    reader: first.readerName,
    'found, with its card': `${Math.round(firstMs)} ms`,
    'carries extended length': first.channel.extendedLength ? 'yes' : 'no',
    [`card out and in ${rounds} times: seen`]: spread(cardSeen),
    [`reader pulled ${rounds} times in use: card found again`]: spread(found),
    'what became of the commands under way': tally(ends),
    'commands that reached the card': await host.reader('count-commands'),
  };
}

export const readerTests: readonly LabTest[] = [
  {
    name: 'USB card reader (CCID) with pcscd',
    deadlineMs: 180_000,
    whyNot: () => (existsSync(service) ? undefined : 'pcscd is not installed'),
    run: useReader,
  },
];
