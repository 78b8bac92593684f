import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProfileInUse, profileFolder } from '../../../../main/shell/profile-folder.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forhal-profile-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("Electron's own folder", () => {
  it('lies in the data folder, and nothing is left of looking whether it can', () => {
    const { path, fault } = profileFolder(folder);
    expect(path).toBe(join(folder, 'electron'));
    expect(fault).toBeUndefined();
    expect(readdirSync(path)).toEqual([]);
  });

  it('is a temporary one where the data folder cannot be written', () => {
    const data = join(folder, 'data');
    writeFileSync(data, '');
    const { path, fault } = profileFolder(data);
    expect(fault).toBe('ENOTDIR');
    expect(readdirSync(path)).toEqual([]);
    rmSync(path, { recursive: true });
  });

  it.each([
    ['a process of this machine', `${hostname()}-${process.pid}`, true],
    ['a process that is gone', `${hostname()}-4194305`, false],
    ['another machine', `other-${process.pid}`, false],
  ])('that %s has locked: in use is %s', (_who, target, inUse) => {
    symlinkSync(target, join(folder, 'SingletonLock'));
    expect(isProfileInUse(folder)).toBe(inUse);
  });

  it('that nobody has locked is not in use', () => {
    expect(isProfileInUse(folder)).toBe(false);
  });
});
