import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDemoDocument } from '../../drivers/simulated/chip/documents.js';
import { type BuiltPrograms, buildPrograms } from './built-programs.js';
import { PassportReader } from './passport-reader.js';
import { eventually, TestPcscd, whyNoPcscd } from './pcscd.js';

const missing = whyNoPcscd();
if (missing !== undefined) console.warn(`Skipped: recovery of the PC/SC service (${missing}).`);

const document = makeDemoDocument('passport-pace', { kind: 'none' });
/** In short form the photo takes long enough to break in. */
const longRead = { ...document, extendedLength: false };

describe.skipIf(missing !== undefined)('when the PC/SC service', () => {
  let programs: BuiltPrograms;
  let pcscd: TestPcscd;
  let reader: PassportReader;

  beforeAll(async () => {
    programs = await buildPrograms();
  });
  afterAll(() => programs.remove());

  beforeEach(() => {
    pcscd = new TestPcscd();
    reader = new PassportReader(pcscd, programs.host);
  });
  afterEach(async () => {
    await reader.stop();
    await pcscd.remove();
  });

  const serviceIs = (service: string): Promise<unknown> =>
    eventually(`the service is ${service}`, () => reader.device.state.service === service);

  const readPhoto = (breakIn: () => void) => {
    let broken = false;
    return reader.check(longRead, {}, ({ step, fraction }) => {
      if (step !== 'photo' || fraction < 0.2 || broken) return;
      broken = true;
      breakIn();
    });
  };

  it('does not run, that is known, and a check says so; once it runs, checks work', async () => {
    await serviceIs('absent');
    expect(await reader.check(document, { waitForDocumentMs: 0 })).toMatchObject({
      kind: 'stopped',
      fault: { kind: 'service-unavailable' },
    });
    await pcscd.start();
    await reader.ready();
    await reader.place(document);
    expect(await reader.check(document)).toMatchObject({ kind: 'facts' });
  });

  it('is killed in the middle of a read, the check says so, and after a restart checks work', async () => {
    await pcscd.start();
    await reader.ready();
    await reader.place(longRead);
    const end = await readPhoto(() => void pcscd.kill());
    expect(end).toMatchObject({ kind: 'stopped', during: 'photo', fault: { kind: 'service-unavailable' } });
    await serviceIs('absent');
    await eventually('the driver host has left', () =>
      reader.log.some((entry) => entry.event === 'host-exited' && entry.reason === 'leaving'),
    );
    await pcscd.start();
    await reader.ready();
    await reader.place(document);
    expect(await reader.check(document)).toMatchObject({ kind: 'facts' });
  });

  it('restarts while nothing is read, the readers come back by themselves', async () => {
    await pcscd.start();
    await reader.ready();
    const firstHost = reader.hostPid;
    await pcscd.kill();
    await pcscd.start();
    await eventually('a new driver host runs', () => reader.hostPid !== firstHost);
    await reader.ready();
    await reader.place(document);
    expect(await reader.check(document)).toMatchObject({ kind: 'facts' });
  });

  it('is well but the driver host is killed in the middle of a read, the next check works', async () => {
    await pcscd.start();
    await reader.ready();
    await reader.place(longRead);
    const end = await readPhoto(() => process.kill(reader.hostPid, 'SIGKILL'));
    expect(end).toEqual({ kind: 'host-lost' });
    const lostAt = performance.now();
    let firstStepAt = 0;
    const next = await reader.check(document, { waitForDocumentMs: 5000 }, ({ step }) => {
      if (step === 'connect') firstStepAt ||= performance.now();
    });
    expect(next).toMatchObject({ kind: 'facts' });
    expect(firstStepAt - lostAt).toBeLessThan(2500);
  });

  it('is well and the kiosk stops, the driver host is gone', async () => {
    await pcscd.start();
    await reader.ready();
    const host = reader.hostPid;
    await reader.device.stop();
    expect(() => process.kill(host, 0)).toThrow();
  });
});
