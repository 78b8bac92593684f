import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capabilities } from '../../drivers/printer/capabilities.js';
import type { PrinterConnection, PrinterModel } from '../../drivers/printer/types.js';
import { systemClock } from '../../drivers/shared/clock.js';
import { SimulatedPrinter, type Step } from '../../drivers/simulated/printer/simulated-printer.js';
import { DeviceServer } from '../../drivers/simulated/shared/device-server.js';

export const transports = ['tcp', 'pty'] as const;
export type Transport = (typeof transports)[number];

export interface PluggedPrinter {
  readonly printer: SimulatedPrinter;
  readonly connection: PrinterConnection;
  /** Every byte that came over the line. */
  readonly received: () => Buffer;
  /** Pulls the cable. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  close(): Promise<void>;
}

export interface PlugOptions {
  readonly model?: PrinterModel;
  readonly paperLines?: number;
  readonly onStep?: (step: Step) => void;
}

/** A simulated printer behind a real TCP port, or a real pseudo-terminal of `socat`'s. */
export async function plugPrinter(transport: Transport, options: PlugOptions = {}): Promise<PluggedPrinter> {
  const { model = 'generic', ...rest } = options;
  const printer = new SimulatedPrinter({ traits: capabilities[model], clock: systemClock, ...rest });
  const server = new DeviceServer(printer);
  const bytes: Uint8Array[] = [];
  const take = printer.receive.bind(printer);
  printer.receive = (piece) => {
    bytes.push(Uint8Array.from(piece));
    take(piece);
  };
  const received = (): Buffer => Buffer.concat(bytes);
  const port = await server.listen();
  if (transport === 'tcp') {
    return {
      printer,
      received,
      connection: { kind: 'tcp', host: '127.0.0.1', port },
      unplug: () => server.close(),
      plug: async () => {
        await server.listen(port);
      },
      close: () => server.close(),
    };
  }
  const folder = mkdtempSync(join(tmpdir(), 'forhal-pty-'));
  const path = join(folder, 'printer');
  let cable = await lay(path, port);
  const unplug = async (): Promise<void> => {
    // It ends by itself when the printer is gone.
    if (cable.exitCode !== null || cable.signalCode !== null) return;
    cable.kill('SIGTERM');
    await new Promise((ended) => cable.once('exit', ended));
  };
  return {
    printer,
    received,
    connection: { kind: 'serial', path, baudRate: 115_200 },
    unplug,
    plug: async () => {
      cable = await lay(path, port);
    },
    close: async () => {
      await unplug();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The pseudo-terminal is there once socat has made its name, and goes with the printer: `-t 0`. */
async function lay(path: string, port: number): Promise<ChildProcess> {
  const ends = [`PTY,link=${path},raw,echo=0`, `TCP:127.0.0.1:${port}`];
  const cable = spawn('socat', ['-t', '0', ...ends], { stdio: 'ignore' });
  while (!existsSync(path) && cable.exitCode === null) await new Promise((again) => setTimeout(again, 10));
  return cable;
}
