import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLog } from '../../../main/log.js';
import { openRotatingFile, reopenAfterMs } from '../../../main/rotating-file.js';
import { placeOfFault } from '../../../main/program-fault.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the log', () => {
  it('holds one line of JSON an event', async () => {
    const log = openLog(folder, 'info', () => 0);
    log.write('chip-check.started', {});
    log.write('chip-check.ended', { how: 'card-removed', elapsedMs: 1200 });
    await log.close();
    const lines = (await readFile(join(folder, 'logs/forhal.log'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { event: 'chip-check.started' },
      { event: 'chip-check.ended', how: 'card-removed', elapsedMs: 1200 },
    ]);
  });

  it('leaves out what is below the level set', async () => {
    const log = openLog(folder, 'error', () => 0);
    log.write('chip-check.started', {});
    log.write('settings.not-written', { code: 'ENOSPC' });
    await log.close();
    const text = await readFile(join(folder, 'logs/forhal.log'), 'utf8');
    expect(text).toContain('settings.not-written');
    expect(text).not.toContain('chip-check.started');
  });

  it('tells of a bug where it is, and not what its message quotes', () => {
    const fault = placeOfFault(new TypeError('cannot read XP4271903'));
    expect(fault.error).toBe('TypeError');
    expect(fault.at).toContain('log.test');
    expect(JSON.stringify(fault)).not.toContain('XP4271903');
  });
});

describe('a log file', () => {
  it('never grows past its bound, and one previous file is kept', async () => {
    const path = join(folder, 'a.log');
    const file = openRotatingFile(path, join(folder, 'a.previous.log'), 100, () => 0);
    for (let i = 0; i < 25; i++) file.write(`line ${String(i).padStart(3, '0')}\n`);
    await file.close();
    expect((await readdir(folder)).sort()).toEqual(['a.log', 'a.previous.log']);
    for (const name of ['a.log', 'a.previous.log']) {
      expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(100);
    }
    expect(await readFile(path, 'utf8')).toContain('line 024');
  });

  it('keeps all that was written before it was closed, and nothing after', async () => {
    const path = join(folder, 'a.log');
    const file = openRotatingFile(path, join(folder, 'a.previous.log'), 1000, () => 0);
    file.write('one\n');
    file.write('two\n');
    const closed = file.close();
    file.write('three\n');
    await closed;
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('that cannot be written costs nothing but its lines', async () => {
    const file = openRotatingFile('/dev/null/a.log', '/dev/null/b.log', 10, () => 0);
    file.write('a long line of before\n');
    file.write('another\n');
    await expect(file.close()).resolves.toBeUndefined();
  });

  it('that is full at the start is put aside', async () => {
    const path = join(folder, 'a.log');
    const previous = join(folder, 'a.previous.log');
    const first = openRotatingFile(path, previous, 10, () => 0);
    first.write('a long line of before\n');
    await first.close();
    const second = openRotatingFile(path, previous, 10, () => 0);
    second.write('new\n');
    await second.close();
    expect(await readFile(previous, 'utf8')).toContain('of before');
    expect(await readFile(path, 'utf8')).toBe('new\n');
  });

  it('on a disk that was full goes on when there is room again', async () => {
    const path = join(folder, 'a.log');
    await symlink('/dev/full', path);
    let now = 0;
    const file = openRotatingFile(path, join(folder, 'a.previous.log'), 1000, () => now);
    file.write('lost\n');
    await rm(path);
    await expect
      .poll(async () => {
        now += reopenAfterMs;
        file.write('kept\n');
        return (await readdir(folder)).includes('a.log');
      })
      .toBe(true);
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('kept\n');
  });

  it('that could not be opened is not tried again at each line, but some seconds later', async () => {
    const place = join(folder, 'logs');
    await symlink('/dev/null', place);
    let now = 0;
    const file = openRotatingFile(join(place, 'a.log'), join(place, 'b.log'), 1000, () => now);
    await rm(place);
    now = reopenAfterMs - 1;
    file.write('lost\n');
    now = reopenAfterMs;
    file.write('kept\n');
    await file.close();
    expect(await readFile(join(place, 'a.log'), 'utf8')).toBe('kept\n');
  });
});
