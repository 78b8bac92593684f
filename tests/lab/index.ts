// `npm run lab [-- WORD…]`: boots the virtual machine, lets the guest's program test, prints what it tells. Exit status
// 1 when a test failed, or not all of them were told of.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, within } from '../../drivers/shared/clock.js';
import { buildGuestProgram } from './host/guest-program.js';
import { makeInitialRamDisk } from './host/initial-ram-disk.js';
import { fetchKernel } from './host/kernel.js';
import { PassthruCard } from './host/passthru-card.js';
import { VirtualMachine } from './host/virtual-machine.js';
import {
  type GuestMessage,
  guestMessage,
  type HostMessage,
  Lines,
  type ReaderDeed,
  type Tested,
} from './messages.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules/.cache/forhal-lab');
const results = join(root, 'tests/results');
/** The whole lab has ten minutes; what comes before and after the machine takes less than one and a half, ms. */
const machineMs = 500_000;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

interface Told {
  readonly tests: number;
  readonly tested: readonly Tested[];
  readonly skipped: readonly string[];
}

/** Does what the guest asks for, until it has told of all its tests or the machine is gone. */
async function listen(machine: VirtualMachine): Promise<Told> {
  const card = new PassthruCard();
  const tested: Tested[] = [];
  const skipped: string[] = [];
  let tests = 0;
  const deeds: Readonly<Record<ReaderDeed, () => Promise<void> | void>> = {
    'plug-reader': async () => {
      card.meet(await machine.plugReader());
    },
    'unplug-reader': async () => {
      card.leave();
      await machine.unplugReader();
    },
    'insert-card': () => card.insert(),
    'remove-card': () => card.remove(),
    'count-commands': () => undefined,
  };
  const doDeed = async (id: number, deed: ReaderDeed): Promise<void> => {
    let fault: string | null = null;
    try {
      await deeds[deed]();
    } catch (error) {
      fault = String(error);
    }
    const answer: HostMessage = { id, fault, cardCommands: card.commands };
    machine.channel.write(`${JSON.stringify(answer)}\n`);
  };
  const ended = new Promise<void>((resolve) => {
    const hear = (message: GuestMessage): void => {
      switch (message.kind) {
        case 'started':
          tests = message.tests;
          return;
        case 'reader':
          void doDeed(message.id, message.deed);
          return;
        case 'tested':
          tested.push(message);
          say(
            `lab: ${message.fault === null ? 'passed' : 'FAILED'} ${message.name} (${seconds(message.ms)} s)` +
              (message.fault === null ? '' : `\n${message.fault}`),
          );
          return;
        case 'skipped':
          skipped.push(message.name);
          say(`lab: skipped ${message.name}: ${message.why}`);
          return;
        case 'ended':
          resolve();
      }
    };
    const lines = new Lines();
    machine.channel.on('data', (bytes) => {
      for (const line of lines.push(bytes)) hear(guestMessage.parse(JSON.parse(line)));
    });
  });
  await within(systemClock, machineMs, Promise.race([ended, machine.ended]));
  return { tests, tested, skipped };
}

function tabulate(tested: readonly Tested[]): void {
  say('');
  for (const { name, ms, figures } of tested) {
    say(`${name}: ${seconds(ms)} s`);
    for (const [what, figure] of Object.entries(figures)) say(`  ${what.padEnd(58)} ${figure}`);
  }
}

/** Words in the names of the tests that are wanted. */
const words = process.argv.slice(2);
const startedAt = performance.now();
mkdirSync(cache, { recursive: true });
mkdirSync(results, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), 'forhal-lab-'));
let machine: VirtualMachine | undefined;
const cleanUp = async (): Promise<void> => {
  await machine?.kill();
  rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
}
try {
  const program = await buildGuestProgram(root, join(cache, 'guest'));
  const kernel = fetchKernel(cache);
  const initialRamDisk = makeInitialRamDisk(folder, kernel, [process.execPath, program, ...words]);
  say(`lab: Linux ${kernel.version} starts (${seconds(performance.now() - startedAt)} s)`);
  machine = await VirtualMachine.start({ kernel, initialRamDisk, folder });
  const { tests, tested, skipped } = await listen(machine);
  await machine.kill();
  const console = join(results, 'lab-console.txt');
  writeFileSync(console, machine.console);
  tabulate(tested);
  const passed = tested.filter(({ fault }) => fault === null).length;
  const missing = tests === 0 ? 1 : tests - tested.length - skipped.length;
  if (missing > 0) {
    say(`lab: ${missing} tests were not told of; the end of the machine's console, which is in ${console}:`);
    say(machine.console.split('\n').slice(-40).join('\n'));
  }
  const failed = tested.length - passed + missing;
  say(`lab: ${seconds(performance.now() - startedAt)} s in all`);
  say(`lab: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  if (failed > 0) process.exitCode = 1;
} finally {
  await cleanUp();
}
