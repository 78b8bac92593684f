import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import { decodeTlv } from '../../../../../drivers/shared/tlv.js';
import { encodeCom, encodeDg1, encodeDg2 } from '../../../../../drivers/simulated/chip/lds.js';
import { makeMrz, transliterate } from '../../../../../drivers/simulated/chip/mrz.js';

const key = { documentNumber: 'L898902C3', birthDate: '740812', expiryDate: '120415' };

describe('the machine-readable zone of a simulated document', () => {
  it('of passport size is laid out as Doc 9303 part 4 says', () => {
    const holder = { surname: 'Eriksson', givenNames: 'Anna Maria', sex: 'F' } as const;
    // The specimen of appendix B, without its personal number.
    expect(makeMrz({ format: 'TD3', documentCode: 'P', state: 'UTO', key, holder })).toBe(
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' + 'L898902C36UTO7408122F1204159<<<<<<<<<<<<<<08',
    );
  });

  it('of card size is laid out as Doc 9303 part 5 says', () => {
    const holder = { surname: 'Eriksson', givenNames: 'Anna Maria', sex: 'F' } as const;
    const cardKey = { ...key, documentNumber: 'D23145890' };
    // The specimen of appendix B.
    expect(makeMrz({ format: 'TD1', documentCode: 'I', state: 'UTO', key: cardKey, holder })).toBe(
      [
        'I<UTOD231458907<<<<<<<<<<<<<<<',
        '7408122F1204159UTO<<<<<<<<<<<6',
        'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
      ].join(''),
    );
  });

  it('lets a long document number run over into the optional data of a card', () => {
    const longKey = { ...key, documentNumber: 'D23145890734' };
    const mrz = makeMrz({
      format: 'TD1',
      documentCode: 'I',
      state: 'UTO',
      key: longKey,
      holder: { surname: 'Eriksson', givenNames: 'Anna' },
    });
    // Doc 9303 part 5 appendix B, long document number.
    expect(mrz.slice(0, 30)).toBe('I<UTOD23145890<7349<<<<<<<<<<<');
  });

  it('spells names in its own letters', () => {
    expect(transliterate('Søren Ærø-Åkjær')).toBe('SOEREN<AEROE<AAKJAER');
    expect(transliterate("Noël O'Brien Großmüller")).toBe('NOEL<OBRIEN<GROSSMUELLER');
  });

  it('cuts a long name off at the end of its line', () => {
    const holder = { surname: 'Abcdefghijklmnopqrstuvwxyz', givenNames: 'Abcdefghijklmnopqrstuvwxyz' };
    const mrz = makeMrz({ format: 'TD3', documentCode: 'P', state: 'UTO', key, holder });
    expect(mrz).toHaveLength(88);
    expect(mrz.slice(5, 44)).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ<<ABCDEFGHIJK');
  });
});

describe('the files of a simulated document', () => {
  it('EF.COM lists versions and data groups', () => {
    // Doc 9303 part 10 section 4.6.1, for LDS 1.7 and Unicode 4.0.0.
    expect(toHex(encodeCom([1, 2, 14]))).toBe('60155F0104303130375F36063034303030305C0361756E');
  });

  it('DG1 holds the zone', () => {
    expect(toHex(encodeDg1('P<'))).toBe('61055F1F02503C');
  });

  it('DG2 holds one face in a facial record whose lengths are right', () => {
    const dg2 = encodeDg2({ bytes: fromHex('FFD8FFD9'), width: 413, height: 531, format: 'jpeg' });
    const path = [0x75, 0x7f61, 0x7f60, 0x5f2e];
    const record = path.reduce(
      (bytes, tag) => decodeTlv(bytes)!.find((each) => each.tag === tag)!.value,
      dg2,
    );
    expect(toHex(record)).toBe(
      [
        '46414300 30313000 00000032 0001',
        '00000024 0000 00 00 00 000000 0000 000000 000000',
        '01 00 019D 0213 00 00 0000 0000',
        'FFD8FFD9',
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });
});
