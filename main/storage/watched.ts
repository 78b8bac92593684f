import type { Database } from './database.js';
import type { StorageFault } from './outcome.js';

/** `undefined`: it works again. */
export type StorageChange = StorageFault | undefined;

/** The same database; tells when it begins to fail, when it fails in another way, and when it is back. */
export function watched<Tables>(
  database: Database<Tables>,
  tell: (change: StorageChange) => void,
): Database<Tables> {
  let now: StorageChange;
  let changes = 0;
  return {
    dialect: database.dialect,
    run: async (work) => {
      const begun = changes;
      const outcome = await database.run(work);
      const found = outcome.kind === 'failed' ? outcome.fault : undefined;
      // Work that began before the last change may tell of what was before it.
      if (begun === changes && found !== now) {
        now = found;
        changes++;
        tell(found);
      }
      return outcome;
    },
    notify: (id) => database.notify(id),
    listen: (changed) => database.listen(changed),
    close: () => database.close(),
  };
}
