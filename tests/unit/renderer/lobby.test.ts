import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BoardState } from '../../../main/api/contract.js';
import { Lobby } from '../../../renderer/board/lobby.svelte.js';
import { FakeApi } from './fake-api.js';

const state = (time: string): BoardState => ({
  placeName: 'Borgerservice',
  time,
  serving: [],
  calls: [],
  services: [],
  speech: false,
  source: 'ready',
});
const unreachable = { ok: false, error: { kind: 'unreachable' } } as const;

let api: FakeApi;
let lobby: Lobby;
let heard: string[];
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  api = new FakeApi();
  heard = [];
  api.answers('board.state', { ok: true, value: state('10:30') });
  const clock = { now: () => Date.now(), localTime: () => '10:29' };
  lobby = new Lobby(api, clock, ({ time }) => heard.push(time));
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});
const start = async (): Promise<void> => {
  stop = lobby.start();
  await vi.advanceTimersByTimeAsync(0);
};

describe('the board', () => {
  it('asks when it is connected, and keeps the lobby’s time going in between', async () => {
    await start();
    expect(lobby.lostSince).toBeUndefined();
    expect(lobby.time).toBe('10:30');
    api.answers('board.state', new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(90_000);
    expect(lobby.time).toBe('10:31');
    api.emit('board.state', state('23:59'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lobby.time).toBe('00:00');
  });

  it('says since when what it shows may no longer be so: when it was last told, not when that was noticed', async () => {
    await start();
    await vi.advanceTimersByTimeAsync(5_000);
    api.answers('board.state', unreachable);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(lobby.lostSince).toBe('10:30');
    expect(lobby.state?.time).toBe('10:30');
  });

  it('knows at once when the line breaks, and forgets it when it is told something again', async () => {
    await start();
    api.connection('lost');
    expect(lobby.lostSince).toBe('10:30');
    api.answers('board.state', { ok: true, value: state('10:35') });
    api.connection('open');
    await vi.advanceTimersByTimeAsync(0);
    expect(lobby.lostSince).toBeUndefined();
    expect(heard).toEqual(['10:30', '10:35']);
  });

  it('that never was told anything says its own time', async () => {
    api.answers('board.state', unreachable);
    await start();
    expect(lobby.lostSince).toBe('10:29');
  });

  it('listens and asks no more once it is stopped', async () => {
    await start();
    stop();
    const asked = api.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(api.calls.length).toBe(asked);
    expect(api.listening).toBe(0);
  });
});
