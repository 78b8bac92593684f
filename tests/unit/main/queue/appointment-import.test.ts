import { describe, expect, it } from 'vitest';
import { importResult } from '../../../../main/api/contract/desk.js';
import { readAppointments } from '../../../../main/queue/appointment-import/index.js';
import { seededRandom } from '../../../simulation/seeded-random.js';

const services = [
  { id: 'passport', names: { da: 'Pas og kørekort', en: 'Passport and driving licence' } },
  { id: 'mitid', names: { da: 'MitID', en: 'MitID', ar: 'هوية' } },
  { id: 'passport-child', names: { da: 'Pas', en: 'Passport' } },
];
const options = { services, today: '2026-11-23' };
const csv = (...lines: string[]) => readAppointments('csv', lines.join('\n'), options);
const calendar = (...lines: string[]) =>
  readAppointments(
    'icalendar',
    ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR'].join('\r\n'),
    options,
  );
const event = (...lines: string[]) =>
  calendar('BEGIN:VEVENT', 'UID:1', 'SUMMARY:MitID', ...lines, 'END:VEVENT');
const briefly = ({ appointments, problems }: ReturnType<typeof csv>) => [
  ...appointments.map(({ line, service, day, time, code, cancelled }) =>
    [line, service, day, time, code ?? '-', ...(cancelled ? ['cancelled'] : [])].join(' '),
  ),
  ...problems.map(({ line, problem }) => `${line} ${problem}`),
];

