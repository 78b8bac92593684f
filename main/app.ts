import { randomUUID } from 'node:crypto';
import type { ChipSource } from '../drivers/protocol.js';
import type { KioskState, MethodName } from './api/contract.js';
import { Access } from './access/access.js';
import type { LobbyPages } from './api/http.js';
import { createRouter, done, refuse, type Router, type Screen } from './api/router.js';
import type { Screens } from './api/session.js';
import { ChipCheck, type ChipCheckListener } from './chip-check/chip-check.js';
import type { Clock } from './clock.js';
import { chipFaultFor, specimens } from './demo.js';
import { createChipsDevice, type ChipsDeviceOptions } from './devices/chips-device.js';
import { createBenchDevice, type BenchDeviceOptions } from './devices/bench-device.js';
import type { HostLauncher } from './devices/host-launcher.js';
import { createPrinterDevice, type PrinterDeviceOptions } from './devices/printer-device.js';
import type { BenchDevice, ChipsDevice, PrinterDevice } from './devices/types.js';
import { words } from './i18n/languages.js';
import { startKioskAuthenticators, type KioskAuthenticators } from './kiosk-authenticators.js';
import { startKioskQueue, withoutQueue, type KioskQueue } from './kiosk-queue.js';
import { kioskStateOf } from './kiosk-state.js';
import { GuideVoice } from './lobby/guide-voice.js';
import { Speech } from './lobby/speech.js';
import { Synthesizer } from './lobby/synthesizer.js';
import { openLog, type Log } from './log.js';
import { placeOfFault } from './program-fault.js';
import { createQueue } from './queue/create-queue.js';
import { localDayOf } from './queue/local-time.js';
import { rulesOf, type Settings } from './settings/schema.js';
import { SettingsFile, warningOf } from './settings/settings-file.js';

export interface AppOptions {
  readonly dataFolder: string;
  readonly version: string;
  readonly shell: 'electron' | 'chromium' | 'none';
  readonly launchHost: HostLauncher;
  /** The built `storage/sqlite-worker.ts`. */
  readonly storageWorker: string;
  readonly clock: Clock;
  /** In place of the setting, for this run. */
  readonly chipSource: ChipSource | undefined;
  /** Makes the passport readers; tests give some of their own. */
  readonly createChips?: (options: ChipsDeviceOptions) => ChipsDevice;
  /** The same for the ticket printer. */
  readonly createPrinter?: (options: PrinterDeviceOptions) => PrinterDevice;
  /** The same for the test rig and the sockets of FIDO keys. */
  readonly createBench?: (options: BenchDeviceOptions) => BenchDevice;
}

/** The kiosk without its window: the same in every shell. */
export interface App {
  readonly router: Router;
  /** Transports tell it of the screens that come and go. */
  readonly screens: Screens;
  readonly settings: Settings;
  /** What the operator should know about them at once. */
  readonly settingsWarning: string | undefined;
  /** At the very first start: the technician's PIN, told once. */
  readonly firstPin: string | undefined;
  /** What is kept of PINs cannot be read: nobody gets in. */
  readonly accessDamaged: boolean;
  /** What the lobby sees without logging in; none where there is no queue. */
  readonly lobby: LobbyPages | undefined;
  readonly log: Log;
  /** Calls back at each sign of life from the kiosk's own window; returns the way to stop that. */
  onHeartbeat(listener: () => void): () => void;
  /** Ends everything, the last made first. */
  stop(reason: string): Promise<void>;
}

const minuteMs = 60_000;
/** What a page asks by itself: nobody has done anything. */
const passive: ReadonlySet<string> = new Set<MethodName>([
  'kiosk.state',
  'kiosk.heartbeat',
  'board.state',
  'desk.state',
  // A desk that shows bookings follows them.
  'desk.appointments',
  'access.state',
  'access.resume',
  'queue.offer',
  'bench.state',
]);

/** How often the calendar is looked at for a new business day, ms. */
const dayCheckEveryMs = 30_000;

