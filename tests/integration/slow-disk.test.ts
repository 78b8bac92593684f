import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DiskLayer } from './disk-layer/disk-layer.js';
import { buildProgram, type Program } from './disk-layer/program.js';

const outcome = z.object({
  given: z.number(),
  elapsedMs: z.number(),
  delayP99Ms: z.number(),
  delayMaxMs: z.number(),
});

const syncMs = 200;
const tickets = 15;
let folder: string;
let program: Program;
let layer: DiskLayer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'forhal-slow-disk-'));
  program = await buildProgram(fileURLToPath(new URL('disk-layer/check-ins.ts', import.meta.url)));
  layer = new DiskLayer({ folder, syncMs });
});

afterAll(() => {
  layer.remove();
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe(`a disk that takes ${syncMs} ms a sync`, () => {
  it('holds up the check-ins and nothing else: the event loop is late by less than 50 ms (p99)', async () => {
    const args = [program.path, folder, String(tickets), '4'];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: layer.environment });
    const { given, elapsedMs, delayP99Ms } = outcome.parse(JSON.parse(stdout));
    expect(given).toBe(tickets);
    // Each commit did wait for the disk.
    expect(elapsedMs).toBeGreaterThan(tickets * syncMs);
    expect(delayP99Ms).toBeLessThan(50);
    if (process.env['SLOW_DISK_FIGURES'] !== undefined) process.stdout.write(`${stdout}\n`);
  });
});
