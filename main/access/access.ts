import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessState, LoginResult, Role, SetPinResult, StaffRole } from '../api/contract.js';
import { Allowance } from '../allowance.js';
import type { Clock } from '../clock.js';
import { type AccessRecord, newPlaceSalt, readAccess, writeAccess } from './access-file.js';
import { hashPin, isEasy, isPin, madeUpPin } from './pins.js';
import { RoleLocks } from './role-locks.js';

/** Whoever sits at a screen, as far as access is concerned. */
export interface Seat {
  /** Who uses it when nobody has logged in. */
  readonly baseRole: 'guest' | 'visitor';
  /** Where it is: the address of a guest. Visitors' are all at the kiosk. */
  readonly place: string;
  send(name: 'access.state', data: AccessState): void;
}

/** Why someone was not let in. */
export type AccessRefusal = 'wrong' | 'locked' | 'not-set' | 'damaged' | 'not-stored';

/** Why a session is over. `pin-changed`: its role has another PIN. */
export type SessionEnd = 'asked' | 'time' | 'left' | 'pin-changed';

export interface AccessLog {
  loggedIn(role: StaffRole): void;
  refused(role: StaffRole, why: AccessRefusal): void;
  loggedOut(role: StaffRole, why: SessionEnd): void;
  pinSet(role: StaffRole): void;
}

export interface AccessOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** How long a session lasts after its last action, ms: at a desk, and on the kiosk itself. */
  readonly deskSessionMs: number;
  readonly kioskSessionMs: number;
  readonly log: AccessLog;
  /** A seat's role has changed. */
  readonly onChange: (seat: Seat) => void;
  /** A session is over, however it ended. */
  readonly onEnded: (session: string) => void;
}

/** The session from which it was asked for is over, or never was a technician's. */
interface NotAllowed {
  readonly kind: 'not-allowed';
}

/** How long a lost connection may stay away before its session ends, ms. */
const resumeWithinMs = 120_000;
const kioskPlace = 'kiosk';
/** Tries that are refused unseen come as fast as a program can: so many of them a minute are logged. */
const unseenLogged = 10;
const unseenLoggedMs = 60_000;

interface Session {
  readonly id: string;
  readonly role: StaffRole;
  readonly baseRole: Seat['baseRole'];
  mustSetPin: boolean;
  resume: string;
  seat: Seat | undefined;
  endsAt: number;
  /** So much that was begun in it still runs: it does not end for want of action. */
  held: number;
  cancel: () => void;
}

/** Roles, PINs and sessions of one kiosk. */
export class Access {
  readonly #options: AccessOptions;
  readonly #locks: Readonly<Record<StaffRole, RoleLocks>>;
  readonly #placeSalt: string;
  readonly #unseenLog: Allowance;
  readonly #sessions = new Map<Seat, Session>();
  readonly #gone = new WeakSet<Seat>();
  /** Sessions whose connection was lost. */
  readonly #away = new Set<Session>();
  #record: AccessRecord | undefined;
  /** One try after the other, so that many at once are no more than as many one by one. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: AccessOptions, record: AccessRecord | undefined) {
    const { clock } = options;
    const locks = (role: StaffRole): RoleLocks => new RoleLocks(record?.[role].locks, kioskPlace, clock);
    this.#options = options;
    this.#record = record;
    this.#locks = { staff: locks('staff'), technician: locks('technician') };
    this.#placeSalt = record?.placeSalt ?? newPlaceSalt();
    this.#unseenLog = new Allowance(unseenLogged, unseenLoggedMs, () => clock.now());
  }

  /**
   * At the first start a technician's PIN is made up, and told once: only its hash is kept. `damaged`: what is kept
   * cannot be read, and nobody gets in until it was put right or deleted.
   */
  static async open(
    options: AccessOptions,
  ): Promise<{ access: Access; firstPin?: string; damaged: boolean }> {
    const found = await readAccess(options.folder);
    switch (found.kind) {
      case 'record':
        return { access: new Access(options, found.record), damaged: false };
      case 'damaged':
        return { access: new Access(options, undefined), damaged: true };
      case 'absent': {
        const firstPin = madeUpPin();
        const record: AccessRecord = {
          placeSalt: newPlaceSalt(),
          staff: { mustChange: false },
          technician: { pin: await hashPin(firstPin), mustChange: true },
        };
        const stored = await writeAccess(options.folder, record);
        // What is not on the disk would be another PIN after the next start.
        return stored
          ? { access: new Access(options, record), firstPin, damaged: false }
          : { access: new Access(options, undefined), damaged: true };
      }
    }
  }

  roleOf(seat: Seat): Role {
    return this.#sessions.get(seat)?.role ?? seat.baseRole;
  }

