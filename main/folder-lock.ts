import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolve } from 'node:path';

export interface FolderLock {
  release(): void;
}

/**
 * Takes a data folder for this kiosk alone; `undefined` when another one has it. The lock is a socket in Linux's
 * abstract namespace (unix(7)), which ends with its process however that ends. Where there is no such namespace the
 * kiosk goes on without.
 */
export function lockFolder(folder: string): Promise<FolderLock | undefined> {
  const name = createHash('sha256').update(realPath(folder)).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  const lock: FolderLock = { release: () => void server.close() };
  return new Promise((settle) => {
    server.once('error', (error) => {
      settle('code' in error && error.code === 'EADDRINUSE' ? undefined : lock);
    });
    server.listen({ path: `\0forhal-${name}` }, () => settle(lock));
    server.unref();
  });
}

/** The same for every way to name the folder. */
function realPath(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}
