import { describe, expect, it } from 'vitest';
import { serveIpc, type SenderFrame } from '../../../../main/api/ipc.js';
import { done, refuse, type Router, type Screen } from '../../../../main/api/router.js';
import { settled } from '../../manual-clock.js';

const page: SenderFrame = { url: 'app://forhal/', parent: null };
const beat = JSON.stringify({ t: 'q', i: '1', m: 'kiosk.heartbeat', a: [{}] });

function window() {
  const posted: unknown[] = [];
  const refused: string[] = [];
  const screens = new Set<Screen>();
  const called: string[] = [];
  let now = 0;
  const router: Router = {
    call: (method) => {
      called.push(method);
      return Promise.resolve(method === 'kiosk.heartbeat' ? done({}) : refuse('unknown-method'));
    },
  };
  const transport = serveIpc({
    router,
    screens: {
      opened: (screen) => screens.add(screen),
      closed: (screen) => screens.delete(screen),
      roleOf: () => 'visitor',
    },
    post: (text) => posted.push(JSON.parse(text)),
    now: () => now,
    onRefused: (reason) => refused.push(reason),
  });
  transport.pageOpened();
  const pass = (ms: number): void => {
    now += ms;
  };
  return { transport, posted, refused, screens, called, pass };
}

describe("the API of Electron's window", () => {
  it('answers a call from its own page', async () => {
    const { transport, posted } = window();
    transport.receive(page, beat);
    await settled();
    expect(posted).toEqual([{ t: 's', i: '1', r: { ok: true, value: {} } }]);
  });

  it.each<[string, SenderFrame | null]>([
    ['a frame that is gone', null],
    ['a frame within the page', { url: 'app://forhal/', parent: {} }],
    ['another page', { url: 'https://example.org/', parent: null }],
    ['a name that only begins like its own', { url: 'app://forhal.example.org/', parent: null }],
    ['a file', { url: 'file:///app://forhal/', parent: null }],
  ])('refuses %s', async (_what, frame) => {
    const { transport, called, refused } = window();
    transport.receive(frame, beat);
    await settled();
    expect(called).toEqual([]);
    expect(refused).toEqual(['sender']);
  });

  it.each<[string, unknown]>([
    ['something that is no text', { t: 'q', m: 'kiosk.state', a: [{}] }],
    ['text that is no JSON', '{'],
    ['a message with an unknown field', JSON.stringify({ t: 'q', m: 'kiosk.state', a: [{}], x: 1 })],
    ['an answer to nothing', JSON.stringify({ t: 's', i: '1', r: 1 })],
    ['a call with two arguments', JSON.stringify({ t: 'q', i: '1', m: 'kiosk.state', a: [{}, {}] })],
  ])('refuses %s', async (_what, payload) => {
    const { transport, called, refused } = window();
    transport.receive(page, payload);
    await settled();
    expect(called).toEqual([]);
    expect(refused).toEqual(['malformed']);
  });

  it('refuses a message that is too long', () => {
    const { transport, refused } = window();
    transport.receive(page, JSON.stringify({ t: 'q', m: 'kiosk.state', a: ['ø'.repeat(8192)] }));
    expect(refused).toEqual(['oversized']);
  });

  it('takes no more than a person can cause, and more again after a while', async () => {
    const { transport, called, refused, pass } = window();
    for (let i = 0; i < 100; i++) transport.receive(page, beat);
    await settled();
    expect(called).toHaveLength(60);
    expect(new Set(refused)).toEqual(new Set(['too-many']));
    pass(10_000);
    transport.receive(page, beat);
    await settled();
    expect(called).toHaveLength(61);
  });

  it('sends events as text, each in the shape of the contract', async () => {
    const { posted, screens } = window();
    for (const screen of screens) screen.send('chipCheck.progress', { id: 'a', step: 'photo', fraction: 1 });
    await settled();
    expect(posted).toEqual([
      { t: 'q', m: 'chipCheck.progress', a: [{ id: 'a', step: 'photo', fraction: 1 }] },
    ]);
  });

  it('forgets the page before when a new one opens, and sends it nothing more', async () => {
    const { transport, posted, screens } = window();
    const [before] = screens;
    transport.pageOpened();
    expect(screens.size).toBe(1);
    expect(screens.has(before!)).toBe(false);
    before!.send('chipCheck.progress', { id: 'a', step: 'photo', fraction: 1 });
    await settled();
    expect(posted).toEqual([]);
  });
});
