import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApi, type Api, type Bridge, type Connection } from '../../../renderer/api.js';

interface Message {
  readonly i?: string;
  readonly m: string;
  readonly a: readonly unknown[];
}

/** The other end of Electron's bridge. */
class OtherEnd implements Bridge {
  readonly heard: Message[] = [];
  #receive: (text: string) => void = () => undefined;

  post(text: string): void {
    this.heard.push(JSON.parse(text) as Message);
  }

  on(callback: (text: string) => void): void {
    this.#receive = callback;
  }

  answer(value: unknown): void {
    this.say(JSON.stringify({ t: 's', i: this.heard.at(-1)?.i, r: value }));
  }

  event(name: string, data: unknown): void {
    this.say(JSON.stringify({ t: 'q', m: name, a: [data] }));
  }

  say(text: string): void {
    this.#receive(text);
  }
}

const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('over the bridge of Electron', () => {
  let other: OtherEnd;
  let api: Api;

  beforeEach(() => {
    other = new OtherEnd();
    vi.stubGlobal('window', { forhal: other });
    api = createApi();
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('a call goes out as text with its one input, and its answer comes back', async () => {
    const called = api.call('chipCheck.clear', {});
    await settled();
    expect(other.heard).toMatchObject([{ m: 'chipCheck.clear', a: [{}] }]);
    other.answer({ ok: true, value: {} });
    expect(await called).toEqual({ ok: true, value: {} });
  });

  it('an error of the contract is a value', async () => {
    const called = api.call('demo.remove', {});
    await settled();
    other.answer({ ok: false, error: { kind: 'demo-only' } });
    expect(await called).toEqual({ ok: false, error: { kind: 'demo-only' } });
  });

  it.each([
    ['a value of another shape', { ok: true, value: { id: 7 } }],
    ['an error that nobody knows', { ok: false, error: { kind: 'tea-time' } }],
    ['nothing', null],
  ])('%s is no answer', async (_, answer) => {
    const called = api.call('chipCheck.start', {
      document: 'passport',
      key: { documentNumber: 'X', birthDate: '1984-03-17', expiryDate: '2034-09-30' },
    });
    await settled();
    other.answer(answer);
    expect(await called).toEqual({ ok: false, error: { kind: 'unreachable' } });
  });

  it('a call that is not answered ends after its deadline', async () => {
    vi.useFakeTimers();
    try {
      const called = api.call('chipCheck.clear', {});
      await vi.advanceTimersByTimeAsync(10_000);
      expect(await called).toEqual({ ok: false, error: { kind: 'unreachable' } });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('a call that waits for a device has longer, and ends too', async () => {
    vi.useFakeTimers();
    try {
      let answered = false;
      const called = api.call('bench.testDisplay', {}).finally(() => (answered = true));
      await vi.advanceTimersByTimeAsync(59 * 60_000);
      expect(answered).toBe(false);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await called).toEqual({ ok: false, error: { kind: 'unreachable' } });
    } finally {
      vi.useRealTimers();
    }
  });

  it("a message to the rig is answered later than at main's own deadline and the start of a host", async () => {
    vi.useFakeTimers();
    try {
      const called = api.call('bench.query', { message: '*IDN?' });
      await vi.advanceTimersByTimeAsync(60_000 + 5000);
      const answer = { kind: 'failed', fault: 'took-too-long' };
      other.answer({ ok: true, value: answer });
      expect(await called).toEqual({ ok: true, value: answer });
    } finally {
      vi.useRealTimers();
    }
  });

  it('events reach those who listen, until they stop; events of another shape reach nobody', async () => {
    const heard: unknown[] = [];
    const stop = api.on('chipCheck.progress', (data) => heard.push(data));
    other.event('chipCheck.progress', { id: 'a', step: 'photo', fraction: 0.5 });
    other.event('chipCheck.progress', { id: 'a', step: 'photo', fraction: 7 });
    other.say('not JSON');
    await settled();
    stop();
    other.event('chipCheck.progress', { id: 'a', step: 'verify', fraction: 1 });
    await settled();
    expect(heard).toEqual([{ id: 'a', step: 'photo', fraction: 0.5 }]);
  });
});

describe('over a WebSocket', () => {
  class FakeSocket extends EventTarget {
    static readonly made: FakeSocket[] = [];
    readonly sent: string[] = [];
    readonly address: string;
    readonly protocols: readonly string[];

    constructor(address: string, protocols: readonly string[]) {
      super();
      this.address = address;
      this.protocols = protocols;
      FakeSocket.made.push(this);
    }

    send(text: string): void {
      this.sent.push(text);
    }
  }

  const connections: Connection[] = [];

  beforeEach(() => {
    vi.useFakeTimers();
    FakeSocket.made.length = 0;
    connections.length = 0;
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.stubGlobal('window', {
      location: { protocol: 'http:', host: '127.0.0.1:8080', hash: '#token=secret' },
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('a page that needs a token and has none is refused, and asks nothing', () => {
    vi.stubGlobal('window', { location: { protocol: 'http:', host: '127.0.0.1:8080', hash: '' } });
    createApi({ needsToken: true }).onConnection((connection) => connections.push(connection));
    expect(connections).toEqual(['refused']);
    expect(FakeSocket.made).toEqual([]);
  });

  it.each([
    ['refused', 'the kiosk gives out its page', () => Promise.resolve({ ok: true })],
    ['lost', 'nobody answers', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('a token that opens nothing is %s where %s, and is tried again', async (told, _, fetched) => {
    vi.stubGlobal('fetch', fetched);
    createApi({ needsToken: true }).onConnection((connection) => connections.push(connection));
    FakeSocket.made[0]?.dispatchEvent(new Event('close'));
    await vi.advanceTimersByTimeAsync(500);
    expect(connections).toEqual(['connecting', told]);
    FakeSocket.made[1]?.dispatchEvent(new Event('open'));
    FakeSocket.made[1]?.dispatchEvent(new Event('close'));
    expect(connections).toEqual(['connecting', told, 'open', 'lost']);
  });

  it('the token of the address goes as the subprotocol, never in the address', () => {
    createApi();
    expect(FakeSocket.made[0]).toMatchObject({ address: 'ws://127.0.0.1:8080/', protocols: ['secret'] });
  });

  it('a lost connection is told, its calls end, and it is tried again, ever less often up to 5 s', async () => {
    const api = createApi();
    api.onConnection((connection) => connections.push(connection));
    FakeSocket.made[0]?.dispatchEvent(new Event('open'));
    const waiting = api.call('chipCheck.clear', {});
    await vi.advanceTimersByTimeAsync(0);
    FakeSocket.made[0]?.dispatchEvent(new Event('close'));
    expect(await waiting).toEqual({ ok: false, error: { kind: 'unreachable' } });
    expect(connections).toEqual(['connecting', 'open', 'lost']);

    const waits: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      let waited = 0;
      while (FakeSocket.made.length === attempt) {
        await vi.advanceTimersByTimeAsync(100);
        waited += 100;
      }
      waits.push(waited);
      FakeSocket.made.at(-1)?.dispatchEvent(new Event('close'));
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 5000, 5000]);

    await vi.advanceTimersByTimeAsync(5_000);
    FakeSocket.made.at(-1)?.dispatchEvent(new Event('open'));
    expect(connections.at(-1)).toBe('open');
  });

  it('without a connection a call ends at once', async () => {
    expect(await createApi().call('kiosk.state', {})).toEqual({
      ok: false,
      error: { kind: 'unreachable' },
    });
  });
});
