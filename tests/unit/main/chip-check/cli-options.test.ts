import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../main/chip-check/cli-options.js';
import { documentDates } from '../../../../main/chip-check/document-dates.js';

const key = ['--number', 'c11t002jm4', '--birth', '960812', '--expiry', '131031'];

describe('the arguments of chip-check', () => {
  it('give the key in the form of the machine-readable zone', () => {
    expect(parseCommandLine(key)).toMatchObject({
      kind: 'check',
      options: {
        request: {
          key: { documentNumber: 'C11T002JM', birthDate: '960812', expiryDate: '131031' },
          access: 'auto',
          waitForDocumentMs: 10_000,
        },
        json: false,
      },
    });
  });

  it.each([
    ['C11T002JM', 'C11T002JM'],
    ['C11T002JM4', 'C11T002JM'],
    ['C11T002JM5', 'C11T002JM5'],
    ['000000000001', '000000000001'],
  ])('may give the document number %s, which means %s', (typed, meant) => {
    expect(parseCommandLine(['--number', typed, ...key.slice(2)])).toMatchObject({
      options: { request: { key: { documentNumber: meant } } },
    });
  });

  it('name the way in, the reader, the data groups and the time to wait', () => {
    const args = [
      ...key,
      '--access',
      'bac',
      '--reader',
      'ACME',
      '--data-groups',
      '14,15',
      '--wait',
      '0',
      '--json',
    ];
    expect(parseCommandLine(args)).toMatchObject({
      options: {
        request: { access: 'bac', reader: 'ACME', dataGroups: [14, 15], waitForDocumentMs: 0 },
        json: true,
      },
    });
  });

  it('need no key for a demo document', () => {
    expect(parseCommandLine(['--demo', 'passport-bac'])).toMatchObject({
      options: {
        demo: 'passport-bac',
        request: { key: { documentNumber: 'XB1180264', birthDate: '571102', expiryDate: '310228' } },
      },
    });
  });

  it('can ask for help', () => {
    expect(parseCommandLine(['--help'])).toEqual({ kind: 'help' });
  });

  it.each([
    ['the key is missing', [], '--number, --birth, --expiry'],
    ['a date is no date', ['--number', 'SECRET1', '--birth', 'SECRET2', '--expiry', '131031'], '--birth'],
    ['the access number is too short', [...key, '--can', '12345'], '--can'],
    ['the document is unknown', ['--demo', 'SECRET1'], '--demo'],
    ['the wait is no number', [...key, '--wait', 'SECRET1'], '--wait'],
    ['an option is unknown', [...key, '--SECRET1'], 'unknown'],
    ['there are words too many', [...key, 'SECRET1'], 'unknown'],
    ['a value is missing', ['--number'], 'unknown'],
  ])('are refused when %s, without repeating what was typed', (_why, args, blamed) => {
    const result = parseCommandLine(args);
    expect(result.kind).toBe('bad');
    expect(result.kind === 'bad' && result.message).toContain(blamed);
    expect(JSON.stringify(result)).not.toContain('SECRET');
  });
});

describe('the century of a date in the machine-readable zone', () => {
  it.each([
    ['960812', '1996-08-12'],
    ['261123', '2026-11-23'],
    ['261124', '1926-11-24'],
    ['05<<<<', '2005-00-00'],
    ['<<0812', undefined],
    ['<<<<<<', undefined],
  ])('of birth %s is the last in which it lies in the past: %s', (typed, expected) => {
    expect(documentDates({ birthDate: typed, expiryDate: '310228' }, '2026-11-23').birthDate).toBe(expected);
  });

  it.each([
    ['131031', '2026-11-23', '2013-10-31'],
    ['461031', '2026-11-23', '2046-10-31'],
    ['990101', '2026-11-23', '2099-01-01'],
    ['051031', '2095-11-23', '2105-10-31'],
    ['951031', '2105-11-23', '2095-10-31'],
  ])('of expiry %s is on %s the nearest in which chips were issued', (expiryDate, today, expected) => {
    expect(documentDates({ birthDate: '960812', expiryDate }, today).expiryDate).toBe(expected);
  });
});
