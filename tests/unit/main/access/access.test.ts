import { scryptSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Access, type AccessRefusal, type Seat, type SessionEnd } from '../../../../main/access/access.js';
import type { AccessState, StaffRole } from '../../../../main/api/contract.js';
import { ManualClock, settled } from '../../manual-clock.js';

// The disk takes nothing while this is set: permissions do not stop whoever runs tests as root.
const disk = vi.hoisted(() => ({ full: false }));
vi.mock('write-file-atomic', async (original) => {
  const { default: write } = await original<{ default: (...args: unknown[]) => Promise<void> }>();
  return {
    default: (...args: unknown[]) =>
      disk.full
        ? Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }))
        : write(...args),
  };
});

const staffPin = '804213';
const technicianPin = '71930588';
const minuteMs = 60_000;

/** Quicker to check than what the program makes, which tests of PINs look at. */
function quickHash(pin: string) {
  const salt = Buffer.alloc(16, 1);
  const hash = scryptSync(pin, salt, 32, { N: 16_384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 });
  return { n: 16_384, r: 8, p: 1, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

const record = {
  placeSalt: 'AAAAAAAAAAAAAAAAAAAAAA==',
  staff: { pin: quickHash(staffPin), mustChange: false },
  technician: { pin: quickHash(technicianPin), mustChange: false },
};

let folder: string;
let clock: ManualClock;
let access: Access;
let logged: string[];
let ended: string[];
let changed: Seat[];

async function open(): ReturnType<typeof Access.open> {
  const opened = await Access.open({
    folder,
    clock,
    deskSessionMs: 480 * minuteMs,
    kioskSessionMs: 5 * minuteMs,
    log: {
      loggedIn: (role: StaffRole) => logged.push(`${role} in`),
      refused: (role: StaffRole, why: AccessRefusal) => logged.push(`${role} ${why}`),
      loggedOut: (role: StaffRole, why: SessionEnd) => logged.push(`${role} out ${why}`),
      pinSet: (role: StaffRole) => logged.push(`${role} PIN set`),
    },
    onChange: (seat) => {
      changed.push(seat);
      seat.send('access.state', access.stateOf(seat));
    },
    onEnded: (session) => ended.push(session),
  });
  access = opened.access;
  return opened;
}

async function keep(text: string): Promise<void> {
  await writeFile(join(folder, 'access.json'), text);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-access-'));
  clock = new ManualClock();
  logged = [];
  ended = [];
  changed = [];
  disk.full = false;
  await keep(JSON.stringify(record));
  await open();
});
afterEach(async () => {
  access.stop();
  await rm(folder, { recursive: true });
});

interface TestSeat extends Seat {
  readonly heard: AccessState[];
}

function seat(place: string, baseRole: Seat['baseRole'] = 'guest'): TestSeat {
  const heard: AccessState[] = [];
  return { baseRole, place, heard, send: (_name, data) => heard.push(data) };
}
const desk = (n: number): TestSeat => seat(`192.0.2.${n}`);
const kiosk = (): TestSeat => seat('kiosk', 'visitor');

async function loggedIn(at: TestSeat, role: StaffRole): Promise<string> {
  const result = await access.login(at, role, role === 'staff' ? staffPin : technicianPin);
  if (result.kind !== 'in') throw new Error(result.kind);
  return result.resume;
}

async function guess(at: Seat, tries: number): Promise<string[]> {
  const answers: string[] = [];
  for (let n = 0; n < tries; n++) answers.push((await access.login(at, 'staff', '604213')).kind);
  return answers;
}

describe('logging in', () => {
  it('makes a seat staff until it logs out', async () => {
    const at = desk(1);
    await loggedIn(at, 'staff');
    expect(access.roleOf(at)).toBe('staff');
    expect(access.logout(at)).toMatchObject({ role: 'guest' });
    expect(access.roleOf(at)).toBe('guest');
    expect(at.heard.map(({ role }) => role)).toEqual(['staff', 'guest']);
    expect(ended).toHaveLength(1);
    expect(logged).toEqual(['staff in', 'staff out asked']);
  });

  it("does not take the other role's PIN", async () => {
    expect(await access.login(desk(1), 'technician', staffPin)).toEqual({ kind: 'wrong', triesLeft: 4 });
  });

  it.each([
    ['a desk', desk(1), 480],
    ['the kiosk', kiosk(), 5],
  ])('at %s ends by itself when nothing is done', async (_where, at, minutes) => {
    await loggedIn(at, 'staff');
    await clock.pass(minutes * minuteMs - 1);
    access.acted(at);
    await clock.pass(minutes * minuteMs - 1);
    expect(access.roleOf(at)).toBe('staff');
    await clock.pass(1);
    expect(access.roleOf(at)).toBe(at.baseRole);
    expect(at.heard.at(-1)).toMatchObject({ role: at.baseRole });
    expect(logged.at(-1)).toBe('staff out time');
  });

  it('gives nothing to whoever has left meanwhile', async () => {
    const at = desk(1);
    const login = access.login(at, 'staff', staffPin);
    access.left(at);
    expect((await login).kind).toBe('wrong');
    expect(access.roleOf(at)).toBe('guest');
    expect(clock.pending).toBe(0);
  });

  it('tells that staff have no PIN yet', async () => {
    await keep(JSON.stringify({ ...record, staff: { mustChange: false } }));
    await open();
    expect(await access.login(desk(1), 'staff', staffPin)).toEqual({ kind: 'not-set' });
    expect(access.stateOf(desk(1)).staffPinSet).toBe(false);
  });
});

describe('a session in which something runs', () => {
  const held = (at: Seat): (() => void) => access.hold(access.sessionOf(at)!);

  it.each([
    ['the kiosk', kiosk, 5],
    ['a desk', () => desk(1), 480],
  ] as const)(
    'at %s is not over before that has ended, and lasts as long as ever after it',
    async (_, seatOf, minutes) => {
      const at = seatOf();
      await loggedIn(at, 'technician');
      const releases = [held(at), held(at)];
      await clock.pass(3 * minutes * minuteMs);
      expect(access.stateOf(at)).toMatchObject({ role: 'technician', endsInMs: minutes * minuteMs });
      releases.pop()!();
      await clock.pass(minutes * minuteMs);
      releases.pop()!();
      await clock.pass(minutes * minuteMs - 1);
      expect(access.roleOf(at)).toBe('technician');
      await clock.pass(1);
      expect(access.roleOf(at)).toBe(at.baseRole);
      expect(clock.pending).toBe(0);
    },
  );

  it('is over all the same when it is left, and is not brought back by what runs on', async () => {
    const at = kiosk();
    await loggedIn(at, 'technician');
    const release = held(at);
    access.logout(at);
    release();
    expect(access.roleOf(at)).toBe('visitor');
    expect(clock.pending).toBe(0);
    expect(ended).toHaveLength(1);
  });

  it('can be taken up again for two minutes, and no longer, also where it would be over by itself', async () => {
    const before = desk(1);
    const resume = await loggedIn(before, 'staff');
    const release = held(before);
    await clock.pass(600 * minuteMs);
    access.left(before);
    await clock.pass(2 * minuteMs - 1);
    const after = desk(1);
    const taken = access.resume(after, resume);
    expect(taken.kind).toBe('in');
    await clock.pass(600 * minuteMs);
    access.left(after);
    release();
    await clock.pass(2 * minuteMs);
    expect(ended).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});

describe('a lost connection', () => {
  it('is taken up again with its secret, which is good for once', async () => {
    const before = desk(1);
    const resume = await loggedIn(before, 'staff');
    const session = access.sessionOf(before);
    access.left(before);
    const after = desk(1);
    expect(access.resume(after, resume)).toMatchObject({ kind: 'in' });
    expect(access.sessionOf(after)).toBe(session);
    expect(access.resume(desk(2), resume)).toMatchObject({ kind: 'wrong' });
    expect(access.roleOf(after)).toBe('staff');
  });

  it('is taken over from a seat that is not known to be gone yet', async () => {
    const before = desk(1);
    const resume = await loggedIn(before, 'staff');
    const after = desk(1);
    expect(access.resume(after, resume)).toMatchObject({ kind: 'in' });
    expect([access.roleOf(before), access.roleOf(after)]).toEqual(['guest', 'staff']);
  });

  it('cannot be taken up after two minutes', async () => {
    const before = desk(1);
    const resume = await loggedIn(before, 'staff');
    access.left(before);
    await clock.pass(2 * minuteMs);
    expect(access.resume(desk(1), resume)).toMatchObject({ kind: 'wrong' });
    expect(ended).toHaveLength(1);
  });

  it('keeps a desk logged in no longer, however often its page takes it up again', async () => {
    let at = desk(1);
    let resume = await loggedIn(at, 'staff');
    for (let minute = 0; minute < 480 - 1; minute++) {
      access.left(at);
      await clock.pass(minuteMs);
      at = desk(1);
      const taken = access.resume(at, resume);
      if (taken.kind !== 'in') throw new Error(taken.kind);
      ({ resume } = taken);
    }
    access.left(at);
    await clock.pass(minuteMs);
    expect(access.resume(desk(1), resume)).toMatchObject({ kind: 'wrong' });
  });

  it("ends the kiosk's own session at once", async () => {
    const at = kiosk();
    const resume = await loggedIn(at, 'staff');
    access.left(at);
    expect(access.resume(kiosk(), resume)).toMatchObject({ kind: 'wrong' });
    expect(logged.at(-1)).toBe('staff out left');
  });

  it('of a desk is not taken up at the kiosk', async () => {
    const before = desk(1);
    const resume = await loggedIn(before, 'staff');
    access.left(before);
    expect(access.resume(kiosk(), resume)).toMatchObject({ kind: 'wrong' });
  });
});

describe('wrong PINs', () => {
  it('lock the place that they come from, and no other', async () => {
    expect(await guess(desk(1), 6)).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'locked', 'locked']);
    expect(await access.login(desk(1), 'staff', staffPin)).toEqual({ kind: 'locked', forMs: 30_000 });
    await loggedIn(desk(2), 'staff');
    await loggedIn(kiosk(), 'staff');
  });

  it('of one role do not lock the other', async () => {
    await guess(desk(1), 5);
    await loggedIn(desk(1), 'technician');
  });

  it('from many addresses lock new ones, but neither the kiosk nor desks that are in use', async () => {
    await loggedIn(desk(1), 'staff');
    for (let n = 100; n < 110; n++) await guess(desk(n), 5);
    expect(await access.login(desk(99), 'staff', staffPin)).toMatchObject({ kind: 'locked' });
    await loggedIn(desk(1), 'staff');
    await loggedIn(kiosk(), 'staff');
    expect(logged.filter((line) => line === 'staff wrong')).toHaveLength(20);
  });

  it('many at once are no more than one after the other', async () => {
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => access.login(desk(1), 'staff', '604213')),
    );
    expect(answers.filter(({ kind }) => kind === 'wrong')).toHaveLength(4);
    expect(logged.filter((line) => line === 'staff wrong')).toHaveLength(5);
  });

  it('lock for twice as long each time, also over restarts', async () => {
    await guess(desk(1), 5);
    const locks: number[] = [];
    for (let n = 0; n < 3; n++) {
      await clock.pass(30_000 * 2 ** n);
      await guess(desk(1), 1);
      access.stop();
      await open();
      const answer = await access.login(desk(1), 'staff', staffPin);
      locks.push(answer.kind === 'locked' ? answer.forMs : -1);
    }
    expect(locks).toEqual([60_000, 120_000, 240_000]);
  });

  it('count on the disk before they are looked at', async () => {
    const answers = [guess(desk(1), 5)];
    await vi.waitFor(async () => {
      expect(await readFile(join(folder, 'access.json'), 'utf8')).toMatch(/"wrong": [1-5]/);
    });
    // As after a kill: what is on the disk now is all that the next start knows.
    await Promise.all(answers);
    await open();
    expect((await access.login(desk(1), 'staff', staffPin)).kind).toBe('locked');
  });

  it('are logged as such, and tries against a lock ten times a minute', async () => {
    await guess(desk(1), 100);
    expect(logged.filter((line) => line === 'staff locked')).toHaveLength(10);
  });

  it('keep no address', async () => {
    await guess(desk(77), 2);
    await loggedIn(desk(78), 'staff');
    const text = await readFile(join(folder, 'access.json'), 'utf8');
    expect(text).toContain('"place"');
    expect(text).not.toContain('192.0.2');
  });
});

