import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';

// The command itself, as someone at a terminal uses it.

let data: string;
test.beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'forhal-start-'));
});
test.afterEach(() => rmSync(data, { recursive: true, force: true }));

test('Ctrl+C, which the kiosk hears from the terminal and from its starter, stops it in order', async () => {
  const kiosk = spawn(
    process.execPath,
    ['out/main/serve.cjs', '--shell', 'none', '--chips', 'demo', '--port', '0', '--data', data],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(kiosk, 'exit');
  for await (const line of createInterface({ input: kiosk.stdout })) {
    if (line.startsWith('Forhal is ready: ')) break;
  }
  // So often that one falls into the stop that the first began.
  const again = setInterval(() => kiosk.kill('SIGINT'), 1);
  await ended;
  clearInterval(again);
  expect(readFileSync(join(data, 'logs/forhal.log'), 'utf8')).toContain('"event":"app.stopped"');
});

test('a second kiosk on the same data folder says so and leaves the first alone', async () => {
  const serve = ['out/main/serve.cjs', '--shell', 'none', '--chips', 'demo', '--port', '0', '--data', data];
  const first = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(first, 'exit');
  try {
    for await (const line of createInterface({ input: first.stdout })) {
      if (line.startsWith('Forhal is ready: ')) break;
    }
    const second = spawnSync(process.execPath, serve, { encoding: 'utf8', timeout: 10_000 });
    expect(second.stderr).toContain('already running');
    expect(second.status).toBe(69);
    expect(first.exitCode).toBeNull();
  } finally {
    first.kill('SIGKILL');
    await ended;
  }
  // The first left nothing behind that could keep a third from starting.
  const third = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'inherit'] });
  const thirdEnded = once(third, 'exit');
  for await (const line of createInterface({ input: third.stdout })) {
    if (line.startsWith('Forhal is ready: ')) break;
  }
  third.kill('SIGTERM');
  expect(await thirdEnded).toEqual([0, null]);
});
