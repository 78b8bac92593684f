import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';

/** A log file that never grows past `maximumBytes`: it then becomes `previousPath`, in place of the one before. */
export interface RotatingFile {
  write(line: string): void;
  /** Writes out what is still in memory. */
  close(): void;
}

/** Lines are written in the background, so that a slow disk does not hold up the event loop. */
export function openRotatingFile(path: string, previousPath: string, maximumBytes: number): RotatingFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes >= maximumBytes) {
    renameSync(path, previousPath);
    bytes = 0;
  }
  const file = pino.destination({ dest: path, mode: 0o600, sync: false });
  // A full disk must not end the kiosk.
  file.on('error', () => undefined);
  return {
    write: (line) => {
      bytes += Buffer.byteLength(line);
      if (bytes > maximumBytes) {
        bytes = Buffer.byteLength(line);
        try {
          file.flushSync();
          renameSync(path, previousPath);
          file.reopen();
        } catch {
          // It goes on in the same file and tries again after as many bytes.
        }
      }
      file.write(line);
    },
    close: () => {
      try {
        file.flushSync();
      } catch {
        // The file was not open yet, or the disk is full: there is nobody left to tell.
      }
      file.end();
    },
  };
}
