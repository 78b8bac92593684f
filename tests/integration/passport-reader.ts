import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckProgress, CheckRequest } from '../../drivers/emrtd/types.js';
import { SimulatedChip } from '../../drivers/simulated/chip/chip.js';
import type { ChipContents } from '../../drivers/simulated/chip/contents.js';
import { demoIssuers } from '../../drivers/simulated/chip/documents.js';
import type { ChipFault } from '../../drivers/simulated/chip/types.js';
import type { SimulatedCard } from '../../drivers/simulated/shared/card.js';
import { type InsertedCard, insertCard } from '../../drivers/simulated/shared/virtual-reader.js';
import { createChipsDevice } from '../../main/devices/chips-device.js';
import type { DeviceLogEvent } from '../../main/devices/driver-host.js';
import { nodeLauncher } from '../../main/devices/node-launcher.js';
import type { CheckEnd, ChipsDevice } from '../../main/devices/types.js';
import { eventually, type TestPcscd } from './pcscd.js';

/** A folder with the certificates that the demo documents are signed under. */
export function issuersFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'forhal-issuers-'));
  for (const [index, certificate] of demoIssuers().entries()) {
    writeFileSync(join(path, `${String(index)}.der`), certificate);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** The product's passport reader, over a real PC/SC daemon with simulated chips in its virtual readers. */
export class PassportReader {
  readonly device: ChipsDevice;
  readonly log: DeviceLogEvent[] = [];
  readonly #pcscd: TestPcscd;
  readonly #inserted = new Map<number, InsertedCard>();
  #checks = 0;

  constructor(pcscd: TestPcscd, hostPath: string, issuers?: string) {
    this.#pcscd = pcscd;
    this.device = createChipsDevice({
      launch: nodeLauncher(hostPath, pcscd.environment),
      chips: { source: 'pcsc', ...(issuers === undefined ? {} : { issuers }) },
      log: (event) => this.log.push(event),
    });
  }

  /** Process id of the driver host that runs now. */
  get hostPid(): number {
    const started = this.log.findLast(({ event }) => event === 'host-started');
    if (started?.event !== 'host-started' || started.pid === undefined) throw new Error('no driver host');
    return started.pid;
  }

  /** Puts a document on the first or second reader, in place of what lies there. */
  async place(contents: ChipContents, fault: ChipFault = { kind: 'none' }, reader = 0): Promise<void> {
    await this.placeCard(new SimulatedChip(contents, fault), reader);
  }

  /** Puts any card on the first or second reader, in place of what lies there. */
  async placeCard(card: SimulatedCard, reader = 0): Promise<void> {
    await this.take(reader);
    const inserted = await insertCard(card, { port: this.#pcscd.firstPort + reader });
    if (!inserted.ok) throw new Error(inserted.error.kind);
    this.#inserted.set(reader, inserted.value);
  }

  /** Takes the document away and puts another in its place, without waiting until the reader has noticed. */
  async exchange(contents: ChipContents, reader = 0): Promise<void> {
    await this.#inserted.get(reader)?.remove();
    this.#inserted.delete(reader);
    await this.place(contents, { kind: 'none' }, reader);
  }

  /** Takes the document away and waits until the reader has noticed. */
  async take(reader = 0): Promise<void> {
    const inserted = this.#inserted.get(reader);
    if (inserted === undefined) return;
    this.#inserted.delete(reader);
    await inserted.remove();
    await eventually('the reader is empty', () => this.device.state.readers[reader]?.card !== 'present');
  }

  ready(readers = 2): Promise<unknown> {
    return eventually('the readers are there', () => this.device.state.readers.length === readers);
  }

  check(
    contents: ChipContents,
    request: Partial<CheckRequest> = {},
    onProgress: (progress: CheckProgress) => void = () => undefined,
  ): Promise<CheckEnd> {
    this.#checks++;
    const whole: CheckRequest = {
      id: `check-${String(this.#checks)}`,
      key: contents.key,
      access: 'auto',
      waitForDocumentMs: 10_000,
      ...request,
    };
    return this.device.check(whole, onProgress, new AbortController().signal);
  }

  async stop(): Promise<void> {
    for (const inserted of this.#inserted.values()) await inserted.remove();
    await this.device.stop();
  }
}
