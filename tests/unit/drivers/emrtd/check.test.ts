import { describe, expect, it } from 'vitest';
import { checkChip, type CheckOptions } from '../../../../drivers/emrtd/check.js';
import { loadIssuers } from '../../../../drivers/emrtd/passive-authentication/index.js';
import {
  checkOutcome,
  checkSteps,
  type CheckOutcome,
  type CheckRequest,
  type CheckStep,
} from '../../../../drivers/emrtd/types.js';
import { concat, fromHex } from '../../../../drivers/shared/bytes.js';
import type { CardChannel } from '../../../../drivers/shared/card-channel.js';
import { openChannel } from '../../../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../../../drivers/simulated/chip/chip.js';
import type { ChipContents } from '../../../../drivers/simulated/chip/contents.js';
import { makeDocument, type DocumentAccess } from '../../../../drivers/simulated/chip/documents.js';
import { smallPortrait } from '../../../../drivers/simulated/chip/portrait-small.js';
import { contents, interfere, key, type Interference } from './document.js';
import { issuerWith, p256, signerWith } from './passive-authentication/parties.js';
import { seededNumbers, seededRandom } from './scripted-chip.js';

const request = (changes: Partial<CheckRequest> = {}): CheckRequest => ({
  id: 'check-1',
  key,
  access: 'auto',
  waitForDocumentMs: 0,
  ...changes,
});

const paceAes = { parameterId: 12, cipher: 'aes-128' } as const;
const small = { securityObject: 300, photo: 500 };

function card(document: ChipContents, seed = 1): CardChannel {
  return openChannel(new SimulatedChip(document, { kind: 'none' }, { random: seededRandom(seed) }));
}

function check(
  channel: CardChannel,
  ask = request(),
  options: Partial<CheckOptions> = {},
): Promise<CheckOutcome> {
  let clock = 0;
  return checkChip(channel, ask, {
    onProgress: () => undefined,
    signal: new AbortController().signal,
    now: () => clock++,
    random: seededRandom(2),
    ...options,
  });
}

function factsOf(outcome: CheckOutcome) {
  if (outcome.kind !== 'facts') throw new Error(`${outcome.fault.kind} during ${outcome.during}`);
  return outcome.facts;
}

const demoIssuer = issuerWith();
const issuers = loadIssuers([demoIssuer.der]);
const signer = signerWith(p256, demoIssuer);

/** A document with a real security object and a real, small photo. */
function signedDocument(access: Partial<DocumentAccess>): ChipContents {
  return makeDocument({
    key,
    holder: { surname: 'Eriksson', givenNames: 'Anna Maria', sex: 'F' },
    format: 'TD3',
    documentCode: 'P',
    access: { bac: true, pace: [], extendedLength: false, ...access },
    signer,
    photo: { bytes: Buffer.from(smallPortrait, 'base64'), width: 160, height: 213, format: 'jpeg' },
  });
}

type Facts = ReturnType<typeof factsOf>;

function hashesOf({ securityObject }: Facts) {
  return securityObject.kind === 'parsed' ? securityObject.hashes : [];
}

/** Signed by a trusted issuer, and every data group is what was signed. */
function isGenuine(facts: Facts): boolean {
  const { securityObject } = facts;
  return (
    securityObject.kind === 'parsed' &&
    securityObject.signature.outcome === 'valid' &&
    securityObject.issuer === 'trusted' &&
    securityObject.hashes.length === 2 &&
    securityObject.hashes.every(({ outcome }) => outcome === 'match')
  );
}

/** The fault and where it came, without what it cost. */
function stopOf(outcome: CheckOutcome) {
  if (outcome.kind !== 'stopped') throw new Error('the check came to facts');
  return { during: outcome.during, fault: outcome.fault };
}

