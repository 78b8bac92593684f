import { describe, expect, it } from 'vitest';
import { IdleWatch } from '../../../renderer/stores/idle.svelte.js';

const limits = { idleSeconds: 60, graceSeconds: 20 };

function watchAt(): { readonly watch: IdleWatch; readonly wait: (seconds: number) => void } {
  let now = 1_000;
  const watch = new IdleWatch(() => now);
  return {
    watch,
    wait: (seconds) => {
      now += seconds * 1000;
      watch.tick(limits);
    },
  };
}

describe('a session that nobody touches', () => {
  it('is left alone for its time, then asked about, then over', () => {
    const { watch, wait } = watchAt();
    wait(59);
    expect(watch.phase).toEqual({ kind: 'active' });
    wait(1);
    expect(watch.phase).toEqual({ kind: 'asking', secondsLeft: 20 });
    wait(19);
    expect(watch.phase).toEqual({ kind: 'asking', secondsLeft: 1 });
    wait(1);
    expect(watch.phase).toEqual({ kind: 'over' });
  });

  it('begins anew with each touch', () => {
    const { watch, wait } = watchAt();
    wait(59);
    watch.touch();
    wait(59);
    expect(watch.phase).toEqual({ kind: 'active' });
  });

  it('does not take a stray touch for the answer to its question, but does take the answer', () => {
    const { watch, wait } = watchAt();
    wait(61);
    watch.touch();
    wait(1);
    expect(watch.phase).toEqual({ kind: 'asking', secondsLeft: 18 });
    watch.restart();
    wait(59);
    expect(watch.phase).toEqual({ kind: 'active' });
  });

  it('is over even when the clock jumps past question and grace at once, as after a sleep', () => {
    const { watch, wait } = watchAt();
    wait(3600);
    expect(watch.phase).toEqual({ kind: 'over' });
  });
});
