import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { MrzKey } from '../../drivers/emrtd/types.js';
import { SimulatedChip } from '../../drivers/simulated/chip/chip.js';
import type { ChipContents } from '../../drivers/simulated/chip/contents.js';
import { makeDocument } from '../../drivers/simulated/chip/documents.js';
import { makeDocumentSigner, makeIssuer } from '../../drivers/simulated/chip/pki.js';
import { portrait } from '../../drivers/simulated/chip/portrait.js';
import type { ChipFault } from '../../drivers/simulated/chip/types.js';
import { insertCard } from '../../drivers/simulated/shared/virtual-reader.js';
import type { KeyFields, Verdict } from '../../main/api/contract.js';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';
import { eventually, TestPcscd, whyNoPcscd } from './pcscd.js';
import { base64Forms, filesBelow, processTree } from './searched-places.js';

const missing = whyNoPcscd();
if (missing !== undefined) console.warn(`Skipped: the search for personal data (${missing}).`);

const personCount = 50;
const validity = { notBefore: new Date('2020-01-01'), notAfter: new Date('2040-01-01'), seed: 'persons' };
const algorithm = { kind: 'ecdsa', curve: 'P-256', hash: 'sha256' } as const;
const signer = makeDocumentSigner(makeIssuer({ country: 'UT', commonName: 'CSCA', algorithm, ...validity }), {
  commonName: 'DS',
  algorithm,
  ...validity,
});

interface Person {
  readonly surname: string;
  readonly givenNames: string;
  readonly fields: KeyFields;
  readonly contents: ChipContents;
  readonly fault: ChipFault;
}

function letters(count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(65 + randomInt(26))).join('');
}

/** The portrait with a JPEG comment of random bytes at its beginning, as unlike any other as two faces are. */
function makePhoto(): Uint8Array {
  const image = Buffer.from(portrait, 'base64');
  const comment = randomBytes(10_000);
  const length = comment.length + 2;
  const marker = Buffer.from([0xff, 0xfe, length >> 8, length & 0xff]);
  return Buffer.concat([image.subarray(0, 2), marker, comment, image.subarray(2)]);
}

/** A made-up person whose every field is unlikely to be found by chance. Some of their reads end badly. */
function makePerson(index: number): Person {
  const surname = `${letters(9)}SEN`;
  const givenNames = letters(8);
  const two = (value: number): string => String(value).padStart(2, '0');
  const birth = { year: 1940 + randomInt(60), month: two(1 + randomInt(12)), day: two(1 + randomInt(28)) };
  const expiry = { year: 2028 + randomInt(8), month: two(1 + randomInt(12)), day: two(1 + randomInt(28)) };
  const key: MrzKey = {
    documentNumber: `${letters(2)}${randomInt(1_000_000, 10_000_000)}`,
    birthDate: `${two(birth.year % 100)}${birth.month}${birth.day}`,
    expiryDate: `${two(expiry.year % 100)}${expiry.month}${expiry.day}`,
  };
  const faults: readonly ChipFault[] = [
    { kind: 'none' },
    { kind: 'torn', atCommand: 8 },
    { kind: 'wrong-key' },
  ];
  return {
    surname,
    givenNames,
    fields: {
      documentNumber: key.documentNumber,
      birthDate: `${birth.year}-${birth.month}-${birth.day}`,
      expiryDate: `${expiry.year}-${expiry.month}-${expiry.day}`,
    },
    // Every fifth and tenth read is broken off or refused, since it is then that programs print what they hold.
    fault: faults[index % 10 === 4 ? 1 : index % 10 === 9 ? 2 : 0] ?? { kind: 'none' },
    contents: makeDocument({
      key,
      holder: { surname, givenNames, sex: 'F' },
      format: 'TD3',
      documentCode: 'P',
      access: {
        bac: true,
        pace: index % 2 === 0 ? [{ parameterId: 12, cipher: 'aes-128' }] : [],
        extendedLength: true,
      },
      signer,
      photo: { bytes: makePhoto(), width: 413, height: 531, format: 'jpeg' },
    }),
  };
}

/** What must not be found of a person, each in the forms in which programs write things down. */
function traces({ surname, givenNames, fields, contents }: Person): Buffer[] {
  const photo = Buffer.from(contents.files.get(0x0102) ?? []);
  const details = Buffer.from(contents.files.get(0x0101) ?? []);
  const texts = [
    surname,
    givenNames,
    fields.documentNumber,
    `"${fields.birthDate}"`,
    `"${fields.expiryDate}"`,
    `${contents.key.birthDate}${contents.key.expiryDate}`,
  ];
  const pieces = [
    ...texts.map((text) => Buffer.from(text)),
    // Within the random part of the photo, and the machine-readable zone.
    photo.subarray(6000, 6024),
    photo.subarray(9000, 9024),
    details.subarray(10, 40),
  ];
  return [
    ...pieces,
    ...pieces.flatMap((piece) =>
      [
        piece.toString('hex'),
        piece.toString('hex').toUpperCase(),
        [...piece].join(','),
        ...base64Forms(piece),
      ].map((text) => Buffer.from(text)),
    ),
    Buffer.from(createHash('sha256').update(photo).digest('hex')),
  ];
}

/** Whole files and names of a person as a program might let them slip, made without a look at `traces`. */
function slips({ surname, fields, contents }: Person): Map<string, Buffer> {
  const whole = new Map<string, Uint8Array>([
    ['photo', contents.files.get(0x0102)!],
    ['details', contents.files.get(0x0101)!],
    ['a line with the name', Buffer.from(`read ${surname} at desk 3`)],
    ['a line with the number', Buffer.from(`key ${fields.documentNumber} refused`)],
  ]);
  return new Map(
    [...whole].flatMap(([what, bytes]): [string, Buffer][] => [
      [what, Buffer.from(bytes)],
      [`${what} in hexadecimal`, Buffer.from(Buffer.from(bytes).toString('hex'))],
      [`${what} as JSON of a buffer`, Buffer.from(JSON.stringify(Buffer.from(bytes)))],
      ...['', '{', 'id'].map((before): [string, Buffer] => [
        `${what} in base64 after ${before.length} bytes`,
        Buffer.from(Buffer.concat([Buffer.from(before), bytes]).toString('base64')),
      ]),
    ]),
  );
}

