/** What a drawing marks: the field that is being asked for. */
export type Marked = 'number' | 'birth' | 'expiry';

export interface MrzMark {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** A machine-readable zone to draw: its lines and where in them each key field stands, counted from 0, end excluded. */
export interface SpecimenZone {
  readonly lines: readonly string[];
  readonly marks: Readonly<Record<Marked, MrzMark>>;
}

/** The specimen passport of Doc 9303 part 4, appendix B; positions by its section 4.2.2. */
export const passportZone: SpecimenZone = {
  lines: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
  marks: {
    number: { line: 1, from: 0, to: 9 },
    birth: { line: 1, from: 13, to: 19 },
    expiry: { line: 1, from: 21, to: 27 },
  },
};

/** The specimen card of Doc 9303 part 5, appendix B; positions by its section 4.2.2. */
export const cardZone: SpecimenZone = {
  lines: [
    'I<UTOD231458907<<<<<<<<<<<<<<<',
    '7408122F1204159UTO<<<<<<<<<<<6',
    'ERIKSSON<<ANNA<MARIA<<<<<<<<<<',
  ],
  marks: {
    number: { line: 0, from: 5, to: 14 },
    birth: { line: 1, from: 0, to: 6 },
    expiry: { line: 1, from: 8, to: 14 },
  },
};

export const printed: Readonly<Record<'passport' | 'card', Readonly<Record<Marked, string>>>> = {
  passport: { number: 'L898902C3', birth: '12 AUG 1974', expiry: '15 APR 2012' },
  card: { number: 'D23145890', birth: '12 AUG 1974', expiry: '15 APR 2012' },
};