/** Makes the kiosk: settings, log, devices, chip check, access, queue, authenticators, API, in this order. */
export async function startApp(options: AppOptions): Promise<App> {
  const { dataFolder, version, shell, launchHost, clock } = options;
  const {
    createChips = createChipsDevice,
    createPrinter = createPrinterDevice,
    createBench = createBenchDevice,
  } = options;
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

  const printer = createPrinter({
    launch: launchHost,
    printer: { ...settings.devices.printer, demoAllowed: source !== 'pcsc' },
    log: (change) => log.write('device.host', { change }),
    clock,
  });

  const { connection, usbIds } = settings.devices.rig;
  const bench = createBench({
    launch: launchHost,
    bench: { rig: connection, rigUsbIds: usbIds, demoAllowed: source !== 'pcsc' },
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

  const synthesizer = new Synthesizer({ clock });
  const lobby: { queue?: KioskQueue; authenticators?: KioskAuthenticators } = {};
  const { access, firstPin, damaged } = await Access.open({
    folder: dataFolder,
    clock,
    deskSessionMs: settings.lobby.sessionMinutes * minuteMs,
    kioskSessionMs: settings.lobby.kioskSessionMinutes * minuteMs,
    log: {
      loggedIn: (role) => log.write('access.logged-in', { role }),
      refused: (role, why) => log.write('access.refused', { role, why }),
      loggedOut: (role, why) => log.write('access.logged-out', { role, why }),
      pinSet: (role) => log.write('access.pin-set', { role }),
    },
    onChange: (screen) => {
      screen.send('access.state', access.stateOf(screen));
      lobby.queue?.live.changed();
      lobby.authenticators?.rolesChanged();
    },
    onEnded: (session) => {
      void lobby.queue?.live.sessionEnded(session);
      lobby.authenticators?.sessionEnded(session);
    },
  });
  if (damaged) log.write('access.damaged', {});

  const queue = settings.queue.enabled
    ? await createQueue({
        settings,
        dataFolder,
        storageWorker: options.storageWorker,
        clock,
        onStorage: (store, fault) =>
          fault === undefined
            ? log.write('storage.back', { store })
            : log.write('storage.fault', { store, fault }),
      })
    : undefined;
  const kioskQueue =
    queue &&
    (await startKioskQueue({
      queue,
      printer,
      placeName: settings.placeName,
      sessionOf: (screen) => access.sessionOf(screen),
      clock,
      onRecovered: (papers) => log.write('queue.papers-recovered', { papers }),
    }));
  if (kioskQueue !== undefined) lobby.queue = kioskQueue;
  const speech =
    queue === undefined || !settings.lobby.speech
      ? undefined
      : new Speech({ words, calls: async () => (await queue.board()).calls, synthesizer });

  const screens = new Map<Screen, ChipCheckListener>();
  const heartbeats = new Set<() => void>();
  const state = (): KioskState =>
    kioskStateOf(
      chips.state,
      printer.state,
      bench.state,
      settingsFile.current,
      authenticators.isSoundRig,
      today(),
    );
  const authenticators = await startKioskAuthenticators({
    ...{ bench, chips, settingsFile, dataFolder, clock, log },
    voice: new GuideVoice({ words, synthesizer, clock }),
    sessionOf: (screen) => access.sessionOf(screen),
    holdSession: (session) => access.hold(session),
    onRigJudged: () => rigChanged(),
  });
  lobby.authenticators = authenticators;

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
      'demo.paper': async () => {
        const paper = await printer.demoPaper();
        return paper === undefined ? refuse('demo-only') : done(paper);
      },
      'demo.printer': async ({ fault }) => {
        const paper = await printer.setDemoFault(fault);
        return paper === undefined ? refuse('demo-only') : done(paper);
      },
      'access.state': (_input, screen) => done(access.stateOf(screen)),
      'access.login': async ({ role, pin }, screen) => done(await access.login(screen, role, pin)),
      'access.resume': ({ resume }, screen) => done(access.resume(screen, resume)),
      'access.logout': (_input, screen) => done(access.logout(screen)),
      'access.setPin': async ({ role, pin }, screen) => {
        const result = await access.setPin(screen, role, pin);
        return result.kind === 'not-allowed' ? refuse('not-allowed') : done(result);
      },
      ...authenticators.handlers,
      ...(kioskQueue?.handlers ?? withoutQueue()),
    },
    {
      handlerFailed: (method, error) => log.write('api.handler-failed', { method, ...placeOfFault(error) }),
    },
    (screen, method) => {
      if (!passive.has(method)) access.acted(screen);
      return !access.mustSetPin(screen) || method.startsWith('access.') || method.startsWith('kiosk.');
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
    if (!current.demo && current.readers.length > 0) {
      printer.forbidDemo();
      bench.forbidDemo();
    }
    if (!keeping && !current.demo && current.readers.length > 0) {
      keeping = true;
      settingsWritten = settingsFile.keepToRealReaders().then((fault) => {
        if (fault === undefined) log.write('settings.real-readers-kept', {});
        else log.write('settings.not-written', { code: fault });
      });
    }
  });
  const unsubscribePrinter = printer.subscribe(publish);
  let rig: string | undefined;
  const rigChanged = (): void => {
    publish();
    const { kind } = state().rig;
    if (kind !== rig) log.write('rig.changed', { state: kind, demo: bench.state.demo });
    rig = kind;
  };
  const unsubscribeBench = bench.subscribe(rigChanged);
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
      opened: (screen) => {
        screens.set(screen, {
          progress: (progress) => screen.send('chipCheck.progress', progress),
          verdict: (verdict) => screen.send('chipCheck.verdict', verdict),
        });
        authenticators.opened(screen);
        kioskQueue?.live.opened(screen);
      },
      closed: (screen) => {
        const listener = screens.get(screen);
        if (listener !== undefined) chipCheck.clear(listener);
        screens.delete(screen);
        authenticators.closed(screen);
        kioskQueue?.live.closed(screen);
        access.left(screen);
      },
      roleOf: (screen) => access.roleOf(screen),
    },
    settings,
    settingsWarning: warningOf(origin),
    firstPin,
    accessDamaged: damaged,
    lobby: queue && {
      followed: (token) => queue.followed(token),
      spoken: (language, label, counter) =>
        speech?.spoken(language, label, counter) ?? Promise.resolve(undefined),
    },
    log,
    onHeartbeat: (listener) => {
      heartbeats.add(listener);
      return () => heartbeats.delete(listener);
    },
    stop: (reason) =>
      (stopped ??= (async () => {
        cancelDayCheck();
        unsubscribe();
        unsubscribePrinter();
        unsubscribeBench();
        chipCheck.stop();
        authenticators.stop();
        access.stop();
        await Promise.all([chips.stop(), printer.stop(), bench.stop()]);
        await kioskQueue?.stop();
        await settingsWritten;
        log.write('app.stopped', { reason });
        await log.close();
      })()),
  };
}
