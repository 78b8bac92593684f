import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { AccessState, LoginResult, Role, SetPinResult, StaffRole } from '../api/contract.js';
import type { Clock } from '../clock.js';
import { type AccessRecord, readAccess, writeAccess } from './access-file.js';
import { LockOut } from './lock-out.js';
import { hashPin, isEasy, isPin, madeUpPin } from './pins.js';

/** Whoever sits at a screen, as far as access is concerned. */
export interface Seat {
  /** Who uses it when nobody has logged in. */
  readonly baseRole: 'guest' | 'visitor';
  send(name: 'access.state', data: AccessState): void;
}

/** Why someone was not let in. */
export type AccessRefusal = 'wrong' | 'locked' | 'not-set' | 'damaged';

export interface AccessLog {
  loggedIn(role: StaffRole): void;
  refused(role: StaffRole, why: AccessRefusal): void;
  loggedOut(role: StaffRole, why: 'asked' | 'time' | 'left'): void;
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

/** How long a lost connection may stay away before its session ends, ms. */
const resumeWithinMs = 120_000;

interface Session {
  readonly id: string;
  readonly role: StaffRole;
  readonly baseRole: Seat['baseRole'];
  mustSetPin: boolean;
  resume: string;
  seat: Seat | undefined;
  endsAt: number;
  cancel: () => void;
}

/** Roles, PINs and sessions of one kiosk. */
export class Access {
  readonly #options: AccessOptions;
  readonly #locks: Readonly<Record<StaffRole, LockOut>>;
  readonly #sessions = new Map<Seat, Session>();
  readonly #gone = new WeakSet<Seat>();
  /** Sessions whose connection was lost. */
  readonly #away = new Set<Session>();
  #record: AccessRecord | undefined;
  /** One try after the other, so that many at once are no more than as many one by one. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: AccessOptions, record: AccessRecord | undefined) {
    const { clock } = options;
    const lock = (role: StaffRole): LockOut =>
      new LockOut(
        record?.[role].lock,
        () => clock.now(),
        () => clock.date().getTime(),
      );
    this.#options = options;
    this.#record = record;
    this.#locks = { staff: lock('staff'), technician: lock('technician') };
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
      ...(session === undefined
        ? {}
        : { endsInMs: Math.max(0, Math.round(session.endsAt - this.#options.clock.now())) }),
    };
  }

  /** Something was done at this seat. */
  acted(seat: Seat): void {
    const session = this.#sessions.get(seat);
    if (session !== undefined) this.#extend(session);
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
      this.#extend(session);
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
    session.cancel = this.#options.clock.after(resumeWithinMs, () => this.#over(session, 'left'));
  }

  setPin(seat: Seat, role: StaffRole, pin: string): Promise<SetPinResult> {
    // In turn with logins, which write the same file.
    const end = this.#last.then(() => this.#setPin(seat, role, pin));
    this.#last = end.catch(() => undefined);
    return end;
  }

  async #setPin(seat: Seat, role: StaffRole, pin: string): Promise<SetPinResult> {
    const record = this.#record;
    if (record === undefined) return { kind: 'not-stored' };
    const before = record[role].pin;
    if (isEasy(pin) || (before !== undefined && (await isPin(pin, before)))) return { kind: 'too-easy' };
    const hash = await hashPin(pin);
    const changed: AccessRecord = { ...this.#kept(record), [role]: { pin: hash, mustChange: false } };
    if (!(await writeAccess(this.#options.folder, changed))) return { kind: 'not-stored' };
    this.#record = changed;
    this.#locks[role].clear();
    const session = this.#sessions.get(seat);
    if (session?.role === role) session.mustSetPin = false;
    this.#options.log.pinSet(role);
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
    const lock = this.#locks[role];
    if (record === undefined) {
      log.refused(role, 'damaged');
      return { kind: 'locked', forMs: 0 };
    }
    const kept = record[role];
    if (kept.pin === undefined) {
      log.refused(role, 'not-set');
      return { kind: 'not-set' };
    }
    if (lock.remainingMs > 0) {
      log.refused(role, 'locked');
      return { kind: 'locked', forMs: lock.remainingMs };
    }
    // The try counts, on the disk, before the PIN is looked at: neither a kill nor a restart gives it back.
    lock.count();
    if (!(await writeAccess(folder, this.#kept(record)))) return { kind: 'locked', forMs: lock.remainingMs };
    if (!(await isPin(pin, kept.pin))) {
      log.refused(role, 'wrong');
      return lock.remainingMs > 0
        ? { kind: 'locked', forMs: lock.remainingMs }
        : { kind: 'wrong', triesLeft: lock.triesLeft };
    }
    lock.clear();
    await writeAccess(folder, this.#kept(record));
    // Whoever has left meanwhile gets no session that nobody could end.
    if (this.#gone.has(seat)) return { kind: 'wrong', triesLeft: lock.triesLeft };
    this.#end(seat, 'asked');
    const session: Session = {
      id: newSecret(),
      role,
      baseRole: seat.baseRole,
      mustSetPin: kept.mustChange,
      resume: newSecret(),
      seat,
      endsAt: 0,
      cancel: () => undefined,
    };
    this.#sessions.set(seat, session);
    this.#extend(session);
    log.loggedIn(role);
    this.#options.onChange(seat);
    return { kind: 'in', state: this.stateOf(seat), resume: session.resume };
  }

  /** The record with the locks as they are now. */
  #kept(record: AccessRecord): AccessRecord {
    return {
      staff: { ...record.staff, lock: this.#locks.staff.state },
      technician: { ...record.technician, lock: this.#locks.technician.state },
    };
  }

  #extend(session: Session): void {
    const { clock, deskSessionMs, kioskSessionMs } = this.#options;
    const ms = session.baseRole === 'visitor' ? kioskSessionMs : deskSessionMs;
    session.endsAt = clock.now() + ms;
    session.cancel();
    session.cancel = clock.after(ms, () => this.#over(session, 'time'));
  }

  #end(seat: Seat, why: 'asked' | 'left'): void {
    const session = this.#sessions.get(seat);
    if (session !== undefined) this.#over(session, why);
  }

  #over(session: Session, why: 'asked' | 'time' | 'left'): void {
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
