import { describe, expect, it } from 'vitest';
import type { Database } from '../../../../main/storage/database.js';
import type { Outcome, StorageFault } from '../../../../main/storage/outcome.js';
import { watched, type StorageChange } from '../../../../main/storage/watched.js';

type Ending = Outcome<unknown>;
const done: Ending = { kind: 'done', value: 1 };
const failed = (fault: StorageFault): Ending => ({ kind: 'failed', fault, committed: 'no' });

/** A watched database whose work ends as the test says, in the order in which it was asked for. */
function open() {
  const told: StorageChange[] = [];
  const endings: ((ending: Ending) => void)[] = [];
  const database = {
    dialect: 'postgres',
    run: () => new Promise<Ending>((resolve) => endings.push(resolve)),
  } as unknown as Database<object>;
  const own = watched(database, (change) => told.push(change));
  const begin = (): { end: (ending: Ending) => Promise<Ending> } => {
    const result = own.run(() => Promise.resolve(1)) as Promise<Ending>;
    const end = endings.at(-1)!;
    return {
      end: (ending) => {
        end(ending);
        return result;
      },
    };
  };
  return { told, begin };
}

describe('a database that is watched', () => {
  it('tells the kind of a fault once, another kind, and that it is back', async () => {
    const { told, begin } = open();
    for (const ending of [
      done,
      failed('unreachable'),
      failed('unreachable'),
      failed('refused'),
      done,
      done,
    ]) {
      expect(await begin().end(ending)).toBe(ending);
    }
    expect(told).toEqual(['unreachable', 'refused', undefined]);
  });

  it('does not believe work that began before the last change', async () => {
    const { told, begin } = open();
    const early = [begin(), begin()];
    await begin().end(failed('unreachable'));
    await begin().end(done);
    await early[0]!.end(failed('unreachable'));
    await early[1]!.end(failed('busy'));
    expect(told).toEqual(['unreachable', undefined]);
  });
});
