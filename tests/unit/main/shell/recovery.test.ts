import { describe, expect, it } from 'vitest';
import { isAllowedKey } from '../../../../main/shell/allowed-keys.js';
import { chromiumArguments } from '../../../../main/shell/chromium.js';
import { firstBeatMs, HeartbeatWatch, nextBeatMs } from '../../../../main/shell/heartbeat-watch.js';
import { Recovery, reloadWindowMs } from '../../../../main/shell/recovery.js';
import { ManualClock } from '../../manual-clock.js';

describe('a page that keeps failing', () => {
  it('is loaded again three times, and then the whole program starts anew', () => {
    const recovery = new Recovery(() => 0);
    expect([1, 2, 3, 4].map(() => recovery.next())).toEqual(['reload', 'reload', 'reload', 'relaunch']);
  });

  it('is loaded again without end when it fails seldom', () => {
    let now = 0;
    const recovery = new Recovery(() => now);
    for (let i = 0; i < 20; i++) {
      expect(recovery.next()).toBe('reload');
      now += reloadWindowMs / 2;
    }
  });
});

describe('a page that is watched', () => {
  function watched() {
    const clock = new ManualClock();
    const silences: number[] = [];
    const alive: number[] = [];
    const watch = new HeartbeatWatch(
      clock,
      (ms) => silences.push(ms),
      (ms) => alive.push(ms),
    );
    return { clock, silences, alive, watch };
  }

  it('is given time to load, then has to give signs of life', async () => {
    const { clock, silences, watch } = watched();
    watch.opened();
    await clock.pass(firstBeatMs - 1);
    watch.beat();
    await clock.pass(nextBeatMs - 1);
    watch.beat();
    expect(silences).toEqual([]);
    await clock.pass(nextBeatMs);
    expect(silences).toEqual([nextBeatMs]);
  });

  it('is noticed when it never comes up: a white screen comes without any event', async () => {
    const { clock, silences, watch } = watched();
    watch.opened();
    await clock.pass(firstBeatMs);
    expect(silences).toEqual([firstBeatMs]);
  });

  it('is told of once it is there, each time that it is opened', async () => {
    const { clock, alive, watch } = watched();
    watch.opened();
    await clock.pass(700);
    watch.beat();
    watch.beat();
    watch.opened();
    watch.beat();
    expect(alive).toEqual([700, 0]);
  });

  it('is left alone once the kiosk stops', () => {
    const { clock, watch } = watched();
    watch.opened();
    watch.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('the keyboard', () => {
  const plain = { control: false, alt: false, meta: false };

  it.each(['a', 'Z', '7', ' ', 'ø', 'Tab', 'Enter', 'Escape', 'Backspace', 'ArrowLeft', 'Shift'])(
    'lets "%s" through to the page',
    (key) => {
      expect(isAllowedKey({ ...plain, key })).toBe(true);
    },
  );

  it.each(['F1', 'F5', 'F11', 'F12', 'PrintScreen', 'ContextMenu', 'BrowserBack', 'Meta', 'AltGraph'])(
    'keeps %s from the window',
    (key) => {
      expect(isAllowedKey({ ...plain, key })).toBe(false);
    },
  );

  it.each([
    ['Ctrl+W', { key: 'w', control: true }],
    ['Ctrl+Shift+I', { key: 'I', control: true }],
    ['Alt+F4', { key: 'F4', alt: true }],
    ['Alt+ArrowLeft', { key: 'ArrowLeft', alt: true }],
    ['Super+L', { key: 'l', meta: true }],
  ])('keeps %s from the window', (_name, pressed) => {
    expect(isAllowedKey({ ...plain, ...pressed })).toBe(false);
  });
});

describe("Chromium's command line", () => {
  it('keeps the sandbox for everyone but root', () => {
    expect(chromiumArguments('http://127.0.0.1:1/', '/tmp/p', false)).not.toContain('--no-sandbox');
    expect(chromiumArguments('http://127.0.0.1:1/', '/tmp/p', true)).toContain('--no-sandbox');
  });
});
