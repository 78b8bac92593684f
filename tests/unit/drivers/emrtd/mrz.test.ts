import { describe, expect, it } from 'vitest';
import { checkDigit, keyInformation, parseMrz as parseZone } from '../../../../drivers/emrtd/mrz.js';

const parseMrz = (text: string) => parseZone(new TextEncoder().encode(text));

const passport =
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' + 'L898902C36UTO7408122F1204159ZE184226B<<<<<10';
const longNumberCard =
  'I<UTOD23145890<7349<<<<<<<<<<<' + '3407127M9507122UTO<<<<<<<<<<<2' + 'STEVENSON<<PETER<JOHN<<<<<<<<<';

describe('check digit', () => {
  it.each([
    ['520727', '3', 'Doc 9303 part 3 section 4.9, example 1'],
    ['AB2134<<<', '5', 'Doc 9303 part 3 section 4.9, example 2'],
    ['L898902C3', '6', 'Doc 9303 part 4 appendix B'],
    ['D23145890734', '9', 'Doc 9303 part 11 appendix D.2'],
  ])('of %s is %s (%s)', (text, digit) => {
    expect(checkDigit(text)).toBe(digit);
  });

  it('refuses a character that no machine-readable zone has', () => {
    expect(() => checkDigit('l898902c')).toThrow(RangeError);
  });
});

describe('key information, Doc 9303 part 11 appendix D.2', () => {
  it('pads a short document number with fillers to 9 characters', () => {
    expect(keyInformation({ documentNumber: 'L898902C', birthDate: '690806', expiryDate: '940623' })).toBe(
      'L898902C<369080619406236',
    );
  });

  it('takes a document number with or without its fillers', () => {
    expect(keyInformation({ documentNumber: 'L898902C<', birthDate: '690806', expiryDate: '940623' })).toBe(
      'L898902C<369080619406236',
    );
  });

  it('takes a document number of more than 9 characters in full', () => {
    expect(
      keyInformation({ documentNumber: 'D23145890734', birthDate: '340712', expiryDate: '950712' }),
    ).toBe('D23145890734934071279507122');
  });

  it('counts unknown parts of a date of birth as filler', () => {
    expect(keyInformation({ documentNumber: 'L898902C3', birthDate: '69<<<<', expiryDate: '940623' })).toBe(
      `L898902C3669<<<<${checkDigit('690000')}9406236`,
    );
  });
});

describe('machine-readable zone', () => {
  it('of a passport (TD3) gives the key fields, kind and state, Doc 9303 part 4 appendix B', () => {
    expect(parseMrz(passport)).toEqual({
      format: 'TD3',
      documentCode: 'P',
      issuingState: 'UTO',
      documentNumber: 'L898902C3',
      birthDate: '740812',
      expiryDate: '120415',
      checkDigitsRight: true,
    });
  });

  it('of a card (TD1) gives the key fields, Doc 9303 part 5 appendix B', () => {
    expect(
      parseMrz(
        'I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<',
      ),
    ).toMatchObject({
      format: 'TD1',
      documentCode: 'I',
      documentNumber: 'D23145890',
      birthDate: '740812',
      expiryDate: '120415',
      checkDigitsRight: true,
    });
  });

  it('of a card (TD1) with a long document number gives the whole number, Doc 9303 part 11 appendix D.2', () => {
    expect(parseMrz(longNumberCard)).toMatchObject({
      format: 'TD1',
      documentNumber: 'D23145890734',
      birthDate: '340712',
      expiryDate: '950712',
    });
  });

  it('of a card (TD2) gives the key fields, Doc 9303 part 6 appendix B', () => {
    expect(
      parseMrz('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<' + 'D231458907UTO7408122F1204159<<<<<<<6'),
    ).toMatchObject({
      format: 'TD2',
      issuingState: 'UTO',
      documentNumber: 'D23145890',
      checkDigitsRight: true,
    });
  });

  it('of a card (TD2) with a long document number gives the whole number', () => {
    const lower = 'D23145890<UTO7408122F12041597349<<<';
    const composite = checkDigit(lower.slice(0, 10) + lower.slice(13, 20) + lower.slice(21));
    expect(parseMrz('I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<' + lower + composite)).toMatchObject({
      documentNumber: 'D23145890734',
      checkDigitsRight: true,
    });
  });

  it('keeps a one-letter state without its fillers', () => {
    expect(parseMrz(passport.replace('P<UTO', 'P<D<<'))).toMatchObject({ issuingState: 'D' });
  });

  it('says so when any of its check digits is wrong, the composite one included', () => {
    for (const position of [44 + 9, 44 + 19, 44 + 27, 44 + 42, 44 + 43]) {
      const digit = (Number(passport[position]) + 1) % 10;
      const wrong = passport.slice(0, position) + String(digit) + passport.slice(position + 1);
      expect(parseMrz(wrong), `position ${position}`).toMatchObject({ checkDigitsRight: false });
    }
  });

  it('may leave out the check digit of optional data that is empty', () => {
    const lower = 'L898902C36UTO7408122F1204159<<<<<<<<<<<<<<';
    for (const digit of ['<', '0']) {
      const composite = checkDigit(lower.slice(0, 10) + lower.slice(13, 20) + lower.slice(21) + digit);
      expect(parseMrz(passport.slice(0, 44) + lower + digit + composite)).toMatchObject({
        checkDigitsRight: true,
      });
    }
  });

  it.each([
    ['too short', passport.slice(1)],
    ['with small letters', passport.toLowerCase()],
    ['empty', ''],
  ])('that is %s is none', (_, text) => {
    expect(parseMrz(text)).toBeUndefined();
  });
});