describe('cost of a check, EF.SOD 1,800 bytes, DG1 93, DG2 20,480', () => {
  it.each([
    ['BAC, short length', 'bac', [], false, 101],
    ['BAC, extended length', 'bac', [], true, 6],
    ['BAC after looking for PACE, short length', 'auto', [], false, 102],
    ['BAC after looking for PACE, extended length', 'auto', [], true, 7],
    ['PACE, short length', 'auto', [paceAes], false, 109],
    ['PACE, extended length', 'auto', [paceAes], true, 10],
  ] as const)('%s', async (_, access, pace, extendedLength, commands) => {
    const channel = interfere(card(contents({ pace, extendedLength })), ({ answer }) => answer());
    const facts = factsOf(await check(channel, request({ access })));
    expect(facts.cost.commands).toBe(commands);
    expect(channel.commands).toHaveLength(commands);
    expect(facts.cost.bytesSent).toBe(concat(...channel.commands).length);
    expect(facts.cost.bytesReceived).toBeGreaterThan(1800 + 93 + 20480);
    expect(facts.extendedLength).toBe(extendedLength);
    expect(facts.files.slice(-3)).toEqual([
      { file: 'EF.SOD', outcome: 'read', bytes: 1800 },
      { file: 'DG1', outcome: 'read', bytes: 93 },
      { file: 'DG2', outcome: 'read', bytes: 20480 },
    ]);
  });

  it('is short length where the reader does not carry more, whatever the chip says', async () => {
    const channel = { ...card(contents({ extendedLength: true })), extendedLength: false };
    const transmit = channel.transmit.bind(channel);
    const facts = factsOf(await check({ ...channel, transmit }, request({ access: 'bac' })));
    expect(facts.cost.commands).toBe(101);
    expect(facts.extendedLength).toBe(false);
  });
});

describe('a check', () => {
  it.each([
    [8, '3des'],
    [9, 'aes-128'],
    [10, 'aes-192'],
    [11, 'aes-256'],
    [12, 'aes-128'],
    [13, 'aes-256'],
    [14, 'aes-192'],
    [15, 'aes-192'],
    [16, 'aes-256'],
    [17, 'aes-256'],
    [18, 'aes-128'],
  ] as const)(
    'opens a chip by PACE on the curve with parameter id %i and %s',
    async (parameterId, cipher) => {
      const document = contents({ bac: false, pace: [{ parameterId, cipher }] }, small);
      const facts = factsOf(await check(card(document)));
      expect(facts.access).toMatchObject({ protocol: 'pace', cipher, password: 'mrz' });
      expect(facts.details).toMatchObject({
        kind: 'parsed',
        matches: { documentNumber: true, birthDate: true, expiryDate: true },
      });
    },
  );

  it('opens a chip by PACE with the card access number', async () => {
    const document = contents({ bac: false, pace: [paceAes] }, small);
    expect(factsOf(await check(card(document), request({ can: '123456' }))).access).toMatchObject({
      protocol: 'pace',
      password: 'can',
    });
    expect(stopOf(await check(card(document), request({ can: '654321' })))).toEqual({
      during: 'access',
      fault: { kind: 'wrong-key' },
    });
  });

  it('chooses the strongest of several ways of PACE', async () => {
    const pace = [
      paceAes,
      { parameterId: 13, cipher: 'aes-256' },
      { parameterId: 12, cipher: '3des' },
    ] as const;
    const facts = factsOf(await check(card(contents({ bac: false, pace }, small))));
    expect(facts.access).toMatchObject({ cipher: 'aes-256', curve: 'brainpoolP256r1' });
  });

  it.each([
    ['BAC', contents({}, small)],
    ['PACE', contents({ bac: false, pace: [paceAes] }, small)],
  ])('with the wrong key says so (%s)', async (_, document) => {
    const wrong = request({ key: { ...key, documentNumber: 'L898902C4' } });
    expect(stopOf(await check(card(document), wrong))).toEqual({
      during: 'access',
      fault: { kind: 'wrong-key' },
    });
  });

  it('of another kind of chip says so', async () => {
    const chip = new SimulatedChip(contents(), { kind: 'not-a-passport' });
    expect(stopOf(await check(openChannel(chip)))).toEqual({
      during: 'access',
      fault: { kind: 'not-a-travel-document' },
    });
  });

  it('of a chip that never answers says so', async () => {
    const chip = new SimulatedChip(contents(), { kind: 'dead' });
    expect(stopOf(await check(openChannel(chip)))).toEqual({
      during: 'connect',
      fault: { kind: 'card-silent' },
    });
  });

  it('shows each step in order, and never goes back within one', async () => {
    const seen: [CheckStep, number][] = [];
    await check(card(contents({ pace: [paceAes] })), request(), {
      onProgress: (step, fraction) => seen.push([step, fraction]),
    });
    expect([...new Set(seen.map(([step]) => step))]).toEqual(checkSteps);
    for (const step of checkSteps) {
      const fractions = seen.filter(([of]) => of === step).map(([, fraction]) => fraction);
      expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
      expect(fractions[0]).toBe(0);
      expect(fractions.at(-1)).toBe(1);
    }
    expect(seen.filter(([step]) => step === 'photo').length).toBeGreaterThan(90);
  });

  it('tells of a file that is not there, and goes on', async () => {
    const document = contents({}, small);
    const files = new Map(document.files);
    files.delete(0x0102);
    const facts = factsOf(await check(card({ ...document, files }), request({ access: 'bac' })));
    expect(facts.files).toContainEqual({ file: 'DG2', outcome: 'absent', bytes: 0 });
    expect(facts.photo).toEqual({ kind: 'unreadable' });
    expect(facts.details.kind).toBe('parsed');
  });

  it('sends nothing more once it is cancelled, at whatever command', async () => {
    const document = contents({ pace: [paceAes] }, small);
    const total = factsOf(await check(card(document))).cost.commands;
    for (let stop = 0; stop < total; stop++) {
      const controller = new AbortController();
      const channel = interfere(card(document), ({ index, answer }) => {
        if (index === stop) controller.abort();
        return answer();
      });
      const outcome = await check(channel, request(), { signal: controller.signal });
      const expected = stop === total - 1 ? 'facts' : 'cancelled';
      expect(outcome.kind === 'facts' ? 'facts' : outcome.fault.kind).toBe(expected);
      expect(channel.commands).toHaveLength(stop + 1);
    }
  });
});

