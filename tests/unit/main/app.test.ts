import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventName } from '../../../main/api/contract.js';
import type { Screen } from '../../../main/api/router.js';
import { startApp, type App } from '../../../main/app.js';
import { SettingsFile } from '../../../main/settings/settings-file.js';
import { ManualClock, settled } from '../manual-clock.js';
import { soundDisplay } from './authenticators/facts.js';
import { soundFacts } from './chip-check/facts.js';
import { buildStorageWorker } from '../storage-worker.js';
import { calibration, FakeBench, realRig } from './fake-bench.js';
import { demoReader, FakeChips, realReader } from './fake-chips.js';
import { FakePrinter } from './fake-printer.js';

const start = {
  document: 'passport',
  key: { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' },
};

let worker: Awaited<ReturnType<typeof buildStorageWorker>>;
let folder: string;
let clock: ManualClock;
let chips: FakeChips;
let bench: FakeBench;
let app: App;

beforeAll(async () => {
  worker = await buildStorageWorker();
});
afterAll(() => worker.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-app-'));
  // The queue has tests of its own.
  await writeFile(join(folder, 'settings.json'), JSON.stringify({ queue: { enabled: false } }));
  clock = new ManualClock();
  chips = new FakeChips();
  bench = new FakeBench();
  app = await startWith('auto');
});
afterEach(async () => {
  await app.stop('end of the test');
  await rm(folder, { recursive: true });
});

function startWith(chipSource: 'auto' | 'demo'): Promise<App> {
  return startApp({
    dataFolder: folder,
    version: '0.0.0',
    shell: 'none',
    launchHost: () => {
      throw new Error('these devices have no host');
    },
    storageWorker: worker.path,
    clock,
    chipSource: chipSource === 'auto' ? undefined : chipSource,
    createChips: () => chips,
    createPrinter: () => new FakePrinter(),
    createBench: () => bench,
  });
}

function openScreen(window = true): { screen: Screen; heard: [EventName, unknown][] } {
  const heard: [EventName, unknown][] = [];
  const screen: Screen = {
    baseRole: 'visitor',
    place: 'kiosk',
    role: 'visitor',
    window,
    send: (name, data) => heard.push([name, data]),
  };
  app.screens.opened(screen);
  return { screen, heard };
}

/** A screen at which a technician has logged in, and set a PIN. */
async function openTechnician(): Promise<ReturnType<typeof openScreen>> {
  const heard: [EventName, unknown][] = [];
  const screen: Screen = {
    baseRole: 'visitor',
    place: 'kiosk',
    get role() {
      return app.screens.roleOf(screen);
    },
    window: true,
    send: (name, data) => heard.push([name, data]),
  };
  app.screens.opened(screen);
  await app.router.call('access.login', { role: 'technician', pin: app.firstPin }, screen);
  await app.router.call('access.setPin', { role: 'technician', pin: '739184' }, screen);
  return { screen, heard };
}

