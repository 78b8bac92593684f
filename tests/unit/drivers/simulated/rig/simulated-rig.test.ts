import { describe, expect, it } from 'vitest';
import { DemoRig } from '../../../../../drivers/simulated/rig/demo-rig.js';
import { HidReports, reportLength } from '../../../../../drivers/simulated/rig/hid-reports.js';
import { SimulatedRig } from '../../../../../drivers/simulated/rig/simulated-rig.js';
import { seededRandom } from '../../../../simulation/seeded-random.js';
import { ManualClock } from '../../../manual-clock.js';

function rigOf(seed = 1): { rig: SimulatedRig; clock: ManualClock; ask: (message: string) => string } {
  const clock = new ManualClock();
  const rig = new SimulatedRig({ clock, random: seededRandom(seed) });
  const ask = (message: string): string => {
    const heard: number[] = [];
    const stop = rig.onSend((bytes) => heard.push(...bytes));
    rig.receive(new TextEncoder().encode(`${message}\n`));
    stop();
    return new TextDecoder().decode(Uint8Array.from(heard)).trimEnd();
  };
  return { rig, clock, ask };
}

const levels = (answer: string): number[] => answer.split(',').map(Number);

describe('the simulated rig', () => {
  it('speaks SCPI: long and short forms, compound messages, an error queue', () => {
    const { ask } = rigOf();
    expect(ask('*IDN?')).toBe('Forhal,Code display rig (simulated),DEMO-0001,1.0');
    expect(ask('system:error?')).toBe('0,"No error"');
    expect(ask('MEAS:BATT?;:DISP:DIG?;*OPC?')).toBe('3.02;6;1');
    expect(ask('NO:SUCH?')).toBe('');
    expect(ask('MEAS:SEGM? 9')).toBe('');
    expect(ask('MEAS:SEGM?')).toBe('');
    expect([ask('SYST:ERR?'), ask('SYST:ERR?'), ask('SYST:ERR?'), ask('SYST:ERR?')]).toEqual([
      '-113,"Undefined header"',
      '-222,"Data out of range"',
      '-109,"Missing parameter"',
      '0,"No error"',
    ]);
    // Power on, execution error, command error: IEEE 488.2 section 11.5.1.
    expect(ask('*ESR?')).toBe('176');
    expect(ask('*ESR?')).toBe('0');
  });

  it('shows a code for some seconds after a press, and another one in the next half minute', async () => {
    const { rig, clock, ask } = rigOf();
    expect(rig.shownCodes).toEqual([]);
    ask('BUTT:PRES 200');
    await clock.pass(1000);
    expect(levels(ask('MEAS:SEGM? 1')).some((level) => level > 500)).toBe(true);
    await clock.pass(7000);
    expect(levels(ask('MEAS:SEGM? 1')).every((level) => level < 150)).toBe(true);
    await clock.pass(30_000);
    ask('BUTT:PRES 200');
    expect(rig.shownCodes).toHaveLength(2);
    expect(rig.shownCodes[0]).toMatch(/^\d{6}$/);
  });

  it('is the same rig with the same numbers', () => {
    expect(rigOf(5).rig.levels()).toEqual(rigOf(5).rig.levels());
    expect(rigOf(5).rig.levels()).not.toEqual(rigOf(6).rig.levels());
  });

  it('tells its time', async () => {
    const { clock, ask } = rigOf();
    await clock.pass(3_723_500);
    expect(ask('SYST:TIME?')).toBe('1,2,3.50');
  });

  it('answers in HID reports', () => {
    const { rig } = rigOf();
    const hid = new HidReports(rig);
    const reports: Uint8Array[] = [];
    hid.onSend((report) => reports.push(report));
    const question = new Uint8Array(reportLength);
    question.set([6, ...new TextEncoder().encode('*OPC?\n')]);
    hid.receive(question);
    expect(reports).toHaveLength(1);
    expect(reports[0]).toHaveLength(reportLength);
    expect(Array.from(reports[0]!.subarray(0, 3))).toEqual([2, 0x31, 0x0a]);
  });
});

describe('the demo rig', () => {
  it('drops its line when it is unplugged, and gives none until it is back', async () => {
    const demo = new DemoRig({ clock: new ManualClock(), random: seededRandom(1) });
    const line = demo.open();
    let closed = 0;
    line.onClose(() => closed++);
    demo.setFault('unplugged');
    expect(closed).toBe(1);
    expect(await line.write(Uint8Array.of(0x0a))).toBe(false);
    demo.open().onClose(() => closed++);
    expect(closed).toBe(2);
    demo.setFault('none');
    demo.open().onClose(() => closed++);
    expect(closed).toBe(2);
    expect(demo.fault).toBe('none');
  });
});