describe('a card that is taken away', () => {
  it.each([
    ['BAC', [], false, 101],
    ['BAC, extended length', [], true, 6],
    ['PACE', [paceAes], false, 109],
    ['PACE, extended length', [paceAes], true, 10],
  ] as const)(
    'is told wherever it happens, and checked well when it is laid down again: at each command of a check by %s',
    async (_, pace, extendedLength, commands) => {
      const document = contents({ pace, extendedLength });
      const ask = request({ access: pace.length === 0 ? 'bac' : 'pace' });
      const { files: whole } = factsOf(await check(card(document), ask));
      const files = whole.slice(-3);
      let furthest = 0;
      for (let index = 0; index < commands; index++) {
        const chip = new SimulatedChip(document, { kind: 'torn', atCommand: index });
        const outcome = await check(openChannel(chip), ask);
        if (outcome.kind !== 'stopped') throw new Error(`came to facts though torn at command ${index}`);
        expect(outcome.fault).toEqual({ kind: 'card-removed' });
        expect(outcome.cost.commands).toBe(index + 1);
        const step = checkSteps.findIndex((known) => known === outcome.during);
        expect(step).toBeGreaterThanOrEqual(furthest);
        furthest = step;

        const again = factsOf(await check(openChannel(chip), ask));
        expect(again.files.slice(-3)).toEqual(files);
        expect(again.cost.commands).toBe(commands);
      }
      expect(checkSteps[furthest]).toBe('photo');
    },
    60_000,
  );
});

