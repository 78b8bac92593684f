import { beforeEach, expect, it, vi } from 'vitest';
import { Announcer, type BoardCall, type Player } from '../../../renderer/board/announcer.js';

/** Sounds end when the test says so; two at once are a fault. */
class Loudspeaker implements Player {
  ready = true;
  readonly heard: string[] = [];
  overlapped = false;
  #end: (() => void) | undefined;
  #fail: (() => void) | undefined;

  chime(): Promise<void> {
    return this.#sound('chime');
  }

  play(address: string): Promise<void> {
    return this.#sound(address);
  }

  stop(): void {
    this.#end?.();
    this.#end = undefined;
  }

  async endSound(): Promise<void> {
    this.stop();
    await vi.advanceTimersByTimeAsync(0);
  }

  async failSound(): Promise<void> {
    this.#end = undefined;
    this.#fail?.();
    await vi.advanceTimersByTimeAsync(0);
  }

  async endAll(): Promise<void> {
    while (this.#end !== undefined) await this.endSound();
  }

  #sound(name: string): Promise<void> {
    if (this.#end !== undefined) this.overlapped = true;
    this.heard.push(name);
    return new Promise((end, fail) => {
      this.#end = end;
      this.#fail = () => fail(new Error('no sound'));
    });
  }
}

const call = (number: number, label: string, counter = '2', agoMs = 0): BoardCall => ({
  call: number,
  label,
  counter,
  counterNames: { da: `Skranke ${counter}`, en: `Counter ${counter}` },
  agoMs,
});
const spoken = (label: string, counter = '2'): string[] => [
  'chime',
  `/speech/da/${label}/${counter}.wav`,
  `/speech/en/${label}/${counter}.wav`,
];

let player: Loudspeaker;
let announcer: Announcer;
const hear = (calls: BoardCall[], speech = true): void => announcer.hear({ calls, speech });

beforeEach(() => {
  vi.useFakeTimers();
  player = new Loudspeaker();
  announcer = new Announcer(player);
  return () => vi.useRealTimers();
});

it('says a call in both languages after its chime, and only once', async () => {
  hear([call(1, 'A001')]);
  hear([call(1, 'A001')]);
  await player.endAll();
  expect(player.heard).toEqual(spoken('A001'));
});

it('says calls that come at once one after another, in their order, and never two at a time', async () => {
  hear([call(2, 'A002'), call(1, 'A001')]);
  hear([call(3, 'A003'), call(2, 'A002'), call(1, 'A001')]);
  await player.endAll();
  expect(player.heard).toEqual(['A001', 'A002', 'A003'].flatMap((label) => spoken(label)));
  expect(player.overlapped).toBe(false);
});

it('says a number that is called again before it was said once, with the counter that counts now', async () => {
  hear([call(2, 'A002', '1'), call(1, 'A001')]);
  hear([call(3, 'A002', '4'), call(2, 'A002', '1'), call(1, 'A001')]);
  await player.endAll();
  expect(player.heard).toEqual([...spoken('A001'), ...spoken('A002', '4')]);
});

it('leaves calls of long ago, and the oldest of a long backlog, to the eye', async () => {
  hear([call(1, 'A001', '2', 20_000)]);
  expect(player.heard).toEqual([]);
  hear(Array.from({ length: 9 }, (_, index) => call(index + 2, `A10${String(index)}`)));
  await player.endAll();
  expect(player.heard.filter((sound) => sound.includes('/da/'))).toEqual(
    [3, 4, 5, 6, 7, 8].map((number) => `/speech/da/A10${String(number)}/2.wav`),
  );
});

it('goes on after a sound that fails, and after one that never ends', async () => {
  hear([call(1, 'A001')]);
  await player.failSound();
  expect(player.heard.at(-1)).toBe('/speech/da/A001/2.wav');
  await vi.advanceTimersByTimeAsync(12_000);
  expect(player.heard.at(-1)).toBe('/speech/en/A001/2.wav');
  expect(player.overlapped).toBe(false);
});

it('only chimes where nothing can speak, and says nothing while the browser is silent', async () => {
  player.ready = false;
  hear([call(1, 'A001')]);
  expect(player.heard).toEqual([]);
  player.ready = true;
  hear([call(2, 'A002'), call(1, 'A001')], false);
  await player.endAll();
  expect(player.heard).toEqual(['chime']);
});

it('says a call that was committed after one with a larger number', async () => {
  hear([call(11, 'A011')]);
  await player.endAll();
  hear([call(11, 'A011'), call(10, 'A010')]);
  await player.endAll();
  expect(player.heard).toEqual([...spoken('A011'), ...spoken('A010')]);
});

it('repeats nothing after an outage, during which the list is empty', async () => {
  hear([call(2, 'A002'), call(1, 'A001')]);
  await player.endAll();
  hear([]);
  hear([call(2, 'A002'), call(1, 'A001')]);
  await player.endAll();
  expect(player.heard).toEqual([...spoken('A001'), ...spoken('A002')]);
});

it('begins anew with a lobby whose calls count from the start again', async () => {
  hear([call(50, 'A050')]);
  await player.endAll();
  hear([call(1, 'A001')]);
  await player.endAll();
  expect(player.heard).toEqual([...spoken('A050'), ...spoken('A001')]);
});

it('falls silent at once when it is stopped', async () => {
  hear([call(2, 'A002'), call(1, 'A001')]);
  announcer.stop();
  await vi.advanceTimersByTimeAsync(0);
  await player.endAll();
  expect(player.heard).toEqual(['chime']);
});
