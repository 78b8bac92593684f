import { describe, expect, it, vi } from 'vitest';
import { methods } from '../../../../main/api/contract.js';
import { createRouter, done, refuse, type Handlers } from '../../../../main/api/router.js';
import { others, visitor } from './screens.js';

const handlers: Handlers = {
  'kiosk.state': () => refuse('internal'),
  'kiosk.heartbeat': () => done({}),
  'chipCheck.start': () => done({ id: 'check-1' }),
  'chipCheck.clear': () => done({}),
  'demo.specimens': () => refuse('demo-only'),
  'demo.place': () => done({}),
  'demo.remove': () => done({}),
  ...others,
};
const start = {
  document: 'passport',
  key: { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' },
};

function routerWith(change: Partial<Handlers> = {}) {
  const handlerFailed = vi.fn();
  return { router: createRouter({ ...handlers, ...change }, { handlerFailed }), handlerFailed };
}

describe('the router', () => {
  it('answers a method of the contract', async () => {
    const { router } = routerWith();
    expect(await router.call('chipCheck.start', start, visitor)).toEqual({
      ok: true,
      value: { id: 'check-1' },
    });
  });

  it('passes an error on as a value', async () => {
    const { router } = routerWith();
    expect(await router.call('demo.specimens', {}, visitor)).toEqual({
      ok: false,
      error: { kind: 'demo-only' },
    });
  });

  it.each(['chipCheck.stop', '', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'knows no method called "%s"',
    async (name) => {
      const { router } = routerWith();
      expect(await router.call(name, {}, visitor)).toEqual({ ok: false, error: { kind: 'unknown-method' } });
    },
  );

  it.each([
    ['nothing', undefined],
    ['a field too many', { ...start, name: 'x' }],
    ['a document number with a small letter', { ...start, key: { ...start.key, documentNumber: 'xp4' } }],
    ['a number that ends with a filler', { ...start, key: { ...start.key, documentNumber: 'AB1<' } }],
    ['a number that begins with a filler', { ...start, key: { ...start.key, documentNumber: '<AB1' } }],
    ['a number that is too long', { ...start, key: { ...start.key, documentNumber: 'A'.repeat(23) } }],
    ['a date in another form', { ...start, key: { ...start.key, birthDate: '840317' } }],
    ['an expiry without a day', { ...start, key: { ...start.key, expiryDate: '2030-00-00' } }],
    ['an expiry on a day that is not', { ...start, key: { ...start.key, expiryDate: '2030-02-29' } }],
    ['a birth on a day that is not', { ...start, key: { ...start.key, birthDate: '1984-04-31' } }],
    ['a birth in a month that is not', { ...start, key: { ...start.key, birthDate: '1984-13-00' } }],
  ])('refuses %s as input, without calling the handler', async (_what, input) => {
    const handler = vi.fn(() => done({ id: 'check-1' }));
    const { router } = routerWith({ 'chipCheck.start': handler });
    expect(await router.call('chipCheck.start', input, visitor)).toEqual({
      ok: false,
      error: { kind: 'bad-input' },
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it.each(['A', 'AB<123', 'A'.repeat(22)])('takes the document number %s', async (documentNumber) => {
    const { router } = routerWith();
    const input = { ...start, key: { ...start.key, documentNumber } };
    expect(await router.call('chipCheck.start', input, visitor)).toMatchObject({ ok: true });
  });

  it.each(['1957-00-00', '1957-06-00', '2004-02-29'])('takes the date of birth %s', async (birthDate) => {
    const { router } = routerWith();
    const input = { ...start, key: { ...start.key, birthDate } };
    expect(await router.call('chipCheck.start', input, visitor)).toMatchObject({ ok: true });
  });

  it('refuses whoever has none of the roles that a method asks for', async () => {
    const staffOnly = vi.spyOn(methods['chipCheck.clear'], 'roles', 'get');
    staffOnly.mockReturnValue(['staff'] as never);
    const { router } = routerWith();
    expect(await router.call('chipCheck.clear', {}, visitor)).toEqual({
      ok: false,
      error: { kind: 'not-allowed' },
    });
    staffOnly.mockRestore();
  });

  it('lets nothing out that the contract does not name', async () => {
    const leak = { id: 'check-1', holder: 'somebody' };
    const { router, handlerFailed } = routerWith({ 'chipCheck.start': () => done(leak) });
    expect(await router.call('chipCheck.start', start, visitor)).toEqual({
      ok: false,
      error: { kind: 'internal' },
    });
    expect(handlerFailed).toHaveBeenCalledOnce();
  });

  it('answers "internal" when a handler has a bug, and says where', async () => {
    const bug = new Error('bug');
    const { router, handlerFailed } = routerWith({
      'kiosk.heartbeat': () => {
        throw bug;
      },
    });
    expect(await router.call('kiosk.heartbeat', {}, visitor)).toEqual({
      ok: false,
      error: { kind: 'internal' },
    });
    expect(handlerFailed).toHaveBeenCalledWith('kiosk.heartbeat', bug);
  });
});
