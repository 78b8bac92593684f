import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface PseudoTerminal {
  readonly path: string;
  /** Pulls the cable. */
  close(): Promise<void>;
}

/** A real pseudo-terminal of `socat`'s that ends in a TCP port of this machine. */
export async function layCable(port: number): Promise<PseudoTerminal> {
  const folder = mkdtempSync(join(tmpdir(), 'forhal-rig-'));
  const path = join(folder, 'rig');
  const cable = spawn('socat', ['-t', '0', `PTY,link=${path},raw,echo=0`, `TCP:127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => cable.once('exit', resolve));
  while (!existsSync(path) && cable.exitCode === null) await new Promise((again) => setTimeout(again, 10));
  return {
    path,
    close: async () => {
      cable.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
