import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@playwright/test';
import { browserPath } from './browser.js';

// The shell for where Electron cannot be had, with the system's own Chromium.

const hasDisplay = process.env['DISPLAY'] !== undefined;
const xvfb = spawnSync('xvfb-run', ['--help'], { stdio: 'ignore' }).error === undefined;
test.skip(!existsSync(browserPath), `no Chromium at ${browserPath}`);
test.skip(!hasDisplay && !xvfb, 'neither a display nor xvfb-run');

test('the kiosk opens in Chromium, comes back when the browser is killed, and stops cleanly', async () => {
  const data = mkdtempSync(join(tmpdir(), 'forhal-shell-'));
  const serve = ['out/main/serve.cjs', '--shell', 'chromium', '--chips', 'demo', '--data', data];
  const [command = '', ...args] = [
    ...(hasDisplay ? [] : ['xvfb-run', '-a', '-s', '-screen 0 1080x1920x24']),
    process.execPath,
    ...serve,
  ];
  const kiosk = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CHROMIUM: browserPath },
  });
  const ended = new Promise((resolve) => kiosk.once('exit', resolve));
  const events = (name: string): string[] =>
    readFileSync(join(data, 'logs/forhal.log'), 'utf8')
      .split('\n')
      .filter((line) => line.includes(`"${name}"`));
  const pidIn = (line = ''): number => Number(/"pid":(\d+)/.exec(line)?.[1]);
  try {
    for await (const line of createInterface({ input: kiosk.stdout })) {
      if (line.startsWith('Forhal is ready: http://127.0.0.1:')) break;
    }
    await expect.poll(() => events('shell.page-alive').length, { timeout: 30_000 }).toBe(1);
    process.kill(pidIn(events('shell.browser-started')[0]), 'SIGKILL');
    await expect.poll(() => events('shell.page-alive').length, { timeout: 30_000 }).toBe(2);
    expect(events('shell.page-silent')).toEqual([]);
    const host = pidIn(events('host-started')[0]);
    // xvfb-run passes no signal on: the kiosk itself is told, the parent of its driver host.
    const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${host}/status`, 'utf8'))?.[1];
    process.kill(Number(parent), 'SIGTERM');
    await ended;
    expect(events('app.stopped')).toHaveLength(1);
    expect(existsSync(`/proc/${host}`)).toBe(false);
  } finally {
    kiosk.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  }
});
