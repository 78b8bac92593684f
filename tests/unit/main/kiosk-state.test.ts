import { describe, expect, it } from 'vitest';
import type { ChipReaderState, RigState } from '../../../main/api/contract.js';
import type { BenchDeviceState, ChipsState } from '../../../main/devices/types.js';
import { kioskStateOf } from '../../../main/kiosk-state.js';
import { defaultSettings } from '../../../main/settings/schema.js';
import { calibration, demoRig, noRig, realRig } from './fake-bench.js';
import { demoReader, realReader } from './fake-chips.js';

const sound = (): boolean => true;

describe('what a screen shows of the passport reader', () => {
  const present = { name: 'Reader 00 00', card: 'present' } as const;
  const cases: readonly [says: string, chips: ChipsState, shown: ChipReaderState][] = [
    ['starting, at first', { ...realReader, host: 'starting' }, { kind: 'starting' }],
    [
      'starting, until the card service is known',
      { ...realReader, service: 'starting' },
      { kind: 'starting' },
    ],
    [
      'that it is restarting, whatever was known before',
      { ...realReader, host: 'restarting' },
      { kind: 'restarting' },
    ],
    [
      'that the card service does not run',
      { ...realReader, service: 'absent', readers: [] },
      { kind: 'service-absent' },
    ],
    ['that there is no reader', { ...realReader, readers: [] }, { kind: 'no-reader' }],
    ['ready, without a document', realReader, { kind: 'ready', documentPresent: false }],
    [
      'ready, with a document on one of two readers',
      { ...realReader, readers: [...realReader.readers, present] },
      { kind: 'ready', documentPresent: true },
    ],
    [
      'that something lies there even if it is silent',
      { ...realReader, readers: [{ ...present, card: 'silent' }] },
      { kind: 'ready', documentPresent: true },
    ],
    [
      'demo devices as ready without any card service',
      { ...demoReader, service: 'absent' },
      { kind: 'ready', documentPresent: false },
    ],
  ];
  it.each(cases)('%s', (_says, chips, shown) => {
    expect(
      kioskStateOf(chips, { demo: false }, noRig, defaultSettings, sound, '2026-11-23').chipReader,
    ).toEqual(shown);
  });
});

describe('what a screen shows of the rules', () => {
  it("is the operator's own age where there is one", () => {
    const minimumAge = { value: 15, source: 'a new law', checked: '2026-11-23' };
    const own = { ...defaultSettings, chipCheck: { rules: { minimumAge } } };
    expect(kioskStateOf(realReader, { demo: false }, noRig, own, sound, '2026-11-23').settings).toMatchObject(
      {
        minimumAge: 15,
        ordinaryAge: 15,
      },
    );
  });
});

describe('what a screen shows of the test rig', () => {
  const { devices } = defaultSettings;
  const calibrated = {
    ...defaultSettings,
    devices: { ...devices, rig: { ...devices.rig, calibrations: [calibration] } },
  };
  const cases: readonly [
    says: string,
    bench: BenchDeviceState,
    settings: typeof calibrated,
    shown: RigState,
  ][] = [
    ['that there is none', noRig, calibrated, { kind: 'none' }],
    ['starting, at first', { ...realRig, rig: { kind: 'starting' } }, calibrated, { kind: 'starting' }],
    [
      'starting, while its host is replaced',
      { ...realRig, host: 'restarting' },
      calibrated,
      { kind: 'starting' },
    ],
    ['ready, by its calibration', realRig, calibrated, { kind: 'ready', calibrated: true }],
    ['that it is not calibrated', realRig, defaultSettings, { kind: 'ready', calibrated: false }],
    ['the demo rig as calibrated by itself', demoRig, defaultSettings, { kind: 'ready', calibrated: true }],
    ...(['not-connected', 'silent', 'not-a-rig'] as const).map(
      (fault): [string, BenchDeviceState, typeof calibrated, RigState] => [
        `trouble where it is ${fault}`,
        { ...realRig, rig: { kind: 'fault', fault } },
        calibrated,
        { kind: 'trouble' },
      ],
    ),
  ];
  it.each(cases)('%s', (_says, bench, settings, shown) => {
    expect(kioskStateOf(realReader, { demo: false }, bench, settings, sound, '2026-11-23').rig).toEqual(
      shown,
    );
  });

  it('trouble where it has failed its last self-test', () => {
    const isSound = (serialNumber: string): boolean => serialNumber !== 'R-1';
    const shown = (bench: BenchDeviceState): RigState =>
      kioskStateOf(realReader, { demo: false }, bench, calibrated, isSound, '2026-11-23').rig;
    expect(shown(realRig)).toEqual({ kind: 'trouble' });
    expect(shown(demoRig)).toEqual({ kind: 'ready', calibrated: true });
  });

  it('takes no calibration of another rig, or of another number of digits, for its own', () => {
    for (const other of [
      { ...calibration, rig: 'R-2' },
      { ...calibration, digits: calibration.digits.slice(1) },
    ]) {
      const settings = {
        ...defaultSettings,
        devices: { ...devices, rig: { ...devices.rig, calibrations: [other] } },
      };
      expect(kioskStateOf(realReader, { demo: false }, realRig, settings, sound, '2026-11-23').rig).toEqual({
        kind: 'ready',
        calibrated: false,
      });
    }
  });

  it('says that the rig is simulated', () => {
    expect(
      kioskStateOf(realReader, { demo: false }, demoRig, defaultSettings, sound, '2026-11-23'),
    ).toMatchObject({
      demo: false,
      demoRig: true,
    });
  });
});
