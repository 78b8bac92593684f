import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultAuthenticatorRules } from '../../../../main/authenticators/rules.js';
import { verdictServicesOf } from '../../../../main/queue/settings.js';
import { calibration } from '../fake-bench.js';
import { defaultRules } from '../../../../main/chip-check/rules.js';
import { contrastRatio } from '../../../../main/settings/contrast.js';
import {
  authenticatorRulesOf,
  defaultSettings,
  rulesOf,
  settings,
} from '../../../../main/settings/schema.js';
import { readSettings, SettingsFile, warningOf } from '../../../../main/settings/settings-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-settings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const file = (): string => join(folder, 'settings.json');
const write = (text: string): Promise<void> => writeFile(file(), text);

describe('the settings file', () => {
  it('is written with the defaults at the first start, for the owner only', async () => {
    const opened = await SettingsFile.open(join(folder, 'new'));
    expect(opened.origin).toEqual({ kind: 'first-start' });
    expect(opened.current).toEqual(defaultSettings);
    const written = join(folder, 'new/settings.json');
    expect(settings.parse(JSON.parse(await readFile(written, 'utf8')))).toEqual(defaultSettings);
    expect((await stat(written)).mode & 0o777).toBe(0o600);
  });

  it('needs to hold only what differs from the defaults', async () => {
    await write('{"placeName":"Borgerservice Aarhus","idle":{"seconds":90}}');
    const { current, origin } = await SettingsFile.open(folder);
    expect(origin).toEqual({ kind: 'file' });
    expect(current).toEqual({
      ...defaultSettings,
      placeName: 'Borgerservice Aarhus',
      idle: { seconds: 90, graceSeconds: 20 },
    });
  });

  it('that is damaged gives way to the copy of the last good one, and stays for someone to mend', async () => {
    await write('{"placeName":"Aarhus"}');
    await SettingsFile.open(folder);
    await write('{"placeName":"Aar');
    const { current, origin } = await SettingsFile.open(folder);
    expect(origin).toEqual({ kind: 'last-good-copy', where: ['not JSON'] });
    expect(current.placeName).toBe('Aarhus');
    expect(await readFile(file(), 'utf8')).toBe('{"placeName":"Aar');
  });

  it('that is damaged gives way to the defaults when there is no copy', async () => {
    await write('');
    const { current, origin } = await SettingsFile.open(folder);
    expect(origin.kind).toBe('defaults');
    expect(current).toEqual(defaultSettings);
  });

  it('with a wrong value says which one', async () => {
    await write('{"idle":{"seconds":"long"},"theme":{"primaryColour":"#ffff00"}}');
    const { origin } = await SettingsFile.open(folder);
    expect(origin).toEqual({
      kind: 'defaults',
      where: [
        'idle.seconds: Invalid input: expected number, received string',
        'theme.primaryColour: must have a contrast of 4.5:1 or more with white',
      ],
    });
  });

  it('that names a shared database without a name for this kiosk says that it is missing', async () => {
    await write('{"storage":{"url":"postgres://forhal@db/forhal"}}');
    const { origin } = await SettingsFile.open(folder);
    expect(origin).toEqual({
      kind: 'defaults',
      where: ['storage.kiosk: must name this kiosk among those that share the database'],
    });
    await write('{"storage":{"url":"postgres://forhal@db/forhal","kiosk":"entrance"}}');
    expect((await SettingsFile.open(folder)).current.storage.kiosk).toBe('entrance');
  });

  it('with an unknown setting is not taken for good, and says which one', async () => {
    await write('{"plaecName":"Aarhus","idle":{"secnods":9}}');
    const { current, origin } = await SettingsFile.open(folder);
    expect(current.placeName).toBe(defaultSettings.placeName);
    expect(warningOf(origin)).toBe(
      'settings.json cannot be used (idle.secnods: no such setting; plaecName: no such setting): running on the built-in settings',
    );
  });

  it('that is in order, or new, warns of nothing', async () => {
    expect(warningOf((await SettingsFile.open(folder)).origin)).toBeUndefined();
    expect(warningOf((await SettingsFile.open(folder)).origin)).toBeUndefined();
  });

  it('remembers that there is a real reader, and leaves nothing half-written behind', async () => {
    const opened = await SettingsFile.open(folder);
    await opened.keepToRealReaders();
    expect((await SettingsFile.open(folder)).current.devices.chips.source).toBe('pcsc');
    expect((await readdir(folder)).sort()).toEqual(['settings.json', 'settings.last-good.json']);
  });

  it('that was edited since the start keeps what was edited when it is written for a real reader', async () => {
    const opened = await SettingsFile.open(folder);
    await write('{"placeName":"Borgerservice Aarhus","devices":{"chips":{"source":"demo"}}}');
    expect(await opened.keepToRealReaders()).toBeUndefined();
    const { current } = await SettingsFile.open(folder);
    expect(current.placeName).toBe('Borgerservice Aarhus');
    expect(current.devices.chips.source).toBe('pcsc');
  });

  it('that is half edited when a real reader comes is left alone', async () => {
    const opened = await SettingsFile.open(folder);
    await write('{"placeName":');
    await opened.keepToRealReaders();
    expect(await readFile(file(), 'utf8')).toBe('{"placeName":');
    expect((await SettingsFile.open(folder)).current.devices.chips.source).toBe('pcsc');
  });

  it('that cannot be written does not keep the kiosk from opening', async () => {
    await write('');
    const opened = await SettingsFile.open(join(file(), 'below-a-file'));
    expect(opened.current).toEqual(defaultSettings);
    expect(await opened.keepToRealReaders()).toMatch(/^E/);
    expect(opened.current.devices.chips.source).toBe('pcsc');
  });

  it('remembers that in the copy alone while the file is damaged', async () => {
    await write('{');
    await (await SettingsFile.open(folder)).keepToRealReaders();
    expect(await readFile(file(), 'utf8')).toBe('{');
    const { current, origin } = await SettingsFile.open(folder);
    expect(origin.kind).toBe('last-good-copy');
    expect(current.devices.chips.source).toBe('pcsc');
  });
});