describe('bookings from a table', () => {
  it.each([
    ['semicolons, Danish headings', 'Dato;Tid;Ydelse;Kode', '24-11-2026;10:30;MitID;AB12'],
    ['commas, English headings', 'date,time,service,code', '2026-11-24,10:30,mitid,ab12'],
    ['tabs, another order', 'Kode\tYdelse\tKlokkeslæt\tDato', 'ab-12\tMITID\t10.30\t24.11.2026'],
    ['day and time in one cell', 'start;service;code', '2026-11-24T10:30:00;MitID;AB 12'],
    ['day and time in one cell, in Danish', 'Start;Ydelse;Kode', '24-11-2026 10.30;هوية;AB12'],
    ['quotes', '"Dato";"Tid";"Ydelse";"Kode"', '"24/11/2026";"kl. 10.30";" mitid ";"AB12"'],
    ['a byte order mark before a quote', '\uFEFF"Dato";Tid;Ydelse;Kode', '24-11-2026;10:30;MitID;AB12'],
    ['a byte order mark', '\uFEFFDato;Tid;Ydelse;Kode', '24-11-2026;10:30;MitID;AB12'],
  ])('are read with %s', (_, heading, row) => {
    expect(briefly(csv(heading, row))).toEqual(['2 mitid 2026-11-24 10:30 AB12']);
  });

  it('leave every column alone that may tell who comes, and echo nothing of what is wrong', () => {
    const read = csv(
      'Navn;CPR;E-mail;Dato;Tid;Ydelse;Kode',
      'Jens Hansen;010170-1234;jens@example.dk;24-11-2026;10:30;MitID;AB12',
      'Jens Hansen;010170-1234;jens@example.dk;24-11-2026;halv elleve;MitID;AB13',
    );
    expect(briefly(read)).toEqual(['2 mitid 2026-11-24 10:30 AB12', '3 bad-time']);
    expect(JSON.stringify(read)).not.toMatch(/Jens|Hansen|0101|1234|example|halv/);
  });

  it('refuse a civil registration number as a code', () => {
    expect(briefly(csv('Dato;Tid;Ydelse;Kode', '24-11-2026;10:30;MitID;010170-1234'))).toEqual([
      '2 bad-code',
    ]);
    expect(briefly(csv('Dato;Tid;Ydelse;Kode', '24-11-2026;10:30;MitID;9912345678'))).toEqual([
      '2 mitid 2026-11-24 10:30 9912345678',
    ]);
  });

  it('say line by line what is wrong, and take over the rest', () => {
    expect(
      briefly(
        csv(
          'Dato;Tid;Ydelse;Kode;Status',
          '24-11-2026;10:30;Pas og kørekort;AAAA;',
          '',
          '24-11-2026;10:45;;BBBB;',
          '24-11-2026;10:45;Vielse;BBBB;',
          '24-11-2026;;MitID;BBBB;',
          ';10:45;MitID;BBBB;',
          '31-02-2026;10:45;MitID;BBBB;',
          '24-11-2026;25:00;MitID;BBBB;',
          '22-11-2026;10:45;MitID;BBBB;',
          '24-11-2026;10:45;MitID;B!;',
          '24-11-2026;10:45;MitID;AAAA;',
          '24-11-2026;11:00;Passport;;Aflyst',
          '24-11-2026',
        ),
      ),
    ).toEqual([
      '2 passport 2026-11-24 10:30 AAAA',
      '13 passport 2026-11-24 11:00 - cancelled',
      '4 no-service',
      '5 unknown-service',
      '6 no-time',
      '7 bad-time',
      '8 bad-time',
      '9 bad-time',
      '10 past',
      '11 bad-code',
      '12 double-code',
      '14 no-service',
    ]);
  });

  it('say once that a column is missing', () => {
    expect(briefly(csv('Dato;Ydelse', '24-11-2026;MitID', '25-11-2026;MitID'))).toEqual(['1 no-time']);
    expect(briefly(csv('Dato;Tid', '24-11-2026;10:30'))).toEqual(['1 no-service']);
    expect(briefly(csv(''))).toEqual(['1 not-readable']);
  });

  it('keep what stands before a quote that never ends', () => {
    expect(briefly(csv('Dato;Tid;Ydelse', '24-11-2026;10:30;MitID', '"24-11-2026;10:30;MitID'))).toEqual([
      '2 mitid 2026-11-24 10:30 -',
      '3 not-readable',
    ]);
  });

  it('have the same source with every import, and two at the same time have two', () => {
    const lines = ['Dato;Tid;Ydelse', '24-11-2026;10:30;MitID', '24-11-2026;10:30;MitID'];
    const sources = csv(...lines).appointments.map(({ source }) => source);
    expect(new Set(sources).size).toBe(2);
    expect(csv(...lines).appointments.map(({ source }) => source)).toEqual(sources);
  });

  it('know a booking with a code again after it was moved', () => {
    const source = (time: string) => csv('Dato;Tid;Ydelse;Kode', `24-11-2026;${time};MitID;AB12`);
    expect(source('10:30').appointments[0]?.source).toBe(source('14:00').appointments[0]?.source);
  });

  it('may have the code of another day’s booking', () => {
    const read = csv('Dato;Tid;Ydelse;Kode', '24-11-2026;10:30;MitID;0001', '25-11-2026;10:30;MitID;0001');
    expect(briefly(read)).toEqual(['2 mitid 2026-11-24 10:30 0001', '3 mitid 2026-11-25 10:30 0001']);
    expect(new Set(read.appointments.map(({ source }) => source)).size).toBe(2);
  });

  it('are taken in winter and in summer time as they stand', () => {
    const [winter, summer] = csv(
      'Dato;Tid;Ydelse',
      '15-01-2027;10:30;MitID',
      '15-07-2027;10:30;MitID',
    ).appointments;
    expect(winter?.at).toBe(Date.parse('2027-01-15T09:30:00Z'));
    expect(summer?.at).toBe(Date.parse('2027-07-15T08:30:00Z'));
  });

  it('end at 5000, with 100 problems at most', () => {
    const good = csv('Dato;Tid;Ydelse', ...Array<string>(6000).fill('24-11-2026;10:30;MitID'));
    expect(good.appointments).toHaveLength(5000);
    expect(good.problems).toEqual([{ line: 5002, problem: 'not-readable' }]);
    expect(csv('Dato;Tid;Ydelse', ...Array<string>(6000).fill('x;y;z')).problems).toHaveLength(100);
  });
});

