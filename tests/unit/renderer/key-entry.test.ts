import { describe, expect, it } from 'vitest';
import {
  daysInMonth,
  emptyDate,
  emptyKey,
  keyEntryOf,
  keyFieldsOf,
  numberCharacters,
  remarkOnDate,
  remarkOnNumber,
  type DateEntry,
  type DateField,
  type DatePart,
  type KeyEntry,
} from '../../../renderer/visitor/key-entry.js';

const today = '2026-11-23';
const date = (year: string, month?: number, day?: number): DateEntry => ({ year, month, day });
const withBirth = (birth: DateEntry): KeyEntry => ({ ...emptyKey, birth });
const withExpiry = (expiry: DateEntry, birth: DateEntry = emptyDate): KeyEntry => ({
  ...emptyKey,
  birth,
  expiry,
});
const saidAt = (key: KeyEntry, field: DateField, part: DatePart, finished = false): string | undefined => {
  const remark = remarkOnDate(key, field, part, today, finished);
  return remark?.kind === 'error' ? remark.error : remark?.hint;
};

describe('a document number', () => {
  it('keeps capital letters and digits of what is typed, and writes what parts them as the filler of the zone', () => {
    expect(numberCharacters('xp 427-19<03æ')).toBe('XP<427<19<03');
  });

  it('cannot begin with a filler', () => {
    expect(numberCharacters(' <xp')).toBe('XP');
  });

  it('is not complained about while nothing has been typed, only when the visitor goes on', () => {
    expect(remarkOnNumber('', 'passport', false)).toBeUndefined();
    expect(remarkOnNumber('', 'passport', true)).toEqual({ kind: 'error', error: 'number-empty' });
  });

  it('has nine characters and its check digit at most in a passport, twenty-two on a card', () => {
    expect(remarkOnNumber('C11T112JM4', 'passport', true)).toBeUndefined();
    expect(remarkOnNumber('A'.repeat(11), 'passport', false)).toEqual({
      kind: 'error',
      error: 'number-too-long',
    });
    expect(remarkOnNumber('A'.repeat(22), 'identity-card', true)).toBeUndefined();
    expect(remarkOnNumber('A'.repeat(23), 'identity-card', true)?.kind).toBe('error');
  });

  it('gives a hint, no error, where O and 0 may be mixed up or the number is short', () => {
    expect(remarkOnNumber('O1234567', 'passport', false)).toEqual({ kind: 'hint', hint: 'letter-or-digit' });
    expect(remarkOnNumber('10234567', 'passport', true)).toEqual({ kind: 'hint', hint: 'letter-or-digit' });
    expect(remarkOnNumber('A123', 'passport', false)).toBeUndefined();
    expect(remarkOnNumber('A123', 'passport', true)).toEqual({ kind: 'hint', hint: 'number-short' });
  });
});

describe('a date of birth', () => {
  it.each([
    ['3', 'year-impossible'],
    ['18', 'year-impossible'],
    ['19', undefined],
    ['198', undefined],
    ['1984', undefined],
    ['2027', 'birth-in-future'],
    ['1915', 'birth-too-long-ago'],
    ['1916', undefined],
  ])('with the year %s typed so far: %s', (year, said) => {
    expect(saidAt(withBirth(date(year)), 'birth', 'year')).toBe(said);
  });

  it('asks for all four digits only when the visitor goes on', () => {
    expect(saidAt(withBirth(date('198')), 'birth', 'year', true)).toBe('year-incomplete');
  });

  it('this year may still be in the future by its month, and this month by its day', () => {
    expect(saidAt(withBirth(date('2026', 12)), 'birth', 'month')).toBe('birth-in-future');
    expect(saidAt(withBirth(date('2026', 11)), 'birth', 'month')).toBeUndefined();
    expect(saidAt(withBirth(date('2026', 11, 24)), 'birth', 'day')).toBe('birth-in-future');
    expect(saidAt(withBirth(date('2026', 11, 23)), 'birth', 'day')).toBeUndefined();
  });

  it('knows which days a month has, leap years included', () => {
    expect(daysInMonth(2024, 2)).toBe(29);
    expect(daysInMonth(1900, 2)).toBe(28);
    expect(daysInMonth(2000, 2)).toBe(29);
    expect(saidAt(withBirth(date('2023', 2, 29)), 'birth', 'day')).toBe('no-such-day');
    expect(saidAt(withBirth(date('2024', 2, 29)), 'birth', 'day')).toBeUndefined();
  });

  it('may lack its day, or month and day, where the document does', () => {
    expect(saidAt(withBirth(date('1950', 0, 0)), 'birth', 'day', true)).toBeUndefined();
    expect(saidAt(withBirth(date('1950', 7, 0)), 'birth', 'day', true)).toBeUndefined();
  });

  it('does not judge a day that was chosen before, while the month is asked for', () => {
    expect(saidAt(withBirth(date('2023', 2, 31)), 'birth', 'month', true)).toBeUndefined();
  });
});

