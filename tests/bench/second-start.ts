import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from '@playwright/test';
import { browserArguments, browserPath } from '../e2e/browser.js';

/** Time from typing the command until the first screen's main button can be touched, ms. */
export interface SecondStart {
  readonly servedAfterMs: number;
  readonly touchableAfterMs: number;
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const address = /https?:\/\/\S+#token=\S+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error('the kiosk ended before it printed its address');
}

/** Starts the kiosk as a user does, set-up checks included, and opens its screen in a real browser. */
export async function measureSecondStart(): Promise<SecondStart> {
  const data = await mkdtemp(join(tmpdir(), 'forhal-bench-'));
  const started = performance.now();
  const kiosk = spawn(
    'npm',
    ['start', '--', '--shell', 'none', '--chips', 'demo', '--port', '0', '--data', data],
    // A group of its own, to be ended whole: npm starts a shell, which starts the rest.
    { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
  );
  const ended = new Promise((settle) => kiosk.once('close', settle));
  try {
    const address = await addressOf(kiosk.stdout);
    const servedAfterMs = performance.now() - started;
    const browser = await chromium.launch({ executablePath: browserPath, args: [...browserArguments] });
    try {
      const page = await browser.newPage({ viewport: { width: 1080, height: 1920 } });
      await page.goto(address);
      await page.getByTestId('check-passport').click({ trial: true });
      return { servedAfterMs, touchableAfterMs: performance.now() - started };
    } finally {
      await browser.close();
    }
  } finally {
    if (kiosk.pid !== undefined) process.kill(-kiosk.pid, 'SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  }
}