describe('a new PIN', () => {
  it('is set by a technician, and the old one is over', async () => {
    const at = desk(1);
    await loggedIn(at, 'technician');
    expect(await access.setPin(at, 'staff', '904713')).toMatchObject({ kind: 'set' });
    expect(await access.login(desk(2), 'staff', staffPin)).toMatchObject({ kind: 'wrong' });
    expect(await access.login(desk(2), 'staff', '904713')).toMatchObject({ kind: 'in' });
    expect((await stat(join(folder, 'access.json'))).mode & 0o777).toBe(0o600);
  });

  it('ends every other session of its role, also one whose connection is lost', async () => {
    const [technician, staff, away, other] = [desk(1), desk(2), desk(3), desk(4)];
    await loggedIn(technician, 'technician');
    await loggedIn(staff, 'staff');
    const resume = await loggedIn(away, 'staff');
    access.left(away);
    await loggedIn(other, 'technician');
    await access.setPin(technician, 'staff', '904713');
    expect([technician, staff, other].map((each) => access.roleOf(each))).toEqual([
      'technician',
      'guest',
      'technician',
    ]);
    expect(staff.heard.at(-1)).toMatchObject({ role: 'guest' });
    expect(access.resume(desk(3), resume)).toMatchObject({ kind: 'wrong' });
    expect(ended).toHaveLength(2);
    expect(logged.slice(-2)).toEqual(['staff out pin-changed', 'staff out pin-changed']);
  });

  it('of the technician ends the other technicians, not the one who set it', async () => {
    const [one, other, staff] = [desk(1), kiosk(), desk(3)];
    await loggedIn(one, 'technician');
    await loggedIn(other, 'technician');
    await loggedIn(staff, 'staff');
    await access.setPin(one, 'technician', '90471388');
    expect([one, other, staff].map((each) => access.roleOf(each))).toEqual([
      'technician',
      'visitor',
      'staff',
    ]);
  });

  it.each([
    ['is logged out', (at: Seat) => void access.logout(at)],
    ['is lost', (at: Seat) => access.left(at)],
    ['ends by time', () => void clock.pass(480 * minuteMs)],
  ])('is not set when the session %s while it is being hashed', async (_how, end) => {
    const at = desk(1);
    await loggedIn(at, 'technician');
    const setting = access.setPin(at, 'staff', '904713');
    // It has passed its first look at the session by now, and derives a key.
    await settled();
    end(at);
    expect(await setting).toEqual({ kind: 'not-allowed' });
    await loggedIn(desk(2), 'staff');
  });

  it('is not set from a session that the PIN before it has ended', async () => {
    const [one, other] = [desk(1), desk(2)];
    await loggedIn(one, 'technician');
    await loggedIn(other, 'technician');
    const [first, second] = await Promise.all([
      access.setPin(one, 'technician', '90471388'),
      access.setPin(other, 'technician', '11975308'),
    ]);
    expect([first.kind, second.kind]).toEqual(['set', 'not-allowed']);
    expect(await access.login(desk(3), 'technician', '90471388')).toMatchObject({ kind: 'in' });
  });

  it('is not set by staff', async () => {
    const at = desk(1);
    await loggedIn(at, 'staff');
    expect(await access.setPin(at, 'staff', '904713')).toEqual({ kind: 'not-allowed' });
  });

  it.each(['123456', staffPin])('is not one that is easy to guess, or the one before (%s)', async (pin) => {
    const at = desk(1);
    await loggedIn(at, 'technician');
    expect(await access.setPin(at, 'staff', pin)).toEqual({ kind: 'too-easy' });
  });

  it.each([
    ['staff', technicianPin],
    ['technician', staffPin],
  ] as const)('is not the other role’s: %s', async (role, pin) => {
    const at = desk(1);
    await loggedIn(at, 'technician');
    expect(await access.setPin(at, role, pin)).toEqual({ kind: 'other-role' });
    expect(access.stateOf(at)).toMatchObject({ role: 'technician' });
    expect(await access.login(desk(2), role, pin)).toMatchObject({ kind: 'wrong' });
  });

  it('opens the locks of its role', async () => {
    await guess(desk(1), 5);
    await loggedIn(kiosk(), 'technician');
    const at = desk(2);
    await loggedIn(at, 'technician');
    await access.setPin(at, 'staff', '904713');
    expect(await access.login(desk(1), 'staff', '904713')).toMatchObject({ kind: 'in' });
  });
});

