import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Restarts, supervise } from '../../../../main/setup/supervise.mjs';

let folder: string;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forhal-supervise-'));
  said = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A kiosk of the test's own: it notes its name, then does what `script` says. `$N`: how many lives there were. */
const shell = (name: string, script: string): { command: string; args: string[] } => ({
  command: '/bin/sh',
  args: ['-c', `echo ${name} >> lives; N=$(wc -l < lives); ${script}`],
});
const lives = (): string[] => readFileSync(join(folder, 'lives'), 'utf8').trim().split('\n');
const options = (): { cwd: string; say: (text: string) => void } => ({
  cwd: folder,
  say: (text) => said.push(text),
});

describe('npm start', () => {
  it('starts a kiosk anew that asks for it', async () => {
    expect(await supervise(shell('a', '[ $N = 2 ] || exit 75'), options())).toBe(0);
    expect(lives()).toEqual(['a', 'a']);
  });

  it.each([
    ['fails', 'exit 1'],
    ['is killed', 'kill -TRAP $$'],
  ])('shows the other shell where the first %s at once, and says so', async (_how, script) => {
    const otherwise = shell('b', 'exit 0');
    expect(await supervise(shell('a', script), { ...options(), otherwise })).toBe(0);
    expect(lives()).toEqual(['a', 'b']);
    expect(said.join()).toContain('using the Chromium shell');
  });

  it.each([0, 64, 69])('takes exit status %d for an answer', async (status) => {
    const otherwise = shell('b', 'exit 0');
    expect(await supervise(shell('a', `exit ${status}`), { ...options(), otherwise })).toBe(status);
    expect(lives()).toEqual(['a']);
  });

  it('ends with the status of the other shell', async () => {
    const otherwise = shell('b', 'exit 70');
    expect(await supervise(shell('a', 'exit 1'), { ...options(), otherwise })).toBe(70);
  });
});

describe('new starts', () => {
  it('wait longer each time, and are no more than five in ten minutes', () => {
    let now = 0;
    const restarts = new Restarts(() => now);
    const next = (): number | undefined => restarts.next();
    expect([next(), next(), next(), next(), next(), next()]).toEqual([
      500,
      2000,
      5000,
      15_000,
      30_000,
      undefined,
    ]);
    now = 600_000;
    expect(next()).toBe(500);
  });
});
