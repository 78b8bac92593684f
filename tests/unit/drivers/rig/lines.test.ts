import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fromReport, type HidApi, openHidLine, toReports } from '../../../../drivers/rig/hid-line.js';
import { mayTellCode } from '../../../../drivers/rig/redaction.js';
import { fromSysfs } from '../../../../drivers/rig/serial-ports.js';
import { settled } from '../../manual-clock.js';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What node-hid gives, in memory. */
class FakeHid extends EventEmitter {
  readonly written: number[][] = [];
  closed = false;
  failing = false;

  write(report: number[]): Promise<number> {
    if (this.failing) return Promise.reject(new Error('unplugged'));
    this.written.push(report);
    return Promise.resolve(report.length);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

const apiOf = (device: FakeHid): HidApi => ({
  devicesAsync: () => Promise.resolve([]),
  HIDAsync: { open: () => Promise.resolve(device) },
});

describe('HID reports', () => {
  it('are 64 bytes: how many follow, then text; id 0 is written in front', () => {
    const [report, ...more] = toReports(ascii('*IDN?\n'));
    expect(more).toEqual([]);
    expect(report).toHaveLength(65);
    expect(report!.slice(0, 8)).toEqual([0, 6, ...ascii('*IDN?\n')]);
    expect(report!.slice(8).every((byte) => byte === 0)).toBe(true);
  });

  it('carry a long text in several', () => {
    const reports = toReports(ascii('x'.repeat(130)));
    expect(reports.map(([, count]) => count)).toEqual([63, 63, 4]);
  });

  it('that contradict themselves are dropped', () => {
    expect(fromReport(Uint8Array.of(2, 65, 66, 67))).toEqual(Uint8Array.of(65, 66));
    expect(fromReport(Uint8Array.of(9, 65))).toBeUndefined();
    expect(fromReport(new Uint8Array())).toBeUndefined();
  });

  it('carry a line in both directions', async () => {
    const device = new FakeHid();
    const line = (await openHidLine(apiOf(device), 'path'))!;
    const heard: number[] = [];
    line.onData((bytes) => heard.push(...bytes));
    expect(await line.write(ascii('A?\n'))).toBe(true);
    device.emit('data', Uint8Array.of(2, 0x37, 0x0a, 0, 0));
    device.emit('data', Uint8Array.of(0, 1, 2, 3));
    expect(heard).toEqual([0x37, 0x0a]);
    expect(device.written).toHaveLength(1);
  });

  it('end when the device is unplugged: by a read, or by a write', async () => {
    for (const how of ['read', 'write']) {
      const device = new FakeHid();
      const line = (await openHidLine(apiOf(device), 'path'))!;
      let closed = 0;
      line.onClose(() => closed++);
      if (how === 'read') {
        device.emit('error', new Error('could not read from HID device'));
      } else {
        device.failing = true;
        expect(await line.write(ascii('A?\n'))).toBe(false);
      }
      await settled();
      expect(closed).toBe(1);
      expect(device.closed).toBe(true);
      expect(await line.write(ascii('A?\n'))).toBe(false);
      line.onClose(() => closed++);
      expect(closed).toBe(2);
    }
  });

  it('cannot be had from a device that does not open', async () => {
    const api: HidApi = {
      devicesAsync: () => Promise.resolve([]),
      HIDAsync: { open: () => Promise.reject(new Error('cannot open device')) },
    };
    expect(await openHidLine(api, 'path')).toBeUndefined();
  });
});

describe('serial ports', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  });

