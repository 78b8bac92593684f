import { createWriteStream, mkdirSync, openSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { attempt } from './attempt.js';

export interface RotatingFile {
  write(line: string): void;
  /** Once everything is written out. */
  close(): Promise<void>;
}

/** From a failure to the next attempt to open the file, ms. */
export const reopenAfterMs = 5000;

/**
 * A log file that never grows past `maximumBytes`: it then becomes `previousPath`, in place of the one before. Lines
 * are written in the background, so that a slow disk does not hold up the event loop; a full or missing one costs
 * the lines until there is room again and nothing else. `now`: monotonic, ms.
 */
export function openRotatingFile(
  path: string,
  previousPath: string,
  maximumBytes: number,
  now: () => number,
): RotatingFile {
  let stream: WriteStream | undefined;
  let bytes = 0;
  let triedAt = 0;
  let closed = false;
  const open = (): void => {
    triedAt = now();
    stream = attempt(() => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      return append(path);
    });
    bytes = attempt(() => statSync(path).size) ?? 0;
  };
  open();
  return {
    write: (line) => {
      // A line that comes after the end has nowhere to go, and must not spoil those that are still being written.
      if (closed) return;
      if ((stream === undefined || stream.destroyed) && now() - triedAt >= reopenAfterMs) open();
      const length = Buffer.byteLength(line);
      if (bytes > 0 && bytes + length > maximumBytes) {
        bytes = 0;
        stream?.end();
        stream = attempt(() => {
          renameSync(path, previousPath);
          return append(path);
        });
      }
      bytes += length;
      stream?.write(line);
    },
    close: () =>
      new Promise((resolve) => {
        closed = true;
        if (stream === undefined || stream.destroyed) resolve();
        else stream.once('close', resolve).end();
      }),
  };
}

function append(path: string): WriteStream {
  // Opened at once, since the file may be renamed before a first line is written.
  const stream = createWriteStream(path, { fd: openSync(path, 'a', 0o600) });
  stream.on('error', () => stream.destroy());
  return stream;
}
