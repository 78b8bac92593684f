import { describe, expect, it } from 'vitest';
import type { EventData } from '../../../../main/api/contract.js';
import {
  type AuthenticatorListener,
  AuthenticatorTests,
} from '../../../../main/authenticators/authenticator-tests.js';
import { BenchUse } from '../../../../main/authenticators/bench-use.js';
import { CalibratedRig } from '../../../../main/authenticators/calibrated-rig.js';
import { defaultAuthenticatorRules } from '../../../../main/authenticators/rules.js';
import { ManualClock, settled } from '../../manual-clock.js';
import { calibration, demoRig, FakeBench, noRig, realRig } from '../fake-bench.js';
import { FakeChips } from '../fake-chips.js';
import { soundDisplay, soundKey } from './facts.js';

class Ear implements AuthenticatorListener {
  readonly steps: string[] = [];
  readonly verdicts: EventData<'authenticator.verdict'>[] = [];
  progress({ step }: EventData<'authenticator.progress'>): void {
    this.steps.push(step);
  }
  verdict(verdict: EventData<'authenticator.verdict'>): void {
    this.verdicts.push(verdict);
  }
}

function kiosk(state = realRig) {
  const clock = new ManualClock();
  const bench = new FakeBench(state);
  const chips = new FakeChips();
  const use = new BenchUse();
  const log: unknown[] = [];
  let ids = 0;
  const rig = new CalibratedRig({
    bench,
    settings: () => ({ digits: 6, calibrations: [calibration] }),
    clock,
  });
  const service = new AuthenticatorTests({
    ...{ bench, chips, rig, use, clock },
    rules: defaultAuthenticatorRules,
    newId: () => `test-${++ids}`,
    log: {
      started: (device) => log.push(['started', device]),
      ended: (...what) => log.push(what),
      cleared: () => log.push('cleared'),
    },
    onChange: () => undefined,
  });
  return { clock, bench, chips, use, log, service };
}

