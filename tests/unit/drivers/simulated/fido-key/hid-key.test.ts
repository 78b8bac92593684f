import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import { HidKey, type HidKeyOptions } from '../../../../../drivers/simulated/fido-key/hid-key.js';
import type { DemoKey } from '../../../../../drivers/simulated/fido-key/types.js';
import { ManualClock } from '../../../manual-clock.js';

const nonce = '0011223344556677';
const init = `FFFFFFFF 86 0008 ${nonce}`;

function open(kind: Exclude<DemoKey, 'not-a-key'> = 'ctap2', options?: HidKeyOptions) {
  const clock = new ManualClock();
  const key = new HidKey(kind, clock, options);
  const reports: string[] = [];
  key.onReport((report) => reports.push(toHex(report)));
  const send = (hex: string): void => {
    const report = new Uint8Array(64);
    report.set(fromHex(hex));
    key.receive(report);
  };
  /** The reports since the last look, without the zeros that fill them up. */
  const taken = (): string[] => reports.splice(0).map((report) => report.replace(/(00)+$/, ''));
  return { clock, key, send, taken };
}

describe('a key in software, over USB', () => {
  it('gives each program a channel of its own', () => {
    const { send, taken } = open();
    send(init);
    send(init);
    expect(taken()).toEqual([
      `FFFFFFFF860011${nonce}000000010201020305`,
      `FFFFFFFF860011${nonce}000000020201020305`,
    ]);
  });

  it('echoes a message of several packets', () => {
    const { send, taken } = open();
    send(init);
    taken();
    send(`00000001 81 003A ${'AA'.repeat(57)}`);
    send('00000001 00 BB');
    expect(taken()).toEqual([`0000000181003A${'AA'.repeat(57)}`, '0000000100BB']);
  });

  it('takes its time for an echo, and drops it for INIT on the same channel, not when it is called off', async () => {
    const { clock, send, taken } = open('ctap2', { echoMs: 1500 });
    send(init);
    taken();
    send('00000001 81 0001 AA');
    send('00000001 91 0000');
    await clock.pass(1499);
    expect(taken()).toEqual([]);
    await clock.pass(1);
    expect(taken()).toEqual(['00000001810001AA']);
    send('00000001 81 0001 AA');
    send(`00000001 86 0008 ${nonce}`);
    await clock.pass(5000);
    expect(taken()).toEqual([`00000001860011${nonce}000000010201020305`]);
    expect(clock.pending).toBe(0);
  });

  it('says that it is at work before it answers GetInfo', async () => {
    const { clock, send, taken } = open();
    send(init);
    taken();
    send('00000001 90 0001 04');
    await clock.pass(20);
    expect(taken()).toEqual(['00000001BB000101']);
    await clock.pass(20);
    expect(taken()[0]).toMatch(/^0000000190....00AA0183665532465F5632/);
    expect(clock.pending).toBe(0);
  });

  it('stops working when it is called off', () => {
    const { clock, send, taken } = open();
    send(init);
    taken();
    send('00000001 90 0001 04');
    send('00000001 91 0000');
    expect(taken()).toEqual(['000000019000012D']);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['registering', '90 0001 01', '0000000190000127'],
    ['signing', '90 0001 02', '0000000190000127'],
    ['a PIN', '90 0001 06', '0000000190000127'],
    ['a command that is none', '90 0001 55', '0000000190000101'],
    ['U2F registration', '83 0004 00010000', '000000018300026985'],
  ])('refuses %s', async (_what, message, answer) => {
    const { clock, send, taken } = open();
    send(init);
    taken();
    send(`00000001 ${message}`);
    await clock.pass(100);
    expect(taken().at(-1)).toBe(answer);
  });

  it.each([
    ['a channel that nobody was given', ['00000009 81 0001 AA'], '00000009BF00010B'],
    ['a packet out of order', ['00000001 81 0080 AA', '00000001 01 BB'], '00000001BF000104'],
    ['a message in the middle of one', ['00000001 81 0080 AA', '00000001 81 0001 AA'], '00000001BF000104'],
    ['a message that is too long', ['00000001 81 1DBA'], '00000001BF000103'],
    ['an unknown command', ['00000001 C0 0000'], '00000001BF000101'],
    [
      'another program in the middle of one',
      ['00000001 81 0080 AA', init, '00000002 81 0001 AA'],
      'FFFFFFFFBF000106',
    ],
  ])('answers %s with an error', (_what, packets, error) => {
    const { send, taken } = open();
    send(init);
    taken();
    for (const packet of packets) send(packet);
    expect(taken()).toContain(error);
  });

  it('drops a message whose next packet does not come', async () => {
    const { clock, send, taken } = open();
    send(init);
    taken();
    send('00000001 81 0080 AA');
    await clock.pass(500);
    expect(taken()).toEqual(['00000001BF000105']);
    send('00000001 81 0001 AA');
    expect(taken()).toEqual(['00000001810001AA']);
  });

  it('counts how often it blinked', () => {
    const { key, send } = open();
    send(init);
    send('00000001 88 0000');
    expect(key.winks).toBe(1);
  });

  it('leaves in the middle of its answer when it is torn out', async () => {
    const { clock, key, send, taken } = open('torn');
    let left = 0;
    key.onLeave(() => left++);
    send(init);
    send('00000001 90 0001 04');
    await clock.pass(100);
    expect(left).toBe(1);
    taken();
    send(init);
    expect(taken()).toEqual([]);
  });
});
