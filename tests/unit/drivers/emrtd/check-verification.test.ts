import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkChip } from '../../../../drivers/emrtd/check.js';
import * as passiveAuthentication from '../../../../drivers/emrtd/passive-authentication/index.js';
import type { CheckRequest, SecurityObjectFact } from '../../../../drivers/emrtd/types.js';
import { encodeTlv } from '../../../../drivers/shared/tlv.js';
import { openChannel } from '../../../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../../../drivers/simulated/chip/chip.js';
import type { ChipFault } from '../../../../drivers/simulated/chip/types.js';
import { contents, key } from './document.js';
import { seededRandom } from './scripted-chip.js';

vi.mock(import('../../../../drivers/emrtd/passive-authentication/index.js'), async (importOriginal) => ({
  ...(await importOriginal()),
  verifySecurityObject: vi.fn(),
}));

const verify = vi.mocked(passiveAuthentication.verifySecurityObject);

afterEach(() => {
  verify.mockReset();
});

/** A security object that lists these data groups. */
function listing(...dataGroups: number[]): SecurityObjectFact {
  return {
    kind: 'parsed',
    ldsVersion: '0',
    digest: 'sha256',
    hashes: dataGroups.map((dataGroup) => ({ dataGroup, outcome: 'not-read' })),
    signature: { outcome: 'valid', algorithm: 'ecdsa', weaknesses: [] },
    signer: { notBefore: '2024-01-01', notAfter: '2035-01-01' },
    issuer: 'not-checked',
  };
}

const document = contents({}, { securityObject: 300, photo: 500 });
const files = new Map([
  ...document.files,
  [0x010e, encodeTlv(0x6e, new Uint8Array(40).fill(1))] as const,
  [0x010f, encodeTlv(0x6f, new Uint8Array(50).fill(1))] as const,
]);

async function filesRead(dataGroups?: CheckRequest['dataGroups'], fault: ChipFault = { kind: 'none' }) {
  const request: CheckRequest = { id: 'check-1', key, access: 'bac', waitForDocumentMs: 0, dataGroups };
  const outcome = await checkChip(openChannel(new SimulatedChip({ ...document, files }, fault)), request, {
    onProgress: () => undefined,
    signal: new AbortController().signal,
    now: () => 0,
    random: seededRandom(3),
  });
  return outcome.kind === 'facts' ? outcome.facts.files.map(({ file }) => file) : outcome.fault.kind;
}

describe('data groups besides DG1 and DG2', () => {
  it('are not read when nobody asks for them', async () => {
    verify.mockReturnValue(listing(1, 2, 14, 15));
    expect(await filesRead()).toEqual(['EF.SOD', 'DG1', 'DG2']);
  });

  it('are read when they are asked for and the security object lists them', async () => {
    verify.mockReturnValue(listing(1, 2, 14));
    expect(await filesRead([14, 15])).toEqual(['EF.SOD', 'DG1', 'DG2', 'DG14']);
    expect([...(verify.mock.lastCall?.[1].keys() ?? [])]).toEqual([1, 2, 14]);
  });
});

describe('what was read from a chip', () => {
  it('is overwritten once the check has its facts', async () => {
    const seen: Uint8Array[] = [];
    verify.mockImplementation((securityObject, dataGroups) => {
      seen.push(securityObject, ...dataGroups.values());
      for (const file of [securityObject, ...dataGroups.values()]) {
        expect(file.some((byte) => byte !== 0)).toBe(true);
      }
      return listing(1, 2);
    });
    await filesRead();
    expect(seen.map(({ length }) => length)).toContain(93);
    for (const file of seen) expect(file.every((byte) => byte === 0)).toBe(true);
  });

  it('is overwritten also when verification fails with a bug', async () => {
    let kept: Uint8Array | undefined;
    verify.mockImplementation((securityObject) => {
      kept = securityObject;
      throw new Error('a bug');
    });
    await expect(filesRead()).rejects.toThrow('a bug');
    expect(kept?.every((byte) => byte === 0)).toBe(true);
  });

  it('is overwritten also when the card is taken away before the last file', async () => {
    const seen: Uint8Array[] = [];
    verify.mockImplementation((securityObject) => {
      seen.push(securityObject);
      return listing(1, 2, 14);
    });
    // SELECT, two of BAC, two of EF.SOD, one of DG1, three of DG2: the next one asks for DG14.
    expect(await filesRead([14], { kind: 'torn', atCommand: 9 })).toBe('card-removed');
    expect(seen).toHaveLength(1);
    expect(seen[0]?.every((byte) => byte === 0)).toBe(true);
  });
});
