import { randomUUID } from 'node:crypto';
import type { BenchState, Role } from './api/contract.js';
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
  stop(): void;
}

const isStaff = (role: Role): boolean => role === 'staff' || role === 'technician';

/** Puts together what visitors, staff and technicians need to test code displays, code readers and MitID chips. */
export async function startKioskAuthenticators(
  options: KioskAuthenticatorsOptions,
): Promise<KioskAuthenticators> {
  const { bench, chips, settingsFile, dataFolder, voice, clock, log, onRigJudged } = options;
  const rules = authenticatorRulesOf(settingsFile.current);
  const settings = () => settingsFile.current.devices.rig;
  const history = await SelfTestHistory.open(dataFolder);
  const isSoundRig = (serialNumber: string): boolean => history.isSound(serialNumber);
  const use = new BenchUse();
  const listeners = new Map<Screen, AuthenticatorListener>();
  /** Staff's screens that show the bench. */
  const watching = new Set<Screen>();
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
  });

  let shown: string | undefined;
  const publish = (): void => {
    if (watching.size === 0) return;
    const state: BenchState = staffBench.state;
    const text = JSON.stringify(state);
    if (text === shown) return;
    shown = text;
    for (const screen of watching) screen.send('bench.state', state);
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
        watching.add(screen);
        // What was published before may be long out of date: nothing is while nobody watches.
        shown = undefined;
        return done(staffBench.state);
      },
      'bench.testDisplay': async (_input, screen) =>
        done(await staffBench.testDisplay(screen, (levels) => screen.send('bench.levels', levels))),
      'bench.finish': () => {
        staffBench.finish();
        return done({});
      },
      'bench.cancel': () => {
        staffBench.cancel();
        return done({});
      },
      'bench.checkKey': async ({ way }, screen) => done(await staffBench.checkKey(screen, way)),
      'bench.selfTest': async (_input, screen) => done(await staffBench.selfTest(screen)),
      'bench.calibrate': async (_input, screen) => done(await staffBench.calibrate(screen)),
      'bench.query': async ({ message }, screen) => done(await staffBench.query(screen, message)),
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
      staffBench.left(screen);
    },
    rolesChanged: () => {
      for (const screen of listeners.keys()) {
        if (isStaff(screen.role)) continue;
        watching.delete(screen);
        staffBench.left(screen);
      }
    },
    stop: () => {
      unsubscribe();
      watching.clear();
      tests.stop();
      staffBench.cancel();
    },
  };
}
