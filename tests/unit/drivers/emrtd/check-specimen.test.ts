import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkChip } from '../../../../drivers/emrtd/check.js';
import { openChannel } from '../../../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../../../drivers/simulated/chip/chip.js';

const folder = resolve(process.env['FORHAL_SAMPLES'] ?? '../shared/samples', 'bsi2008');
const key = { documentNumber: 'C11T002JM', birthDate: '960812', expiryDate: '131031' };
const names = new Map([
  [0x0101, 'DG1'],
  [0x0102, 'DG2'],
  [0x010e, 'DG14'],
  [0x010f, 'DG15'],
  [0x011d, 'EF_SOD'],
]);

describe.skipIf(!existsSync(folder))(
  'the public specimen of 2008 (skipped where there are no samples)',
  () => {
    it('is opened by BAC, and its hashes, signature and photo are told', async () => {
      const files = new Map(
        [...names].map(([id, name]) => [id, new Uint8Array(readFileSync(join(folder, `${name}.bin`)))]),
      );
      const chip = new SimulatedChip({ key, bac: true, pace: [], extendedLength: true, files });
      const outcome = await checkChip(
        openChannel(chip),
        { id: 'check-1', key, access: 'auto', dataGroups: [14, 15], waitForDocumentMs: 0 },
        { onProgress: () => undefined, signal: new AbortController().signal, now: () => 0 },
      );
      expect(outcome).toMatchObject({
        kind: 'facts',
        facts: {
          access: { protocol: 'bac', afterPaceFailed: false },
          details: {
            kind: 'parsed',
            format: 'TD3',
            issuingState: 'D',
            matches: { documentNumber: true, birthDate: true, expiryDate: true },
          },
          photo: { kind: 'parsed', format: 'jpeg2000', width: 413, height: 531 },
          securityObject: {
            kind: 'parsed',
            signature: { outcome: 'valid', algorithm: 'ecdsa', keyBits: 224, explicitParameters: true },
          },
        },
      });
      if (outcome.kind !== 'facts' || outcome.facts.securityObject.kind !== 'parsed')
        throw new Error('no facts');
      const { hashes, signature } = outcome.facts.securityObject;
      for (const dataGroup of [1, 2, 14]) expect(hashes).toContainEqual({ dataGroup, outcome: 'match' });
      expect(signature.weaknesses).toContain('sha1');
      // DG15 is on the chip, but not in the security object.
      expect(outcome.facts.files.map(({ file }) => file)).toEqual([
        'EF.CardAccess',
        'EF.SOD',
        'DG1',
        'DG2',
        'DG14',
      ]);
    });
  },
);
