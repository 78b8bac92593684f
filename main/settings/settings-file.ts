import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { defaultSettings, settings, type Settings } from './schema.js';

/** What was found at the start, for the log: never an exception, the kiosk opens with what it has. */
export type SettingsOrigin =
  | { readonly kind: 'file' }
  /** There was none; it was written with the defaults. */
  | { readonly kind: 'first-start' }
  /** The file cannot be used; the copy of the last good one is. `where`: the settings that are wrong. */
  | { readonly kind: 'last-good-copy'; readonly where: readonly string[] }
  /** Neither can be used; the defaults are. */
  | { readonly kind: 'defaults'; readonly where: readonly string[] };

const fileName = 'settings.json';
const copyName = 'settings.last-good.json';

/** The settings of one kiosk: a file that an operator edits, and a copy of the last one that was in order. */
export class SettingsFile {
  readonly origin: SettingsOrigin;
  readonly #folder: string;
  #current: Settings;
  /** Writes go one after another. */
  #written: Promise<void> = Promise.resolve();

  private constructor(folder: string, current: Settings, origin: SettingsOrigin) {
    this.#folder = folder;
    this.#current = current;
    this.origin = origin;
  }

  static async open(folder: string): Promise<SettingsFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const own = await read(join(folder, fileName));
    switch (own.kind) {
      case 'good': {
        const file = new SettingsFile(folder, own.value, { kind: 'file' });
        await write(join(folder, copyName), own.value);
        return file;
      }
      case 'absent': {
        const file = new SettingsFile(folder, defaultSettings, { kind: 'first-start' });
        await file.#save(defaultSettings);
        return file;
      }
      case 'bad': {
        const copy = await read(join(folder, copyName));
        return copy.kind === 'good'
          ? new SettingsFile(folder, copy.value, { kind: 'last-good-copy', where: own.where })
          : new SettingsFile(folder, defaultSettings, { kind: 'defaults', where: own.where });
      }
    }
  }

  get current(): Settings {
    return this.#current;
  }

  /** From now on real readers only, so that a broken one is never replaced by demo devices after a restart. */
  async keepToRealReaders(): Promise<void> {
    const { devices } = this.#current;
    this.#current = {
      ...this.#current,
      devices: { ...devices, chips: { ...devices.chips, source: 'pcsc' } },
    };
    await this.#save(this.#current);
  }

  async #save(value: Settings): Promise<void> {
    const before = this.#written;
    this.#written = (async () => {
      await before.catch(() => undefined);
      // A damaged file stays as it is: someone will want to mend it.
      const damaged = this.origin.kind === 'last-good-copy' || this.origin.kind === 'defaults';
      if (!damaged) await write(join(this.#folder, fileName), value);
      await write(join(this.#folder, copyName), value);
    })();
    await this.#written;
  }
}

type Found =
  | { readonly kind: 'good'; readonly value: Settings }
  | { readonly kind: 'absent' }
  | { readonly kind: 'bad'; readonly where: readonly string[] };

async function read(file: string): Promise<Found> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return absent ? { kind: 'absent' } : { kind: 'bad', where: ['unreadable'] };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'bad', where: ['not JSON'] };
  }
  const parsed = settings.safeParse(json);
  return parsed.success
    ? { kind: 'good', value: parsed.data }
    : { kind: 'bad', where: parsed.error.issues.map(({ path }) => path.join('.') || 'the whole') };
}

function write(file: string, value: Settings): Promise<void> {
  return writeFileAtomic(file, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
}
