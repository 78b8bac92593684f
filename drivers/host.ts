import { type Line, serveHost } from './host-server.js';
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
  // Heard from the first moment: main may ask while the family's addons are still being loaded.
  const early: unknown[] = [];
  let deliver: (message: unknown) => void = (message) => void early.push(message);
  port.onMessage((message) => deliver(message));
  const line: Line = {
    post: (message) => port.post(message),
    onMessage: (callback) => {
      deliver = callback;
      for (const message of early.splice(0)) callback(message);
    },
  };
  void serve(options, line);
}

/** Each family loads its own addons and no other's: a broken one leaves the other devices alone. */
async function serve(options: HostOptions, line: Line): Promise<void> {
  switch (options.family) {
    case 'chips': {
      const { createChipsFamily } = await import('./families/chips/family.js');
      serveHost(line, (emit) => createChipsFamily({ ...options.chips, emit, leave }), leave);
      return;
    }
    case 'printer': {
      const { createPrinterFamily } = await import('./families/printer/family.js');
      serveHost(line, (emit) => createPrinterFamily({ ...options.printer, emit }), leave);
      return;
    }
    case 'bench': {
      const { createBenchFamily } = await import('./families/bench/family.js');
      const { openBenchDevices } = await import('./families/bench/devices.js');
      const open = openBenchDevices(options.bench);
      serveHost(line, (emit) => createBenchFamily({ emit, open }), leave);
      return;
    }
  }
}

start();
