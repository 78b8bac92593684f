// Runs inside the virtual machine: all tests in one process, since a program starts slowly there.
import { systemClock, within } from '../../../drivers/shared/clock.js';
import { keyTests } from './fido-key.js';
import { HostChannel } from './host-channel.js';
import type { LabTest } from './lab-test.js';
import { printerTests } from './printer.js';
import { readerTests } from './reader.js';
import { rigTests } from './rig.js';

const all: readonly LabTest[] = [...printerTests, ...readerTests, ...rigTests, ...keyTests];

/** Those whose names have one of the words that were given; all of them when none was. */
const words = process.argv.slice(2).map((word) => word.toLowerCase());
const tests = all.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);

/** A driver that throws where nobody waits for it would end its host. */
const uncaught: Error[] = [];
process.on('uncaughtException', (error) => {
  console.error(error);
  uncaught.push(error);
});

async function run({ name, deadlineMs, run: body }: LabTest, host: HostChannel): Promise<void> {
  const startedAt = performance.now();
  uncaught.length = 0;
  let figures = {};
  let fault: string | null = null;
  try {
    const measured = await within(systemClock, deadlineMs, body(host));
    if (measured === undefined) fault = `it did not end within ${deadlineMs} ms`;
    else figures = measured;
  } catch (error) {
    fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const [thrown] = uncaught;
  if (thrown !== undefined) fault ??= `uncaught: ${thrown.stack ?? thrown.message}`;
  await host.tell({ kind: 'tested', name, ms: performance.now() - startedAt, figures, fault });
}

async function runAll(): Promise<void> {
  const host = await HostChannel.open();
  await host.tell({ kind: 'started', tests: tests.length });
  for (const test of tests) {
    const why = test.whyNot?.();
    if (why === undefined) await run(test, host);
    else await host.tell({ kind: 'skipped', name: test.name, why });
  }
  await host.tell({ kind: 'ended' });
}

runAll().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
