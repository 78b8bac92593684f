import { readCsv } from './csv.js';
import { readICalendar } from './icalendar.js';
import { ImportDraft } from './import-draft.js';
import type { AppointmentImport, ImportOptions } from './types.js';

export type { AppointmentImport, ImportedAppointment, ImportOptions, ImportProblem } from './types.js';

/** Reads booked appointments; whatever the text holds, it does not throw. */
export function readAppointments(
  format: 'csv' | 'icalendar',
  text: string,
  options: ImportOptions,
): AppointmentImport {
  const draft = new ImportDraft(options);
  switch (format) {
    case 'csv':
      readCsv(text, draft);
      break;
    case 'icalendar':
      readICalendar(text, draft);
      break;
  }
  return draft.result();
}