describe('bookings from a calendar', () => {
  it.each([
    ['in UTC', 'DTSTART:20261124T093000Z', '2026-11-24 10:30'],
    ['in the lobby’s zone', 'DTSTART;TZID=Europe/Copenhagen:20261124T103000', '2026-11-24 10:30'],
    ['in another zone', 'DTSTART;TZID=Europe/London:20261124T093000', '2026-11-24 10:30'],
    ['in Outlook’s zone', 'DTSTART;TZID=Romance Standard Time:20260724T103000', '2027-07-23 10:30'],
    [
      'in a zone behind a prefix',
      'DTSTART;TZID=/x.org/1/Europe/Copenhagen:20261124T103000',
      '2026-11-24 10:30',
    ],
    ['in local time', 'DTSTART:20261124T103000', '2026-11-24 10:30'],
    ['over midnight', 'DTSTART:20261124T233000Z', '2026-11-25 00:30'],
  ])('are read with a start %s', (_, start, expected) => {
    const year = expected.slice(0, 10);
    const read = event(start.replace('20260724', year.replaceAll('-', '')));
    expect(briefly(read)).toEqual([`1 mitid ${expected} -`]);
  });

  it.each([
    ['a whole day', 'DTSTART;VALUE=DATE:20261124', 'no-time'],
    ['no start', 'DTEND:20261124T093000Z', 'no-time'],
    ['an unknown zone', 'DTSTART;TZID=Mars/Olympus:20261124T103000', 'bad-time'],
    ['a day that is none', 'DTSTART:20261131T103000', 'bad-time'],
    ['a repetition', 'DTSTART:20261124T103000Z\r\nRRULE:FREQ=SECONDLY', 'bad-time'],
    ['a past day', 'DTSTART:20261122T103000Z', 'past'],
    ['no readable line', 'DTSTART;;;', 'not-readable'],
  ])('are refused with %s', (_, start, problem) => {
    expect(briefly(event(start))).toEqual([`1 ${problem}`]);
  });

  it.each([
    ['CATEGORIES:Møde,mitid', 'SUMMARY:Jens', 'mitid'],
    ['CATEGORIES:', 'SUMMARY:Pas og kørekort - Jens Hansen', 'passport'],
    ['DESCRIPTION:MitID', 'SUMMARY:PAS', 'passport-child'],
    ['DESCRIPTION:', 'SUMMARY:Pas: to', 'passport-child'],
  ])('find the service in %j and %j', (category, summary, service) => {
    const read = calendar(
      'BEGIN:VEVENT',
      'UID:1',
      category,
      summary,
      'DTSTART:20261124T093000Z',
      'END:VEVENT',
    );
    expect(briefly(read)).toEqual([`1 ${service} 2026-11-24 10:30 -`]);
    expect(JSON.stringify(read)).not.toMatch(/Jens|Hansen/);
  });

  it('do not take a word that only begins like a service for one', () => {
    const read = calendar('BEGIN:VEVENT', 'SUMMARY:Passage', 'DTSTART:20261124T093000Z', 'END:VEVENT');
    expect(briefly(read)).toEqual(['1 unknown-service']);
  });

  it('have the code that a property gives, and a source that says nothing of the UID', () => {
    const read = calendar(
      'BEGIN:VEVENT',
      'UID:jens.hansen@example.dk',
      'BEGIN:VALARM',
      'TRIGGER:-PT15M',
      'SUMMARY:Pas',
      'END:VALARM',
      'SUMMARY:MitID',
      'X-BOOKING-CODE:ab12',
      'DTSTART:20261124T093000Z',
      'END:VEVENT',
    );
    expect(briefly(read)).toEqual(['1 mitid 2026-11-24 10:30 AB12']);
    expect(read.appointments[0]?.source).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(read)).not.toMatch(/jens/);
  });

  it('are known again by their UID after they were moved, and by which one of a series they are', () => {
    const source = (...lines: string[]) => event(...lines).appointments[0]?.source;
    const first = source('DTSTART:20261124T093000Z');
    expect(source('DTSTART:20261125T093000Z')).toBe(first);
    expect(source('DTSTART:20261125T093000Z', 'RECURRENCE-ID:20261125T093000Z')).not.toBe(first);
  });

  it('are cancelled one by one or all together', () => {
    expect(event('DTSTART:20261124T093000Z', 'STATUS:CANCELLED').appointments[0]?.cancelled).toBe(true);
    expect(event('DTSTART:20261124T093000Z', 'STATUS:CONFIRMED').appointments[0]?.cancelled).toBe(false);
    const all = readAppointments(
      'icalendar',
      'BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:MitID\nDTSTART:20261124T093000Z\nEND:VEVENT\nEND:VCALENDAR',
      options,
    );
    expect(all.appointments[0]?.cancelled).toBe(true);
  });

  it('are read from folded lines, and beside broken ones', () => {
    const read = calendar(
      'BEGIN:VEVENT',
      'SUMMARY:Pas og kø',
      ' rekort',
      'DTSTART:20261124T',
      '\t093000Z',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'SUMMARY:Pas',
      'BEGIN:VEVENT',
      'SUMMARY:MitID',
      'DTSTART:20261124T100000Z',
      'END:VEVENT',
      'BEGIN:VEVENT',
    );
    expect(briefly(read)).toEqual([
      '1 passport 2026-11-24 10:30 -',
      '3 mitid 2026-11-24 11:00 -',
      '2 not-readable',
      '4 not-readable',
    ]);
  });

  it('are none in a text without events', () => {
    expect(briefly(calendar())).toEqual(['1 not-readable']);
  });
});

