import { measureEventLoopDelay } from './event-loop.js';
import { measureReadCost } from './read-cost.js';
import { measureSecondStart } from './second-start.js';

// `npm run bench`: prints tables for people and one line of JSON for programs. Exit status 1 when a bound is broken.

const most = { touchableMs: 5000, eventLoopP99Ms: 50 } as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const round = (value: number): number => Math.round(value * 10) / 10;

const reads = await measureReadCost();
const eventLoop = await measureEventLoopDelay();
const secondStart = await measureSecondStart();

say('\nReading EF.SOD 1,800 B, DG1 93 B, DG2 20,480 B and verifying them, without EF.COM');
console.table(
  Object.fromEntries(
    reads.map((read) => [
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
say("\nMain's event loop while the PC/SC service and the driver host come and go");
console.table(
  eventLoop.kind === 'skipped'
    ? { skipped: eventLoop.why }
    : {
        'p50 ms': round(eventLoop.p50Ms),
        'p99 ms': round(eventLoop.p99Ms),
        'max ms': round(eventLoop.maxMs),
        'over s': round(eventLoop.seconds),
        'p99 at most ms': most.eventLoopP99Ms,
      },
);
say('\nSecond start, from the command to the first touch');
console.table({
  'served after ms': Math.round(secondStart.servedAfterMs),
  'first touch after ms': Math.round(secondStart.touchableAfterMs),
  'at most ms': most.touchableMs,
});

const broken = [
  ...reads
    .filter(({ commands, mostCommands }) => mostCommands !== undefined && commands > mostCommands)
    .map((read) => read.case),
  ...reads.filter(({ allVerified }) => !allVerified).map((read) => `${read.case}: not verified`),
  ...(eventLoop.kind === 'measured' && eventLoop.p99Ms >= most.eventLoopP99Ms ? ['event loop'] : []),
  ...(secondStart.touchableAfterMs >= most.touchableMs ? ['second start'] : []),
];
say(`\n${JSON.stringify({ reads, eventLoop, secondStart, broken })}`);
if (broken.length > 0) process.exitCode = 1;
