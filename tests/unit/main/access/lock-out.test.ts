import { describe, expect, it } from 'vitest';
import { LockOut, type LockState } from '../../../../main/access/lock-out.js';
import { ManualClock } from '../../manual-clock.js';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** A clock whose wall clock can be put wrong. */
function clocks() {
  const clock = new ManualClock();
  const wrong = { byMs: 0 };
  return {
    clock,
    wrong,
    both: { now: clock.now, date: () => new Date(clock.date().getTime() + wrong.byMs) },
  };
}

function lockedAfter(tries: number) {
  const { clock, wrong, both } = clocks();
  const lock = new LockOut(undefined, 5, both);
  for (let n = 0; n < tries; n++) lock.count();
  return { lock, clock, wrong, both };
}

/** As after a restart: another monotonic clock, the same wall clock. */
function restarted(kept: LockState, wallAheadMs: number) {
  const { both, wrong, clock } = clocks();
  wrong.byMs = wallAheadMs;
  return { lock: new LockOut(kept, 5, both), clock };
}

describe('the lock', () => {
  it('lets five tries through, and then none', () => {
    const { lock } = lockedAfter(4);
    expect([lock.triesLeft, lock.remainingMs]).toEqual([1, 0]);
    lock.count();
    expect([lock.triesLeft, lock.remainingMs]).toEqual([0, 30_000]);
  });

  it('doubles with each further wrong try, up to an hour', async () => {
    const { lock, clock } = lockedAfter(4);
    const locks: number[] = [];
    for (let n = 0; n < 10; n++) {
      lock.count();
      locks.push(lock.remainingMs / 1000);
      await clock.pass(lock.remainingMs);
    }
    expect(locks).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('opens when its time is over, and not a moment before', async () => {
    const { lock, clock } = lockedAfter(5);
    await clock.pass(29_999);
    expect(lock.remainingMs).toBe(1);
    await clock.pass(1);
    expect(lock.remainingMs).toBe(0);
  });

  it('is gone after a right PIN', () => {
    const { lock } = lockedAfter(5);
    lock.clear();
    expect([lock.triesLeft, lock.remainingMs, lock.isClear]).toEqual([5, 0, true]);
  });

  it('takes a try back as if it had not been', () => {
    const { lock } = lockedAfter(4);
    lock.count()();
    expect([lock.triesLeft, lock.remainingMs]).toEqual([1, 0]);
  });

  it('goes on doubling after a restart', async () => {
    const before = lockedAfter(6);
    const { lock, clock } = restarted(before.lock.state, 1000);
    expect(lock.remainingMs).toBe(60_000);
    await clock.pass(60_000);
    lock.count();
    expect(lock.remainingMs).toBe(120_000);
  });

  it.each([
    ['ahead', 30 * dayMs],
    ['back', -30 * dayMs],
  ])('holds over a restart at which the wall clock jumps %s', (_where, byMs) => {
    const before = lockedAfter(6);
    expect(restarted(before.lock.state, byMs).lock.remainingMs).toBe(60_000);
  });

  it('forgets tries of more than a day ago', async () => {
    const { lock, clock } = lockedAfter(4);
    await clock.pass(dayMs);
    expect(lock.triesLeft).toBe(1);
    await clock.pass(1);
    expect([lock.triesLeft, lock.isClear]).toEqual([5, true]);
    lock.count();
    expect([lock.triesLeft, lock.state.wrong]).toEqual([4, 1]);
  });

  it('counts the day over restarts', async () => {
    const before = lockedAfter(4);
    await before.clock.pass(dayMs / 2);
    // The new monotonic clock begins at the first one's wall time again: so much time has passed in between.
    const second = restarted(before.lock.state, dayMs / 2 + 1000);
    expect(second.lock.triesLeft).toBe(1);
    const third = restarted(second.lock.state, dayMs + 1000);
    expect(third.lock.triesLeft).toBe(5);
  });

  it('forgets nothing because of a wall clock that was put back', () => {
    const before = lockedAfter(4);
    expect(restarted(before.lock.state, -2 * dayMs).lock.triesLeft).toBe(1);
  });
});