describe('the first start', () => {
  beforeEach(() => rm(join(folder, 'access.json')));

  it('makes up a PIN of the technician, who has to change it', async () => {
    const { firstPin = '', damaged } = await open();
    expect(damaged).toBe(false);
    const at = desk(1);
    expect(await access.login(at, 'technician', firstPin)).toMatchObject({
      kind: 'in',
      state: { mustSetPin: true },
    });
    expect(access.mustSetPin(at)).toBe(true);
    expect(await access.setPin(at, 'technician', technicianPin)).toMatchObject({
      kind: 'set',
      state: { mustSetPin: false },
    });
    expect(access.mustSetPin(at)).toBe(false);
    const text = await readFile(join(folder, 'access.json'), 'utf8');
    expect(text).not.toContain(firstPin);
    expect((await open()).firstPin).toBeUndefined();
  });

  it('tells no PIN that is not on the disk', async () => {
    disk.full = true;
    const opened = await open();
    expect(opened).toMatchObject({ damaged: true });
    expect(opened.firstPin).toBeUndefined();
  });
});

describe('a disk that is full', () => {
  it('lets nobody in, says so, and has counted nothing when it has room again', async () => {
    disk.full = true;
    for (let n = 0; n < 10; n++) {
      expect(await access.login(desk(1), 'staff', staffPin)).toEqual({
        kind: 'unavailable',
        why: 'not-stored',
      });
    }
    disk.full = false;
    expect(await guess(desk(1), 1)).toEqual(['wrong']);
    await loggedIn(desk(1), 'staff');
    expect(logged.filter((line) => line === 'staff not-stored')).toHaveLength(10);
  });

  it('keeps the old PIN', async () => {
    const at = desk(1);
    await loggedIn(at, 'technician');
    disk.full = true;
    expect(await access.setPin(at, 'staff', '904713')).toEqual({ kind: 'not-stored' });
    disk.full = false;
    await loggedIn(desk(2), 'staff');
  });
});

