import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Database } from '../storage/database.js';

interface Attempt {
  readonly ids: string[];
  committed: 'no' | 'unknown';
}

/** Finds out what may have been stored by work whose commit was not heard of. */
export class Attempts {
  readonly #current = new AsyncLocalStorage<Attempt>();

  /** For all that is stored in the database. */
  readonly newId = (): string => {
    const id = randomUUID();
    this.#current.getStore()?.ids.push(id);
    return id;
  };

  watch<Tables>(database: Database<Tables>): Database<Tables> {
    const current = this.#current;
    return {
      dialect: database.dialect,
      async run(work) {
        const outcome = await database.run(work);
        const attempt = current.getStore();
        if (attempt !== undefined && outcome.kind === 'failed' && outcome.committed === 'unknown') {
          attempt.committed = 'unknown';
        }
        return outcome;
      },
      notify: (id) => database.notify(id),
      listen: (changed) => database.listen(changed),
      close: () => database.close(),
    };
  }

  /** `uncertain`: ids of what the database may have by now. */
  async try<Value>(
    work: () => Promise<Value>,
  ): Promise<{ readonly value: Value; readonly uncertain: readonly string[] }> {
    const attempt: Attempt = { ids: [], committed: 'no' };
    const value = await this.#current.run(attempt, work);
    return { value, uncertain: attempt.committed === 'unknown' ? attempt.ids : [] };
  }
}
