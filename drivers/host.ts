import { createChipsFamily } from './families/chips/family.js';
import { createPrinterFamily } from './families/printer/family.js';
import { serveHost } from './host-server.js';
import { openParentPort } from './parent-port.js';
import { type HostOptions, hostOptions } from './protocol.js';

// The program of every driver host: one process per family of devices. It ends when main does, and when it cannot
// go on; main starts a new one.

/** sysexits.h: EX_USAGE. */
const usageExitCode = 64;

/**
 * A command that hangs in a driver keeps a thread busy, and an orderly exit would wait for that thread without end.
 * Nothing here needs an orderly exit.
 */
function leave(): never {
  process.kill(process.pid, 'SIGKILL');
  // Not reached where the signal works.
  process.exit();
}

function readOptions(): HostOptions | undefined {
  try {
    return hostOptions.safeParse(JSON.parse(process.argv[2] ?? '')).data;
  } catch {
    return undefined;
  }
}

/** An error's text, or a library's chatter, could carry what was read from a chip: nothing is printed. */
function fallSilent(): void {
  for (const print of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    console[print] = () => undefined;
  }
  process.on('uncaughtException', leave);
  process.on('unhandledRejection', leave);
  process.on('warning', () => undefined);
}

function start(): void {
  const options = readOptions();
  const port = openParentPort(process);
  if (options === undefined || port === undefined) {
    process.stderr.write('This program is started by Forhal itself.\n');
    process.exit(usageExitCode);
  }
  fallSilent();
  port.onClose(leave);
  process.on('SIGTERM', leave);
  switch (options.family) {
    case 'chips':
      serveHost(port, (emit) => createChipsFamily({ ...options.chips, emit, leave }), leave);
      return;
    case 'printer':
      serveHost(port, (emit) => createPrinterFamily({ ...options.printer, emit }), leave);
      return;
  }
}

start();
