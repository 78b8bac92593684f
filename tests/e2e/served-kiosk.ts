import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../out/main/serve.cjs', import.meta.url));
const readyWithinMs = 20_000;

/** The built kiosk with demo devices, on an address of its own, without a window. */
export interface ServedKiosk {
  /** With the token in its fragment. */
  readonly address: string;
  readonly dataFolder: string;
  readonly pid: number;
  /** What it has printed so far. */
  said(): string;
  stop(): Promise<void>;
}

/** `settings` as an operator would write them; what is left out has its default. */
export async function serveKiosk(settings: object = {}): Promise<ServedKiosk> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'forhal-e2e-'));
  await writeFile(join(dataFolder, 'settings.json'), JSON.stringify(settings));
  const child = spawn(
    process.execPath,
    [program, '--shell', 'none', '--chips', 'demo', '--port', '0', '--data', dataFolder],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  const address = await new Promise<string>((ready, fail) => {
    const giveUp = setTimeout(() => fail(new Error(`The kiosk did not start: ${said}`)), readyWithinMs);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /Forhal is ready: (\S+)/.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(giveUp);
      ready(found);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('exit', (code) => {
      clearTimeout(giveUp);
      fail(new Error(`The kiosk ended with ${String(code)}: ${said}`));
    });
  });
  return {
    address,
    dataFolder,
    pid: child.pid!,
    said: () => said,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
