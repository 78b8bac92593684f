import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Page } from '../../../renderer/stores/heartbeat.js';
import { Kiosk } from '../../../renderer/stores/kiosk.svelte.js';
import { FakeApi } from './fake-api.js';

/** A page that draws, shows a screen or fails when the test says so. */
class FakePage implements Page {
  draws = true;
  hasScreen = true;
  fault: () => void = () => undefined;

  onNextFrame(drawn: () => void): void {
    if (this.draws) setTimeout(drawn, 16);
  }

  showsScreen(): boolean {
    return this.hasScreen;
  }

  onFault(listener: () => void): () => void {
    this.fault = listener;
    return () => undefined;
  }
}

let api: FakeApi;
let page: FakePage;
let kiosk: Kiosk;

beforeEach(() => {
  vi.useFakeTimers();
  api = new FakeApi();
  page = new FakePage();
  kiosk = new Kiosk(api, page);
});

afterEach(() => {
  vi.useRealTimers();
});

const times = (name: string): number => api.calls.filter((call) => call.name === name).length;

describe('the sign of life', () => {
  it('comes with the first frame, then every five seconds, until it is stopped', async () => {
    const stop = kiosk.start();
    expect(times('kiosk.heartbeat')).toBe(0);
    await vi.advanceTimersByTimeAsync(20);
    expect(times('kiosk.heartbeat')).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(times('kiosk.heartbeat')).toBe(3);
    stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times('kiosk.heartbeat')).toBe(3);
  });

  it('is not given by a page that draws nothing', async () => {
    page.draws = false;
    kiosk.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times('kiosk.heartbeat')).toBe(0);
  });

  it('is not given by a page with nothing on it, and is given again when a screen is back', async () => {
    page.hasScreen = false;
    kiosk.start();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(times('kiosk.heartbeat')).toBe(0);
    page.hasScreen = true;
    await vi.advanceTimersByTimeAsync(1_020);
    expect(times('kiosk.heartbeat')).toBe(1);
  });

  it('ends for good with a fault that nothing has caught', async () => {
    kiosk.start();
    await vi.advanceTimersByTimeAsync(20);
    page.fault();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times('kiosk.heartbeat')).toBe(1);
  });
});

describe('the state of the kiosk', () => {
  it('is asked for again, ever more slowly, until main has answered', async () => {
    api.deafToState = 2;
    kiosk.start();
    await vi.advanceTimersByTimeAsync(499);
    expect(times('kiosk.state')).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(times('kiosk.state')).toBe(2);
    await vi.advanceTimersByTimeAsync(999);
    expect(kiosk.state).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(kiosk.state?.today).toBe('2026-11-23');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times('kiosk.state')).toBe(3);
  });

  it('is not asked for while the connection is lost, but when it is back', async () => {
    api.deafToState = 1;
    kiosk.start();
    api.connection('lost');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(times('kiosk.state')).toBe(1);
    api.connection('open');
    await vi.advanceTimersByTimeAsync(0);
    expect(kiosk.state).toBeDefined();
  });
});
