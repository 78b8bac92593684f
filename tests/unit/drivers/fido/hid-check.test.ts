import { describe, expect, it } from 'vitest';
import { checkHidKey } from '../../../../drivers/fido/hid-check.js';
import type { HidLine } from '../../../../drivers/fido/index.js';
import { openDemoKey } from '../../../../drivers/simulated/fido-key/demo-line.js';
import { HidKey } from '../../../../drivers/simulated/fido-key/hid-key.js';
import type { DemoKey } from '../../../../drivers/simulated/fido-key/types.js';
import { ManualClock } from '../../manual-clock.js';
import { greets, ScriptedLine } from './scripted-line.js';

async function run(makeLine: (clock: ManualClock) => HidLine, abortAtMs?: number) {
  const clock = new ManualClock();
  const abort = new AbortController();
  const steps: string[] = [];
  const end = checkHidKey(makeLine(clock), {
    clock,
    signal: abort.signal,
    onStep: (step) => steps.push(step),
  });
  if (abortAtMs !== undefined) {
    await clock.pass(abortAtMs);
    abort.abort();
  }
  await clock.pass(60_000);
  return { outcome: await end, steps, pending: clock.pending };
}

function scripted(answer: (line: ScriptedLine, report: Uint8Array) => void): ScriptedLine {
  const line = new ScriptedLine();
  line.answer = (report) => answer(line, report);
  return line;
}

/** A key that hears only the reports that `hears` lets through; continuation packets go with none. */
function through(line: HidLine, hears: (report: Uint8Array) => boolean): HidLine {
  return {
    write: (report) => (hears(report) ? line.write(report) : Promise.resolve(true)),
    onReport: (callback) => line.onReport(callback),
    onClose: (callback) => line.onClose(callback),
    close: () => line.close(),
  };
}

/** A line on which the echo comes so late, by itself or with all that follows it waiting behind it. */
function lateEcho(
  line: HidLine,
  clock: ManualClock,
  { ms, waits, sends = same }: { ms: number; waits: boolean; sends?: typeof same },
): HidLine {
  let isEcho = false;
  let free = 0;
  return {
    write: (report) => line.write(report),
    onReport: (callback) =>
      line.onReport((report) => {
        if (report[4]! >= 0x80) isEcho = report[4] === 0x81;
        const at = Math.max(isEcho ? clock.now() + ms : clock.now(), waits ? free : 0);
        free = Math.max(free, at);
        if (at === clock.now()) callback(sends(report));
        else clock.after(at - clock.now(), () => callback(sends(report)));
      }),
    onClose: (callback) => line.onClose(callback),
    close: () => line.close(),
  };
}

const same = (report: Uint8Array): Uint8Array => report;

const demo = (kind: DemoKey) => (clock: ManualClock) => openDemoKey(kind, clock)!;

