import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyCheckProgress } from '../../drivers/fido/types.js';
import { makeDemoDocument } from '../../drivers/simulated/chip/documents.js';
import { NfcKey } from '../../drivers/simulated/fido-key/nfc-key.js';
import type { KeyCheckEnd } from '../../main/devices/types.js';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';
import { PassportReader } from './passport-reader.js';
import { eventually, TestPcscd, whyNoPcscd } from './pcscd.js';

const missing = whyNoPcscd();
if (missing !== undefined) console.warn(`Skipped: FIDO keys through PC/SC (${missing}).`);

/** Debian's own, which finds Debian's packages. */
const python = '/usr/bin/python3';
const peer = fileURLToPath(new URL('fido-peer.py', import.meta.url));
const noPeer = spawnSync(python, ['-c', 'import fido2.pcsc']).status !== 0;
if (noPeer && process.env['CI'] === 'true') throw new Error('python3-fido2 or python3-pyscard is missing');
if (noPeer) console.warn('Skipped: an independent peer for FIDO keys (no python3-fido2, python3-pyscard).');

describe.skipIf(missing !== undefined)('a FIDO key through the PC/SC service', () => {
  const pcscd = new TestPcscd();
  let programs: BuiltPrograms;
  let reader: PassportReader;

  beforeAll(async () => {
    programs = await buildPrograms();
    await pcscd.start();
    reader = new PassportReader(pcscd, programs.host);
    await reader.ready();
  });

  afterAll(async () => {
    await reader.stop();
    await pcscd.remove();
    programs.remove();
  });

  function check(
    onProgress: (progress: KeyCheckProgress) => void = () => undefined,
    { waitForKeyMs = 10_000, signal = new AbortController().signal } = {},
  ): Promise<KeyCheckEnd> {
    return reader.device.checkNfcKey({ id: 'key', waitForKeyMs }, onProgress, signal);
  }

  it.skipIf(noPeer)('says the same to an independent peer as to us', async () => {
    await reader.placeCard(new NfcKey('ctap2', { shortAnswerBytes: 60, polls: 2 }));
    const end = await check();
    if (end.kind !== 'answers') throw new Error(JSON.stringify(end));
    const { u2f, versions, aaguid, transports, firmwareVersion, maxMessageSize } = end.facts;
    const { stdout } = await promisify(execFile)(python, [peer, 'Virtual PCD 00 00'], {
      env: pcscd.environment,
      timeout: 30_000,
    });
    expect(JSON.parse(stdout)).toEqual({
      u2f: 'U2F_V2',
      versions,
      aaguid,
      transports,
      firmwareVersion,
      maxMessageSize,
    });
    expect(u2f).toBe(true);
    // Ours works after another program's, too.
    expect(await check()).toMatchObject({ kind: 'answers', facts: { versions, aaguid } });
  });

  it('is waited for, and says what it is in short length as well', async () => {
    await reader.take();
    const steps: string[] = [];
    const end = check(({ step }) => {
      if (steps.at(-1) !== step) steps.push(step);
      if (steps.length === 1 && step === 'waiting') {
        void reader.placeCard(new NfcKey('ctap2', { extendedLength: false, shortAnswerBytes: 60 }));
      }
    });
    expect(await end).toMatchObject({
      kind: 'answers',
      facts: { way: 'nfc', versions: ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1'], hid: null, winked: false },
    });
    expect(steps).toEqual(['waiting', 'greeting', 'asking']);
  });

  it('of the old kind is known by U2F', async () => {
    await reader.placeCard(new NfcKey('u2f-only'));
    expect(await check()).toMatchObject({ kind: 'answers', facts: { ctap2: false, u2f: true } });
  });

  it.each([
    ['torn', 'asking', 'key-removed'],
    ['not-a-key', 'greeting', 'not-a-key'],
    ['protocol-error', 'asking', 'protocol-error'],
  ] as const)('that is %s is told so', async (kind, during, fault) => {
    await reader.placeCard(new NfcKey(kind));
    expect(await check()).toEqual({ kind: 'stopped', during, fault });
  });

  it('is not what a passport is, and both are read in turn', async () => {
    const contents = makeDemoDocument('passport-pace', { kind: 'none' });
    await reader.place(contents);
    expect(await check()).toEqual({ kind: 'stopped', during: 'greeting', fault: 'not-a-key' });
    expect(await reader.check(contents)).toMatchObject({ kind: 'facts' });
    await reader.placeCard(new NfcKey('ctap2'), 1);
    await eventually('the key is seen', () => reader.device.state.readers[1]?.card === 'present');
    expect(await check()).toMatchObject({ kind: 'answers' });
    await reader.take(1);
  });

  it('can be waited for in vain, or no longer', async () => {
    await reader.take();
    expect(await check(undefined, { waitForKeyMs: 200 })).toEqual({
      kind: 'stopped',
      during: 'waiting',
      fault: 'no-key',
    });
    const abort = new AbortController();
    const end = check(() => abort.abort(), { signal: abort.signal, waitForKeyMs: 30_000 });
    expect(await end).toEqual({ kind: 'stopped', during: 'waiting', fault: 'cancelled' });
    expect(reader.log.filter(({ event }) => event === 'host-exited')).toEqual([]);
  });
});