describe('a date of expiry', () => {
  it('that has passed is pointed out but allowed: the verdict says that the document has expired', () => {
    expect(saidAt(withExpiry(date('2021', 4, 11)), 'expiry', 'day', true)).toBe('expiry-passed');
    expect(saidAt(withExpiry(date('2026', 11, 23)), 'expiry', 'day', true)).toBeUndefined();
  });

  it('before the date of birth is an error', () => {
    const birth = date('1984', 3, 17);
    expect(saidAt(withExpiry(date('1983'), birth), 'expiry', 'year')).toBe('expiry-before-birth');
    expect(saidAt(withExpiry(date('1984', 3, 16), birth), 'expiry', 'day')).toBe('expiry-before-birth');
  });

  it('of another century is a slip: the chip could not tell', () => {
    expect(saidAt(withExpiry(date('1934')), 'expiry', 'year')).toBe('expiry-too-long-ago');
    expect(saidAt(withExpiry(date('2005')), 'expiry', 'year')).toBe('expiry-too-long-ago');
    expect(saidAt(withExpiry(date('2006')), 'expiry', 'year')).toBe('expiry-passed');
  });

  it('far in the future is pointed out', () => {
    expect(saidAt(withExpiry(date('2046')), 'expiry', 'year')).toBeUndefined();
    expect(saidAt(withExpiry(date('2047')), 'expiry', 'year')).toBe('expiry-far');
  });
});

describe('the key fields', () => {
  const fields = { documentNumber: 'XP4271903', birthDate: '1984-03-07', expiryDate: '2034-09-30' };

  it('come out as the contract wants them', () => {
    const key: KeyEntry = {
      documentNumber: 'XP4271903',
      birth: date('1984', 3, 7),
      expiry: date('2034', 9, 30),
    };
    expect(keyFieldsOf(key, 'passport', today)).toEqual(fields);
  });

  it('are the same after they were filled in from a specimen', () => {
    expect(keyFieldsOf(keyEntryOf(fields), 'passport', today)).toEqual(fields);
  });

  it('write what the document does not state as 00', () => {
    const key = { ...keyEntryOf(fields), birth: date('1950', 0, 0) };
    expect(keyFieldsOf(key, 'passport', today)?.birthDate).toBe('1950-00-00');
  });

  it('leave out the filler with which a short number ends in the zone', () => {
    const key = { ...keyEntryOf(fields), documentNumber: 'AB<12345<' };
    expect(keyFieldsOf(key, 'passport', today)?.documentNumber).toBe('AB<12345');
  });

  it('are not given while anything is missing or impossible', () => {
    expect(keyFieldsOf(emptyKey, 'passport', today)).toBeUndefined();
    expect(
      keyFieldsOf({ ...keyEntryOf(fields), documentNumber: 'A'.repeat(11) }, 'passport', today),
    ).toBeUndefined();
    expect(
      keyFieldsOf({ ...keyEntryOf(fields), expiry: date('2034', 9) }, 'passport', today),
    ).toBeUndefined();
  });
});