describe('the kiosk', () => {
  it('tells each screen when the reader changes, once for each change', () => {
    const { heard } = openScreen();
    chips.become({ ...demoReader, host: 'restarting' });
    chips.become({ ...demoReader, host: 'restarting' });
    expect(heard).toMatchObject([['kiosk.state', { chipReader: { kind: 'restarting' } }]]);
  });

  it("tells each screen of a new day at the lobby's midnight, not at UTC's", async () => {
    const { heard } = openScreen();
    await clock.pass(22.9 * 3_600_000);
    expect(heard).toEqual([]);
    await clock.pass(0.2 * 3_600_000);
    expect(heard).toMatchObject([['kiosk.state', { today: '2026-11-24' }]]);
  });

  it('gives progress and verdict to the screen that asked, and to no other', async () => {
    const asking = openScreen();
    const other = openScreen();
    expect(await app.router.call('chipCheck.start', start, asking.screen)).toMatchObject({ ok: true });
    chips.checks[0]!.end({ kind: 'facts', facts: soundFacts });
    await settled();
    expect(asking.heard.map(([name]) => name)).toEqual(['chipCheck.verdict']);
    expect(other.heard).toEqual([]);
  });

  it('lets one screen check at a time', async () => {
    await app.router.call('chipCheck.start', start, openScreen().screen);
    expect(await app.router.call('chipCheck.start', start, openScreen().screen)).toEqual({
      ok: false,
      error: { kind: 'busy' },
    });
  });

  it('ends the check of a screen that goes away', async () => {
    const { screen } = openScreen();
    await app.router.call('chipCheck.start', start, screen);
    app.screens.closed(screen);
    expect(chips.checks[0]!.signal.aborted).toBe(true);
    expect(await app.router.call('chipCheck.start', start, openScreen().screen)).toMatchObject({ ok: true });
  });

  it('passes signs of life on to the shell', async () => {
    let beats = 0;
    const stopListening = app.onHeartbeat(() => beats++);
    await app.router.call('kiosk.heartbeat', {}, openScreen().screen);
    stopListening();
    await app.router.call('kiosk.heartbeat', {}, openScreen().screen);
    expect(beats).toBe(1);
  });

  it("takes no sign of life from a technician's browser for one of its own window", async () => {
    let beats = 0;
    app.onHeartbeat(() => beats++);
    expect(await app.router.call('kiosk.heartbeat', {}, openScreen(false).screen)).toMatchObject({
      ok: true,
    });
    expect(beats).toBe(0);
  });

  it('offers demo documents with demo devices', async () => {
    const { screen } = openScreen();
    expect(await app.router.call('demo.specimens', {}, screen)).toMatchObject({
      ok: true,
      value: [
        {
          document: 'passport-pace',
          kind: 'passport',
          key: { documentNumber: 'XP4271903', birthDate: '1984-03-17', expiryDate: '2034-09-30' },
        },
        {},
        {},
        { document: 'identity-card', kind: 'identity-card' },
        {},
        {},
        {},
      ],
    });
    await app.router.call('demo.place', { document: 'passport-bac', fault: 'torn' }, screen);
    expect(chips.placed).toEqual([
      { document: 'passport-bac', fault: { kind: 'torn', atCommand: expect.any(Number) as number } },
    ]);
  });

  it.each([
    ['demo.specimens', {}],
    ['demo.place', { document: 'passport-bac', fault: 'none' }],
    ['demo.remove', {}],
  ])('refuses %s with real readers', async (method, input) => {
    chips.become(realReader);
    expect(await app.router.call(method, input, openScreen().screen)).toEqual({
      ok: false,
      error: { kind: 'demo-only' },
    });
    expect(chips.placed).toEqual([]);
  });

  it('that has seen a real reader never shows demo devices again, not even after a restart', async () => {
    chips.become(realReader);
    await app.stop('restart');
    expect((await SettingsFile.open(folder)).current.devices.chips.source).toBe('pcsc');
  });

  it('started with demo devices for once keeps its setting', async () => {
    await app.stop('restart');
    app = await startWith('demo');
    chips.become(realReader);
    await app.stop('end');
    expect((await SettingsFile.open(folder)).current.devices.chips.source).toBe('auto');
  });

  it('stops with nothing left running, and its log on disk', async () => {
    await app.router.call('chipCheck.start', start, openScreen().screen);
    await app.stop('SIGTERM');
    expect(chips.stopped).toBe(true);
    expect(chips.checks[0]!.signal.aborted).toBe(true);
    chips.checks[0]!.end({ kind: 'host-lost' });
    await settled();
    expect(clock.pending).toBe(0);
    expect(await readFile(join(folder, 'logs/forhal.log'), 'utf8')).toContain('"reason":"SIGTERM"');
  });

  it('writes nothing of what was typed or found to the data folder', async () => {
    const { screen } = openScreen();
    await app.router.call('chipCheck.start', start, screen);
    chips.checks[0]!.end({ kind: 'facts', facts: soundFacts });
    await settled();
    await app.stop('end');
    const log = await readFile(join(folder, 'logs/forhal.log'), 'utf8');
    expect(log).toContain('chip-check.ended');
    for (const personal of ['XP4271903', '1984-03-17', '840317', '2034-09-30', '340930', 'UTO']) {
      expect(log).not.toContain(personal);
    }
  });

  const display = { device: 'code-display' };

  it("gives a device's verdict to the screen that asked, and ends its test when it goes away", async () => {
    const asking = openScreen();
    const other = openScreen();
    expect(await app.router.call('authenticator.start', display, asking.screen)).toMatchObject({ ok: true });
    await settled();
    expect(await app.router.call('authenticator.start', display, other.screen)).toEqual({
      ok: false,
      error: { kind: 'busy' },
    });
    bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
    await settled();
    expect(asking.heard).toMatchObject([
      ['authenticator.verdict', { verdict: { outcome: 'works', demo: true } }],
    ]);
    await app.router.call('authenticator.start', display, other.screen);
    await settled();
    app.screens.closed(other.screen);
    expect(bench.displays[1]!.hooks.signal.aborted).toBe(true);
  });

  it('changes demo devices with the demo bench, and refuses to with a real one', async () => {
    const { screen } = openScreen();
    const change = { rig: 'dead-segment', key: 'ctap2' };
    expect(await app.router.call('demo.authenticators', { change }, screen)).toEqual({
      ok: true,
      value: change,
    });
    expect(await app.router.call('demo.authenticators', {}, screen)).toEqual({ ok: true, value: change });
    await app.router.call('demo.placeKey', { key: 'u2f-only' }, screen);
    expect(chips.placedKeys).toEqual(['u2f-only']);
    bench.become(realRig);
    chips.become(realReader);
    for (const [method, input] of [
      ['demo.authenticators', { change }],
      ['demo.placeKey', { key: 'ctap2' }],
    ] as const) {
      expect(await app.router.call(method, input, screen)).toEqual({
        ok: false,
        error: { kind: 'demo-only' },
      });
    }
    expect(bench.demoForbidden).toBe(true);
  });

  it('keeps a calibration, and tells its screens that the rig is calibrated', async () => {
    bench.become(realRig);
    const visitor = openScreen();
    const { screen: technician } = await openTechnician();
    const result = app.router.call('bench.calibrate', {}, technician);
    await settled();
    bench.calibrations[0]!.end({ kind: 'calibrated', calibration, codes: 40 });
    expect(await result).toMatchObject({ ok: true, value: { kind: 'calibrated' } });
    expect(visitor.heard.at(-1)).toMatchObject(['kiosk.state', { rig: { kind: 'ready', calibrated: true } }]);
    expect((await SettingsFile.open(folder)).current.devices.rig.calibrations).toEqual([calibration]);
  });

  it("does not end the kiosk's own session while its calibration runs, but some minutes after it", async () => {
    bench.become(realRig);
    const { screen } = await openTechnician();
    const answer = app.router.call('bench.calibrate', {}, screen);
    await settled();
    await clock.pass(20 * 60_000);
    expect(bench.calibrations[0]!.hooks.signal.aborted).toBe(false);
    bench.calibrations[0]!.end({ kind: 'calibrated', calibration, codes: 40 });
    expect(await answer).toMatchObject({ ok: true, value: { kind: 'calibrated' } });
    await clock.pass(5 * 60_000 - 1);
    expect(screen.role).toBe('technician');
    await clock.pass(1);
    expect(screen.role).toBe('visitor');
  });

  it('ends what runs on the bench with the session that began it', async () => {
    const { screen } = await openTechnician();
    void app.router.call('bench.testDisplay', {}, screen);
    await settled();
    await app.router.call('access.logout', {}, screen);
    expect(bench.displays[0]!.hooks.signal.aborted).toBe(true);
  });

  it('gives visitors the questions after a self-test that failed, until one is passed', async () => {
    const technician = await openTechnician();
    const visitor = openScreen();
    const testItself = async (result: number): Promise<void> => {
      const answer = app.router.call('bench.selfTest', {}, technician.screen);
      await settled();
      bench.selfTests.at(-1)!.end({ kind: 'done', result, errors: [] });
      await answer;
    };

    await testItself(3);
    expect(visitor.heard.at(-1)).toMatchObject(['kiosk.state', { rig: { kind: 'trouble' } }]);
    await app.router.call('authenticator.start', display, visitor.screen);
    await settled();
    expect(visitor.heard.at(-1)).toMatchObject([
      'authenticator.verdict',
      { verdict: { outcome: 'could-not-tell', reasons: ['rig-trouble'] } },
    ]);
    expect(bench.displays).toEqual([]);
    // Staff may still look what it makes of a display.
    void app.router.call('bench.testDisplay', {}, technician.screen);
    await settled();
    bench.displays[0]!.end({ kind: 'host-lost' });
    await settled();

    await testItself(0);
    expect(visitor.heard.at(-1)).toMatchObject(['kiosk.state', { rig: { kind: 'ready', calibrated: true } }]);
    await app.router.call('authenticator.start', display, visitor.screen);
    await settled();
    expect(bench.displays).toHaveLength(2);
  });

  it("tells of the bench on staff's screens that show it, until nobody of staff is there", async () => {
    const heard: [EventName, unknown][] = [];
    const screen: { -readonly [Key in keyof Screen]: Screen[Key] } = {
      ...openScreen().screen,
      role: 'staff',
      send: (name, data) => void heard.push([name, data]),
    };
    app.screens.opened(screen);
    expect(await app.router.call('bench.state', {}, screen)).toMatchObject({
      ok: true,
      value: { demo: true },
    });
    bench.become({ ...bench.state, keys: 1 });
    const told = (): unknown[] => heard.filter(([name]) => name === 'bench.state');
    expect(told()).toMatchObject([['bench.state', { keys: 1 }]]);
    const { screen: visitor } = openScreen();
    await app.router.call('authenticator.start', { device: 'mitid-chip' }, visitor);
    expect(told().at(-1)).toMatchObject(['bench.state', { running: { kind: 'visitor' } }]);
    await app.router.call('authenticator.clear', {}, visitor);
    const before = told().length;
    app.screens.closed(screen);
    bench.become({ ...bench.state, keys: 2 });
    expect(told()).toHaveLength(before);
  });

  it('logs of a raw message its header, and of a test how it ended', async () => {
    const { screen: technician } = await openTechnician();
    const answer = app.router.call('bench.query', { message: 'DISP:DIG? 482913' }, technician);
    await settled();
    bench.queries[0]!.end({ kind: 'done', line: '731604', redacted: false, errors: [] });
    expect(await answer).toMatchObject({ ok: true });
    const { screen } = openScreen();
    await app.router.call('authenticator.start', display, screen);
    await settled();
    bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
    await settled();
    await app.stop('end');
    const log = await readFile(join(folder, 'logs/forhal.log'), 'utf8');
    expect(log).toContain('"header":"DISP:DIG?"');
    expect(log).toContain('"event":"authenticator.ended","device":"code-display","how":"tested"');
    for (const secret of ['482913', '731604', 'works']) expect(log).not.toContain(secret);
  });
});
