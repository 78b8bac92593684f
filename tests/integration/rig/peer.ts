import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Peer {
  readonly port: number;
  close(): void;
}

/** Starts the foreign instrument; `undefined` where it cannot be installed. It leaves nothing behind. */
export async function startPeer(): Promise<Peer | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'forhal-peer-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const fetched = spawnSync(
    'python3',
    ['-m', 'pip', 'install', '--quiet', '--no-deps', '--no-cache-dir', '--target', folder, 'scpipy==1.5.1'],
    { timeout: 30_000, stdio: 'ignore' },
  );
  if (fetched.status !== 0) {
    remove();
    return undefined;
  }
  const program = spawn('python3', [join(import.meta.dirname, 'peer.py')], {
    env: { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const port = await firstLine(program);
  const close = (): void => {
    program.kill('SIGKILL');
    remove();
  };
  if (port === undefined) {
    close();
    return undefined;
  }
  return { port: Number(port), close };
}

function firstLine(program: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (program.stdout !== null) createInterface({ input: program.stdout }).once('line', resolve);
    program.once('exit', () => resolve(undefined));
  });
}