  it('are found in sysfs with the ids of their USB devices', async () => {
    const root = mkdtempSync(join(tmpdir(), 'forhal-sysfs-'));
    folders.push(root);
    const device = join(root, 'devices/usb1/1-1');
    mkdirSync(join(device, '1-1:1.0/ttyUSB0'), { recursive: true });
    writeFileSync(join(device, 'idVendor'), '1a86\n');
    writeFileSync(join(device, 'idProduct'), '7523\n');
    mkdirSync(join(root, 'devices/platform/serial8250'), { recursive: true });
    const tty = join(root, 'class/tty');
    for (const name of ['ttyACM0', 'ttyUSB0', 'ttyS0', 'ttyACM1', 'tty0']) {
      mkdirSync(join(tty, name), { recursive: true });
    }
    symlinkSync(join(device, '1-1:1.0'), join(tty, 'ttyACM0/device'));
    symlinkSync(join(device, '1-1:1.0/ttyUSB0'), join(tty, 'ttyUSB0/device'));
    symlinkSync(join(root, 'devices/platform/serial8250'), join(tty, 'ttyS0/device'));
    // Unplugged just now.
    symlinkSync(join(root, 'gone'), join(tty, 'ttyACM1/device'));
    expect(await fromSysfs(tty)).toEqual([
      { path: '/dev/ttyACM0', vendorId: 0x1a86, productId: 0x7523 },
      { path: '/dev/ttyUSB0', vendorId: 0x1a86, productId: 0x7523 },
    ]);
    expect(await fromSysfs(join(root, 'nowhere'))).toEqual([]);
  });
});

describe('the answer to a raw message', () => {
  it.each([
    'MEAS:SEGM? 1',
    'meas:segm? 1',
    ':MEASure:SEGMents? 6',
    'Measure:Segm? 2',
    'MEAS:BATT?;SEGM? 1',
    '*IDN?;:MEAS:SEGM? 1',
    ' MEAS : SEGM? 1',
    'MEAS:SEGM?1',
    'FETC?',
    'READ:SEGM? 3',
    'DISP:DATA?',
    'SEGM?',
  ])('may tell the code: %s', (message) => {
    expect(mayTellCode(message, '1')).toBe(true);
  });

  it('may tell it whatever was asked, when it looks like levels', () => {
    expect(mayTellCode('*IDN?', '80,720,75,690,80,81,702')).toBe(true);
  });

  it.each([
    ['*IDN?', 'Maker,Rig 2,0,1.4'],
    ['*ESR?', '128'],
    ['*OPC?', '1'],
    ['*TST?', '-330'],
    ['*OPT?', '0'],
    ['syst:err?', '-113,"Undefined header"'],
    [':SYSTem:ERRor:NEXT?', '+0,"No error"'],
    ['SYST:ERR:COUN?', '2'],
    ['SYST:VERS?', '1999.0'],
    ['SYST:TIME?', '13,5,59.25'],
    ['SYST:DATE?', '2026,11,28'],
    ['MEAS:BATT?', '3.02'],
    ['MEAS:BATT?', '+3.02E+00'],
    ['MEAS:BATT?', '9.91E37'],
    ['DISPlay:DIGits?', '6'],
    ['*CLS;*IDN?', 'Maker,Rig 2,0,1.4'],
    ['*ESR?;*OPC?', '0;1'],
    ['SENS:PRES?', '1'],
  ])('does not: %s answered with %s', (message, answer) => {
    expect(mayTellCode(message, answer)).toBe(false);
  });

  it.each([
    ['*IDN?', '+812,+30,25,80,79,801,22'],
    ['*IDN?', '801,22,25,800'],
    ['*IDN?', '8.01E2,2.2E1,2.5E1,8.0E2'],
    ['MEAS:BATT?', '8.01E2,2.2E1,2.5E1,8.0E2,8.1E2,2.0E1,7.9E2'],
    ['MEAS:BATT?', '801'],
    ['MEAS:BATT?', '1.23456789012'],
    ['*ESR?', '801'],
    ['*TST?', '123456'],
    ['SYST:TIME?', '80,720,75'],
    ['SYST:ERR?', '801,22,25,800'],
    ['SYST:ERR?', '-222,"Data out of range;801,22,25,800"'],
    ['SYST:ERR?', '-222,"Code 123456"'],
    ['*ESR?;*OPC?', '1'],
    ['*OPC?', '1;801,22,25,800'],
    ['*OPT?', '1,0,1,1,0,1,1'],
    ['*CLS', '1'],
  ])('may, by what comes: %s answered with %s', (message, answer) => {
    expect(mayTellCode(message, answer)).toBe(true);
  });
});
