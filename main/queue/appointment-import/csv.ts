import { CsvError, parse } from 'csv-parse/sync';
import { Temporal } from 'temporal-polyfill';
import { instantOf } from '../local-time.js';
import { type ImportDraft, mostBookings } from './import-draft.js';

/** Headings by what stands below them, in Danish and English; every other column is left alone. */
const headings = {
  date: ['dato', 'date', 'dag', 'day', 'startdato', 'start date'],
  time: [
    'tid',
    'time',
    'tidspunkt',
    'klokkeslæt',
    'kl',
    'kl.',
    'start',
    'starttid',
    'starttidspunkt',
    'start time',
  ],
  service: ['ydelse', 'service', 'serviceydelse'],
  code: ['kode', 'code', 'bookingkode', 'booking code', 'reservationskode'],
  status: ['status', 'tilstand', 'state'],
} as const;
type Column = keyof typeof headings;

const cancelledWords = /^(aflyst|annulleret|afbestilt|slettet|cancell?ed|deleted)$/;

/** Bookings of a table with a line of headings; RFC 4180 with `,`, `;` or tabs between cells. */
export function readCsv(text: string, draft: ImportDraft): void {
  let columns: ReadonlyMap<Column, number> | undefined;
  let rows = 0;
  const read = (cells: readonly string[], line: number): void => {
    if (columns === undefined) {
      columns = columnsOf(cells);
      if (!columns.has('time')) draft.problem(line, 'no-time');
      if (!columns.has('service')) draft.problem(line, 'no-service');
      return;
    }
    rows++;
    if (rows === mostBookings + 1) draft.problem(line, 'not-readable');
    if (rows > mostBookings || !columns.has('time') || !columns.has('service')) return;
    const at = columns;
    const cell = (column: Column): string => cells[at.get(column) ?? -1]?.trim() ?? '';
    draft.add({
      line,
      services: [cell('service')],
      at: momentOf(cell('date'), cell('time')),
      code: cell('code'),
      key: '',
      cancelled: cancelledWords.test(cell('status').toLowerCase()),
    });
  };
  try {
    parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      relax_column_count: true,
      to: mostBookings + 2,
      relax_quotes: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        read(cells, lines);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as { lines?: unknown };
    draft.problem(typeof lines === 'number' ? lines : 1, 'not-readable');
  }
  if (columns === undefined) draft.problem(1, 'not-readable');
}

function columnsOf(cells: readonly string[]): ReadonlyMap<Column, number> {
  const columns = new Map<Column, number>();
  for (const [index, cell] of cells.entries()) {
    const heading = cell.trim().replace(/\s+/g, ' ').toLowerCase();
    for (const column of Object.keys(headings) as Column[]) {
      const words: readonly string[] = headings[column];
      if (words.includes(heading) && !columns.has(column)) columns.set(column, index);
    }
  }
  return columns;
}

/** Whichever stands most often in the first line that has anything in it. */
function delimiterOf(text: string): string {
  const first = /\S[^\r\n]*/.exec(text)?.[0] ?? '';
  const count = (delimiter: string): number => first.split(delimiter).length;
  return [';', ',', '\t'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** A day and a time in cells of their own, or both in the time's. */
function momentOf(date: string, time: string): number | 'no-time' | 'bad-time' {
  if (time === '') return 'no-time';
  const [dayText = '', timeText = ''] = date === '' ? time.split(/[ T]+(.*)/) : [date, time];
  const day = dayOf(dayText);
  const clock = clockOf(timeText);
  return day === undefined || clock === undefined ? 'bad-time' : instantOf(day, clock);
}

/** dd-mm-yyyy, dd.mm.yyyy, dd/mm/yyyy (DS/ISO 8601's national forms, the day first) or yyyy-mm-dd. */
function dayOf(text: string): string | undefined {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const danish = /^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/.exec(text);
  const [year, month, day] =
    iso !== null ? [iso[1], iso[2], iso[3]] : danish !== null ? [danish[3], danish[2], danish[1]] : [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    ).toString();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** 9:30, 09.30, 09:30:00, kl. 9.30. */
function clockOf(text: string): string | undefined {
  const [, hour, minute] = /^(?:kl\.? ?)?([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.][0-5]\d)?$/i.exec(text) ?? [];
  return hour === undefined || minute === undefined ? undefined : `${hour.padStart(2, '0')}:${minute}`;
}