describe("a rig's calibration", () => {
  it('is written beside what was edited meanwhile, in place of the one before of the same rig', async () => {
    const opened = await SettingsFile.open(folder);
    await write('{"placeName":"Borgerservice Aarhus"}');
    const newer = { ...calibration, at: '2026-11-23T00:00:00.000Z' };
    await Promise.all([
      opened.keepCalibration(calibration),
      opened.keepCalibration({ ...calibration, rig: 'R-2' }),
      opened.keepToRealReaders(),
    ]);
    expect(await opened.keepCalibration(newer)).toBeUndefined();
    const { current } = await SettingsFile.open(folder);
    expect(current.placeName).toBe('Borgerservice Aarhus');
    expect(current.devices.rig.calibrations).toEqual([{ ...calibration, rig: 'R-2' }, newer]);
    expect(current.devices.chips.source).toBe('pcsc');
    expect(opened.current.devices.rig.calibrations).toEqual(current.devices.rig.calibrations);
  });

  it('pushes the oldest out before there are too many to be read again', async () => {
    const opened = await SettingsFile.open(folder);
    for (let n = 0; n < 18; n++) await opened.keepCalibration({ ...calibration, rig: `R-${n}` });
    const { current, origin } = await SettingsFile.open(folder);
    expect(origin.kind).toBe('file');
    expect(current.devices.rig.calibrations.map(({ rig }) => rig)).toEqual(
      Array.from({ length: 16 }, (_, n) => `R-${n + 2}`),
    );
  });

  it('that cannot be written says so', async () => {
    await write('');
    const opened = await SettingsFile.open(join(file(), 'below-a-file'));
    expect(await opened.keepCalibration(calibration)).toMatch(/^E/);
  });
});

describe("facts about MitID's devices", () => {
  it('are the built-in ones where the operator has set none', () => {
    const freeOrders = { value: 2, source: 'a new price list', checked: '2027-01-01' };
    const own = settings.parse({ authenticators: { rules: { freeOrders } } });
    expect(authenticatorRulesOf(own)).toEqual({ ...defaultAuthenticatorRules, freeOrders });
  });
});

