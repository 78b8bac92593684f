import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BenchState, EventData, EventName } from '../../../main/api/contract.js';
import type { Screen } from '../../../main/api/router.js';
import { startKioskAuthenticators } from '../../../main/kiosk-authenticators.js';
import { defaultSettings } from '../../../main/settings/schema.js';
import { ManualClock, settled } from '../manual-clock.js';
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
  readonly role: Screen['role'];
  constructor(role: Screen['role']) {
    this.role = role;
  }
  send<Name extends EventName>(name: Name, data: EventData<Name>): void {
    if (name === 'bench.state') this.benches.push(data as BenchState);
  }
}

async function open() {
  const service = await startKioskAuthenticators({
    bench: new FakeBench(),
    chips: new FakeChips(),
    settingsFile: { current: defaultSettings, keepCalibration: () => Promise.resolve(undefined) },
    dataFolder: folder,
    voice: { say: () => Promise.resolve(undefined) },
    clock: new ManualClock(),
    log: { write: () => undefined },
    onRigJudged: () => undefined,
  });
  const enter = (role: Screen['role']): FakeScreen => {
    const screen = new FakeScreen(role);
    service.opened(screen);
    return screen;
  };
  return { service, enter };
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