  /** The name of the session at this seat; the same after a lost connection. */
  sessionOf(seat: Seat): string | undefined {
    return this.#sessions.get(seat)?.id;
  }

  /** Whether the PIN has to be changed before anything else is allowed. */
  mustSetPin(seat: Seat): boolean {
    return this.#sessions.get(seat)?.mustSetPin ?? false;
  }

  stateOf(seat: Seat): AccessState {
    const session = this.#sessions.get(seat);
    return {
      role: this.roleOf(seat),
      mustSetPin: session?.mustSetPin ?? false,
      staffPinSet: this.#record?.staff.pin !== undefined,
      ...(session === undefined ? {} : { endsInMs: Math.round(this.#remainingMs(session)) }),
    };
  }

  /** Something was done at this seat. */
  acted(seat: Seat): void {
    const session = this.#sessions.get(seat);
    if (session !== undefined) this.#extend(session);
  }

  /**
   * What runs in a session holds it: nothing has to be done meanwhile, and its end counts as an action. Returns the way
   * to say that it has ended.
   */
  hold(id: string): () => void {
    const session = [...this.#sessions.values(), ...this.#away].find((each) => each.id === id);
    if (session === undefined) return () => undefined;
    session.held += 1;
    if (session.seat !== undefined) this.#endLater(session);
    return () => {
      session.held -= 1;
      if (this.#away.has(session)) session.endsAt = this.#options.clock.now() + this.#lengthMs(session);
      else if (this.#isOpen(session)) this.#extend(session);
    };
  }

  login(seat: Seat, role: StaffRole, pin: string): Promise<LoginResult> {
    const end = this.#last.then(() => this.#login(seat, role, pin));
    this.#last = end.catch(() => undefined);
    return end;
  }

  /** Takes the session of a lost connection up again. */
  resume(seat: Seat, resume: string): LoginResult {
    // A page can be back before its lost connection is noticed: then it takes the session over from that seat.
    for (const session of [...this.#away, ...this.#sessions.values()]) {
      if (session.baseRole !== seat.baseRole || !isSame(session.resume, resume)) continue;
      this.#away.delete(session);
      if (session.seat !== undefined) this.#sessions.delete(session.seat);
      this.#end(seat, 'left');
      session.seat = seat;
      session.resume = newSecret();
      this.#sessions.set(seat, session);
      // A page does this by itself: nobody has done anything.
      this.#endLater(session);
      this.#options.onChange(seat);
      return { kind: 'in', state: this.stateOf(seat), resume: session.resume };
    }
    return { kind: 'wrong', triesLeft: 0 };
  }

  logout(seat: Seat): AccessState {
    this.#end(seat, 'asked');
    return this.stateOf(seat);
  }

  /** The seat is gone; a desk's may come back, the kiosk's own may not. */
  left(seat: Seat): void {
    this.#gone.add(seat);
    const session = this.#sessions.get(seat);
    if (session === undefined) return;
    if (seat.baseRole === 'visitor') {
      this.#end(seat, 'left');
      return;
    }
    this.#sessions.delete(seat);
    session.seat = undefined;
    this.#away.add(session);
    session.cancel();
    const { clock } = this.#options;
    const awayMs = Math.min(resumeWithinMs, this.#remainingMs(session));
    session.cancel = clock.after(awayMs, () => this.#over(session, 'left'));
  }

  /** Sets a role's PIN from a technician's session, and ends every other session of that role. */
  setPin(seat: Seat, role: StaffRole, pin: string): Promise<SetPinResult | NotAllowed> {
    // In turn with logins, which write the same file.
    const end = this.#last.then(() => this.#setPin(seat, role, pin));
    this.#last = end.catch(() => undefined);
    return end;
  }

  async #setPin(seat: Seat, role: StaffRole, pin: string): Promise<SetPinResult | NotAllowed> {
    const session = this.#sessions.get(seat);
    const mayStill = (): boolean => session?.role === 'technician' && this.#sessions.get(seat) === session;
    // It may have ended while this was waiting for its turn.
    if (!mayStill()) return { kind: 'not-allowed' };
    const record = this.#record;
    if (record === undefined) return { kind: 'not-stored' };
    const before = record[role].pin;
    if (isEasy(pin) || (before !== undefined && (await isPin(pin, before)))) return { kind: 'too-easy' };
    const others = record[role === 'staff' ? 'technician' : 'staff'].pin;
    if (others !== undefined && (await isPin(pin, others))) return { kind: 'other-role' };
    const hash = await hashPin(pin);
    if (!mayStill()) return { kind: 'not-allowed' };
    const changed: AccessRecord = { ...this.#kept(record), [role]: { pin: hash, mustChange: false } };
    if (!(await writeAccess(this.#options.folder, changed))) return { kind: 'not-stored' };
    this.#record = changed;
    this.#locks[role].clear();
    if (session?.role === role) session.mustSetPin = false;
    this.#options.log.pinSet(role);
    for (const other of [...this.#sessions.values(), ...this.#away]) {
      if (other.role === role && other !== session) this.#over(other, 'pin-changed');
    }
    this.#options.onChange(seat);
    return { kind: 'set', state: this.stateOf(seat) };
  }

  stop(): void {
    for (const session of [...this.#sessions.values(), ...this.#away]) session.cancel();
    this.#sessions.clear();
    this.#away.clear();
  }

  async #login(seat: Seat, role: StaffRole, pin: string): Promise<LoginResult> {
    const { log, folder } = this.#options;
    const record = this.#record;
    const locks = this.#locks[role];
    if (record === undefined) {
      this.#refusedUnseen(role, 'damaged');
      return { kind: 'unavailable', why: 'damaged' };
    }
    const kept = record[role];
    if (kept.pin === undefined) {
      this.#refusedUnseen(role, 'not-set');
      return { kind: 'not-set' };
    }
    const place = this.#placeOf(seat);
    const locked = (): LoginResult => ({ kind: 'locked', forMs: locks.remainingMs(place) });
    if (locks.remainingMs(place) > 0) {
      this.#refusedUnseen(role, 'locked');
      return locked();
    }
    // The try counts, on the disk, before the PIN is looked at: neither a kill nor a restart gives it back.
    const takeBack = locks.count(place);
    if (!(await writeAccess(folder, this.#kept(record)))) {
      takeBack();
      this.#refusedUnseen(role, 'not-stored');
      return { kind: 'unavailable', why: 'not-stored' };
    }
    if (!(await isPin(pin, kept.pin))) {
      log.refused(role, 'wrong');
      return locks.remainingMs(place) > 0 ? locked() : { kind: 'wrong', triesLeft: locks.triesLeft(place) };
    }
    locks.succeeded(place, takeBack);
    await writeAccess(folder, this.#kept(record));
    // Whoever has left meanwhile gets no session that nobody could end.
    if (this.#gone.has(seat)) return { kind: 'wrong', triesLeft: locks.triesLeft(place) };
    this.#end(seat, 'asked');
    const session: Session = {
      id: newSecret(),
      role,
      baseRole: seat.baseRole,
      mustSetPin: kept.mustChange,
      resume: newSecret(),
      seat,
      endsAt: 0,
      held: 0,
      cancel: () => undefined,
    };
    this.#sessions.set(seat, session);
    this.#extend(session);
    log.loggedIn(role);
    this.#options.onChange(seat);
    return { kind: 'in', state: this.stateOf(seat), resume: session.resume };
  }

  #refusedUnseen(role: StaffRole, why: Exclude<AccessRefusal, 'wrong'>): void {
    if (this.#unseenLog.take()) this.#options.log.refused(role, why);
  }

  /** The record with the locks as they are now. */
  #kept(record: AccessRecord): AccessRecord {
    return {
      placeSalt: this.#placeSalt,
      staff: { ...record.staff, locks: this.#locks.staff.state },
      technician: { ...record.technician, locks: this.#locks.technician.state },
    };
  }

  #placeOf({ baseRole, place }: Seat): string {
    if (baseRole === 'visitor') return kioskPlace;
    return createHash('sha256').update(`${this.#placeSalt} ${place}`).digest('base64url').slice(0, 22);
  }

  #lengthMs({ baseRole }: Session): number {
    const { deskSessionMs, kioskSessionMs } = this.#options;
    return baseRole === 'visitor' ? kioskSessionMs : deskSessionMs;
  }

  #remainingMs(session: Session): number {
    if (session.held > 0) return this.#lengthMs(session);
    return Math.max(0, session.endsAt - this.#options.clock.now());
  }

  #isOpen(session: Session): boolean {
    return session.seat !== undefined && this.#sessions.get(session.seat) === session;
  }

  #extend(session: Session): void {
    session.endsAt = this.#options.clock.now() + this.#lengthMs(session);
    this.#endLater(session);
  }

  #endLater(session: Session): void {
    session.cancel();
    if (session.held > 0) return;
    session.cancel = this.#options.clock.after(this.#remainingMs(session), () => this.#over(session, 'time'));
  }

  #end(seat: Seat, why: 'asked' | 'left'): void {
    const session = this.#sessions.get(seat);
    if (session !== undefined) this.#over(session, why);
  }

  #over(session: Session, why: SessionEnd): void {
    const { seat, role, id } = session;
    session.cancel();
    this.#away.delete(session);
    this.#options.log.loggedOut(role, why);
    this.#options.onEnded(id);
    if (seat === undefined) return;
    this.#sessions.delete(seat);
    this.#options.onChange(seat);
  }
}

function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
