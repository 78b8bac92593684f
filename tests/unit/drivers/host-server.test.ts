import { describe, expect, it } from 'vitest';
import { serveHost } from '../../../drivers/host-server.js';
import type { CheckRequest } from '../../../drivers/emrtd/types.js';
import { settled } from '../manual-clock.js';

const request: CheckRequest = {
  id: 'check-1',
  key: { documentNumber: 'AB1234567', birthDate: '740812', expiryDate: '320415' },
  access: 'auto',
  waitForDocumentMs: 0,
};

function serve(cancelCheck: () => Promise<null> = () => Promise.resolve(null)) {
  const posted: Record<string, unknown>[] = [];
  const checked: string[] = [];
  let bugs = 0;
  let deliver: (message: unknown) => void = () => undefined;
  serveHost<'chips'>(
    {
      post: (message) => posted.push(JSON.parse(message) as Record<string, unknown>),
      onMessage: (callback) => (deliver = callback),
    },
    () => ({
      check: ({ id }) => {
        checked.push(id);
        const cost = { commands: 0, bytesSent: 0, bytesReceived: 0, elapsedMs: 0, transportMs: 0 };
        return Promise.resolve({ kind: 'stopped', during: 'waiting', fault: { kind: 'no-card' }, cost });
      },
      cancelCheck,
      placeDemoDocument: () => Promise.resolve({ placed: false }),
      removeDemoDocument: () => Promise.resolve(null),
      checkNfcKey: () => Promise.resolve({ kind: 'stopped', during: 'waiting', fault: 'no-key' }),
      placeDemoKey: () => Promise.resolve({ placed: true }),
    }),
    () => bugs++,
  );
  const call = async (method: string, input: unknown): Promise<Record<string, unknown> | undefined> => {
    deliver(JSON.stringify({ t: 'q', i: 'call-1', m: method, a: [input] }));
    await settled();
    return posted.at(-1);
  };
  return { call, checked, posted, bugs: () => bugs };
}

describe('a driver host', () => {
  it('answers a malformed check with an error that repeats nothing of it, and goes on', async () => {
    const { call, checked, posted, bugs } = serve();
    const refusal = await call('check', { ...request, key: { ...request.key, documentNumber: 'ab 123' } });
    expect(refusal).toEqual({ t: 's', i: 'call-1', e: {} });
    expect(bugs()).toBe(0);
    expect(checked).toEqual([]);
    expect(await call('check', request)).toMatchObject({ r: { kind: 'stopped' } });
    expect(checked).toEqual(['check-1']);
    expect(posted).toHaveLength(2);
  });

  it('takes an exception in a method for a bug', async () => {
    const { call, posted, bugs } = serve(() => Promise.reject(new Error('a bug')));
    await call('cancelCheck', null);
    expect(bugs()).toBe(1);
    expect(posted).toEqual([]);
  });
});
