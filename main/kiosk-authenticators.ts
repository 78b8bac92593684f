import { randomUUID } from 'node:crypto';
import type { BenchLevels, Role } from './api/contract.js';
import { done, type Handlers, refuse, type Screen } from './api/router.js';
import { type AuthenticatorListener, AuthenticatorTests } from './authenticators/authenticator-tests.js';
import { BenchUse } from './authenticators/bench-use.js';
import { CalibratedRig } from './authenticators/calibrated-rig.js';
import { SelfTestHistory } from './authenticators/self-test-history.js';
import { StaffBench } from './authenticators/staff-bench.js';
import { judgeAnswers } from './authenticators/verdict.js';
import type { Clock } from './clock.js';
import type { BenchDevice, ChipsDevice } from './devices/types.js';
import type { GuideVoice } from './lobby/guide-voice.js';
import type { Log } from './log.js';
import { authenticatorRulesOf } from './settings/schema.js';
import type { SettingsFile } from './settings/settings-file.js';

export interface KioskAuthenticatorsOptions {
  readonly bench: BenchDevice;
  readonly chips: ChipsDevice;
  readonly settingsFile: Pick<SettingsFile, 'current' | 'keepCalibration'>;
  readonly dataFolder: string;
  readonly voice: Pick<GuideVoice, 'say'>;
  /** Name of the session of whoever is logged in at this screen; the same after a lost connection. */
  readonly sessionOf: (screen: Screen) => string | undefined;
  /** Something runs in this session, until what is returned is called. */
  readonly holdSession: (session: string) => () => void;
  readonly clock: Clock;
  readonly log: Pick<Log, 'write'>;
  /** A rig was calibrated, or has tested itself. */
  readonly onRigJudged: () => void;
}

type AuthenticatorMethod = Extract<
  keyof Handlers,
  `authenticator.${string}` | `bench.${string}` | 'voice.say' | 'demo.authenticators' | 'demo.placeKey'
>;

/** The tests of devices with their screens. */
export interface KioskAuthenticators {
  readonly handlers: Pick<Handlers, AuthenticatorMethod>;
  /** Whether the rig of this serial number passed its last self-test, if it had one. */
  readonly isSoundRig: (serialNumber: string) => boolean;
  opened(screen: Screen): void;
  closed(screen: Screen): void;
  /** Somebody logged in or out at a screen. */
  rolesChanged(): void;
  /** A session of staff is over, however it ended. */
  sessionEnded(session: string): void;
  stop(): void;
}

const isStaff = (role: Role): boolean => role === 'staff' || role === 'technician';

