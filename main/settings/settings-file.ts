import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { z } from 'zod';
import type { RigCalibration } from '../../drivers/rig/types.js';
import { defaultSettings, settings, type Settings } from './schema.js';

/** What was found at the start, for the log: never an exception, the kiosk opens with what it has. */
export type SettingsOrigin =
  | { readonly kind: 'file' }
  /** There was none; it was written with the defaults. */
  | { readonly kind: 'first-start' }
  /** The file cannot be used; the copy of the last good one is. `where`: the settings that are wrong, and why. */
  | { readonly kind: 'last-good-copy'; readonly where: readonly string[] }
  /** Neither can be used; the defaults are. */
  | { readonly kind: 'defaults'; readonly where: readonly string[] };

const fileName = 'settings.json';
const copyName = 'settings.last-good.json';
/** As many as the schema allows. */
const calibrationsKept = 16;

/** The settings of one kiosk: a file that an operator edits, and a copy of the last one that was in order. */
export class SettingsFile {
  readonly origin: SettingsOrigin;
  readonly #folder: string;
  #current: Settings;
  #writeFault: string | undefined;
  #lastChange: Promise<unknown> = Promise.resolve();

  private constructor(folder: string, current: Settings, origin: SettingsOrigin) {
    this.#folder = folder;
    this.#current = current;
    this.origin = origin;
  }

  static async open(folder: string): Promise<SettingsFile> {
    const own = await read(join(folder, fileName));
    switch (own.kind) {
      case 'good': {
        const file = new SettingsFile(folder, own.value, { kind: 'file' });
        await file.#write(copyName, file.#current);
        return file;
      }
      case 'absent': {
        const file = new SettingsFile(folder, defaultSettings, { kind: 'first-start' });
        await file.#write(fileName, file.#current);
        await file.#write(copyName, file.#current);
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

  /** The system's code (ENOSPC, EROFS …) of the last write that failed: the kiosk goes on without it. */
  get writeFault(): string | undefined {
    return this.#writeFault;
  }

  /** From now on real readers only, so that a broken one is never replaced by demo devices after a restart. */
  keepToRealReaders(): Promise<string | undefined> {
    return this.#keep(withRealReaders);
  }

  /** In place of what there was of this rig, and of the rig that was calibrated first, where there are too many. */
  keepCalibration(calibration: RigCalibration): Promise<string | undefined> {
    return this.#keep((value) => withCalibration(value, calibration));
  }

  /** One change after the other. The file is read again for each, since someone may have edited it meanwhile. Tells `writeFault`. */
  #keep(change: (value: Settings) => Settings): Promise<string | undefined> {
    const kept = this.#lastChange.then(async () => {
      const own = await read(join(this.#folder, fileName));
      this.#current = change(this.#current);
      const next = own.kind === 'good' ? change(own.value) : this.#current;
      // A damaged file stays as it is: someone will want to mend it.
      const fault = own.kind === 'bad' ? undefined : await this.#write(fileName, next);
      return (await this.#write(copyName, next)) ?? fault;
    });
    this.#lastChange = kept;
    return kept;
  }

  async #write(name: string, content: Settings): Promise<string | undefined> {
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const text = `${JSON.stringify(content, undefined, 2)}\n`;
      await writeFileAtomic(join(this.#folder, name), text, { mode: 0o600 });
      this.#writeFault = undefined;
    } catch (error) {
      this.#writeFault = codeOf(error) ?? 'unknown';
    }
    return this.#writeFault;
  }
}

function withRealReaders(value: Settings): Settings {
  const { devices } = value;
  return { ...value, devices: { ...devices, chips: { ...devices.chips, source: 'pcsc' } } };
}

function withCalibration(value: Settings, calibration: RigCalibration): Settings {
  const { devices } = value;
  const others = devices.rig.calibrations.filter(({ rig }) => rig !== calibration.rig);
  const calibrations = [...others, calibration].slice(-calibrationsKept);
  return { ...value, devices: { ...devices, rig: { ...devices.rig, calibrations } } };
}

/** The settings by which the kiosk would go if it started now, for programs beside it: nothing is written. */
export async function readSettings(folder: string): Promise<Settings> {
  for (const name of [fileName, copyName]) {
    const found = await read(join(folder, name));
    if (found.kind === 'good') return found.value;
    if (found.kind === 'absent') return defaultSettings;
  }
  return defaultSettings;
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
    return codeOf(error) === 'ENOENT' ? { kind: 'absent' } : { kind: 'bad', where: ['unreadable'] };
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
    : { kind: 'bad', where: parsed.error.issues.flatMap(faultsOf) };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The settings that an issue is about, with what is wrong: never the value. A setting that there is none of by its own name. */
function faultsOf(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String);
  return issue.code === 'unrecognized_keys'
    ? issue.keys.map((key) => `${[...path, key].join('.')}: no such setting`)
    : [`${path.join('.') || 'the whole'}: ${issue.message}`];
}

/** What to tell whoever starts the kiosk, when its settings are not those of the file. */
export function warningOf(origin: SettingsOrigin): string | undefined {
  switch (origin.kind) {
    case 'file':
    case 'first-start':
      return undefined;
    case 'last-good-copy':
      return `settings.json cannot be used (${origin.where.join('; ')}): running on the last good copy`;
    case 'defaults':
      return `settings.json cannot be used (${origin.where.join('; ')}): running on the built-in settings`;
  }
}
