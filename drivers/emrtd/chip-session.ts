import { ok, type Result } from '../shared/result.js';
import type { AccessFault, ChipAccess, OpenChip } from './access.js';
import { readFile, type ElementaryFile, type FileReading } from './files.js';
import type { ReadLimits } from './read-limits.js';
import type { AccessFact } from './types.js';

/**
 * An open chip whose files are read under secure messaging. A chip that answers in clear with an error has left the
 * session (Doc 9303 part 11 section 9.8.5): it is opened again, and asked for less where the status says so. Where it
 * does not, the counters got out of step and the same command may go well in a new session: that is tried once.
 */
export class ChipSession {
  readonly #access: ChipAccess;
  readonly #limits: ReadLimits;
  #chip: OpenChip;
  #retried = false;

  private constructor(access: ChipAccess, limits: ReadLimits, chip: OpenChip) {
    this.#access = access;
    this.#limits = limits;
    this.#chip = chip;
  }

  static async open(
    access: ChipAccess,
    limits: ReadLimits,
    onProgress: (fraction: number) => void,
  ): Promise<Result<ChipSession, AccessFault>> {
    const opened = await access.open(onProgress);
    return opened.ok ? ok(new ChipSession(access, limits, opened.value)) : opened;
  }

  get accessFact(): AccessFact {
    return this.#chip.fact;
  }

  /** @param onProgress called with the part of the file that is read, from 0 to 1 */
  async read(
    file: ElementaryFile,
    onProgress: (fraction: number) => void,
  ): Promise<Result<FileReading, AccessFault>> {
    for (;;) {
      const reading = await readFile(this.#chip.channel, file, this.#limits, { by: 'short-id', onProgress });
      if (reading.ok || reading.error.kind !== 'session-over') return reading;
      // Each turn takes a rung of the limits away or is the one retry, so this comes to an end.
      if (!this.#limits.narrow(reading.error.status)) {
        if (this.#retried) return reading;
        this.#retried = true;
      }
      const opened = await this.#access.open(() => undefined);
      if (!opened.ok) return opened;
      this.#chip = opened.value;
    }
  }

  /** Forgets the keys. */
  close(): void {
    this.#chip.channel.close();
  }
}