describe('where a verdict leads', () => {
  const queue = defaultSettings.queue;
  it('is the service called mitid, or the one that is named for it', () => {
    expect(verdictServicesOf(queue)).toEqual({ chipCheckService: 'mitid', deviceService: 'mitid' });
    expect(verdictServicesOf({ ...queue, deviceService: 'other' })).toEqual({
      chipCheckService: 'mitid',
      deviceService: 'other',
    });
    const services = queue.services.filter(({ id }) => id !== 'mitid');
    expect(verdictServicesOf({ ...queue, services })).toEqual({});
  });

  it('has to be one that there is', () => {
    expect(settings.safeParse({ queue: { deviceService: 'other' } }).success).toBe(true);
    expect(settings.safeParse({ queue: { deviceService: 'nowhere' } }).error?.issues[0]?.path).toEqual([
      'queue',
      'deviceService',
    ]);
  });
});

describe("the queue's hours", () => {
  const faults = (queue: object): string[] =>
    settings.safeParse({ queue }).error?.issues.map(({ path }) => path.join('.')) ?? [];

  it('are those of a day of the calendar, and begin before they end', () => {
    const days = ['2026-11-31', '13-45', '02-30', '2026-12-24', '02-29'].map((day) => ({ day, hours: [] }));
    expect(faults({ days })).toEqual(['queue.days.0.day', 'queue.days.1.day', 'queue.days.2.day']);
    expect(faults({ hours: { monday: [{ from: '15:00', to: '10:00' }] } })).toEqual(['queue.hours.monday.0']);
    const overlap = [
      { from: '09:00', to: '12:00' },
      { from: '11:00', to: '15:00' },
    ];
    expect(faults({ hours: { monday: overlap } })).toEqual(['queue.hours.monday']);
  });

  it('of days that are left out are the defaults', () => {
    const saturday = [{ from: '10:00', to: '13:00' }];
    const { hours } = settings.parse({ queue: { hours: { saturday } } }).queue;
    expect(hours).toEqual({ ...defaultSettings.queue.hours, saturday });
    expect(hours.monday).toEqual([{ from: '10:00', to: '15:00' }]);
  });
});

describe("the theme's colour", () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
  ])('%s on %s has a contrast of %d', (one, other, ratio) => {
    expect(contrastRatio(one, other)).toBeCloseTo(ratio, 2);
    expect(contrastRatio(other, one)).toBeCloseTo(ratio, 2);
  });

  it('has to be readable on white', () => {
    expect(settings.safeParse({ theme: { primaryColour: '#777777' } }).success).toBe(false);
    expect(settings.safeParse({ theme: { primaryColour: '#767676' } }).success).toBe(true);
  });
});

describe('the rules of the verdict', () => {
  it('are the built-in ones where the operator has set none', () => {
    const minimumAge = { value: 14, source: 'a new law', checked: '2027-01-01' };
    const own = settings.parse({ chipCheck: { rules: { minimumAge } } });
    expect(rulesOf(own)).toEqual({ ...defaultRules, minimumAge });
  });

  it('are not taken without a source', () => {
    expect(settings.safeParse({ chipCheck: { rules: { minimumAge: { value: 14 } } } }).success).toBe(false);
  });
});

describe('settings that another program reads', () => {
  it('are those of the file, and nothing is written', async () => {
    await write('{"placeName":"Aarhus"}');
    expect((await readSettings(folder)).placeName).toBe('Aarhus');
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  it('are the defaults where the kiosk never started, and nothing is written', async () => {
    expect(await readSettings(join(folder, 'new'))).toEqual(defaultSettings);
    expect(await readdir(folder)).toEqual([]);
  });

  it('are those of the last good copy while the file is damaged', async () => {
    await write('{"placeName":"Aarhus"}');
    await SettingsFile.open(folder);
    await write('{"placeName":"Aar');
    expect((await readSettings(folder)).placeName).toBe('Aarhus');
  });
});

describe('the address for phones', () => {
  const publicAddress = (address: string) =>
    settings.safeParse({ lobby: { publicAddress: address } }).data?.lobby.publicAddress;

  it('is kept in ASCII, as a QR code on paper holds it', () => {
    expect(publicAddress('https://kø.kommune.dk/')).toBe('https://xn--k-5ga.kommune.dk');
    expect(publicAddress('https://KOE.example.dk:8443/kø/')).toBe('https://koe.example.dk:8443/k%C3%B8');
  });

  it.each([
    'https://koe.example.dk/?x=1',
    'https://koe.example.dk/#x',
    'https://me@koe.example.dk',
    'ftp://koe.example.dk',
    'koe',
  ])('is not "%s"', (address) => expect(publicAddress(address)).toBeUndefined());
});
