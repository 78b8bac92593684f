import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LogEventName } from '../../../../main/log-events.js';
import { findChromium, startChromiumShell, type Shell } from '../../../../main/shell/chromium.js';
import { firstBeatMs } from '../../../../main/shell/heartbeat-watch.js';
import { ManualClock } from '../../manual-clock.js';

// A browser of the test's own: it notes its arguments and waits to be ended.

let folder: string;
let clock: ManualClock;
let shell: Shell | undefined;
let logged: LogEventName[];
let beat: () => void;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forhal-browser-'));
  clock = new ManualClock();
  logged = [];
  beat = () => undefined;
});
afterEach(async () => {
  await shell?.stop();
  shell = undefined;
  rmSync(folder, { recursive: true });
});

function open(): void {
  const executable = join(folder, 'browser');
  writeFileSync(executable, `#!/bin/sh\necho "$$ $*" >> '${folder}/lives'\nexec sleep 600\n`, {
    mode: 0o755,
  });
  shell = startChromiumShell({
    address: 'http://127.0.0.1:1/#token=f0',
    executable,
    asRoot: false,
    clock,
    log: { write: (event) => logged.push(event), close: () => Promise.resolve() },
    onHeartbeat: (listener) => {
      beat = listener;
      return () => {
        beat = () => undefined;
      };
    },
  });
}

function lives(): { pid: number; profile: string }[] {
  let text = '';
  try {
    text = readFileSync(join(folder, 'lives'), 'utf8');
  } catch {
    // It has not written yet.
  }
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({
      pid: Number(line.split(' ')[0]),
      profile: /--user-data-dir=(\S+)/.exec(line)?.[1] ?? '',
    }));
}

const count = (event: LogEventName): number => logged.filter((each) => each === event).length;

describe('the Chromium shell', () => {
  it('starts a browser that ended anew, later each time, each time with a fresh profile', async () => {
    open();
    for (const [life, delay] of [500, 1000, 2000].entries()) {
      await expect.poll(() => lives().length).toBe(life + 1);
      process.kill(lives()[life]!.pid, 'SIGKILL');
      await expect.poll(() => count('shell.browser-ended')).toBe(life + 1);
      await expect.poll(() => clock.pending).toBe(1);
      await clock.pass(delay - 1);
      expect(count('shell.browser-started')).toBe(life + 1);
      await clock.pass(1);
      await expect.poll(() => count('shell.browser-started')).toBe(life + 2);
    }
    await expect.poll(() => lives().length).toBe(4);
    expect(new Set(lives().map(({ profile }) => profile)).size).toBe(4);
  });

  it('ends a browser whose page never says that it is alive', async () => {
    open();
    await expect.poll(() => lives().length).toBe(1);
    await clock.pass(firstBeatMs);
    await expect
      .poll(() => logged)
      .toEqual(['shell.browser-started', 'shell.page-silent', 'shell.browser-ended']);
  });

  it('leaves a browser alone whose page is alive', async () => {
    open();
    await expect.poll(() => lives().length).toBe(1);
    for (let i = 0; i < 10; i++) {
      beat();
      await clock.pass(10_000);
    }
    expect(logged).toEqual(['shell.browser-started', 'shell.page-alive']);
  });

  it('stops with its browser, and takes the profile away', async () => {
    open();
    await expect.poll(() => lives().length).toBe(1);
    const [{ pid, profile } = { pid: 0, profile: '' }] = lives();
    expect(readdirSync(profile)).toEqual([]);
    await shell?.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(() => readdirSync(profile)).toThrow('ENOENT');
    expect(clock.pending).toBe(0);
  });

  it('goes on trying when there is no such browser', async () => {
    shell = startChromiumShell({
      address: '',
      executable: join(folder, 'none'),
      asRoot: false,
      clock,
      log: { write: (event) => logged.push(event), close: () => Promise.resolve() },
      onHeartbeat: () => () => undefined,
    });
    await expect.poll(() => clock.pending).toBe(1);
    expect(logged).toEqual(['shell.browser-started', 'shell.browser-ended']);
  });
});

describe('the Chromium shell without a place for a profile', () => {
  const before = process.env['TMPDIR'];
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });

  it('tries again later, and stops when it is told to', async () => {
    process.env['TMPDIR'] = join(folder, 'none');
    open();
    await expect.poll(() => clock.pending).toBe(1);
    expect(logged).toEqual(['shell.browser-not-started']);
    process.env['TMPDIR'] = folder;
    await clock.pass(500);
    await expect.poll(() => lives().length).toBe(1);
    await shell?.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('the browser to use', () => {
  it('is the one that is named, where it can be run', () => {
    const own = join(folder, 'own');
    writeFileSync(own, '', { mode: 0o755 });
    expect(findChromium({ CHROMIUM: own })).toBe(own);
    expect(findChromium({ CHROMIUM: join(folder, 'none') })).not.toBe(join(folder, 'none'));
  });
});
