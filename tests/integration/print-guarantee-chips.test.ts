import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDemoDocument } from '../../drivers/simulated/chip/documents.js';
import { SimulatedChip } from '../../drivers/simulated/chip/chip.js';
import { insertCard } from '../../drivers/simulated/shared/virtual-reader.js';
import { describe as wordsOf } from '../../drivers/simulated/printer/paper.js';
import type { EventData, EventName } from '../../main/api/contract.js';
import type { Screen } from '../../main/api/router.js';
import { type App, startApp } from '../../main/app.js';
import { systemClock } from '../../main/clock.js';
import type { DeviceLogEvent } from '../../main/devices/driver-host.js';
import { createChipsDevice } from '../../main/devices/chips-device.js';
import { nodeLauncher } from '../../main/devices/node-launcher.js';
import type { ChipsDevice } from '../../main/devices/types.js';
import { alwaysOpen } from '../always-open.js';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';
import { eventually, TestPcscd, whyNoPcscd } from './pcscd.js';
import { type PluggedPrinter, plugPrinter } from './simulated-printer.js';

const missing = whyNoPcscd();
if (missing !== undefined) console.warn(`Skipped: a ticket while the PC/SC service fails (${missing}).`);

const deadlineMs = 40_000;

describe.skipIf(missing !== undefined)('a ticket that is being printed', () => {
  let programs: BuiltPrograms;
  let pcscd: TestPcscd;
  let plugged: PluggedPrinter;
  let folder: string;
  let app: App;
  let chips: ChipsDevice;
  const hosts: number[] = [];
  /** The printer stops in the middle of the next ticket, until it is let go on. */
  let midway: (() => void) | undefined;

  beforeAll(async () => {
    programs = await buildPrograms();
    pcscd = new TestPcscd();
    await pcscd.start();
    plugged = await plugPrinter('tcp', {
      onStep: (step) => {
        if (step === 'midway') midway?.();
      },
    });
    folder = mkdtempSync(join(tmpdir(), 'forhal-print-guarantee-chips-'));
    writeFileSync(
      join(folder, 'settings.json'),
      JSON.stringify({
        devices: { chips: { source: 'pcsc' }, printer: { connection: plugged.connection } },
        queue: alwaysOpen,
      }),
    );
    app = await startApp({
      dataFolder: folder,
      version: '0.0.0',
      shell: 'none',
      launchHost: nodeLauncher(programs.host, pcscd.environment),
      storageWorker: join(dirname(programs.host), 'storage-worker.cjs'),
      clock: systemClock,
      chipSource: undefined,
      createChips: (options) => {
        chips = createChipsDevice({
          ...options,
          log: (event: DeviceLogEvent) => {
            if (event.event === 'host-started') hosts.push(event.pid ?? 0);
          },
        });
        return chips;
      },
    });
  });
  afterAll(async () => {
    await app.stop('end of the test');
    await plugged.close();
    await pcscd.remove();
    programs.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is confirmed although the chips’ host is killed and the card service is restarted meanwhile', async () => {
    const heard: EventData<'queue.ticket'>[] = [];
    const screen: Screen = {
      baseRole: 'visitor',
      role: 'visitor',
      place: 'kiosk',
      window: true,
      send: <Name extends EventName>(name: Name, data: EventData<Name>) => {
        if (name === 'queue.ticket') heard.push(data as EventData<'queue.ticket'>);
      },
    };
    app.screens.opened(screen);
    await eventually('both readers are there', () => chips.state.readers.length === 2, deadlineMs);
    await eventually(
      'the printer is ready',
      async () => {
        const offer = await app.router.call('queue.offer', {}, screen);
        return JSON.stringify(offer).includes('"printer":{"kind":"ready"');
      },
      deadlineMs,
    );
    const stands = new Promise<void>((resolve) => {
      midway = () => {
        midway = undefined;
        plugged.printer.setFault('offline');
        resolve();
      };
    });
    const taken = await app.router.call('queue.takeNumber', { service: 'passport', language: 'da' }, screen);
    expect(taken).toMatchObject({ ok: true, value: { ticket: { print: { kind: 'printing' } } } });
    await stands;

    // The host that reads chips dies, and so does the card service, which comes back.
    const host = hosts.at(-1) ?? 0;
    process.kill(host, 'SIGKILL');
    await pcscd.kill();
    await pcscd.start();
    expect(plugged.printer.pieces).toMatchObject([{ cut: false }]);
    const ended = (): EventData<'queue.ticket'> | undefined =>
      heard.find(({ print }) => print.kind !== 'printing');
    expect(ended()).toBeUndefined();
    plugged.printer.setFault('none');

    const { print, label } = await eventually('the printing has ended', ended, deadlineMs);
    expect(print).toEqual({ kind: 'printed' });
    expect(plugged.printer.pieces).toMatchObject([{ cut: true }]);
    expect(wordsOf(plugged.printer.pieces[0]!, 48)).toContain(label);

    await eventually(
      'another host has found the readers again',
      () => hosts.at(-1) !== host && chips.state.readers.length === 2,
      deadlineMs,
    );
    const document = makeDemoDocument('passport-pace', { kind: 'none' });
    const inserted = await insertCard(new SimulatedChip(document, { kind: 'none' }), {
      port: pcscd.firstPort,
    });
    if (!inserted.ok) throw new Error(inserted.error.kind);
    await eventually(
      'the passport is seen',
      () => chips.state.readers.some(({ card }) => card === 'present'),
      deadlineMs,
    );
    await inserted.value.remove();
  });
});
