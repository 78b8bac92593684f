import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const versions = '/usr/lib/postgresql';

/** Where Debian puts the newest server's programs; `undefined` when none is installed. */
function programs(): string | undefined {
  if (!existsSync(versions)) return undefined;
  const newest = readdirSync(versions)
    .filter((version) => existsSync(join(versions, version, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(versions, newest, 'bin');
}

/**
 * Why no PostgreSQL of our own can be had here; `undefined` when it can. Throws instead where CI is set: there the
 * tests that need it must not be left out unnoticed.
 */
export function whyNoPostgres(): string | undefined {
  const reason = programs() === undefined ? 'postgresql is not installed' : undefined;
  if (reason !== undefined && process.env['CI'] === 'true') throw new Error(`Tests are left out: ${reason}`);
  return reason;
}

/** The server refuses to run as root: then the account of the Debian package runs it. */
const asServer = (command: string, args: readonly string[]): [string, string[]] =>
  process.getuid?.() === 0 ? ['runuser', ['-u', 'postgres', '--', command, ...args]] : [command, [...args]];

/** A PostgreSQL cluster of our own, in a temporary folder, on a port of its own of 127.0.0.1, with fsync on. */
export class TestPostgres {
  readonly #folder = mkdtempSync(join(tmpdir(), 'forhal-postgres-'));
  readonly #bin: string;
  readonly port: number;

  private constructor(bin: string, port: number) {
    this.#bin = bin;
    this.port = port;
  }

  /** Made and started, with an empty database. */
  static async create(): Promise<TestPostgres> {
    const bin = programs();
    if (bin === undefined) throw new Error('postgresql is not installed');
    const server = new TestPostgres(bin, await freePort());
    await server.#initialise();
    await server.start();
    return server;
  }

  /** For the settings, and for `pg`. */
  get url(): string {
    return `postgres://forhal@127.0.0.1:${this.port}/postgres`;
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  async #initialise(): Promise<void> {
    if (process.getuid?.() === 0) {
      chmodSync(this.#folder, 0o755);
      await run('chown', ['postgres', this.#folder]);
    }
    const options = ['--auth=trust', '--username=forhal', '--no-locale', '--encoding=UTF8', '--no-sync'];
    await this.#do('initdb', ['--pgdata', this.#data, ...options]);
  }

  #do(program: string, args: readonly string[]): Promise<unknown> {
    const [command, all] = asServer(join(this.#bin, program), args);
    return run(command, all, { cwd: this.#folder, timeout: 60_000 });
  }

  async start(): Promise<void> {
    const options = [
      `-p ${this.port}`,
      '-c listen_addresses=127.0.0.1',
      '-c unix_socket_directories=',
      '-c fsync=on',
      '-c max_connections=120',
    ];
    const log = join(this.#folder, 'log');
    await this.#do('pg_ctl', [
      'start',
      '-w',
      '-t',
      '50',
      '-D',
      this.#data,
      '-l',
      log,
      '-o',
      options.join(' '),
    ]);
  }

  /** `immediate`: without a checkpoint, as a crash looks to the clients. */
  async stop(mode: 'fast' | 'immediate' = 'fast'): Promise<void> {
    if (this.#postmaster === undefined) return;
    await this.#do('pg_ctl', ['stop', '-w', '-t', '50', '-D', this.#data, '-m', mode]);
  }

  /** SIGKILL to the server and to all of its sessions. */
  async kill(): Promise<void> {
    const postmaster = this.#postmaster;
    if (postmaster === undefined) return;
    const all = withChildren(postmaster);
    for (const pid of all) killIfThere(pid);
    const until = Date.now() + 10_000;
    while (all.some(isThere)) {
      if (Date.now() > until) throw new Error('PostgreSQL did not end');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    rmSync(join(this.#data, 'postmaster.pid'), { force: true });
  }

  /** The server stops in the middle of what it does, without its clients' noticing: connections hang. */
  pause(): void {
    this.#signal('SIGSTOP');
  }

  resume(): void {
    this.#signal('SIGCONT');
  }

  #signal(signal: NodeJS.Signals): void {
    const postmaster = this.#postmaster;
    if (postmaster === undefined) return;
    for (const pid of withChildren(postmaster)) killIfThere(pid, signal);
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #postmaster(): number | undefined {
    try {
      const pid = Number(readFileSync(join(this.#data, 'postmaster.pid'), 'utf8').split('\n')[0]);
      return pid > 0 && isThere(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }
}

function withChildren(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
  return [pid, ...children.map(Number).filter((child) => child > 0)];
}

function killIfThere(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Alive; a process that has ended and waits for its parent counts as gone. */
function isThere(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Below the ports that the system hands out by itself, so that nobody takes it while the server is stopped. */
async function freePort(): Promise<number> {
  for (let tried = 0; tried < 100; tried++) {
    const port = 24_000 + Math.floor(Math.random() * 4000);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
