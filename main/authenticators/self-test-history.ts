import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { benchState, type BenchState } from '../api/contract.js';

export type SelfTest = BenchState['selfTests'][number];

const fileName = 'rig-self-tests.json';
const content = z.strictObject({ selfTests: benchState.shape.selfTests });
const testsKept = 50;

/** The last self-tests of this kiosk's rigs, the last first, kept in the data folder. */
export class SelfTestHistory {
  readonly #folder: string;
  #selfTests: readonly SelfTest[];
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(folder: string, selfTests: readonly SelfTest[]) {
    this.#folder = folder;
    this.#selfTests = selfTests;
  }

  /** A file that is missing or damaged is an empty history: what it held is told by the next self-test anyway. */
  static async open(folder: string): Promise<SelfTestHistory> {
    return new SelfTestHistory(folder, await read(folder));
  }

  get selfTests(): readonly SelfTest[] {
    return this.#selfTests;
  }

  /** Whether the last self-test of the rig of this serial number was passed, if there was one. */
  isSound(serialNumber: string): boolean {
    return (this.#selfTests.find(({ rig }) => rig === serialNumber)?.result ?? 0) === 0;
  }

  /** Resolves once it was written, or could not be: the kiosk goes on without the file. */
  add({ errors, ...test }: SelfTest): Promise<void> {
    const kept = { ...test, errors: errors.map(withoutDeviceText) };
    this.#selfTests = [kept, ...this.#selfTests].slice(0, testsKept);
    this.#lastWrite = this.#lastWrite.then(() => this.#write());
    return this.#lastWrite;
  }

  async #write(): Promise<void> {
    const text = `${JSON.stringify({ selfTests: this.#selfTests }, undefined, 2)}\n`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFileAtomic(join(this.#folder, fileName), text, { mode: 0o600 });
    } catch {
      // The next one writes this one too.
    }
  }
}

/** What stands after the semicolon is the instrument's own words (SCPI-99 volume 1 section 21.8.1): they are not kept. */
function withoutDeviceText({ code, text }: SelfTest['errors'][number]): SelfTest['errors'][number] {
  return { code, text: text.split(';', 1)[0] ?? '' };
}

async function read(folder: string): Promise<readonly SelfTest[]> {
  try {
    const text = await readFile(join(folder, fileName), 'utf8');
    return content.safeParse(JSON.parse(text)).data?.selfTests ?? [];
  } catch {
    return [];
  }
}
