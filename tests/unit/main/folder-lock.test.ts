import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder, type FolderLock } from '../../../main/folder-lock.js';

let base: string;
const held: FolderLock[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'forhal-lock-'));
});
afterEach(() => {
  for (const lock of held.splice(0)) lock.release();
  rmSync(base, { recursive: true });
});

async function take(folder: string): Promise<boolean> {
  const lock = await lockFolder(folder);
  if (lock !== undefined) held.push(lock);
  return lock !== undefined;
}

describe('a data folder', () => {
  it('is taken by one kiosk at a time, whatever name it is given', async () => {
    const folder = join(base, 'new');
    expect(await take(folder)).toBe(true);
    expect(await take(folder)).toBe(false);
    symlinkSync(folder, join(base, 'link'));
    expect(await take(join(base, 'link'))).toBe(false);
    held.pop()?.release();
    expect(await take(folder)).toBe(true);
  });

  it('does not keep another one from being taken', async () => {
    expect(await take(join(base, 'one'))).toBe(true);
    expect(await take(join(base, 'two'))).toBe(true);
  });

  it('that cannot be made can be taken all the same', async () => {
    expect(await take('/dev/null/data')).toBe(true);
  });
});
