import { mkdirSync, mkdtempSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ProfileFolder {
  readonly path: string;
  /** The system's code (EACCES, EROFS, ENOSPC …) for why it is a temporary one instead. */
  readonly fault: string | undefined;
}

/** Where Electron keeps what is its own: in the data folder, or in a temporary one where that cannot be written. */
export function profileFolder(dataFolder: string): ProfileFolder {
  const path = join(dataFolder, 'electron');
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    // Chromium's lock is a link as well, so that this is what has to work.
    const probe = join(path, `probe-${process.pid}`);
    symlinkSync('probe', probe);
    unlinkSync(probe);
    return { path, fault: undefined };
  } catch (error) {
    const fault = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return { path: mkdtempSync(join(tmpdir(), 'forhal-electron-')), fault };
  }
}

/** Whether a process of this machine has Chromium's lock on a profile, a link to `HOST-PID`. */
export function isProfileInUse(path: string): boolean {
  try {
    const [, host, pid] = /^(.*)-(\d+)$/.exec(readlinkSync(join(path, 'SingletonLock'))) ?? [];
    if (host !== hostname()) return false;
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    // It runs, and is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