describe('a chip that breaks secure messaging', () => {
  /** Commands before: EF.CardAccess, SELECT, GET CHALLENGE, EXTERNAL AUTHENTICATE. */
  const firstProtected = 4;
  const at =
    (wanted: number, response: string): Interference =>
    async ({ index, answer }) =>
      index === wanted ? fromHex(response) : answer();

  it.each([
    ['success in clear', '9000'],
    ['success in clear, with data', '7782012C9000'],
    ['a response that is cut off', '87'],
    ['nothing', ''],
  ])('by %s is not believed', async (_, response) => {
    const channel = interfere(card(contents({}, small)), at(firstProtected, response));
    expect(stopOf(await check(channel))).toEqual({
      during: 'security-object',
      fault: { kind: 'protocol-error' },
    });
    expect(channel.commands).toHaveLength(firstProtected + 1);
  });

  it.each(['6982', '6985', '6987', '6988'])('by %s in clear is opened again, once', async (status) => {
    const plain = card(contents({}, small));
    const channel = interfere(plain, async ({ index, answer }) => {
      if (index !== firstProtected + 1) return answer();
      // A command in clear: the session is lost on both sides.
      await plain.transmit(fromHex('00B0000000'));
      return fromHex(status);
    });
    const { files } = factsOf(await check(channel));
    expect(files.slice(-3).map(({ outcome }) => outcome)).toEqual(['read', 'read', 'read']);
  });

  it('by an error in clear ends the check with its status when it happens again', async () => {
    const plain = card(contents({}, small));
    let times = 0;
    const channel = interfere(plain, async ({ index, command, answer }) => {
      if (command[0] !== 0x0c || index <= firstProtected) return answer();
      times += 1;
      await plain.transmit(fromHex('00B0000000'));
      return fromHex('6982');
    });
    expect(stopOf(await check(channel))).toEqual({
      during: 'security-object',
      fault: { kind: 'protocol-error', status: '6982' },
    });
    expect(times).toBe(2);
  });

  it('by a wrong MAC is not believed', async () => {
    const channel = interfere(card(contents({}, small)), async ({ index, answer }) => {
      const given = await answer();
      return index === firstProtected ? given.with(-3, given.at(-3)! ^ 1) : given;
    });
    expect(stopOf(await check(channel)).fault).toEqual({ kind: 'protocol-error' });
  });

  it.each([
    ['BAC', [] as const, 6],
    ['PACE', [paceAes] as const, 10],
  ])(
    'by 6700 in clear to extended length is opened again and read in short length (%s)',
    async (_, pace, least) => {
      const chip = new SimulatedChip(contents({ pace, extendedLength: true }, small));
      const plain = openChannel(chip);
      const channel = interfere(plain, async ({ command, answer }) => {
        // A protected READ BINARY of extended length: the session is lost on both sides.
        if (command[0] === 0x0c && command[1] === 0xb0 && command[4] === 0) {
          await plain.transmit(fromHex('00B0000000'));
          return fromHex('6700');
        }
        return answer();
      });
      const facts = factsOf(await check(channel));
      expect(facts.extendedLength).toBe(false);
      expect(facts.files.slice(-3).map(({ outcome }) => outcome)).toEqual(['read', 'read', 'read']);
      expect(facts.cost.commands).toBeGreaterThan(least);
    },
  );
});

describe('a chip that drops its session in the middle of the photo', () => {
  it('is opened again, and what is shown does not go back', async () => {
    const plain = card(contents({}, { securityObject: 300, photo: 5000 }));
    const blocks = 15;
    let dropped = false;
    const channel = interfere(plain, async ({ index, answer }) => {
      if (index < blocks || dropped) return answer();
      dropped = true;
      await plain.transmit(fromHex('00B0000000'));
      return fromHex('6700');
    });
    const photo: number[] = [];
    const outcome = await check(channel, request(), {
      onProgress: (step, fraction) => {
        if (step === 'photo') photo.push(fraction);
      },
    });
    expect(factsOf(outcome).files).toContainEqual({ file: 'DG2', outcome: 'read', bytes: 5000 });
    expect(dropped).toBe(true);
    expect(photo).toEqual([...photo].sort((a, b) => a - b));
  });
});