describe('the file', () => {
  it.each([
    ['is no JSON', '{'],
    ['is empty', ''],
    ['lacks a role', JSON.stringify({ placeSalt: record.placeSalt, staff: record.staff })],
    ['has something more', JSON.stringify({ ...record, more: 1 })],
    ['holds a hash that cannot be made', JSON.stringify({ ...record, staff: { pin: 1, mustChange: false } })],
  ])('that %s lets nobody in, and says so', async (_what, text) => {
    await keep(text);
    expect(await open()).toMatchObject({ damaged: true });
    expect(await access.login(desk(1), 'technician', technicianPin)).toEqual({
      kind: 'unavailable',
      why: 'damaged',
    });
    // It is left as it was, for whoever mends it.
    expect(await readFile(join(folder, 'access.json'), 'utf8')).toBe(text);
  });

  it('of the first version keeps its PINs, and its lock for strangers', async () => {
    const { staff, technician } = record;
    const lock = { wrong: 25, remainingMs: 960_000, at: clock.date().getTime() };
    await keep(JSON.stringify({ staff: { ...staff, lock }, technician }));
    expect(await open()).toMatchObject({ damaged: false });
    expect(await access.login(desk(1), 'staff', staffPin)).toEqual({ kind: 'locked', forMs: 960_000 });
    await loggedIn(kiosk(), 'staff');
    await loggedIn(desk(1), 'technician');
    expect(await open()).toMatchObject({ damaged: false });
    expect(await access.login(desk(1), 'staff', staffPin)).toEqual({ kind: 'locked', forMs: 960_000 });
  });
});