describe("a visitor's test of a code display", () => {
  it('is made by the calibration of this very rig, passes counts on and ends with a verdict', async () => {
    const { service, bench, clock, log } = kiosk();
    const ear = new Ear();
    expect(service.start('code-display', ear)).toEqual({ kind: 'started', id: 'test-1' });
    await settled();
    const [asked] = bench.displays;
    expect(asked!.request).toMatchObject({ id: 'test-1', calibration, digits: 6 });
    asked!.hooks.onProgress({ id: 'test-1', step: 'codes', codes: 4, fraction: 0.2 });
    asked!.end({ kind: 'tested', facts: soundDisplay });
    await settled();
    expect(ear.steps).toEqual(['codes']);
    expect(ear.verdicts).toMatchObject([{ id: 'test-1', verdict: { outcome: 'works', demo: false } }]);
    expect(log).toEqual([
      ['started', 'code-display'],
      ['code-display', 'tested', 0],
    ]);
    expect(clock.pending).toBe(0);
  });

  it("goes by the demo rig's own calibration, and says that it was simulated", async () => {
    const { service, bench } = kiosk(demoRig);
    const ear = new Ear();
    service.start('code-display', ear);
    await settled();
    expect(bench.displays[0]!.request.calibration).toBeNull();
    bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
    await settled();
    expect(ear.verdicts[0]?.verdict.demo).toBe(true);
  });

  it.each([
    [demoRig, true],
    [realRig, false],
  ])(
    'says whether it was simulated also when the rig came only after the start (%#)',
    async (state, demo) => {
      // What is known of a bench whose host is starting says nothing of the rig that comes.
      const { service, bench } = kiosk({
        ...state,
        demo: !demo,
        host: 'restarting',
        rig: { kind: 'starting' },
      });
      const ear = new Ear();
      service.start('code-display', ear);
      await settled();
      bench.become(state);
      await settled();
      bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
      await settled();
      expect(ear.verdicts[0]?.verdict.demo).toBe(demo);
    },
  );

  it.each([
    [noRig, 'rig-missing'],
    [{ ...realRig, rig: { kind: 'fault', fault: 'silent' } } as const, 'rig-trouble'],
    [
      {
        ...realRig,
        rig: {
          kind: 'ready',
          transport: 'hid',
          identity: { manufacturer: 'F', model: 'R', serialNumber: 'R-2', firmware: '1' },
        },
      } as const,
      'not-calibrated',
    ],
  ] as const)('is none without a rig that is calibrated (%#)', async (state, reason) => {
    const { service, bench } = kiosk(state);
    const ear = new Ear();
    service.start('code-display', ear);
    await settled();
    expect(bench.displays).toEqual([]);
    expect(ear.verdicts[0]?.verdict.reasons).toEqual([reason]);
  });

  it('waits for a rig whose host has just been replaced', async () => {
    const { service, bench, clock } = kiosk({ ...realRig, host: 'restarting', rig: { kind: 'starting' } });
    const ear = new Ear();
    service.start('code-display', ear);
    await clock.pass(1000);
    bench.become(realRig);
    await settled();
    expect(bench.displays).toHaveLength(1);
    service.clear(ear);
    expect(clock.pending).toBe(0);
  });

  it('that is finished ends with what is known by then', async () => {
    const { service, bench } = kiosk();
    const ear = new Ear();
    service.start('code-display', ear);
    await settled();
    service.finish(new Ear());
    expect(bench.displays[0]!.hooks.finish.aborted).toBe(false);
    service.finish(ear);
    expect(bench.displays[0]!.hooks.finish.aborted).toBe(true);
    expect(bench.displays[0]!.hooks.signal.aborted).toBe(false);
    bench.displays[0]!.end({ kind: 'tested', facts: { ...soundDisplay, segments: null, codes: 3 } });
    await settled();
    expect(ear.verdicts[0]?.verdict).toMatchObject({ outcome: 'could-not-tell', reasons: ['too-few-codes'] });
  });

  it('whose host dies is interrupted, and the next one starts', async () => {
    const { service, bench } = kiosk();
    const ear = new Ear();
    service.start('code-display', ear);
    await settled();
    bench.displays[0]!.end({ kind: 'host-lost' });
    await settled();
    expect(ear.verdicts[0]?.verdict.reasons).toEqual(['interrupted']);
    expect(service.start('code-display', new Ear()).kind).toBe('started');
    await settled();
    expect(bench.displays).toHaveLength(2);
  });

  it('cleared ends at once, says nothing more and leaves the bench free', async () => {
    const { service, bench, clock, log } = kiosk();
    const ear = new Ear();
    service.start('code-display', ear);
    await settled();
    service.clear(new Ear());
    expect(bench.displays[0]!.hooks.signal.aborted).toBe(false);
    service.clear(ear);
    expect(bench.displays[0]!.hooks.signal.aborted).toBe(true);
    expect(service.start('code-display', new Ear()).kind).toBe('started');
    bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
    await settled();
    expect(ear.verdicts).toEqual([]);
    expect(log).toContain('cleared');
    service.stop();
    await settled();
    expect(clock.pending).toBe(0);
  });

  it('is one at a time: neither beside another screen nor beside staff', () => {
    const { service, use } = kiosk();
    const ear = new Ear();
    service.start('code-display', ear);
    expect(service.start('mitid-chip', new Ear())).toEqual({ kind: 'busy' });
    service.clear(ear);
    const staff = {};
    use.take(staff);
    expect(service.start('code-display', ear)).toEqual({ kind: 'busy' });
    use.release(staff);
    expect(service.start('code-display', ear).kind).toBe('started');
  });

  it('started again by the same screen ends the first, of which nothing more is heard', async () => {
    const { service, bench } = kiosk();
    const ear = new Ear();
    service.start('code-display', ear);
    await settled();
    service.start('code-display', ear);
    await settled();
    expect(bench.displays[0]!.hooks.signal.aborted).toBe(true);
    bench.displays[0]!.hooks.onProgress({ id: 'test-1', step: 'codes', codes: 9, fraction: 0.9 });
    bench.displays[0]!.end({ kind: 'tested', facts: soundDisplay });
    bench.displays[1]!.end({ kind: 'tested', facts: soundDisplay });
    await settled();
    expect(ear.steps).toEqual([]);
    expect(ear.verdicts.map(({ id }) => id)).toEqual(['test-2']);
  });

  it('gets a verdict within its deadline even when the rig never answers', async () => {
    const { service, bench, clock } = kiosk();
    const ear = new Ear();
    service.start('code-display', ear);
    await clock.pass(45 * 60_000);
    expect(bench.displays[0]!.hooks.signal.aborted).toBe(true);
    expect(ear.verdicts[0]?.verdict.reasons).toEqual(['took-too-long']);
    expect(clock.pending).toBe(0);
  });

  it('gets a verdict even when the driver breaks its promise never to reject', async () => {
    const { service, bench } = kiosk();
    const ear = new Ear();
    service.start('code-display', ear);
    await settled();
    bench.displays[0]!.fail(new Error('a bug'));
    await settled();
    expect(ear.verdicts[0]?.verdict.reasons).toEqual(['interrupted']);
  });
});

