import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';
import { StorageError } from '../../../../main/storage/outcome.js';
import { SqliteThread } from '../../../../main/storage/sqlite-thread.js';
import { ManualClock } from '../../manual-clock.js';

const folder = mkdtempSync(join(tmpdir(), 'forhal-thread-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file that does not open within 20 s has failed, and its thread is not left behind', async () => {
  const worker = join(folder, 'silent.mjs');
  writeFileSync(worker, 'setInterval(() => undefined, 60_000);');
  const clock = new ManualClock();
  const started = once(process, 'worker') as Promise<[Worker]>;
  const opening = SqliteThread.open({ path: join(folder, 'queue.sqlite'), worker, clock }).catch(
    (error: unknown) => error,
  );
  const [thread] = await started;
  const ended = once(thread, 'exit');
  await clock.pass(20_000);
  expect(await opening).toEqual(new StorageError('disk'));
  await ended;
  expect(clock.pending).toBe(0);
});
