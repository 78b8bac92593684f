import { monitorEventLoopDelay } from 'node:perf_hooks';
import { makeDemoDocument } from '../../drivers/simulated/chip/documents.js';
import { buildPrograms } from '../integration/built-programs.js';
import { PassportReader } from '../integration/passport-reader.js';
import { eventually, TestPcscd, whyNoPcscd } from '../integration/pcscd.js';

export type EventLoopDelay =
  | { readonly kind: 'skipped'; readonly why: string }
  | {
      readonly kind: 'measured';
      readonly seconds: number;
      /** Delay of the event loop of the process that supervises the driver host, ms. */
      readonly p50Ms: number;
      readonly p99Ms: number;
      readonly maxMs: number;
    };

const rounds = 3;

/**
 * The delay of main's event loop while the PC/SC service is absent, comes, is killed in mid-read and comes again, and
 * while the driver host is killed in mid-read.
 */
export async function measureEventLoopDelay(): Promise<EventLoopDelay> {
  const why = whyNoPcscd();
  if (why !== undefined) return { kind: 'skipped', why };
  const programs = await buildPrograms();
  const pcscd = new TestPcscd();
  const contents = { ...makeDemoDocument('passport-pace', { kind: 'none' }), extendedLength: false };
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const reader = new PassportReader(pcscd, programs.host);
  const startedAt = performance.now();
  delay.enable();
  try {
    await eventually('the service is known to be absent', () => reader.device.state.service === 'absent');
    for (let round = 0; round < rounds; round++) {
      await pcscd.start();
      await reader.ready();
      await reader.place(contents);
      await reader.check(contents, {}, ({ step }) => {
        if (step === 'photo') process.kill(reader.hostPid, 'SIGKILL');
      });
      await reader.ready();
      await reader.check(contents, {}, ({ step }) => {
        if (step === 'details') void pcscd.kill();
      });
      await eventually('the service is known to be gone', () => reader.device.state.service === 'absent');
    }
  } finally {
    delay.disable();
    await reader.stop();
    await pcscd.remove();
    programs.remove();
  }
  return {
    kind: 'measured',
    seconds: (performance.now() - startedAt) / 1000,
    p50Ms: delay.percentile(50) / 1e6,
    p99Ms: delay.percentile(99) / 1e6,
    maxMs: delay.max / 1e6,
  };
}
