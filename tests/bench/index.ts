// `npm run bench [-- PART…]`: prints tables for people and one line of JSON for programs. Without a part, all of them.
// Exit status 1 when a bound is broken.

/** What a part measured, and which of its bounds are broken. */
export interface Measured {
  readonly figures: unknown;
  readonly broken: readonly string[];
}

const most = { touchableMs: 5000, eventLoopP99Ms: 50 } as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const round = (value: number): number => Math.round(value * 10) / 10;

async function reads(): Promise<Measured> {
  const { measureReadCost } = await import('./read-cost.js');
  const figures = await measureReadCost();
  say('\nReading EF.SOD 1,800 B, DG1 93 B, DG2 20,480 B and verifying them, without EF.COM');
  console.table(
    Object.fromEntries(
      figures.map((read) => [
        read.case,
        {
          commands: read.commands,
          'at most': read.mostCommands ?? '',
          'bytes sent': read.bytesSent,
          'bytes received': read.bytesReceived,
          'CPU ms outside the transport': round(read.cpuMs),
          verified: read.allVerified,
        },
      ]),
    ),
  );
  return {
    figures,
    broken: [
      ...figures
        .filter(({ commands, mostCommands }) => mostCommands !== undefined && commands > mostCommands)
        .map((read) => read.case),
      ...figures.filter(({ allVerified }) => !allVerified).map((read) => `${read.case}: not verified`),
    ],
  };
}

async function eventLoop(): Promise<Measured> {
  const { measureEventLoopDelay } = await import('./event-loop.js');
  const figures = await measureEventLoopDelay();
  say("\nMain's event loop while the PC/SC service and the driver host come and go");
  console.table(
    figures.kind === 'skipped'
      ? { skipped: figures.why }
      : {
          'p50 ms': round(figures.p50Ms),
          'p99 ms': round(figures.p99Ms),
          'max ms': round(figures.maxMs),
          'over s': round(figures.seconds),
          'p99 at most ms': most.eventLoopP99Ms,
        },
  );
  return {
    figures,
    broken: figures.kind === 'measured' && figures.p99Ms >= most.eventLoopP99Ms ? ['event loop'] : [],
  };
}

async function secondStart(): Promise<Measured> {
  const { measureSecondStart } = await import('./second-start.js');
  const figures = await measureSecondStart();
  say('\nSecond start, from the command to the first touch');
  console.table({
    'served after ms': Math.round(figures.servedAfterMs),
    'first touch after ms': Math.round(figures.touchableAfterMs),
    'at most ms': most.touchableMs,
  });
  return { figures, broken: figures.touchableAfterMs >= most.touchableMs ? ['second start'] : [] };
}

async function queue(): Promise<Measured> {
  const { measureQueue } = await import('./queue/index.js');
  const { figures, tables, broken } = await measureQueue(say);
  for (const { title, rows } of tables) {
    say(`\n${title}`);
    console.table(rows);
  }
  return { figures, broken };
}

const parts = { reads, eventLoop, secondStart, queue } as const;
type Part = keyof typeof parts;
const isPart = (name: string): name is Part => name in parts;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !isPart(name));
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}.`);
  process.exitCode = 2;
} else {
  const chosen = asked.length === 0 ? (Object.keys(parts) as Part[]) : asked.filter(isPart);
  const figures: Partial<Record<Part, unknown>> = {};
  const broken: string[] = [];
  for (const name of chosen) {
    const measured = await parts[name]();
    figures[name] = measured.figures;
    broken.push(...measured.broken);
  }
  say(`\n${JSON.stringify({ ...figures, broken })}`);
  if (broken.length > 0) process.exitCode = 1;
}