describe('a key in a USB socket', () => {
  it('says what it is, and blinks', async () => {
    const { outcome, steps, pending } = await run(demo('ctap2'));
    expect(outcome).toEqual({
      kind: 'answers',
      facts: {
        way: 'usb',
        versions: ['U2F_V2', 'FIDO_2_0', 'FIDO_2_1'],
        ctap2: true,
        u2f: true,
        hid: { protocolVersion: 2, deviceVersion: [1, 2, 3], wink: true, cbor: true, message: true },
        ping: true,
        winked: true,
        aaguid: 'f0a1c0de00000000f0a1000000000001',
        transports: ['nfc', 'usb'],
        firmwareVersion: 0x010203,
        maxMessageSize: 1200,
        elapsedMs: 40,
      },
    });
    expect(steps).toEqual(['greeting', 'asking']);
    expect(pending).toBe(0);
  });

  it('is known as an old one that speaks U2F alone', async () => {
    expect((await run(demo('u2f-only'))).outcome).toMatchObject({
      kind: 'answers',
      facts: { ctap2: false, u2f: true, versions: ['U2F_V2'], aaguid: null, hid: { cbor: false } },
    });
  });

  it.each([
    ['silent', 'greeting', 'key-silent'],
    ['torn', 'asking', 'key-removed'],
    ['protocol-error', 'asking', 'protocol-error'],
  ] as const)('that is %s is told so', async (kind, during, fault) => {
    const { outcome, pending } = await run(demo(kind));
    expect(outcome).toEqual({ kind: 'stopped', during, fault });
    expect(pending).toBe(0);
  });

  it('is greeted again when it was just starting', async () => {
    let asked = 0;
    const key = scripted((line, report) => {
      if (report[4] === 0x86 && ++asked === 3) greets(line, report, '08');
    });
    const { outcome } = await run(() => key);
    expect(asked).toBe(3);
    expect(outcome).toMatchObject({ kind: 'stopped', during: 'asking' });
  });

  it('that was greeted and then leaves all unanswered is not told to be silent', async () => {
    const { outcome, pending } = await run(() => scripted((key, report) => void greets(key, report, '05')));
    expect(outcome).toEqual({ kind: 'stopped', during: 'asking', fault: 'protocol-error' });
    expect(pending).toBe(0);
  });

  it('that says what it is answers, though it is silent to all else', async () => {
    const { outcome, pending } = await run((clock) =>
      through(openDemoKey('ctap2', clock)!, ({ 4: command }) => command === 0x86 || command === 0x90),
    );
    expect(outcome).toMatchObject({
      kind: 'answers',
      facts: { ctap2: true, u2f: false, ping: false, winked: false, hid: { wink: true, message: true } },
    });
    expect(pending).toBe(0);
  });

  it.each([
    ['blink', 0x88, { winked: false, ping: true }],
    ['echo', 0x81, { winked: true, ping: false }],
  ] as const)('of U2F alone needs not %s', async (_what, mute, facts) => {
    const { outcome } = await run((clock) =>
      through(openDemoKey('u2f-only', clock)!, ({ 4: command }) => command !== mute),
    );
    expect(outcome).toMatchObject({ kind: 'answers', facts: { ctap2: false, u2f: true, ...facts } });
  });

  it.each([
    [900, true],
    [1010, false],
    [1500, false],
    [2500, false],
    [9000, false],
  ])('that takes %i ms for an echo is asked on, and blinks', async (echoMs, ping) => {
    for (const kind of ['ctap2', 'u2f-only'] as const) {
      const { outcome, pending } = await run((clock) => openDemoKey(kind, clock, { echoMs })!);
      expect(outcome).toMatchObject({ kind: 'answers', facts: { ping, u2f: true, winked: true } });
      expect(pending).toBe(0);
    }
  });

  it.each([1001, 1010, 1020, 1030, 1040, 1500, 2500, 3900, 4500])(
    'whose echo comes after %i ms, in the middle of another answer or before all others, is asked on',
    async (ms) => {
      for (const waits of [false, true]) {
        const { outcome, pending } = await run((clock) =>
          lateEcho(openDemoKey('ctap2', clock)!, clock, { ms, waits }),
        );
        expect(outcome).toMatchObject({
          kind: 'answers',
          facts: { ctap2: true, u2f: true, ping: false, winked: true },
        });
        expect(pending).toBe(0);
      }
    },
  );

  it('that refuses an echo late is not taken to refuse what it is asked next', async () => {
    const refuses = (report: Uint8Array): Uint8Array => {
      const refused = report.slice();
      if (report[4] === 0x81) refused.set([0xbf, 0, 1, 1], 4);
      return refused;
    };
    const { outcome } = await run((clock) =>
      lateEcho(openDemoKey('ctap2', clock)!, clock, { ms: 1500, waits: true, sends: refuses }),
    );
    expect(outcome).toMatchObject({ kind: 'answers', facts: { ctap2: true, ping: false, winked: true } });
  });

  it("does not take another program's greeting for its own", async () => {
    const { outcome } = await run(() =>
      scripted((line) => line.send('FFFFFFFF 86 0011 0102030405060708 00000001 02 010203 05')),
    );
    expect(outcome).toEqual({ kind: 'stopped', during: 'greeting', fault: 'key-silent' });
  });

  it('is waited for while it says that it is at work, up to a deadline, and then called off', async () => {
    const clock = new ManualClock();
    const line = scripted((key, report) => {
      if (greets(key, report, '0C')) return;
      const again = (): void => {
        key.send('00000001 BB 0001 02');
        clock.after(100, again);
      };
      if (report[4] === 0x90) again();
      // The echo.
      else if (report[4] !== 0x91) key.sendBytes(report);
    });
    const end = checkHidKey(line, { clock, signal: new AbortController().signal, onStep: () => undefined });
    await clock.pass(4900);
    expect(line.written.some((report) => report[4] === 0x91)).toBe(false);
    await clock.pass(200);
    expect(await end).toEqual({ kind: 'stopped', during: 'asking', fault: 'key-busy' });
    expect(line.written.at(-1)![4]).toBe(0x91);
  });

  it.each([
    ['busy with another program', '06', 'key-busy'],
    ['refusing', '7F', 'protocol-error'],
  ])('%s is told so', async (_what, code, fault) => {
    const line = scripted((key) => key.send(`FFFFFFFF BF 0001 ${code}`));
    const { outcome } = await run(() => line);
    expect(outcome).toEqual({ kind: 'stopped', during: 'greeting', fault });
    expect(line.written).toHaveLength(code === '06' ? 3 : 1);
  });

  it.each([
    ['an answer that is too long', 'FFFFFFFF 86 FFFF'],
    ['an answer to what was not asked', 'FFFFFFFF 90 0001 00'],
    ['an answer that breaks off', 'FFFFFFFF 86 0100'],
  ])('%s is a protocol error', async (_what, hex) => {
    const { outcome } = await run(() => scripted((key) => key.send(hex)));
    expect(outcome).toEqual({ kind: 'stopped', during: 'greeting', fault: 'protocol-error' });
  });

  it('can be unplugged while it is waited for', async () => {
    const { outcome } = await run(() => scripted((key) => key.unplug()));
    expect(outcome).toEqual({ kind: 'stopped', during: 'greeting', fault: 'key-removed' });
  });

  it('is left alone once the check is cancelled', async () => {
    const { outcome, pending } = await run(demo('silent'), 500);
    expect(outcome).toEqual({ kind: 'stopped', during: 'greeting', fault: 'cancelled' });
    expect(pending).toBe(0);
  });

  it('is not made to blink where it does not say that it can', async () => {
    const line = scripted((key, report) => {
      if (!greets(key, report, '00')) key.send('00000001 BF 0001 01');
    });
    await run(() => line);
    expect(line.written.some((report) => report[4] === 0x88)).toBe(false);
  });
});

