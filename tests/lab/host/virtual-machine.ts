import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { within, systemClock } from '../../../drivers/shared/clock.js';
import { channelName, Lines } from '../messages.js';
import type { Kernel } from './kernel.js';
import { Listener } from './listener.js';

export interface MachineOptions {
  readonly kernel: Kernel;
  readonly initialRamDisk: string;
  /** For socket files; short, since their paths may have 107 bytes. */
  readonly folder: string;
}

interface Parts {
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
  readonly output: string[];
  readonly monitor: Socket;
  readonly channel: Socket;
  readonly cards: Listener;
  readonly cardPath: string;
}

const startDeadlineMs = 20_000;
const commandDeadlineMs = 15_000;

const reply = z.looseObject({
  id: z.int().optional(),
  error: z.object({ desc: z.string() }).optional(),
  event: z.string().optional(),
  data: z.looseObject({ device: z.string().optional() }).optional(),
});

function hasHardwareHelp(): boolean {
  try {
    accessSync('/dev/kvm', constants.W_OK);
    return /\b(vmx|svm)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));
  } catch {
    return false;
  }
}

/** A computer of QEMU's with a USB card reader, this machine's files and a channel to its program. */
export class VirtualMachine {
  readonly #process: ChildProcess;
  readonly #monitor: Socket;
  readonly #answers = new Map<number, (fault: string | null) => void>();
  readonly #deleted = new Set<string>();
  readonly #onDeleted = new Set<() => void>();
  readonly #console: string[];
  readonly #cards: Listener;
  readonly #cardPath: string;
  /** To the guest's program. */
  readonly channel: Socket;
  /** Settles once it is gone. */
  readonly ended: Promise<void>;
  #commands = 0;

  private constructor({ process, ended, output, monitor, channel, cards, cardPath }: Parts) {
    this.#process = process;
    this.ended = ended;
    this.#console = output;
    this.#monitor = monitor;
    this.channel = channel;
    this.#cards = cards;
    this.#cardPath = cardPath;
    const lines = new Lines();
    this.#monitor.on('data', (bytes) => {
      for (const line of lines.push(bytes)) this.#hear(reply.parse(JSON.parse(line)));
    });
  }

  static async start({ kernel, initialRamDisk, folder }: MachineOptions): Promise<VirtualMachine> {
    const path = (name: string): string => join(folder, `${name}.sock`);
    const cardPath = path('card');
    const [monitors, channels, cards] = await Promise.all([
      Listener.at(path('monitor')),
      Listener.at(path('channel')),
      Listener.at(cardPath),
    ]);
    const connected = Promise.all([monitors.next(), channels.next()]);
    const accelerator = hasHardwareHelp() ? 'kvm' : 'tcg,thread=multi';
    const qemu = ['qemu-system-x86_64', '-M', 'q35', '-accel', accelerator, '-cpu', 'max', '-smp', '2'];
    const process = spawn(
      // Whatever happens to this program, the machine does not outlive it.
      'setpriv',
      [
        ...['--pdeathsig', 'KILL', '--', ...qemu, '-m', '2048'],
        ...['-display', 'none', '-no-reboot', '-nic', 'none', '-serial', 'stdio', '-monitor', 'none'],
        ...['-kernel', kernel.image, '-initrd', initialRamDisk],
        ...['-append', 'console=ttyS0 quiet panic=-1 mitigations=off'],
        '-virtfs',
        'local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap',
        ...['-chardev', `socket,id=monitor,path=${path('monitor')}`, '-mon', 'chardev=monitor,mode=control'],
        ...['-chardev', `socket,id=channel,path=${path('channel')}`, '-device', 'virtio-serial-pci'],
        ...['-device', `virtserialport,chardev=channel,name=${channelName}`],
        ...['-device', 'qemu-xhci,id=usb'],
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const output: string[] = [];
    process.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text));
    process.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text));
    process.on('error', (error) => output.push(error.message));
    const ended = new Promise<void>((resolve) =>
      process.once('close', (code, signal) => {
        output.push(`\nthe machine ended: ${signal ?? `exit status ${String(code)}`}\n`);
        resolve();
      }),
    );
    const sockets = await within(
      systemClock,
      startDeadlineMs,
      Promise.race([connected, ended.then(() => undefined)]),
    );
    for (const listener of [monitors, channels]) listener.close();
    if (sockets === undefined) {
      cards.close();
      process.kill('SIGKILL');
      throw new Error(`the virtual machine did not start:\n${output.join('')}`);
    }
    const [monitor, channel] = sockets;
    const machine = new VirtualMachine({ process, ended, output, monitor, channel, cards, cardPath });
    await machine.#command('qmp_capabilities');
    return machine;
  }

  /** What came out of its serial console. */
  get console(): string {
    return this.#console.join('');
  }

  /** A reader with a new line to a card, so that nothing that was meant for an earlier one reaches it. */
  async plugReader(): Promise<Socket> {
    const next = this.#cards.next();
    await this.#command('chardev-add', {
      id: 'card',
      backend: {
        type: 'socket',
        data: { addr: { type: 'unix', data: { path: this.#cardPath } }, server: false },
      },
    });
    const card = await within(systemClock, commandDeadlineMs, next);
    if (card === undefined) throw new Error('QEMU opened no line to the card');
    await this.#command('device_add', { driver: 'usb-ccid', id: 'reader', bus: 'usb.0' });
    await this.#command('device_add', { driver: 'ccid-card-passthru', id: 'slot', chardev: 'card' });
    return card;
  }

  async unplugReader(): Promise<void> {
    this.#deleted.clear();
    await this.#command('device_del', { id: 'reader' });
    const gone = new Promise<true>((resolve) => {
      const look = (): void => {
        if (!this.#deleted.has('reader')) return;
        this.#onDeleted.delete(look);
        resolve(true);
      };
      this.#onDeleted.add(look);
      look();
    });
    if ((await within(systemClock, commandDeadlineMs, gone)) === undefined) {
      throw new Error('the reader stayed in its socket');
    }
    await this.#command('chardev-remove', { id: 'card' });
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill('SIGKILL');
    await this.ended;
    this.#cards.close();
    for (const socket of [this.#monitor, this.channel]) socket.destroy();
  }

  #hear({ id, error, event, data }: z.infer<typeof reply>): void {
    if (event === 'DEVICE_DELETED' && data?.device !== undefined) {
      this.#deleted.add(data.device);
      for (const look of [...this.#onDeleted]) look();
    }
    if (id !== undefined) this.#answers.get(id)?.(error?.desc ?? null);
  }

  /** One command of QEMU's machine protocol (QMP). */
  async #command(execute: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const id = ++this.#commands;
    const answered = new Promise<string | null>((resolve) => this.#answers.set(id, resolve));
    this.#monitor.write(`${JSON.stringify({ execute, id, arguments: args })}\n`);
    const fault = await within(systemClock, commandDeadlineMs, answered);
    this.#answers.delete(id);
    if (fault === undefined) throw new Error(`QEMU did not answer ${execute}`);
    if (fault !== null) throw new Error(`QEMU refused ${execute}: ${fault}`);
  }
}
