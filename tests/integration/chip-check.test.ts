import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChipFacts } from '../../drivers/emrtd/types.js';
import type { ChipContents, PaceOffer } from '../../drivers/simulated/chip/contents.js';
import { makeDemoDocument } from '../../drivers/simulated/chip/documents.js';
import type { CheckEnd } from '../../main/devices/types.js';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';
import { issuersFolder, PassportReader } from './passport-reader.js';
import { TestPcscd, whyNoPcscd } from './pcscd.js';

const missing = whyNoPcscd();
if (missing !== undefined) console.warn(`Skipped: chip checks through PC/SC (${missing}).`);

/** Doc 9303 part 11 section 9.5.1. */
const p256: PaceOffer = { parameterId: 12, cipher: 'aes-128' };
const brainpoolP256r1: PaceOffer = { parameterId: 13, cipher: 'aes-256' };

function personalise(way: 'bac' | PaceOffer, extendedLength: boolean): ChipContents {
  const contents = makeDemoDocument('passport-pace', { kind: 'none' });
  return { ...contents, bac: true, pace: way === 'bac' ? [] : [way], extendedLength };
}

function factsOf(end: CheckEnd) {
  if (end.kind !== 'facts') throw new Error(`no facts: ${JSON.stringify(end)}`);
  return end.facts;
}

/** The data groups whose hashes are those that the security object has. */
function matching({ securityObject }: ChipFacts): readonly number[] {
  if (securityObject.kind === 'unreadable') return [];
  return securityObject.hashes.filter(({ outcome }) => outcome === 'match').map(({ dataGroup }) => dataGroup);
}

describe.skipIf(missing !== undefined)('a chip check through the PC/SC service', () => {
  const pcscd = new TestPcscd();
  let programs: BuiltPrograms;
  let issuers: ReturnType<typeof issuersFolder>;
  let reader: PassportReader;

  beforeAll(async () => {
    programs = await buildPrograms();
    issuers = issuersFolder();
    await pcscd.start();
    reader = new PassportReader(pcscd, programs.host, issuers.path);
    await reader.ready();
  });

  afterAll(async () => {
    await reader.stop();
    await pcscd.remove();
    issuers.remove();
    programs.remove();
  });

  const ways = [
    ['BAC', 'bac', { protocol: 'bac', cipher: '3des', afterPaceFailed: false }],
    ['PACE over P-256', p256, { protocol: 'pace', curve: 'P-256', cipher: 'aes-128', password: 'mrz' }],
    [
      'PACE over brainpoolP256r1',
      brainpoolP256r1,
      { protocol: 'pace', curve: 'brainpoolP256r1', cipher: 'aes-256', password: 'mrz' },
    ],
  ] as const;

  describe.each(ways)('by %s', (_name, way, access) => {
    it.each([
      ['extended', true],
      ['short', false],
    ])('in %s length reads everything and finds it right', async (_length, extendedLength) => {
      const contents = personalise(way, extendedLength);
      await reader.place(contents);
      const facts = factsOf(await reader.check(contents));
      expect(facts.access).toMatchObject(access);
      expect(facts.extendedLength).toBe(extendedLength);
      expect(facts.details).toMatchObject({
        kind: 'parsed',
        checkDigitsRight: true,
        matches: { documentNumber: true, birthDate: true, expiryDate: true },
      });
      expect(facts.photo.kind).toBe('parsed');
      expect(facts.securityObject).toMatchObject({
        kind: 'parsed',
        signature: { outcome: 'valid' },
        issuer: 'trusted',
      });
      expect(matching(facts)).toEqual([1, 2]);
    });
  });

  it('works again and again with the document left lying', async () => {
    const contents = personalise(p256, true);
    await reader.place(contents);
    for (let time = 0; time < 3; time++) {
      expect(factsOf(await reader.check(contents, { waitForDocumentMs: 5000 })).details.kind).toBe('parsed');
    }
  });

  it('reads the second document when two are exchanged faster than the service looks', async () => {
    const first = personalise(p256, true);
    const second = makeDemoDocument('passport-brainpool', { kind: 'none' });
    await reader.place(first);
    factsOf(await reader.check(first));
    await reader.exchange(second);
    expect(factsOf(await reader.check(second)).details).toMatchObject({ matches: { documentNumber: true } });
  });

  it('waits for a document that is put down later', async () => {
    await reader.take();
    const contents = personalise('bac', true);
    const steps: string[] = [];
    const end = reader.check(contents, {}, ({ step }) => {
      if (steps.at(-1) !== step) steps.push(step);
      if (steps.length === 1 && step === 'waiting') void reader.place(contents);
    });
    factsOf(await end);
    expect(steps).toEqual(['waiting', 'connect', 'access', 'security-object', 'details', 'photo', 'verify']);
  });

  it('tells that no document came, and that there is no such reader', async () => {
    await reader.take();
    const contents = personalise('bac', true);
    expect(await reader.check(contents, { waitForDocumentMs: 300 })).toMatchObject({
      kind: 'stopped',
      during: 'waiting',
      fault: { kind: 'no-card' },
    });
    expect(await reader.check(contents, { waitForDocumentMs: 0, reader: 'ACME' })).toMatchObject({
      fault: { kind: 'no-reader' },
    });
  });

  it('finds the document on either of two readers, or on the one that is named', async () => {
    const first = personalise('bac', true);
    const second = personalise(p256, true);
    await reader.take();
    await reader.place(second, { kind: 'none' }, 1);
    expect(factsOf(await reader.check(second)).access.protocol).toBe('pace');
    await reader.place(first);
    expect(factsOf(await reader.check(first, { reader: 'Virtual PCD 00 00' })).access.protocol).toBe('bac');
    expect(factsOf(await reader.check(second, { reader: 'Virtual PCD 00 01' })).access.protocol).toBe('pace');
    await reader.take(1);
  });

  it.each([
    ['another document', 'wrong-key', 'wrong-key'],
    ['a card that is no travel document', 'not-a-passport', 'not-a-travel-document'],
  ] as const)('tells %s', async (_what, kind, fault) => {
    const contents = makeDemoDocument('passport-pace', { kind });
    const { key } = makeDemoDocument('passport-pace', { kind: 'none' });
    await reader.place(contents, { kind });
    expect(await reader.check(contents, { key })).toMatchObject({ kind: 'stopped', fault: { kind: fault } });
  });

  it.each([
    ['BAC', 'bac'],
    ['PACE', p256],
  ] as const)(
    'by %s torn off at any command says so each time, and the next check works',
    async (_name, way) => {
      const contents = personalise(way, true);
      await reader.place(contents);
      const { commands } = factsOf(await reader.check(contents)).cost;
      for (let atCommand = 0; atCommand < commands; atCommand++) {
        await reader.place(contents, { kind: 'torn', atCommand });
        const torn = await reader.check(contents);
        expect(torn, `torn at command ${String(atCommand)}`).toMatchObject({
          kind: 'stopped',
          fault: { kind: 'card-removed' },
          cost: { commands: atCommand + 1 },
        });
        await reader.place(contents);
        factsOf(await reader.check(contents));
      }
      expect(commands).toBeGreaterThan(6);
      expect(reader.log.filter(({ event }) => event === 'host-exited')).toEqual([]);
    },
    120_000,
  );
});
