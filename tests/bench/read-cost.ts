import { checkChip } from '../../drivers/emrtd/index.js';
import { loadIssuers } from '../../drivers/emrtd/passive-authentication/index.js';
import type { ChipFacts } from '../../drivers/emrtd/types.js';
import { openChannel } from '../../drivers/simulated/shared/channel.js';
import { SimulatedChip } from '../../drivers/simulated/chip/chip.js';
import type { DocumentAccess } from '../../drivers/simulated/chip/documents.js';
import { benchDocument, issuerCertificate } from './documents.js';

interface Case {
  readonly name: string;
  readonly access: 'auto' | 'bac';
  readonly chip: DocumentAccess;
  /** Commands that a read may cost at the most; undefined: told only. */
  readonly most?: number;
}

const bac = (extendedLength: boolean): DocumentAccess => ({ bac: true, pace: [], extendedLength });
const pace = (extendedLength: boolean): DocumentAccess => ({
  bac: true,
  pace: [{ parameterId: 13, cipher: 'aes-128' }],
  extendedLength,
});

const cases: readonly Case[] = [
  { name: 'BAC, short length', access: 'bac', chip: bac(false), most: 101 },
  { name: 'BAC, extended length', access: 'bac', chip: bac(true), most: 6 },
  { name: 'PACE, short length', access: 'auto', chip: pace(false), most: 109 },
  { name: 'PACE, extended length', access: 'auto', chip: pace(true), most: 10 },
  { name: 'BAC after looking for PACE, short length', access: 'auto', chip: bac(false) },
  { name: 'BAC after looking for PACE, extended length', access: 'auto', chip: bac(true) },
];

/** Runs of each case; the figure is their median. */
const runs = 15;

export interface ReadCost {
  readonly case: string;
  readonly commands: number;
  readonly mostCommands: number | undefined;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** CPU time of one check outside the transport, ms: median of the runs. */
  readonly cpuMs: number;
  readonly allVerified: boolean;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function isVerified({ securityObject, details, photo }: ChipFacts): boolean {
  return (
    securityObject.kind === 'parsed' &&
    securityObject.signature.outcome === 'valid' &&
    securityObject.issuer === 'trusted' &&
    securityObject.hashes.every(({ outcome }) => outcome === 'match') &&
    details.kind === 'parsed' &&
    details.matches.documentNumber &&
    photo.kind === 'parsed'
  );
}

/** In one process, chip and transport taken out: commands and bytes as counted, CPU as this process used it. */
export async function measureReadCost(): Promise<ReadCost[]> {
  const issuers = loadIssuers([issuerCertificate]);
  const costs: ReadCost[] = [];
  for (const { name, access, chip, most } of cases) {
    const contents = benchDocument(chip);
    const facts: ChipFacts[] = [];
    const cpu: number[] = [];
    for (let run = 0; run < runs; run++) {
      let outside = 0;
      const channel = openChannel(new SimulatedChip(contents));
      const startedAt = process.cpuUsage();
      const outcome = await checkChip(
        {
          atr: channel.atr,
          extendedLength: channel.extendedLength,
          transmit: async (command) => {
            const sentAt = process.cpuUsage();
            const answer = await channel.transmit(command);
            const { user, system } = process.cpuUsage(sentAt);
            outside += user + system;
            return answer;
          },
        },
        { id: 'bench', key: contents.key, access, waitForDocumentMs: 0 },
        {
          issuers,
          onProgress: () => undefined,
          signal: new AbortController().signal,
          now: () => performance.now(),
        },
      );
      const { user, system } = process.cpuUsage(startedAt);
      if (outcome.kind !== 'facts') throw new Error(`${name}: the check ended with ${outcome.fault.kind}`);
      facts.push(outcome.facts);
      cpu.push((user + system - outside) / 1000);
    }
    const [{ cost }] = facts as [ChipFacts, ...ChipFacts[]];
    costs.push({
      case: name,
      commands: cost.commands,
      mostCommands: most,
      bytesSent: cost.bytesSent,
      bytesReceived: cost.bytesReceived,
      cpuMs: median(cpu),
      allVerified: facts.every(isVerified),
    });
  }
  return costs;
}
