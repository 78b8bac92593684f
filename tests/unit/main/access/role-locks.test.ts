import { beforeEach, describe, expect, it } from 'vitest';
import { RoleLocks, roleLocksState } from '../../../../main/access/role-locks.js';
import { ManualClock } from '../../manual-clock.js';

let clock: ManualClock;
let locks: RoleLocks;
beforeEach(() => {
  clock = new ManualClock();
  locks = new RoleLocks(undefined, 'kiosk', clock);
});

function wrong(place: string, tries: number): void {
  for (let n = 0; n < tries; n++) locks.count(place);
}

/** How many tries get through when nobody waits. */
function triesOf(places: readonly string[]): number {
  let tries = 0;
  for (;;) {
    const open = places.filter((place) => locks.remainingMs(place) === 0);
    if (open.length === 0) return tries;
    for (const place of open) {
      if (locks.remainingMs(place) > 0) continue;
      locks.count(place);
      tries += 1;
    }
  }
}

const manyPlaces = Array.from({ length: 1000 }, (_, n) => `place-${n}`);

describe('the locks of a role', () => {
  it('lock one place and leave the others open', () => {
    wrong('a', 5);
    expect(locks.remainingMs('a')).toBe(30_000);
    expect(locks.remainingMs('b')).toBe(0);
    expect(locks.remainingMs('kiosk')).toBe(0);
    expect([locks.triesLeft('a'), locks.triesLeft('b')]).toEqual([0, 5]);
  });

  it('let a thousand addresses have twenty tries between them', () => {
    expect(triesOf(manyPlaces)).toBe(20);
  });

  it('let a thousand addresses have some fifty tries a day between them, even over restarts', async () => {
    let tries = triesOf(manyPlaces);
    for (let hour = 0; hour < 24; hour++) {
      locks = new RoleLocks(locks.state, 'kiosk', clock);
      for (let minute = 0; minute < 60; minute++) {
        await clock.pass(60_000);
        tries += triesOf(manyPlaces);
      }
    }
    expect(tries).toBeGreaterThan(40);
    expect(tries).toBeLessThan(55);
  });

  it('do not keep staff from places where they have logged in, nor from the kiosk, however many guess', () => {
    locks.succeeded('desk', locks.count('desk'));
    triesOf(manyPlaces);
    expect(locks.remainingMs('new desk')).toBe(30_000);
    expect(locks.remainingMs('desk')).toBe(0);
    expect(locks.remainingMs('kiosk')).toBe(0);
    expect([locks.triesLeft('desk'), locks.triesLeft('new desk')]).toEqual([5, 0]);
  });

  it('lock a known place for its own wrong tries', () => {
    locks.succeeded('desk', locks.count('desk'));
    wrong('desk', 5);
    expect(locks.remainingMs('desk')).toBe(30_000);
    // Which are none of the strangers'.
    expect(locks.state.strangers?.wrong).toBe(0);
  });

  it('do not give guessers new tries each time someone logs in at a new desk', () => {
    wrong('guesser', 4);
    for (let desk = 0; desk < 10; desk++) locks.succeeded(`desk-${desk}`, locks.count(`desk-${desk}`));
    expect(locks.state.strangers?.wrong).toBe(4);
    expect(locks.triesLeft('guesser')).toBe(1);
  });

  it('are the same after a restart', () => {
    locks.succeeded('desk', locks.count('desk'));
    wrong('a', 5);
    wrong('kiosk', 5);
    locks = new RoleLocks(locks.state, 'kiosk', clock);
    expect([locks.remainingMs('a'), locks.remainingMs('kiosk')]).toEqual([30_000, 30_000]);
    expect(triesOf(manyPlaces)).toBe(15);
    expect(locks.remainingMs('desk')).toBe(0);
  });

  it('open with a new PIN, and know their places still', () => {
    locks.succeeded('desk', locks.count('desk'));
    triesOf(manyPlaces);
    wrong('desk', 5);
    locks.clear();
    expect([locks.remainingMs('desk'), locks.remainingMs('new')]).toEqual([0, 0]);
    triesOf(manyPlaces);
    expect(locks.remainingMs('desk')).toBe(0);
  });

  it('remember a bounded number of places, so many that guessers cannot push out a lock of their own', async () => {
    for (let n = 0; n < 100; n++) locks.succeeded(`desk-${n}`, locks.count(`desk-${n}`));
    for (const place of manyPlaces) {
      locks.count(place);
      await clock.pass(1);
    }
    const state = roleLocksState.parse(locks.state);
    expect(state.places.filter(({ known }) => known).map(({ place }) => place)).toEqual(
      Array.from({ length: 64 }, (_, n) => `desk-${n + 36}`),
    );
    expect(state.places.filter(({ known }) => !known)).toHaveLength(256);
    // All of that is still what the strangers' common lock has counted.
    expect(locks.remainingMs('one more')).toBeGreaterThan(3_500_000);
  });

  it('keep nothing of a stranger whose tries are forgotten', async () => {
    wrong('a', 1);
    expect(locks.state.places).toHaveLength(1);
    await clock.pass(24 * 3_600_000 + 1);
    expect(locks.state.places).toEqual([]);
  });
});
