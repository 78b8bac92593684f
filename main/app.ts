import { randomUUID } from 'node:crypto';
import type { ChipSource } from '../drivers/protocol.js';
import type { KioskState } from './api/contract.js';
import { createRouter, done, refuse, type Router, type Screen } from './api/router.js';
import type { Screens } from './api/session.js';
import { ChipCheck, type ChipCheckListener } from './chip-check/chip-check.js';
import type { Clock } from './clock.js';
import { chipFaultFor, specimens } from './demo.js';
import { createChipsDevice, type ChipsDeviceOptions } from './devices/chips-device.js';
import type { HostLauncher } from './devices/host-launcher.js';
import type { ChipsDevice } from './devices/types.js';
import { kioskStateOf } from './kiosk-state.js';
import { openLog, type Log } from './log.js';
import { placeOfFault } from './program-fault.js';
import { localDayOf } from './queue/local-time.js';
import { rulesOf, type Settings } from './settings/schema.js';
import { SettingsFile, warningOf } from './settings/settings-file.js';

export interface AppOptions {
  readonly dataFolder: string;
  readonly version: string;
  readonly shell: 'electron' | 'chromium' | 'none';
  readonly launchHost: HostLauncher;
  readonly clock: Clock;
  /** In place of the setting, for this run. */
  readonly chipSource: ChipSource | undefined;
  /** Makes the passport readers; tests give some of their own. */
  readonly createChips?: (options: ChipsDeviceOptions) => ChipsDevice;
}

/** The kiosk without its window: the same in every shell. */
export interface App {
  readonly router: Router;
  /** Transports tell it of the screens that come and go. */
  readonly screens: Screens;
  readonly settings: Settings;
  /** What the operator should know about them at once. */
  readonly settingsWarning: string | undefined;
  readonly log: Log;
  /** Calls back at each sign of life from the kiosk's own window; returns the way to stop that. */
  onHeartbeat(listener: () => void): () => void;
  /** Ends everything, the last made first. */
  stop(reason: string): Promise<void>;
}

/** How often the calendar is looked at for a new business day, ms. */
const dayCheckEveryMs = 30_000;

/** Makes the kiosk: settings, log, devices, chip check, API, in this order. */
export async function startApp(options: AppOptions): Promise<App> {
  const { dataFolder, version, shell, launchHost, clock, createChips = createChipsDevice } = options;
  const settingsFile = await SettingsFile.open(dataFolder);
  const settings = settingsFile.current;
  const log = openLog(dataFolder, settings.log.level, () => clock.now());
  log.write('app.started', { version, shell });
  const { origin, writeFault } = settingsFile;
  log.write('settings.read', { origin: origin.kind, where: 'where' in origin ? origin.where : [] });
  if (writeFault !== undefined) log.write('settings.not-written', { code: writeFault });

  const configured = settings.devices.chips;
  const source = options.chipSource ?? configured.source;
  const chips = createChips({
    launch: launchHost,
    chips: { source, ...(configured.issuers === undefined ? {} : { issuers: configured.issuers }) },
    log: (change) => log.write('device.host', { change }),
    clock,
  });

  const today = (): string => localDayOf(clock.date().getTime());
  const chipCheck = new ChipCheck({
    chips,
    rules: rulesOf(settings),
    today,
    newId: randomUUID,
    clock,
    log: {
      started: () => log.write('chip-check.started', {}),
      ended: (how, elapsedMs) => log.write('chip-check.ended', { how, elapsedMs }),
      cleared: () => log.write('chip-check.cleared', {}),
    },
  });

  const screens = new Map<Screen, ChipCheckListener>();
  const heartbeats = new Set<() => void>();
  const state = (): KioskState => kioskStateOf(chips.state, settings, today());

  const router = createRouter(
    {
      'kiosk.state': () => done(state()),
      'kiosk.heartbeat': (_input, screen) => {
        if (screen.window) for (const listener of heartbeats) listener();
        return done({});
      },
      'chipCheck.start': ({ document, key }, screen) => {
        const listener = screens.get(screen);
        const started = listener && chipCheck.start(document, key, listener);
        return started?.kind === 'started' ? done({ id: started.id }) : refuse(started?.kind ?? 'busy');
      },
      'chipCheck.clear': (_input, screen) => {
        const listener = screens.get(screen);
        if (listener !== undefined) chipCheck.clear(listener);
        return done({});
      },
      'demo.specimens': () => (chips.state.demo ? done(specimens()) : refuse('demo-only')),
      'demo.place': async ({ document, fault }) => {
        if (!chips.state.demo) return refuse('demo-only');
        const placed = await chips.placeDemoDocument({ document, fault: chipFaultFor(fault) });
        return placed ? done({}) : refuse('busy');
      },
      'demo.remove': async () => {
        if (!chips.state.demo) return refuse('demo-only');
        await chips.removeDemoDocument();
        return done({});
      },
    },
    {
      handlerFailed: (method, error) => log.write('api.handler-failed', { method, ...placeOfFault(error) }),
    },
  );

  let shown = JSON.stringify(state());
  const publish = (): void => {
    const current = state();
    const text = JSON.stringify(current);
    if (text === shown) return;
    shown = text;
    for (const screen of screens.keys()) screen.send('kiosk.state', current);
  };
  let keeping = source !== 'auto' || configured.source !== 'auto';
  let reader: string | undefined;
  let settingsWritten = Promise.resolve();
  const unsubscribe = chips.subscribe((current) => {
    publish();
    const { kind } = state().chipReader;
    if (kind !== reader) log.write('chip-reader.changed', { state: kind, demo: current.demo });
    reader = kind;
    if (!keeping && !current.demo && current.readers.length > 0) {
      keeping = true;
      settingsWritten = settingsFile.keepToRealReaders().then((fault) => {
        if (fault === undefined) log.write('settings.real-readers-kept', {});
        else log.write('settings.not-written', { code: fault });
      });
    }
  });
  let cancelDayCheck = (): void => undefined;
  const watchDay = (): void => {
    publish();
    cancelDayCheck = clock.after(dayCheckEveryMs, watchDay);
  };
  watchDay();

  let stopped: Promise<void> | undefined;
  return {
    router,
    screens: {
      opened: (screen) =>
        screens.set(screen, {
          progress: (progress) => screen.send('chipCheck.progress', progress),
          verdict: (verdict) => screen.send('chipCheck.verdict', verdict),
        }),
      closed: (screen) => {
        const listener = screens.get(screen);
        if (listener !== undefined) chipCheck.clear(listener);
        screens.delete(screen);
      },
    },
    settings,
    settingsWarning: warningOf(origin),
    log,
    onHeartbeat: (listener) => {
      heartbeats.add(listener);
      return () => heartbeats.delete(listener);
    },
    stop: (reason) =>
      (stopped ??= (async () => {
        cancelDayCheck();
        unsubscribe();
        chipCheck.stop();
        await chips.stop();
        await settingsWritten;
        log.write('app.stopped', { reason });
        await log.close();
      })()),
  };
}