describe('garbage', () => {
  const pieces = [
    ...[
      'Dato',
      'Tid',
      'Ydelse',
      'Kode',
      'MitID',
      '24-11-2026',
      '10:30',
      ';',
      ',',
      '\t',
      '"',
      '""',
      '\n',
      '\r\n',
    ],
    ...['BEGIN:VEVENT', 'END:VEVENT', 'BEGIN:VALARM', 'END:VCALENDAR', 'DTSTART', 'DTSTART:20261124T103000'],
    ...[
      ';TZID=',
      'Europe/Copenhagen',
      ':',
      '\\',
      '\\n',
      'SUMMARY:MitID',
      'RRULE:FREQ=SECONDLY',
      'UID:',
      '=',
      ' ',
    ],
    ...[
      '\u0000',
      '\uFEFF',
      '\uD800',
      '\u2028',
      '🛂',
      '9'.repeat(400),
      '99999999T999999',
      'X-CODE:',
      '-',
      'STATUS:',
    ],
  ];

  it('never throws, and every answer fits the contract', () => {
    const random = seededRandom(20261123);
    for (let round = 0; round < 500; round++) {
      const text = Array.from(
        { length: Math.floor(random() * 60) },
        () => pieces[Math.floor(random() * pieces.length)] ?? '',
      ).join(random() < 0.3 ? '\n' : '');
      for (const format of ['csv', 'icalendar'] as const) {
        const { appointments, problems } = readAppointments(format, text, options);
        expect(appointments.every(({ source }) => source.length === 32)).toBe(true);
        importResult.parse({ kind: 'imported', added: 0, changed: 0, unchanged: 0, cancelled: 0, problems });
      }
    }
  });

  it.each([
    ['csv', ';'],
    ['csv', '"'],
    ['csv', 'Dato;Tid;Ydelse\n'],
    ['csv', 'x\n'],
    ['icalendar', 'BEGIN:VEVENT\n'],
    ['icalendar', ' \n'],
    ['icalendar', 'BEGIN:VEVENT\nSUMMARY:MitID\nDTSTART:20261124T103000\nEND:VEVENT\n'],
    ['icalendar', 'BEGIN:VEVENT\nSUMMARY:' + '\\'.repeat(100_000) + '\nEND:VEVENT\n'],
    ['icalendar', 'BEGIN:VEVENT\nDTSTART' + ';A=B'.repeat(30_000) + ':x\nEND:VEVENT\n'],
  ] as const)('in %s of the largest size that is let in takes less than 10 s (%#)', (format, piece) => {
    const text = piece.repeat(Math.ceil(400_000 / piece.length)).slice(0, 400_000);
    const before = performance.now();
    readAppointments(format, text, options);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
