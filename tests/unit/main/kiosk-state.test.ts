import { describe, expect, it } from 'vitest';
import type { ChipReaderState } from '../../../main/api/contract.js';
import type { ChipsState } from '../../../main/devices/types.js';
import { kioskStateOf } from '../../../main/kiosk-state.js';
import { defaultSettings } from '../../../main/settings/schema.js';
import { demoReader, realReader } from './fake-chips.js';

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
    expect(kioskStateOf(chips, { demo: false }, defaultSettings, '2026-11-23').chipReader).toEqual(shown);
  });
});

describe('what a screen shows of the rules', () => {
  it("is the operator's own age where there is one", () => {
    const minimumAge = { value: 15, source: 'a new law', checked: '2026-11-23' };
    const own = { ...defaultSettings, chipCheck: { rules: { minimumAge } } };
    expect(kioskStateOf(realReader, { demo: false }, own, '2026-11-23').settings).toMatchObject({
      minimumAge: 15,
      ordinaryAge: 15,
    });
  });
});
