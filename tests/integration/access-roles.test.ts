import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MethodName, methodNames, methods, type Role, type StaffRole } from '../../main/api/contract.js';
import { Kiosk, KioskFolder, opened, Page, pins } from './access-kiosk.js';
import { buildPrograms, type BuiltPrograms } from './built-programs.js';

// Every method of the contract for every kind of user, over the WebSocket of a kiosk as it is served. A method is asked
// with input that none of them takes: whoever may call it hears of the input, whoever may not hears of that first, and
// nothing is done.

const wrongInput = { nobody: 'takes this' };
/** As many as one page may send in a row, less what logging in and out takes. */
const asksOfPage = 40;

type Login = 'nobody' | 'in' | 'must-set-pin' | 'ended' | 'pin-changed';
interface Person {
  readonly at: 'guest' | 'visitor';
  readonly as: StaffRole | undefined;
  readonly login: Login;
}

const places = ['guest', 'visitor'] as const;
const persons: Person[] = places.flatMap((at): Person[] => [
  { at, as: undefined, login: 'nobody' },
  ...(['staff', 'technician'] as const).flatMap((as) =>
    (['in', 'must-set-pin', 'ended', 'pin-changed'] as const).map((login) => ({ at, as, login })),
  ),
]);

/** Who that person is for the contract. */
function roleOf({ at, as, login }: Person): Role {
  return as === undefined || login === 'ended' || login === 'pin-changed' ? at : as;
}

function isAllowed(person: Person, method: MethodName): boolean {
  const roles: readonly Role[] = methods[method].roles;
  const waits = person.login === 'must-set-pin' && !/^(access|kiosk)\./.test(method);
  return roles.includes(roleOf(person)) && !waits;
}

let programs: BuiltPrograms;
const folders: KioskFolder[] = [];
const kiosks: Kiosk[] = [];
let usual: URL;
/** Where both PINs have to be changed. */
let unchanged: URL;
const currentPins = { ...pins };

async function serve(mustChange: boolean): Promise<URL> {
  const folder = new KioskFolder({}, mustChange);
  folders.push(folder);
  const kiosk = new Kiosk(programs.serve, folder.path);
  kiosks.push(kiosk);
  return kiosk.ready();
}

beforeAll(async () => {
  programs = await buildPrograms();
  [usual, unchanged] = await Promise.all([serve(false), serve(true)]);
});
afterAll(async () => {
  await Promise.all(kiosks.map((kiosk) => kiosk.stop()));
  for (const folder of folders) folder.remove();
  programs.remove();
});

function connect(at: Person['at'], address: URL): Promise<Page> {
  const token = at === 'visitor' ? address.hash.slice('#token='.length) : undefined;
  return opened(Page.open(address.origin, token));
}

/** Another technician sets this role's PIN to a new one. */
async function changePin(role: StaffRole): Promise<void> {
  const technician = await connect('guest', usual);
  expect(await technician.login('technician', currentPins.technician)).toMatchObject({ ok: true });
  const pin = String(Number(currentPins[role]) + 7);
  expect(await technician.call('access.setPin', { role, pin })).toMatchObject({ value: { kind: 'set' } });
  currentPins[role] = pin;
  await technician.close();
}

async function enter({ at, as, login }: Person): Promise<Page> {
  const page = await connect(at, login === 'must-set-pin' ? unchanged : usual);
  if (as === undefined) return page;
  const pin = login === 'must-set-pin' ? pins[as] : currentPins[as];
  expect(await page.login(as, pin)).toMatchObject({ value: { kind: 'in', state: { role: as } } });
  if (login === 'ended') await page.call('access.logout', {});
  if (login === 'pin-changed') await changePin(as);
  return page;
}

/** How each method answers this person: allowed or refused, or what else it said. */
async function answersTo(person: Person): Promise<Map<MethodName, string>> {
  const answers = new Map<MethodName, string>();
  for (let first = 0; first < methodNames.length; first += asksOfPage) {
    const page = await enter(person);
    for (const method of methodNames.slice(first, first + asksOfPage)) {
      const answer = await page.call(method, wrongInput);
      const kind = answer?.ok === false ? answer.error.kind : 'answered';
      answers.set(method, kind === 'bad-input' ? 'allowed' : kind === 'not-allowed' ? 'refused' : kind);
    }
    await page.close();
  }
  return answers;
}

function methodsOf(answers: ReadonlyMap<MethodName, string>): string[] {
  return [...answers].filter(([, answer]) => answer === 'allowed').map(([method]) => method);
}

describe('over the WebSocket of a served kiosk', () => {
  it.each(persons)('$at as $as ($login): every method as the contract says', async (person) => {
    const answers = await answersTo(person);
    const expected = methodNames.map((method) => [method, isAllowed(person, method) ? 'allowed' : 'refused']);
    expect(Object.fromEntries(answers)).toEqual(Object.fromEntries(expected));
  });

  // The contract itself could be wrong: these stand beside it.
  it('nobody who has not logged in reaches a desk or the bench, or sets a PIN', async () => {
    for (const at of places) {
      const open = methodsOf(await answersTo({ at, as: undefined, login: 'nobody' }));
      expect(open.filter((method) => /^(desk|bench)\.|^access\.setPin$/.test(method))).toEqual([]);
    }
  });

  it('a guest sees the board and can log in, and no more', async () => {
    const open = methodsOf(await answersTo({ at: 'guest', as: undefined, login: 'nobody' }));
    expect(open.sort()).toEqual([
      'access.login',
      'access.logout',
      'access.resume',
      'access.state',
      'board.state',
      'kiosk.heartbeat',
      'kiosk.state',
    ]);
  });

  it('staff set no PIN, calibrate no rig and send it no raw messages', async () => {
    const open = methodsOf(await answersTo({ at: 'guest', as: 'staff', login: 'in' }));
    expect(open).toContain('desk.callNext');
    expect(open).toContain('bench.testDisplay');
    for (const method of ['access.setPin', 'bench.calibrate', 'bench.query'])
      expect(open).not.toContain(method);
  });
});
