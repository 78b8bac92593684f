import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOutcome } from '../../drivers/emrtd/types.js';
import type { ChipContents } from '../../drivers/simulated/chip/contents.js';
import { makeDemoDocument } from '../../drivers/simulated/chip/documents.js';
import { verdict } from '../../main/api/contract.js';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';
import { issuersFolder, PassportReader } from './passport-reader.js';
import { TestPcscd, whyNoPcscd } from './pcscd.js';

const missing = whyNoPcscd();
if (missing !== undefined) console.warn(`Skipped: the command line through PC/SC (${missing}).`);

const samples =
  process.env['FORHAL_SAMPLES'] ?? fileURLToPath(new URL('../../../shared/samples', import.meta.url));
const specimen = join(samples, 'bsi2008');
const noSamples = !existsSync(specimen);
if (noSamples) console.warn('Skipped: the specimen passport of 2008 (no samples).');

/** The specimen as a chip under BAC. Doc 9303 part 10 section 3: identifiers of the files. */
function specimenChip(): ChipContents {
  const file = (name: string): Uint8Array => readFileSync(join(specimen, name));
  return {
    key: { documentNumber: 'C11T002JM', birthDate: '960812', expiryDate: '131031' },
    bac: true,
    pace: [],
    extendedLength: true,
    files: new Map([
      [0x011e, file('EF_COM.bin')],
      [0x011d, file('EF_SOD.bin')],
      [0x0101, file('DG1.bin')],
      [0x0102, file('DG2.bin')],
      [0x010e, file('DG14.bin')],
      [0x010f, file('DG15.bin')],
    ]),
  };
}

/** What `--json` prints when a check gave an answer. */
const printed = z.object({ result: checkOutcome, verdict });

