import type { ChipReaderState, KioskState, RigState } from './api/contract.js';
import { calibrationOf } from './authenticators/calibrated-rig.js';
import type { BenchDeviceState, ChipsState, PrinterState } from './devices/types.js';
import { rulesOf, type Settings } from './settings/schema.js';

/** What every screen shows, from what main knows. `isSoundRig`: whether a rig passed its last self-test, by its serial number. */
export function kioskStateOf(
  chips: ChipsState,
  printer: Pick<PrinterState, 'demo'>,
  bench: BenchDeviceState,
  settings: Settings,
  isSoundRig: (serialNumber: string) => boolean,
  today: string,
): KioskState {
  const rules = rulesOf(settings);
  return {
    chipReader: chipReaderStateOf(chips),
    demo: chips.demo,
    demoPrinter: printer.demo,
    rig: rigStateOf(bench, settings, isSoundRig),
    demoRig: bench.demo,
    queue: settings.queue.enabled,
    settings: {
      defaultLanguage: settings.language,
      idleSeconds: settings.idle.seconds,
      idleGraceSeconds: settings.idle.graceSeconds,
      primaryColour: settings.theme.primaryColour,
      placeName: settings.placeName,
      minimumAge: rules.minimumAge.value,
      ordinaryAge: rules.ordinaryAge.value,
    },
    today,
  };
}

function chipReaderStateOf({ host, service, readers, demo }: ChipsState): ChipReaderState {
  switch (host) {
    case 'starting':
      return { kind: 'starting' };
    case 'restarting':
      return { kind: 'restarting' };
    case 'running':
      break;
  }
  const documentPresent = readers.some(({ card }) => card !== 'absent');
  if (demo && readers.length > 0) return { kind: 'ready', documentPresent };
  switch (service) {
    case 'starting':
      return { kind: 'starting' };
    case 'absent':
      return { kind: 'service-absent' };
    case 'running':
      return readers.length > 0 ? { kind: 'ready', documentPresent } : { kind: 'no-reader' };
  }
}

function rigStateOf(
  bench: BenchDeviceState,
  { devices }: Settings,
  isSound: (serialNumber: string) => boolean,
): RigState {
  const { host, rig } = bench;
  if (host !== 'running') return { kind: 'starting' };
  switch (rig.kind) {
    case 'starting':
      return { kind: 'starting' };
    case 'ready':
      if (!isSound(rig.identity.serialNumber)) return { kind: 'trouble' };
      return { kind: 'ready', calibrated: calibrationOf(bench, devices.rig) !== undefined };
    case 'fault':
      return { kind: rig.fault === 'no-rig' ? 'none' : 'trouble' };
  }
}
