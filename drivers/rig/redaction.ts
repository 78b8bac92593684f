import { type Parse, parseError, parseIdentity, parseInteger, parseNumber } from './scpi-instrument.js';

const integer =
  (least: number, most: number): Parse<unknown> =>
  (line) => {
    const value = parseInteger(line);
    return value !== undefined && value >= least && value <= most ? value : undefined;
  };
/** Not more digits than a measurement of a cell needs, or SCPI's "not a number". */
const volts: Parse<unknown> = (line) => {
  const value = parseNumber(line);
  const fits = value !== undefined && line.length <= 12 && (Math.abs(value) <= 12 || value >= 9.9e36);
  return fits ? value : undefined;
};
const matching =
  (pattern: RegExp): Parse<unknown> =>
  (line) =>
    pattern.test(line) ? line : undefined;
/** Its text is only what stays of one. */
const error: Parse<unknown> = (line) => {
  const parsed = parseError(line);
  return parsed !== undefined && line.replaceAll('""', '"').endsWith(`,"${parsed.text}"`)
    ? parsed
    : undefined;
};
const register = integer(0, 255);
const time = matching(/^\+?\d{1,2}\s*,\s*\+?\d{1,2}\s*,\s*\+?\d{1,2}(\.\d{0,3})?$/);

/**
 * Queries, in their short forms, whose answers tell nothing of a code; and what such an answer looks like. Whatever else
 * comes may be a late answer to another query.
 */
const harmless: ReadonlyMap<string, Parse<unknown>> = new Map([
  ['*IDN?', parseIdentity],
  ['*ESR?', register],
  ['*ESE?', register],
  ['*SRE?', register],
  ['*STB?', register],
  ['*OPC?', integer(1, 1)],
  ['*TST?', integer(-32_767, 32_767)],
  ['*OPT?', matching(/^(0|[A-Z][\w -]*(,[A-Z][\w -]*)*)$/i)],
  ['SYST:ERR?', error],
  ['SYST:ERR:NEXT?', error],
  ['SYST:ERR:COUN?', integer(0, 999)],
  ['SYST:VERS?', matching(/^\d{4}\.\d$/)],
  ['SYST:TIME?', time],
  ['SYST:DATE?', matching(/^\+?\d{4}\s*,\s*\+?\d{1,2}\s*,\s*\+?\d{1,2}$/)],
  ['SENS:PRES?', integer(0, 1)],
  ['MEAS:BATT?', volts],
  ['DISP:DIG?', integer(0, 12)],
]);
const shortForms: Readonly<Record<string, string>> = {
  SYSTEM: 'SYST',
  ERROR: 'ERR',
  COUNT: 'COUN',
  VERSION: 'VERS',
  SENSE: 'SENS',
  PRESENT: 'PRES',
  PRESENCE: 'PRES',
  MEASURE: 'MEAS',
  BATTERY: 'BATT',
  DISPLAY: 'DISP',
  DIGITS: 'DIG',
};

export function isQuery(message: string): boolean {
  return message.includes('?');
}

/**
 * Whether the answer to a program message may tell what the display shows. Only what is known to be harmless, and looks
 * like an answer to it, is not: headers have long and short forms, either case, and in a compound message the path of the
 * one before (SCPI-99 volume 1 section 6.2), and a rig may have queries that nobody here knows.
 */
export function mayTellCode(message: string, answer: string): boolean {
  const queries = message.split(';').filter(isQuery);
  const answers = queries.length === 1 ? [answer] : answer.split(';');
  return (
    answers.length !== queries.length ||
    !queries.every((query, at) => harmless.get(shortForm(query))?.(answers[at]?.trim() ?? '') !== undefined)
  );
}

function shortForm(query: string): string {
  const header = query.trim().toUpperCase().replace(/^:/, '');
  return header.replace(/[A-Z]+/g, (word) => shortForms[word] ?? word);
}
