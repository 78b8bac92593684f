import type { ImportResult } from '../../api/contract.js';
import type { ServiceSettings } from '../settings.js';

export type ImportProblem = Extract<ImportResult, { kind: 'imported' }>['problems'][number];

/** What an import takes over of a booking: nothing of the person. */
export interface ImportedAppointment {
  /** Line, or number of the event, from 1. */
  readonly line: number;
  readonly service: string;
  /** Local day, YYYY-MM-DD. */
  readonly day: string;
  /** Local time, HH:MM. */
  readonly time: string;
  /** The same, ms since 1970. */
  readonly at: number;
  /** As it stands in the file; without one, one is made up. */
  readonly code?: string;
  /** What tells it apart in the system it comes from: a hash; the same with every import. */
  readonly source: string;
  readonly cancelled: boolean;
}

export interface AppointmentImport {
  readonly appointments: readonly ImportedAppointment[];
  /** 100 at most, in the order of lines. */
  readonly problems: readonly ImportProblem[];
}

export interface ImportOptions {
  readonly services: readonly Pick<ServiceSettings, 'id' | 'names'>[];
  /** Bookings of days before this one are not taken over, YYYY-MM-DD. */
  readonly today: string;
}