describe("a visitor's test of a MitID chip", () => {
  const answers = (way: 'usb' | 'nfc') => ({ kind: 'answers', facts: { ...soundKey, way } }) as const;
  const stopped = (fault: 'no-key' | 'no-reader' | 'not-a-key' | 'key-silent' | 'cancelled') =>
    ({ kind: 'stopped', during: 'waiting', fault }) as const;
  const begin = () => {
    const all = kiosk();
    const ear = new Ear();
    all.service.start('mitid-chip', ear);
    const verdict = async () => {
      await settled();
      return ear.verdicts[0]?.verdict;
    };
    return { ...all, ear, usb: all.bench.keys[0]!, nfc: all.chips.keys[0]!, verdict };
  };

  it('awaits it both ways, and the first that answers ends the other', async () => {
    const { usb, nfc, verdict, ear, clock } = begin();
    nfc.hooks.onProgress({ id: 'test-1', step: 'greeting' });
    usb.hooks.onProgress({ id: 'test-1', step: 'waiting' });
    nfc.end(answers('nfc'));
    expect(await verdict()).toMatchObject({ outcome: 'works', way: 'nfc' });
    expect(usb.hooks.signal.aborted).toBe(true);
    usb.end(stopped('cancelled'));
    await settled();
    expect(ear.verdicts).toHaveLength(1);
    expect(ear.steps).toEqual(['connect']);
    expect(clock.pending).toBe(0);
  });

  it('goes on by USB where there is no reader', async () => {
    const { usb, nfc, verdict, clock } = begin();
    nfc.end(stopped('no-reader'));
    await clock.pass(30_000);
    expect(usb.hooks.signal.aborted).toBe(false);
    usb.end(answers('usb'));
    expect(await verdict()).toMatchObject({ outcome: 'works', way: 'usb' });
  });

  it('says that none came when none came either way', async () => {
    const { usb, nfc, verdict } = begin();
    nfc.end(stopped('no-reader'));
    usb.end(stopped('no-key'));
    expect(await verdict()).toMatchObject({ outcome: 'could-not-tell', reasons: ['key-missing'] });
  });

  it.each(['not-a-key', 'key-silent'] as const)(
    'still has time for the chip in USB when what lies on the reader is %s',
    async (fault) => {
      const { usb, nfc, verdict, clock } = begin();
      nfc.end(stopped(fault));
      await clock.pass(19_999);
      expect(usb.hooks.signal.aborted).toBe(false);
      usb.end(answers('usb'));
      expect(await verdict()).toMatchObject({ outcome: 'works', way: 'usb' });
      expect(clock.pending).toBe(0);
    },
  );

  it('says what lay on the reader where no chip comes in USB, and not after a minute only', async () => {
    const { usb, nfc, verdict, clock } = begin();
    nfc.end(stopped('not-a-key'));
    await clock.pass(20_000);
    expect(usb.hooks.signal.aborted).toBe(true);
    usb.end(stopped('cancelled'));
    expect(await verdict()).toMatchObject({ way: 'nfc', reasons: ['not-a-key'] });
  });

  it('does not wait a minute for another once the chip in USB is silent, but some seconds', async () => {
    const { usb, nfc, verdict, clock } = begin();
    usb.end(stopped('key-silent'));
    await clock.pass(4999);
    expect(nfc.hooks.signal.aborted).toBe(false);
    await clock.pass(1);
    expect(nfc.hooks.signal.aborted).toBe(true);
    nfc.end(stopped('cancelled'));
    expect(await verdict()).toMatchObject({ way: 'usb', reasons: ['chip-silent'] });
    expect(clock.pending).toBe(0);
  });

  it('lets a chip that is being asked over USB answer, whatever lies on the reader', async () => {
    const { usb, nfc, verdict, clock } = begin();
    usb.hooks.onProgress({ id: 'test-1', step: 'asking' });
    nfc.end(stopped('key-silent'));
    await clock.pass(10_000);
    expect(usb.hooks.signal.aborted).toBe(false);
    usb.end(answers('usb'));
    expect(await verdict()).toMatchObject({ outcome: 'works', way: 'usb' });
  });

  it('ends both ways when it is cleared, and when it is finished', async () => {
    const cleared = begin();
    cleared.service.clear(cleared.ear);
    expect([cleared.usb, cleared.nfc].map(({ hooks }) => hooks.signal.aborted)).toEqual([true, true]);
    const finished = begin();
    finished.service.finish(finished.ear);
    for (const way of [finished.usb, finished.nfc]) way.end(stopped('cancelled'));
    expect(await finished.verdict()).toMatchObject({ reasons: ['cancelled'] });
    expect(finished.clock.pending).toBe(0);
  });
});