describe('npm run chip-check', () => {
  const pcscd = new TestPcscd();
  let programs: BuiltPrograms;

  beforeAll(async () => {
    programs = await buildPrograms();
  });
  afterAll(async () => {
    await pcscd.remove();
    programs.remove();
  });

  /** Runs the command as a technician does. */
  function run(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<{ status: number | null; out: string; err: string }> {
    return new Promise((resolve) => {
      const child = spawn(process.execPath, [programs.chipCheck, ...args], {
        env: { ...pcscd.environment, ...environment },
      });
      let out = '';
      let err = '';
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (err += text.toString()));
      child.on('close', (status) => resolve({ status, out, err }));
    });
  }

  const keyOf = ({ key }: ChipContents): string[] => [
    '--number',
    key.documentNumber,
    '--birth',
    key.birthDate,
    '--expiry',
    key.expiryDate,
  ];

  it('refuses bad arguments with status 64 and does not repeat them', async () => {
    const { status, out, err } = await run(['--number', 'C11T002JM4', '--birth', '12AUG96']);
    expect(status).toBe(64);
    expect(out).toBe('');
    expect(err).toContain('--birth');
    expect(err).not.toContain('12AUG96');
    expect(err).not.toContain('C11T002JM4');
  });

  it('checks a demo document without any reader: status 0', async () => {
    const { status, out } = await run(['--demo', 'passport-pace']);
    expect(out).toContain('PACE');
    expect(out).toMatch(/Verdict +ready/);
    expect(status).toBe(0);
  });

  it("judges by the operator's rules where the kiosk has settings, and writes none", async () => {
    const folder = mkdtempSync(join(tmpdir(), 'forhal-cli-'));
    const minimumAge = { value: 120, source: 'a test', checked: '2026-01-01' };
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ chipCheck: { rules: { minimumAge } } }));
    try {
      const { out } = await run(['--demo', 'passport-pace', '--json'], { FORHAL_DATA: folder });
      expect(printed.parse(JSON.parse(out)).verdict.reasons).toContain('under-13');
      expect(readdirSync(folder)).toEqual(['settings.json']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says that the card service does not run: status 3', async () => {
    const { status, out } = await run([
      ...keyOf(makeDemoDocument('passport-bac', { kind: 'none' })),
      '--wait',
      '0',
    ]);
    expect(out).toContain('service-unavailable');
    expect(status).toBe(3);
  });

  describe.skipIf(missing !== undefined)('through the PC/SC service', () => {
    let reader: PassportReader;
    let issuers: ReturnType<typeof issuersFolder>;

    beforeAll(async () => {
      issuers = issuersFolder();
      await pcscd.start();
      reader = new PassportReader(pcscd, programs.host);
      await reader.ready();
    });
    afterAll(async () => {
      await reader.stop();
      issuers.remove();
    });

    it('says that no document came: status 3', async () => {
      const { status, out } = await run([
        ...keyOf(makeDemoDocument('passport-bac', { kind: 'none' })),
        '--wait',
        '0',
      ]);
      expect(out).toContain('no-card');
      expect(status).toBe(3);
    });

    it('prints each step, the facts and the verdict of a passport that is ready: status 0', async () => {
      const contents = makeDemoDocument('passport-pace', { kind: 'none' });
      await reader.place(contents);
      const { status, out, err } = await run([...keyOf(contents), '--issuers', issuers.path]);
      expect(err).toBe('');
      const order = [
        'access control',
        'reading the photo',
        'verifying',
        'PACE',
        'EF.SOD',
        'DG2',
        'Signature',
        'Verdict',
      ];
      const places = order.map((words) => out.indexOf(words));
      expect(places).toEqual([...places].sort((a, b) => a - b));
      expect(places).not.toContain(-1);
      expect(out).toMatch(/\d+ APDUs, \d+ bytes out, \d+ bytes in, \d+ ms/);
      expect(status).toBe(0);
    });

    it('says that the document is another one: status 2', async () => {
      const contents = makeDemoDocument('passport-bac', { kind: 'none' });
      await reader.place(contents);
      const { status, out } = await run([
        ...keyOf({ ...contents, key: { ...contents.key, birthDate: '800101' } }),
        '--json',
      ]);
      expect(JSON.parse(out)).toMatchObject({
        result: { kind: 'stopped', fault: { kind: 'wrong-key' } },
        verdict: { outcome: 'could-not-tell' },
      });
      expect(status).toBe(2);
    });

    it.skipIf(noSamples)(
      'finds the facts of the specimen passport of 2008, and that it has expired: status 1',
      async () => {
        await reader.place(specimenChip());
        // As its machine-readable zone shows the number: with the check digit.
        const key = ['--number', 'C11T002JM4', '--birth', '960812', '--expiry', '131031'];
        const { status, out } = await run([...key, '--data-groups', '14', '--json']);
        const { result, verdict: judged } = printed.parse(JSON.parse(out));
        if (result.kind !== 'facts') throw new Error(out);
        const { access, details, photo, securityObject } = result.facts;
        expect(access).toMatchObject({ protocol: 'bac', afterPaceFailed: false });
        expect(details).toMatchObject({
          format: 'TD3',
          issuingState: 'D',
          matches: { documentNumber: true, birthDate: true, expiryDate: true },
        });
        expect(photo).toMatchObject({ format: 'jpeg2000', width: 413, height: 531 });
        if (securityObject.kind !== 'parsed') throw new Error(out);
        const { hashes, signature } = securityObject;
        for (const dataGroup of [1, 2, 14]) expect(hashes).toContainEqual({ dataGroup, outcome: 'match' });
        expect(signature).toMatchObject({
          outcome: 'valid',
          algorithm: 'ecdsa',
          hash: 'sha1',
          explicitParameters: true,
        });
        expect(signature.weaknesses).toContain('sha1');
        expect(judged.outcome).toBe('not-ready');
        expect(judged.reasons).toContain('expired');
        expect(status).toBe(1);
      },
    );
  });
});
