import { describe, expect, it } from 'vitest';
import { ChipSource, type DemoDevices } from '../../../../drivers/families/chips/source.js';
import type { ChipSource as SourceName } from '../../../../drivers/protocol.js';
import { absent, FakeReaders, noReaders, running } from './fake-readers.js';

function open(source: SourceName) {
  const pcsc = new FakeReaders();
  const demoReaders = new FakeReaders();
  demoReaders.become(running({ 'Demo reader': 'absent' }));
  const demo: DemoDevices = {
    readers: demoReaders,
    issuers: Promise.resolve(undefined),
    place: () => Promise.resolve(),
    placeKey: () => undefined,
    remove: () => undefined,
  };
  const opened: string[] = [];
  const chips = new ChipSource({
    source,
    openPcsc: () => {
      opened.push('pcsc');
      return pcsc;
    },
    openDemo: () => {
      opened.push('demo');
      return demo;
    },
    issuers: Promise.resolve(undefined),
  });
  return { pcsc, demoReaders, chips, opened };
}

describe('documents come', () => {
  it('from demo devices only, without a look at PC/SC, when demo is asked for', () => {
    const { chips, opened } = open('demo');
    expect(opened).toEqual(['demo']);
    expect(chips.state).toMatchObject({ demo: true, readers: [{ name: 'Demo reader' }] });
  });

  it('from PC/SC only, virtual readers included, when that is asked for', () => {
    const { pcsc, chips, opened } = open('pcsc');
    pcsc.become(absent);
    expect(chips.state).toEqual({ service: 'absent', demo: false, readers: [] });
    pcsc.become(running({ 'Virtual PCD 00 00': 'present' }));
    expect(chips.state).toMatchObject({ demo: false, readers: [{ name: 'Virtual PCD 00 00' }] });
    expect(opened).toEqual(['pcsc']);
  });

  it('from nowhere yet while PC/SC is still starting', () => {
    const { chips, opened } = open('auto');
    expect(chips.state).toEqual({ service: 'starting', demo: false, readers: [] });
    expect(opened).toEqual(['pcsc']);
  });

  it.each([
    ['has no service', absent],
    ['has no reader', noReaders],
    ['has virtual readers only', running({ 'Virtual PCD 00 00': 'absent', 'Virtual PCD 00 01': 'absent' })],
  ])('from demo devices when the computer %s', (_why, state) => {
    const { pcsc, chips } = open('auto');
    pcsc.become(state);
    expect(chips.state).toMatchObject({
      service: 'running',
      demo: true,
      readers: [{ name: 'Demo reader' }],
    });
    expect(chips.demo).toBeDefined();
  });

  it('from a real reader as soon as one is there, and never from demo devices again', () => {
    const { pcsc, chips } = open('auto');
    pcsc.become(noReaders);
    pcsc.become(running({ 'Virtual PCD 00 00': 'absent', 'ACME Reader 00': 'present' }));
    expect(chips.state).toEqual({
      service: 'running',
      demo: false,
      readers: [{ name: 'ACME Reader 00', card: 'present' }],
    });
    pcsc.become(noReaders);
    expect(chips.state).toEqual({ service: 'running', demo: false, readers: [] });
    expect(chips.demo).toBeUndefined();
  });
});

describe('a change', () => {
  it('is told once, and only when there is one', () => {
    const { pcsc, chips } = open('pcsc');
    let told = 0;
    chips.subscribe(() => told++);
    pcsc.become(running({ 'ACME Reader 00': 'absent' }));
    pcsc.become(running({ 'ACME Reader 00': 'absent' }));
    expect(told).toBe(1);
  });
});
