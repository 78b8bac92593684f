import { IntlMessageFormat } from 'intl-messageformat';

type Values = Readonly<Record<string, string | number>>;

const compiled = new Map<string, IntlMessageFormat>();

/** Fills an ICU message; `language` is a BCP 47 code. */
export function formatMessage(language: string, message: string, values: Values): string {
  const key = `${language} ${message}`;
  let format = compiled.get(key);
  if (format === undefined) {
    format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
    compiled.set(key, format);
  }
  return String(format.format(values));
}

/** Name of a month in the language, `month` from 1 to 12, with a capital as on a button. */
export function monthName(language: string, month: number): string {
  const name = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(
    new Date(Date.UTC(2000, month - 1, 1)),
  );
  return name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
}

/** A date as it is said in the locale; a month or a day that is 0 or missing is left out. */
export function dateText(
  locale: string,
  date: { readonly year: string; readonly month: number | undefined; readonly day: number | undefined },
): string {
  if (!date.month) return date.year;
  const named: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(locale, date.day ? { ...named, day: 'numeric' } : named).format(
    new Date(Date.UTC(Number(date.year), date.month - 1, date.day || 1)),
  );
}

/** A local day (YYYY-MM-DD) of these weeks, as it is said in the locale: with its weekday, without its year. */
export function weekdayText(locale: string, day: string): string {
  const parts: Intl.DateTimeFormatOptions = {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  };
  return new Intl.DateTimeFormat(locale, parts).format(new Date(`${day}T00:00Z`));
}
