import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessState, DeskResult } from '../../../main/api/contract.js';
import type { CallResult } from '../../../renderer/api.js';
import { Desk } from '../../../renderer/staff/desk.svelte.js';
import { readImport } from '../../../renderer/staff/import-file.js';
import { Shortcuts } from '../../../renderer/staff/shortcuts.svelte.js';
import { deskAtWork, loggedIn, nobodyIn } from '../../e2e/scripted-desk.js';
import { FakeApi } from './fake-api.js';

const ok = <Value>(value: Value) => ({ ok: true, value }) as const;
const entered = (state: AccessState) => ok({ kind: 'in', state, resume: 'again' } as const);

let api: FakeApi;
let desk: Desk;

beforeEach(async () => {
  api = new FakeApi();
  api.answers('access.state', ok(nobodyIn));
  api.answers('desk.state', ok(deskAtWork));
  api.answers('access.login', entered(loggedIn));
  desk = new Desk(api);
  desk.start();
  await api.settle();
});
const called = (): string[] => api.calls.map(({ name }) => name);
const logIn = async (): Promise<void> => {
  await desk.login('staff', '407193');
  await api.settle();
};

describe('a session at a desk', () => {
  it('shows the queue once someone is logged in, and not before', async () => {
    expect(desk.loggedIn).toBe(false);
    expect(desk.state).toBeUndefined();
    await logIn();
    expect(desk.state).toEqual(deskAtWork);
  });

  it('knows a kiosk that has no queue', async () => {
    api.answers('desk.state', { ok: false, error: { kind: 'queue-off' } });
    await logIn();
    expect(desk.queueOff).toBe(true);
    api.answers('desk.state', ok(deskAtWork));
    await desk.look();
    expect(desk.queueOff).toBe(false);
  });

  it('that ends by itself says so, and is forgotten with the next login', async () => {
    await logIn();
    api.emit('access.state', nobodyIn);
    expect(desk.ended).toBe('idle');
    expect(desk.state).toBeUndefined();
    await logIn();
    expect(desk.ended).toBeUndefined();
  });

  it('that the person ends needs no explanation', async () => {
    await logIn();
    api.answers('access.logout', ok(nobodyIn));
    const leaving = desk.logout();
    api.emit('access.state', nobodyIn);
    await leaving;
    expect(desk.loggedIn).toBe(false);
    expect(desk.ended).toBeUndefined();
  });

  it('is taken up again after a lost connection', async () => {
    await logIn();
    api.connection('lost');
    expect(desk.reachable).toBe(false);
    expect(desk.state).toEqual(deskAtWork);
    api.answers('access.resume', entered(loggedIn));
    api.answers('access.state', ok(loggedIn));
    api.connection('open');
    await api.settle();
    expect(api.calls).toContainEqual({ name: 'access.resume', input: { resume: 'again' } });
    expect(desk.loggedIn).toBe(true);
    expect(desk.ended).toBeUndefined();
  });

  it('that main no longer knows after a lost connection says that the connection was away', async () => {
    await logIn();
    api.connection('lost');
    api.answers('access.resume', ok({ kind: 'wrong', triesLeft: 0 }));
    api.connection('open');
    await api.settle();
    expect(desk.loggedIn).toBe(false);
    expect(desk.ended).toBe('away');
  });
});

describe('an action', () => {
  it('tells how it went, and looks at the queue anew', async () => {
    await logIn();
    api.answers('desk.callNext', ok({ kind: 'nobody-waiting' }));
    await desk.act('desk.callNext', {});
    expect(desk.answer).toBe('nobody-waiting');
    expect(called().slice(-2)).toEqual(['desk.callNext', 'desk.state']);
    expect(desk.acted).toBe(1);
  });

  it('names the ticket whose paper did not come out', async () => {
    await logIn();
    api.answers('desk.reprint', ok({ kind: 'not-printed', why: 'paper-out' }));
    await desk.act('desk.reprint', { ticket: 'a' }, 'A013');
    expect([desk.answer, desk.answerAbout]).toEqual(['not-printed', 'A013']);
    api.answers('desk.callNext', ok({ kind: 'nobody-waiting' }));
    await desk.act('desk.callNext', {});
    expect(desk.answerAbout).toBe('');
  });

  it('is not sent twice while the first is on its way', async () => {
    await logIn();
    let answer: (result: CallResult<'desk.callNext'>) => void = () => undefined;
    api.answers('desk.callNext', new Promise((resolve) => (answer = resolve)));
    const first = desk.act('desk.callNext', {});
    await desk.act('desk.callNext', {});
    expect(desk.busy).toBe(true);
    answer(ok<DeskResult>({ kind: 'ok' }));
    await first;
    expect(called().filter((name) => name === 'desk.callNext')).toHaveLength(1);
    expect(desk.busy).toBe(false);
  });

  it('is not sent at all without a connection', async () => {
    await logIn();
    api.connection('lost');
    await desk.act('desk.noShow', {});
    expect(called()).not.toContain('desk.noShow');
  });

  it('that main refuses has failed', async () => {
    await logIn();
    api.answers('desk.done', { ok: false, error: { kind: 'internal' } });
    await desk.act('desk.done', {});
    expect(desk.answer).toBe('failed');
  });
});

describe('shortcut keys', () => {
  it('are on until they are switched off, and this browser remembers it', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    const shortcuts = new Shortcuts(storage);
    expect(shortcuts.on).toBe(true);
    shortcuts.on = false;
    expect(new Shortcuts(storage).on).toBe(false);
    expect(new Shortcuts(undefined).on).toBe(true);
  });
});

describe('a file to import', () => {
  it('goes whole, and names its format', async () => {
    expect(await readImport(new Blob(['service;tid\nPas;10:30']))).toEqual({
      kind: 'file',
      input: { format: 'csv', text: 'service;tid\nPas;10:30' },
    });
    const calendar = await readImport(new Blob(['BEGIN:VCALENDAR\nEND:VCALENDAR']));
    expect(calendar).toMatchObject({ kind: 'file', input: { format: 'icalendar' } });
  });

  it('that is too long is refused, never cut: by characters, and by the bytes of the message', async () => {
    expect(await readImport(new Blob(['x'.repeat(400_000)]))).toMatchObject({ kind: 'file' });
    expect(await readImport(new Blob(['x'.repeat(400_001)]))).toEqual({ kind: 'too-large' });
    expect(await readImport(new Blob(['\n'.repeat(300_000)]))).toEqual({ kind: 'too-large' });
  });

  it('of a Danish Windows is read with its letters', async () => {
    const bytes = Uint8Array.from([0x4b, 0xf8, 0x72, 0x65, 0x6b, 0x6f, 0x72, 0x74]);
    expect(await readImport(new Blob([bytes]))).toMatchObject({ input: { text: 'Kørekort' } });
  });
});