describe('responses altered at random', () => {
  type Alteration = (answer: Uint8Array, random: () => number) => Uint8Array;
  const pick = (random: () => number, below: number) => Math.floor(random() * below);
  const alterations: readonly Alteration[] = [
    (answer, random) => {
      const position = pick(random, answer.length);
      return answer.with(position, (answer[position] ?? 0) ^ (1 + pick(random, 255)));
    },
    (answer, random) => answer.slice(0, pick(random, answer.length)),
    (answer, random) =>
      concat(
        answer,
        Uint8Array.from({ length: 1 + pick(random, 20) }, () => pick(random, 256)),
      ),
    (_answer, random) => Uint8Array.from({ length: pick(random, 300) }, () => pick(random, 256)),
    (_answer, random) =>
      fromHex(['9000', '6982', '6700', '6300', '6282', '6A88', '6C10'][pick(random, 7)] ?? ''),
    (answer, random) => concat(answer.slice(0, -2), fromHex(['6300', '6A80', '6282'][pick(random, 3)] ?? '')),
    (answer, random) => {
      const from = pick(random, answer.length);
      return concat(answer.slice(from), answer.slice(0, from));
    },
  ];

  it.each([
    ['BAC', [] as const, 2000],
    ['PACE', [{ parameterId: 8, cipher: 'aes-128' }] as const, 250],
  ])(
    'never change what is told, nor hang, nor throw (%s)',
    async (_, pace, runs) => {
      const document = signedDocument({ pace, bac: pace.length === 0, extendedLength: true });
      const untouched = factsOf(await check(card(document), request(), { issuers }));
      expect(isGenuine(untouched)).toBe(true);
      const random = seededNumbers(runs);
      let stopped = 0;
      for (let run = 0; run < runs; run++) {
        const wanted = pick(random, untouched.cost.commands);
        const alter = alterations[pick(random, alterations.length)]!;
        const channel = interfere(card(document, run), async ({ index, answer }) =>
          index === wanted ? alter(await answer(), random) : answer(),
        );
        const outcome = checkOutcome.parse(await check(channel, request(), { issuers }));
        expect(channel.commands.length).toBeLessThan(3 * untouched.cost.commands + 20);
        if (outcome.kind === 'stopped') {
          stopped += 1;
          continue;
        }
        // Secure messaging lets nothing through: the facts are those of the chip, or there are none.
        const { details, photo, securityObject } = outcome.facts;
        expect({ details, photo, securityObject }).toEqual({
          details: untouched.details,
          photo: untouched.photo,
          securityObject: untouched.securityObject,
        });
      }
      expect(stopped).toBeGreaterThan(runs / 2);
    },
    90_000,
  );
});

describe('a forged chip that speaks secure messaging as it should', () => {
  const document = signedDocument({ extendedLength: true });
  const factsWith = async (files: ChipContents['files']) =>
    factsOf(await check(card({ ...document, files }), request({ access: 'bac' }), { issuers }));

  function alteredAtRandom(file: Uint8Array, random: () => number): Uint8Array {
    const position = Math.floor(random() * file.length);
    return file.with(position, (file[position] ?? 0) ^ (1 + Math.floor(random() * 255)));
  }

  it.each([
    ['DG1', 1],
    ['DG2', 2],
  ] as const)('is not told as genuine with an altered %s', async (_, dataGroup) => {
    const fileId = 0x0100 + dataGroup;
    const random = seededNumbers(fileId);
    for (let run = 0; run < 60; run++) {
      const altered = alteredAtRandom(document.files.get(fileId)!, random);
      const facts = await factsWith(new Map([...document.files, [fileId, altered]]));
      expect(facts.securityObject).toMatchObject({ kind: 'parsed', signature: { outcome: 'valid' } });
      expect(hashesOf(facts)).not.toContainEqual({ dataGroup, outcome: 'match' });
      expect(isGenuine(facts)).toBe(false);
    }
  });

  it('has no valid signature over other hashes than those that were signed', async () => {
    const random = seededNumbers(0x011d);
    const signed = hashesOf(await factsWith(document.files));
    let invalid = 0;
    for (let run = 0; run < 150; run++) {
      const altered = alteredAtRandom(document.files.get(0x011d)!, random);
      const { securityObject } = await factsWith(new Map([...document.files, [0x011d, altered]]));
      if (securityObject.kind !== 'parsed') continue;
      if (securityObject.signature.outcome === 'valid') expect(securityObject.hashes).toEqual(signed);
      else invalid += 1;
    }
    expect(invalid).toBeGreaterThan(20);
  });
});
