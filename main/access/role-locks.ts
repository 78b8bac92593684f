import { z } from 'zod';
import type { Clock } from '../clock.js';
import { LockOut, lockState } from './lock-out.js';

/** Wrong tries of one place before its first lock. */
export const triesOfPlace = 5;
/** Wrong tries of all places together where nobody has logged in lately, before the first lock of them all. */
export const triesOfStrangers = 20;
/** Places where someone has logged in: more than any lobby has desks. The one longest ago becomes a stranger again. */
const knownKept = 64;
/** Strangers with wrong tries: far more than their common lock lets through in a day. */
const strangersKept = 256;

const placeLock = z.strictObject({
  /** Made from the address, so that addresses are not kept. */
  place: z.string().min(1).max(64),
  /** Whether someone has logged in from there. */
  known: z.boolean(),
  lock: lockState,
});

/** What is kept of one role's locks. */
export const roleLocksState = z.strictObject({
  strangers: lockState.optional(),
  places: z.array(placeLock).max(knownKept + strangersKept),
});
export type RoleLocksState = z.infer<typeof roleLocksState>;

interface Place {
  readonly lock: LockOut;
  known: boolean;
}

/**
 * The locks of one role. Each place has its own, so that wrong tries at one do not lock out the others. Places where
 * nobody has logged in have a common one besides, so that many addresses are no more tries than some few; it does not
 * hold for places where someone has, so that guessing from the network does not keep staff from their desks.
 */
export class RoleLocks {
  readonly #clock: Pick<Clock, 'now' | 'date'>;
  /** A place that is known without a login: the kiosk itself. */
  readonly #own: string;
  readonly #strangers: LockOut;
  /** The one used longest ago first. */
  readonly #places = new Map<string, Place>();

  constructor(kept: RoleLocksState | undefined, own: string, clock: Pick<Clock, 'now' | 'date'>) {
    this.#clock = clock;
    this.#own = own;
    this.#strangers = new LockOut(kept?.strangers, triesOfStrangers, clock);
    for (const { place, known, lock } of kept?.places ?? []) {
      this.#places.set(place, { known, lock: new LockOut(lock, triesOfPlace, clock) });
    }
  }

  /** How long nobody can try at this place, ms. */
  remainingMs(name: string): number {
    const place = this.#places.get(name);
    const own = place?.lock.remainingMs ?? 0;
    return this.#isKnown(name) ? own : Math.max(own, this.#strangers.remainingMs);
  }

  triesLeft(name: string): number {
    const own = this.#places.get(name)?.lock.triesLeft ?? triesOfPlace;
    return this.#isKnown(name) ? own : Math.min(own, this.#strangers.triesLeft);
  }

  /** Before the PIN is looked at. Returns the way to take it back. */
  count(name: string): () => void {
    const { lock } = this.#used(name);
    const takeBack = [lock.count(), ...(this.#isKnown(name) ? [] : [this.#strangers.count()])];
    return () => {
      for (const each of takeBack) each();
    };
  }

  /** The PIN of a try was right, which `takeBack` takes back. Strangers' other tries count on. */
  succeeded(name: string, takeBack: () => void): void {
    takeBack();
    const place = this.#used(name);
    place.lock.clear();
    place.known = true;
    this.#forget((each) => each.known, knownKept);
  }

  /** There is another PIN: whatever was tried was not this one. */
  clear(): void {
    this.#strangers.clear();
    for (const { lock } of this.#places.values()) lock.clear();
  }

  get state(): RoleLocksState {
    return {
      strangers: this.#strangers.state,
      places: [...this.#places]
        .filter(([, { known, lock }]) => known || !lock.isClear)
        .map(([place, { known, lock }]) => ({ place, known, lock: lock.state })),
    };
  }

  #isKnown(name: string): boolean {
    return name === this.#own || this.#places.get(name)?.known === true;
  }

  #used(name: string): Place {
    const place = this.#places.get(name) ?? {
      known: false,
      lock: new LockOut(undefined, triesOfPlace, this.#clock),
    };
    this.#places.delete(name);
    this.#places.set(name, place);
    this.#forget((each) => !each.known, strangersKept);
    return place;
  }

  /** Keeps so many places of a kind, the latest. */
  #forget(isOfKind: (place: Place) => boolean, kept: number): void {
    const ofKind = [...this.#places].filter(([, place]) => isOfKind(place)).map(([name]) => name);
    for (const name of ofKind.slice(0, Math.max(0, ofKind.length - kept))) this.#places.delete(name);
  }
}
