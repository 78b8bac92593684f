import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BenchState, EventData, EventName } from '../../../main/api/contract.js';
import type { Screen } from '../../../main/api/router.js';
import { startKioskAuthenticators } from '../../../main/kiosk-authenticators.js';
import { defaultSettings } from '../../../main/settings/schema.js';
import { ManualClock, settled } from '../manual-clock.js';
import { soundDisplay } from './authenticators/facts.js';
import { FakeBench } from './fake-bench.js';
import { FakeChips } from './fake-chips.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'forhal-kiosk-'));
});
afterEach(() => rm(folder, { recursive: true }));

class FakeScreen implements Screen {
  readonly baseRole = 'visitor';
  readonly place = 'here';
  readonly window = false;
  readonly benches: BenchState[] = [];
  readonly levels: unknown[] = [];
  readonly role: Screen['role'];
  readonly session: string;
  constructor(role: Screen['role'], session: string) {
    this.role = role;
    this.session = session;
  }
  send<Name extends EventName>(name: Name, data: EventData<Name>): void {
    if (name === 'bench.state') this.benches.push(data as BenchState);
    if (name === 'bench.levels') this.levels.push(data);
  }
}

async function open() {
  const bench = new FakeBench();
  const service = await startKioskAuthenticators({
    bench,
    chips: new FakeChips(),
    settingsFile: { current: defaultSettings, keepCalibration: () => Promise.resolve(undefined) },
    dataFolder: folder,
    voice: { say: () => Promise.resolve(undefined) },
    clock: new ManualClock(),
    log: { write: () => undefined },
    sessionOf: (screen) => (screen instanceof FakeScreen ? screen.session : undefined),
    holdSession: () => () => undefined,
    onRigJudged: () => undefined,
  });
  const enter = (role: Screen['role'], session: string = role): FakeScreen => {
    const screen = new FakeScreen(role, session);
    service.opened(screen);
    return screen;
  };
  return { bench, service, enter };
}

describe("staff's view of the bench", () => {
  it("tells that a visitor's test has ended, also to a screen that came while it ran", async () => {
    const { service, enter } = await open();
    const visitor = enter('visitor');
    const first = enter('staff');
    await service.handlers['bench.state']({}, first);
    await service.handlers['authenticator.start']({ device: 'code-display' }, visitor);
    await service.handlers['authenticator.clear']({}, visitor);
    expect(first.benches.map(({ running }) => running?.kind)).toEqual(['visitor', undefined]);
    service.closed(first);

    await service.handlers['authenticator.start']({ device: 'code-display' }, visitor);
    const second = enter('staff');
    await service.handlers['bench.state']({}, second);
    await service.handlers['authenticator.clear']({}, visitor);
    expect(second.benches.map(({ running }) => running?.kind)).toEqual([undefined]);
    service.stop();
    await settled();
  });
});

describe('what staff have running on the bench', () => {
  const notAllowed = { ok: false, error: { kind: 'not-allowed' } };

  async function testing() {
    const all = await open();
    const { service, bench, enter } = all;
    const desk = enter('staff', 'desk');
    await service.handlers['bench.state']({}, desk);
    void service.handlers['bench.testDisplay']({}, desk);
    await settled();
    return { ...all, desk, asked: bench.displays[0]! };
  }

  it('is not ended from the screen of another, but for a technician', async () => {
    const { service, enter, desk, asked } = await testing();
    const colleague = enter('staff', 'colleague');
    expect(service.handlers['bench.finish']({}, colleague)).toEqual(notAllowed);
    expect(service.handlers['bench.cancel']({}, colleague)).toEqual(notAllowed);
    const technician = enter('technician');
    expect(service.handlers['bench.finish']({}, technician)).toEqual(notAllowed);
    expect([asked.hooks.finish.aborted, asked.hooks.signal.aborted]).toEqual([false, false]);
    expect(service.handlers['bench.finish']({}, desk)).toMatchObject({ ok: true });
    expect(asked.hooks.finish.aborted).toBe(true);
    expect(service.handlers['bench.cancel']({}, technician)).toMatchObject({ ok: true });
    expect(asked.hooks.signal.aborted).toBe(true);
    service.stop();
  });

  it('outlives a lost connection, and goes on at the screen that takes its session up again', async () => {
    const { service, enter, desk, asked } = await testing();
    const technician = enter('technician');
    await service.handlers['bench.state']({}, technician);
    service.closed(desk);
    expect(asked.hooks.signal.aborted).toBe(false);
    const back = enter('staff', 'desk');
    expect(await service.handlers['bench.state']({}, back)).toMatchObject({
      value: { running: { kind: 'display', own: true } },
    });
    const again = service.handlers['bench.testDisplay']({ again: true }, back);
    asked.hooks.onLevels({ id: asked.request.id, codes: 5, digits: [] });
    expect([back.levels, desk.levels, technician.levels].map(({ length }) => length)).toEqual([1, 0, 0]);
    expect(technician.benches).toEqual([]);
    asked.end({ kind: 'tested', facts: soundDisplay });
    expect(await again).toMatchObject({ ok: true, value: { kind: 'tested' } });
    service.stop();
  });

  it('ends with its session', async () => {
    const { service, asked } = await testing();
    service.sessionEnded('colleague');
    expect(asked.hooks.signal.aborted).toBe(false);
    service.sessionEnded('desk');
    expect(asked.hooks.signal.aborted).toBe(true);
    service.stop();
  });
});
