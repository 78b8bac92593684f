import { createHash } from 'node:crypto';
import { appointmentCode } from '../../api/contract.js';
import { localDayOf, localTimeOf } from '../local-time.js';
import type { AppointmentImport, ImportedAppointment, ImportOptions, ImportProblem } from './types.js';

/** Rows or events that are read of one text. */
export const mostBookings = 5000;
const mostProblems = 100;

/** Ten digits that begin with a date: a CPR number (ddmmyy and four) is not stored, whatever column it stands in. */
const civilRegistrationNumber = /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])\d{6}$/;

/** A booking as it stands in the text: only what is taken over. */
export interface Booking {
  readonly line: number;
  /** Texts that may name the service, the likeliest first. */
  readonly services: readonly string[];
  /** ms since 1970. */
  readonly at: number | 'no-time' | 'bad-time';
  /** Spaces, hyphens and lower case are allowed; empty: none. */
  readonly code: string;
  /** Tells it apart in the system that it comes from; empty: nothing does. */
  readonly key: string;
  readonly cancelled: boolean;
}

/** Gathers what an import takes over, and what is wrong with the rest: lines and kinds, never what stands there. */
export class ImportDraft {
  readonly #names: readonly (readonly [name: string, service: string])[];
  readonly #today: string;
  readonly #appointments: ImportedAppointment[] = [];
  readonly #problems: ImportProblem[] = [];
  readonly #codes = new Set<string>();
  readonly #keys = new Map<string, number>();

  constructor({ services, today }: ImportOptions) {
    // The longest first: "Pas til børn" is not "Pas".
    this.#names = services
      .flatMap(({ id, names }) => [id, ...Object.values(names)].map((name) => [folded(name), id] as const))
      .sort(([a], [b]) => b.length - a.length);
    this.#today = today;
  }

  problem(line: number, problem: ImportProblem['problem']): void {
    if (this.#problems.length < mostProblems) this.#problems.push({ line, problem });
  }

  add(booking: Booking): void {
    const read = this.#read(booking);
    if (typeof read === 'string') this.problem(booking.line, read);
    else this.#appointments.push(read);
  }

  result(): AppointmentImport {
    return { appointments: this.#appointments, problems: this.#problems };
  }

  #read(booking: Booking): ImportedAppointment | ImportProblem['problem'] {
    const { line, at, cancelled } = booking;
    const texts = booking.services.filter((text) => text.trim() !== '');
    if (texts.length === 0) return 'no-service';
    const service = this.#serviceIn(texts);
    if (service === undefined) return 'unknown-service';
    if (typeof at === 'string') return at;
    const day = localDayOf(at);
    if (day < this.#today) return 'past';
    const code = booking.code.replace(/[\s-]/g, '').toUpperCase();
    // Codes begin anew each day.
    const codeOfDay = code === '' ? '' : `${day} ${code}`;
    if (code !== '') {
      if (!appointmentCode.safeParse(code).success || civilRegistrationNumber.test(code)) return 'bad-code';
      if (this.#codes.has(codeOfDay)) return 'double-code';
      this.#codes.add(codeOfDay);
    }
    const key = [booking.key, codeOfDay, `${service} ${at}`].find((each) => each !== '') ?? '';
    return {
      line,
      service,
      day,
      time: localTimeOf(at),
      at,
      ...(code === '' ? {} : { code }),
      source: this.#sourceOf(key),
      cancelled,
    };
  }

  #serviceIn(texts: readonly string[]): string | undefined {
    for (const text of texts.map(folded)) {
      // "Pas og kørekort - 20 min": a name, and then no letter. A whole name is longer than any that it begins with.
      const named = this.#names.find(
        ([name]) => text.startsWith(name) && !/^[\p{L}\p{N}]/u.test(text.slice(name.length)),
      );
      if (named !== undefined) return named[1];
    }
    return undefined;
  }

  /** Two bookings with the same key are told apart by their order. */
  #sourceOf(key: string): string {
    const nth = this.#keys.get(key) ?? 0;
    this.#keys.set(key, nth + 1);
    return createHash('sha256').update(`${nth} ${key}`).digest('hex').slice(0, 32);
  }
}

function folded(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/g, ' ').toLocaleLowerCase('da');
}
