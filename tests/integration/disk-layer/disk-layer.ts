import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('layer.c', import.meta.url));

/** What a program did to its files, in order. */
export type DiskChange =
  | { readonly kind: 'write'; readonly path: string; readonly at: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly path: string; readonly size: number }
  | { readonly kind: 'unlink'; readonly path: string }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  /** The file, or the folder, is on the disk as it was when that began. */
  | { readonly kind: 'sync' | 'sync-folder'; readonly path: string };

export interface DiskLayerOptions {
  /** Only files in it are concerned. */
  readonly folder: string;
  readonly record?: boolean;
  /** So long does a sync take more, ms. */
  readonly syncMs?: number;
}

/** A layer between a program and its disk: records the changes, delays the syncs. Compiled when it is made. */
export class DiskLayer {
  readonly #own = mkdtempSync(join(tmpdir(), 'forhal-disk-layer-'));
  readonly #library = join(this.#own, 'layer.so');
  readonly #record = join(this.#own, 'record');
  readonly #options: DiskLayerOptions;

  constructor(options: DiskLayerOptions) {
    this.#options = options;
    const flags = ['-Wall', '-Wextra', '-Werror', '-O2', '-shared', '-fPIC'];
    execFileSync('gcc', [...flags, '-o', this.#library, source, '-ldl', '-lpthread']);
  }

  /** For the program that is to run on it. */
  get environment(): NodeJS.ProcessEnv {
    const { folder, record = false, syncMs = 0 } = this.#options;
    return {
      ...process.env,
      LD_PRELOAD: this.#library,
      DISK_LAYER_FOLDER: folder,
      DISK_LAYER_SYNC_MS: String(syncMs),
      ...(record ? { DISK_LAYER_RECORD: this.#record } : {}),
    };
  }

  changes(): DiskChange[] {
    return parse(readFileSync(this.#record));
  }

  remove(): void {
    rmSync(this.#own, { recursive: true, force: true });
  }
}

/** The records as `layer.c` writes them; what the end of its program cut off is left out. */
function parse(record: Buffer): DiskChange[] {
  const changes: DiskChange[] = [];
  const headLength = 24;
  for (let at = 0; at + headLength <= record.length;) {
    const kind = record.readUInt32LE(at);
    const pathEnd = at + headLength + record.readUInt32LE(at + 4);
    const offset = Number(record.readBigUInt64LE(at + 8));
    const end = pathEnd + Number(record.readBigUInt64LE(at + 16));
    if (end > record.length) break;
    const path = record.toString('utf8', at + headLength, pathEnd);
    const data = record.subarray(pathEnd, end);
    changes.push(change(kind, path, offset, data));
    at = end;
  }
  return changes;
}

function change(kind: number, path: string, at: number, data: Buffer): DiskChange {
  switch (kind) {
    case 1:
      return { kind: 'write', path, at, data };
    case 2:
      return { kind: 'truncate', path, size: at };
    case 3:
      return { kind: 'unlink', path };
    case 4:
      return { kind: 'rename', path, to: data.toString('utf8') };
    case 5:
      return { kind: 'sync', path };
    case 6:
      return { kind: 'sync-folder', path };
    default:
      throw new Error(`The layer recorded a change of an unknown kind: ${kind}`);
  }
}

/** The files that a list of changes leaves, by path. A deletion counts at once. */
export class DiskImage {
  readonly #files: Map<string, Buffer>;

  constructor(files: ReadonlyMap<string, Buffer> = new Map()) {
    this.#files = new Map(files);
  }

  get files(): ReadonlyMap<string, Buffer> {
    return this.#files;
  }

  copy(): DiskImage {
    return new DiskImage(this.#files);
  }

  apply(each: DiskChange): void {
    switch (each.kind) {
      case 'write': {
        const before = this.#files.get(each.path) ?? Buffer.alloc(0);
        const after = Buffer.alloc(Math.max(before.length, each.at + each.data.length));
        before.copy(after);
        each.data.copy(after, each.at);
        this.#files.set(each.path, after);
        return;
      }
      case 'truncate': {
        const before = this.#files.get(each.path) ?? Buffer.alloc(0);
        const after = Buffer.alloc(each.size);
        before.copy(after);
        this.#files.set(each.path, after);
        return;
      }
      case 'unlink':
        this.#files.delete(each.path);
        return;
      case 'rename': {
        const file = this.#files.get(each.path);
        this.#files.delete(each.path);
        if (file !== undefined) this.#files.set(each.to, file);
        return;
      }
      case 'sync':
      case 'sync-folder':
        return;
    }
  }

  /** Takes one file as it is in another image. */
  take(path: string, from: DiskImage): void {
    const file = from.#files.get(path);
    if (file === undefined) this.#files.delete(path);
    else this.#files.set(path, file);
  }
}
