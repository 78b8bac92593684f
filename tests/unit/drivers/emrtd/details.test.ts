import { describe, expect, it, vi } from 'vitest';
import { examineDetails } from '../../../../drivers/emrtd/details.js';
import { encodeTlv } from '../../../../drivers/shared/tlv.js';

function dg1(...lines: readonly string[]): Uint8Array {
  return encodeTlv(0x61, encodeTlv(0x5f1f, Buffer.from(lines.join(''))));
}

// Doc 9303 part 4 appendix B and part 5 appendix B: the specimens of Utopia.
const passport = dg1(
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
);
const card = dg1(
  'I<UTOD231458907<<<<<<<<<<<<<<<',
  '7408122F1204159UTO<<<<<<<<<<<6',
  'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
);
const passportKey = { documentNumber: 'L898902C3', birthDate: '740812', expiryDate: '120415' };
const everythingMatches = { documentNumber: true, birthDate: true, expiryDate: true };

describe('the details in a chip', () => {
  it('match the key fields that were typed from the same document', () => {
    expect(examineDetails(passport, passportKey)).toEqual({
      kind: 'parsed',
      format: 'TD3',
      documentCode: 'P',
      issuingState: 'UTO',
      checkDigitsRight: true,
      matches: everythingMatches,
    });
    expect(examineDetails(card, { ...passportKey, documentNumber: 'D23145890' })).toMatchObject({
      format: 'TD1',
      documentCode: 'I',
      matches: everythingMatches,
    });
  });

  it('match a short document number, typed with or without its filler', () => {
    const short = dg1(
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'L8989<<<<2UTO7408122F1204159<<<<<<<<<<<<<<04',
    );
    for (const documentNumber of ['L8989', 'L8989<<<<']) {
      expect(examineDetails(short, { ...passportKey, documentNumber })).toMatchObject({
        matches: { documentNumber: true },
      });
    }
  });

  it.each([
    ['documentNumber', 'L898902C4'],
    ['documentNumber', 'L8989O2C3'],
    ['birthDate', '740813'],
    ['expiryDate', '130415'],
  ] as const)('tell which field differs: %s typed as %s', (field, typed) => {
    expect(examineDetails(passport, { ...passportKey, [field]: typed })).toMatchObject({
      matches: { ...everythingMatches, [field]: false },
    });
  });

  it.each([
    ['TD3', passport],
    ['TD1', card],
  ])(
    'never make a string of the name or the personal number, which could not be overwritten (%s)',
    (_, file) => {
      const made: unknown[] = [];
      const spies = [
        vi.spyOn(Buffer.prototype, 'toString'),
        vi.spyOn(TextDecoder.prototype, 'decode'),
        vi.spyOn(String, 'fromCharCode'),
      ];
      expect(examineDetails(file, passportKey).kind).toBe('parsed');
      for (const spy of spies) {
        made.push(...spy.mock.results.map(({ value }) => value as unknown));
        spy.mockRestore();
      }
      expect(made).toContain('UTO');
      expect(made.join('\n')).not.toMatch(/ERIKSSON|ANNA|ZE184226B/);
    },
  );

  it('say so when a check digit is wrong', () => {
    const wrong = dg1(
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'L898902C36UTO7408122F1204159ZE184226B<<<<<11',
    );
    expect(examineDetails(wrong, passportKey)).toMatchObject({
      checkDigitsRight: false,
      matches: everythingMatches,
    });
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['another file', encodeTlv(0x75, encodeTlv(0x5f1f, Buffer.from('P<UTO')))],
    ['a zone that is cut off', dg1('P<UTOERIKSSON<<ANNA<MARIA')],
    ['small letters', encodeTlv(0x61, encodeTlv(0x5f1f, Buffer.from('p'.repeat(88))))],
    ['a file that is cut off', passport.subarray(0, 60)],
  ])('are unreadable where there is %s', (_, file) => {
    expect(examineDetails(file, passportKey)).toEqual({ kind: 'unreadable' });
  });
});
