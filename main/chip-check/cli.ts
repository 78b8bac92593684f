import { join } from 'node:path';
import type { CheckProgress, MrzKey } from '../../drivers/emrtd/types.js';
import { dataFolder } from '../data-folder.js';
import { createChipsDevice } from '../devices/chips-device.js';
import { nodeLauncher } from '../devices/node-launcher.js';
import type { CheckEnd } from '../devices/types.js';
import { localDayOf } from '../queue/local-time.js';
import { rulesOf } from '../settings/schema.js';
import { readSettings } from '../settings/settings-file.js';
import { type CliOptions, parseCommandLine, usage } from './cli-options.js';
import {
  describeEnd,
  describeStep,
  describeVerdict,
  exitStatus,
  exitStatusAfter,
  exitStatusOf,
} from './cli-report.js';
import { documentDates } from './document-dates.js';
import { judge } from './verdict.js';

// The command line for technicians: one check on this computer's readers, through the same driver host and verdict
// as the kiosk.

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function runCheck({ request, demo, issuers, json }: CliOptions): Promise<CheckEnd> {
  const device = createChipsDevice({
    launch: nodeLauncher(join(__dirname, 'host.cjs')),
    chips: { source: demo === undefined ? 'pcsc' : 'demo', ...(issuers === undefined ? {} : { issuers }) },
  });
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  let step: CheckProgress['step'] | undefined;
  const onProgress = (progress: CheckProgress): void => {
    if (progress.step === step || json) return;
    step = progress.step;
    print([describeStep(step)]);
  };
  try {
    if (demo !== undefined) await device.placeDemoDocument({ document: demo, fault: { kind: 'none' } });
    return await device.check(request, onProgress, abort.signal);
  } finally {
    await device.stop();
  }
}

async function judgeEnd(end: CheckEnd, key: MrzKey) {
  const today = localDayOf(Date.now());
  const details = end.kind === 'facts' ? end.facts.details : undefined;
  return judge({
    end,
    document: details?.kind === 'parsed' && details.format === 'TD1' ? 'identity-card' : 'passport',
    ...documentDates(key, today),
    today,
    rules: rulesOf(await readSettings(dataFolder(process.env))),
  });
}

async function main(): Promise<number> {
  const commandLine = parseCommandLine(process.argv.slice(2));
  switch (commandLine.kind) {
    case 'help':
      process.stdout.write(usage);
      return exitStatus.ready;
    case 'bad':
      process.stderr.write(`${commandLine.message}\n\n${usage}`);
      return exitStatus.badArguments;
    case 'check': {
      const { options } = commandLine;
      const end = await runCheck(options);
      const verdict = await judgeEnd(end, options.request.key);
      if (options.json) process.stdout.write(`${JSON.stringify({ result: end, verdict }, null, 2)}\n`);
      else print([...describeEnd(end), ...describeVerdict(verdict)]);
      return exitStatusOf(end, verdict);
    }
  }
}

void exitStatusAfter(main, (line) => process.stderr.write(`${line}\n`)).then((status) => {
  process.exitCode = status;
});