describe('over USB this program', () => {
  it.each(['ctap2', 'u2f-only', 'silent', 'torn', 'protocol-error'] as const)(
    'sends a %s key nothing that registers, signs or asks for a PIN',
    async (kind) => {
      const clock = new ManualClock();
      const key = new HidKey(kind, clock);
      const messages: { command: number; data: Uint8Array }[] = [];
      const line: HidLine = {
        write: (report) => {
          if ((report[4]! & 0x80) !== 0) {
            messages.push({
              command: report[4]! & 0x7f,
              data: report.subarray(7, 7 + ((report[5]! << 8) | report[6]!)),
            });
          }
          queueMicrotask(() => key.receive(report));
          return Promise.resolve(true);
        },
        onReport: (callback) => key.onReport(callback),
        onClose: (callback) => key.onLeave(callback),
        close: () => Promise.resolve(),
      };
      const end = checkHidKey(line, { clock, signal: new AbortController().signal, onStep: () => undefined });
      await clock.pass(60_000);
      await end;
      expect(messages.length).toBeGreaterThan(0);
      for (const { command, data } of messages) {
        expect([0x01, 0x03, 0x06, 0x08, 0x10, 0x11]).toContain(command);
        if (command === 0x10) expect([...data]).toEqual([0x04]);
        if (command === 0x03) expect([...data]).toEqual([0, 3, 0, 0, 0, 0, 0]);
      }
    },
  );
});