/** What the kiosk sends: answers to calls, and events. */
interface Message {
  readonly i?: string;
  readonly r?: { readonly ok: boolean };
  readonly m?: string;
  readonly a?: readonly {
    readonly verdict: Verdict;
    readonly chipReader?: { readonly kind: string; readonly documentPresent?: boolean };
  }[];
}

/** A screen of the kiosk, over its WebSocket. */
class Screen {
  readonly #socket: WebSocket;
  #calls = 0;
  documentPresent = true;
  #onMessage: (message: Message) => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as Message;
      const state = message.m === 'kiosk.state' ? message.a?.[0]?.chipReader : undefined;
      if (state !== undefined)
        this.documentPresent = state.kind === 'ready' && state.documentPresent === true;
      this.#onMessage(message);
    });
  }

  static async open(address: URL): Promise<Screen> {
    const socket = new WebSocket(`ws://${address.host}/`, address.hash.slice('#token='.length), {
      origin: address.origin,
    });
    await once(socket, 'open');
    return new Screen(socket);
  }

  /** Starts a check and waits for its verdict. */
  check(key: KeyFields): Promise<Verdict> {
    const id = String(++this.#calls);
    return new Promise((resolve, reject) => {
      this.#onMessage = (message) => {
        if (message.i === id && message.r?.ok === false) reject(new Error(JSON.stringify(message.r)));
        if (message.m === 'chipCheck.verdict') resolve(message.a![0]!.verdict);
      };
      const call = { t: 'q', i: id, m: 'chipCheck.start', a: [{ document: 'passport', key }] };
      this.#socket.send(JSON.stringify(call));
    });
  }

  close(): void {
    this.#socket.close();
  }
}

describe.skipIf(missing !== undefined)('after many visitors', () => {
  const persons = Array.from({ length: personCount }, (_, index) => makePerson(index));
  /** Where a trace of anybody is, once for each. */
  const search = (places: ReadonlyMap<string, Buffer>): string[] =>
    persons.flatMap((person) =>
      traces(person).flatMap((trace) =>
        [...places].filter(([, content]) => content.includes(trace)).map(([place]) => place),
      ),
    );
  const dataFolder = mkdtempSync(join(tmpdir(), 'forhal-personal-'));
  let output = '';
  let programs: BuiltPrograms;
  let pcscd: TestPcscd;
  let kiosk: ChildProcess;
  let screen: Screen;

  beforeAll(async () => {
    programs = await buildPrograms();
    pcscd = new TestPcscd();
    await pcscd.start();
    const args = ['--shell', 'none', '--port', '0', '--chips', 'pcsc', '--data', dataFolder];
    const started = spawn(process.execPath, [programs.serve, ...args], {
      env: pcscd.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    kiosk = started;
    started.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    started.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    // The address is not all that is said at the first start.
    const address = await new Promise<string>((resolve) => {
      createInterface(started.stdout).on('line', (line) => {
        const found = /http\S+/.exec(line)?.[0];
        if (found !== undefined) resolve(found);
      });
    });
    screen = await Screen.open(new URL(address));
  });

  afterAll(async () => {
    screen.close();
    const ended = once(kiosk, 'exit');
    kiosk.kill('SIGTERM');
    await ended;
    await pcscd.remove();
    programs.remove();
    rmSync(dataFolder, { recursive: true, force: true });
  });

  it('what slipped out of a program in any form would be found', () => {
    const planted = slips(persons[7]!);
    expect([...new Set(search(planted))].sort()).toEqual([...planted.keys()].sort());
  });

  it('nothing of them is in any file, the log, the output, or a process', async () => {
    const outcomes: Verdict['outcome'][] = [];
    for (const { contents, fault, fields } of persons) {
      const inserted = await insertCard(new SimulatedChip(contents, fault), { port: pcscd.firstPort });
      if (!inserted.ok) throw new Error(inserted.error.kind);
      outcomes.push((await screen.check(fields)).outcome);
      await inserted.value.remove();
      await eventually('the reader is empty', () => !screen.documentPresent);
    }
    expect(outcomes.filter((outcome) => outcome === 'ready' || outcome === 'ready-but')).toHaveLength(40);
    expect(outcomes.filter((outcome) => outcome === 'could-not-tell')).toHaveLength(10);

    const log = join(dataFolder, 'logs', 'forhal.log');
    await eventually('the log tells of every check', () => {
      const ended = readFileSync(log, 'utf8').match(/"chip-check\.ended"/g) ?? [];
      return ended.length === personCount;
    });
    const files = filesBelow(dataFolder);
    expect(files).toContain(log);
    const processes = processTree(kiosk.pid ?? 0);
    expect(processes.length).toBeGreaterThanOrEqual(2);

    const places = new Map<string, Buffer>([
      ...files.map((file): [string, Buffer] => [file, readFileSync(file)]),
      ...processes.flatMap((pid): [string, Buffer][] => [
        [`environment of process ${pid}`, readFileSync(`/proc/${pid}/environ`)],
        [`arguments of process ${pid}`, readFileSync(`/proc/${pid}/cmdline`)],
      ]),
      ['output', Buffer.from(output, 'latin1')],
    ]);
    expect(search(places)).toEqual([]);
  }, 240_000);
});