/** Puts together what visitors, staff and technicians need to test code displays, code readers and MitID chips. */
export async function startKioskAuthenticators(
  options: KioskAuthenticatorsOptions,
): Promise<KioskAuthenticators> {
  const { bench, chips, settingsFile, dataFolder, voice, clock, log, onRigJudged } = options;
  const { sessionOf, holdSession } = options;
  const rules = authenticatorRulesOf(settingsFile.current);
  const settings = () => settingsFile.current.devices.rig;
  const history = await SelfTestHistory.open(dataFolder);
  const isSoundRig = (serialNumber: string): boolean => history.isSound(serialNumber);
  const use = new BenchUse();
  const listeners = new Map<Screen, AuthenticatorListener>();
  /** Staff's screens that show the bench, with what each was told last. */
  const watching = new Map<Screen, string>();
  const shared = { bench, chips, use, rules, newId: randomUUID, clock, onChange: () => publish() };
  const tests = new AuthenticatorTests({
    ...shared,
    rig: new CalibratedRig({ bench, settings, isSound: isSoundRig, clock }),
    log: {
      started: (device) => log.write('authenticator.started', { device }),
      ended: (device, how, elapsedMs) => log.write('authenticator.ended', { device, how, elapsedMs }),
      cleared: () => log.write('authenticator.cleared', {}),
    },
  });
  const staffBench = new StaffBench({
    ...shared,
    // Staff see for themselves what a rig that is not sound makes of a display.
    rig: new CalibratedRig({ bench, settings, clock }),
    visitors: tests,
    settings,
    keepCalibration: async (calibration) => {
      const fault = await settingsFile.keepCalibration(calibration);
      if (fault !== undefined) log.write('settings.not-written', { code: fault });
      onRigJudged();
      return fault;
    },
    selfTests: () => history.selfTests,
    keepSelfTest: async (test) => {
      const kept = history.add(test);
      onRigJudged();
      await kept;
    },
    log: {
      started: (work) => log.write('bench.started', { work }),
      ended: (work, how) => log.write('bench.ended', { work, how }),
      queried: (header) => log.write('bench.queried', { header }),
    },
    hold: holdSession,
  });

  const publish = (): void => {
    for (const [screen, told] of watching) {
      const state = staffBench.stateFor(sessionOf(screen));
      const text = JSON.stringify(state);
      if (text === told) continue;
      watching.set(screen, text);
      screen.send('bench.state', state);
    }
  };
  /** What a session has running is the session's own: none of it is done for nobody. */
  const inSession = async <Value>(
    screen: Screen,
    act: (session: string) => Promise<Value>,
  ): Promise<ReturnType<typeof done<Value>> | ReturnType<typeof refuse>> => {
    const session = sessionOf(screen);
    return session === undefined ? refuse('not-allowed') : done(await act(session));
  };
  const tellLevels =
    (session: string) =>
    (levels: BenchLevels): void => {
      for (const screen of watching.keys()) {
        if (sessionOf(screen) === session) screen.send('bench.levels', levels);
      }
    };
  const unsubscribe = bench.subscribe(publish);

  return {
    handlers: {
      'authenticator.start': ({ device }, screen) => {
        const listener = listeners.get(screen);
        const started = listener && tests.start(device, listener);
        return started?.kind === 'started' ? done({ id: started.id }) : refuse('busy');
      },
      'authenticator.finish': (_input, screen) => {
        const listener = listeners.get(screen);
        if (listener !== undefined) tests.finish(listener);
        return done({});
      },
      'authenticator.clear': (_input, screen) => {
        const listener = listeners.get(screen);
        if (listener !== undefined) tests.clear(listener);
        return done({});
      },
      'authenticator.guided': (input) => done(judgeAnswers(input, { rules })),
      'voice.say': async ({ language, text }) => {
        const sound = await voice.say(language, text);
        return done(sound === undefined ? {} : { wav: sound.toString('base64') });
      },

      'demo.authenticators': async ({ change }) => {
        const demo = bench.state.demo ? await bench.demo(change ?? null) : undefined;
        return demo === undefined ? refuse('demo-only') : done(demo);
      },
      'demo.placeKey': async ({ key }) => {
        if (!chips.state.demo) return refuse('demo-only');
        return (await chips.placeDemoKey(key)) ? done({}) : refuse('busy');
      },

      'bench.state': (_input, screen) => {
        const state = staffBench.stateFor(sessionOf(screen));
        watching.set(screen, JSON.stringify(state));
        return done(state);
      },
      'bench.testDisplay': ({ again }, screen) =>
        inSession(screen, (session) =>
          again === true
            ? staffBench.testDisplayAgain(session)
            : staffBench.testDisplay(session, tellLevels(session)),
        ),
      'bench.finish': (_input, screen) => {
        const session = sessionOf(screen);
        return session !== undefined && staffBench.finish(session) ? done({}) : refuse('not-allowed');
      },
      'bench.cancel': (_input, screen) => {
        const session = sessionOf(screen);
        const may = session !== undefined && staffBench.cancel(session, screen.role === 'technician');
        return may ? done({}) : refuse('not-allowed');
      },
      'bench.checkKey': ({ way }, screen) =>
        inSession(screen, (session) => staffBench.checkKey(session, way)),
      'bench.selfTest': (_input, screen) => inSession(screen, (session) => staffBench.selfTest(session)),
      'bench.calibrate': ({ again }, screen) =>
        inSession(screen, (session) =>
          again === true ? staffBench.calibrateAgain(session) : staffBench.calibrate(session),
        ),
      'bench.query': ({ message }, screen) =>
        inSession(screen, (session) => staffBench.query(session, message)),
    },
    isSoundRig,
    opened: (screen) => {
      listeners.set(screen, {
        progress: (progress) => screen.send('authenticator.progress', progress),
        verdict: (verdict) => screen.send('authenticator.verdict', verdict),
      });
    },
    closed: (screen) => {
      const listener = listeners.get(screen);
      if (listener !== undefined) tests.clear(listener);
      listeners.delete(screen);
      watching.delete(screen);
    },
    rolesChanged: () => {
      for (const screen of [...watching.keys()]) if (!isStaff(screen.role)) watching.delete(screen);
    },
    sessionEnded: (session) => staffBench.sessionEnded(session),
    stop: () => {
      unsubscribe();
      watching.clear();
      tests.stop();
      staffBench.stop();
    },
  };
}
