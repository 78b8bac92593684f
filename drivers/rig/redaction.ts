/** Queries whose answers tell nothing of a code, in their short forms. */
const harmless = new Set([
  '*IDN?',
  '*ESR?',
  '*ESE?',
  '*SRE?',
  '*STB?',
  '*OPC?',
  '*TST?',
  '*OPT?',
  'SYST:ERR?',
  'SYST:ERR:NEXT?',
  'SYST:ERR:COUN?',
  'SYST:VERS?',
  'SYST:TIME?',
  'SYST:DATE?',
  'SENS:PRES?',
  'MEAS:BATT?',
  'DISP:DIG?',
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
/** Levels of a digit, whatever they were asked by. */
const looksLikeLevels = /^\s*\d{1,4}(\s*,\s*\d{1,4}){6}/;

export function isQuery(message: string): boolean {
  return message.includes('?');
}

/**
 * Whether the answer to a program message may tell what the display shows. Only what is known to be harmless is not:
 * headers have long and short forms, either case, and in a compound message the path of the one before (SCPI-99
 * volume 1 section 6.2), and a rig may have queries that nobody here knows.
 */
export function mayTellCode(message: string, answer: string): boolean {
  return looksLikeLevels.test(answer) || !message.split(';').every(isHarmless);
}

function isHarmless(unit: string): boolean {
  const header = unit.trim().toUpperCase().replace(/^:/, '');
  if (!isQuery(header)) return true;
  const short = header.replace(/[A-Z]+/g, (word) => shortForms[word] ?? word);
  return harmless.has(short);
}
