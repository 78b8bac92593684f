import { type ChildProcess, spawn } from 'node:child_process';
import { scryptSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket, type ClientOptions } from 'ws';
import type { ApiError, MethodName, StaffRole } from '../../main/api/contract.js';
import { alwaysOpen } from '../always-open.js';
import { eventually } from './pcscd.js';

export const pins: Readonly<Record<StaffRole, string>> = { staff: '804213', technician: '71930588' };

/** Quicker to check than what the program makes: these tests log in often. */
function quickHash(pin: string): object {
  const salt = Buffer.alloc(16, 1);
  const hash = scryptSync(pin, salt, 32, { N: 16_384, r: 8, p: 1, maxmem: 64 * 1024 * 1024 });
  return { n: 16_384, r: 8, p: 1, salt: salt.toString('base64'), hash: hash.toString('base64') };
}

/** A data folder whose PINs are set. `mustChange`: as after the first start, whose PIN has to be changed. */
export class KioskFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'forhal-access-'));

  constructor(settings: object = {}, mustChange = false) {
    writeFileSync(join(this.path, 'settings.json'), JSON.stringify({ queue: alwaysOpen, ...settings }));
    const record = {
      placeSalt: 'AAAAAAAAAAAAAAAAAAAAAA==',
      staff: { pin: quickHash(pins.staff), mustChange },
      technician: { pin: quickHash(pins.technician), mustChange },
    };
    writeFileSync(join(this.path, 'access.json'), JSON.stringify(record));
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf8');
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** The built kiosk under Node, without a window. */
export class Kiosk {
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  constructor(program: string, folder: string, env: NodeJS.ProcessEnv = process.env) {
    const args = ['--shell', 'none', '--chips', 'demo', '--port', '0', '--data', folder];
    this.#process = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    this.#ended = once(this.#process, 'close');
    const hear = (chunk: Buffer): void => {
      this.#said += chunk.toString('utf8');
    };
    this.#process.stdout?.on('data', hear);
    this.#process.stderr?.on('data', hear);
  }

  get said(): string {
    return this.#said;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Its own page, with the token in the fragment, once it is served. */
  ready(): Promise<URL> {
    return eventually(
      'the kiosk is ready',
      () => {
        const address = /Forhal is ready: (\S+)/.exec(this.#said)?.[1];
        return address === undefined ? undefined : new URL(address);
      },
      30_000,
    );
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.#ended;
  }
}

export type PageAnswer =
  | { readonly ok: true; readonly value: { readonly kind?: string } & Record<string, unknown> }
  | { readonly ok: false; readonly error: ApiError };

interface Answered {
  readonly t: string;
  readonly i?: string;
  readonly r?: PageAnswer;
}

/** A page of the kiosk over its WebSocket: the kiosk's own with the token, a guest's without. */
export class Page {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, (answer: PageAnswer | undefined) => void>();
  #calls = 0;
  /** All that went over it, either way. */
  readonly frames: string[] = [];
  readonly closed: Promise<number>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const text = (data as Buffer).toString('utf8');
      this.frames.push(text);
      const message = JSON.parse(text) as Answered;
      if (message.t !== 's' || message.i === undefined) return;
      this.#waiting.get(message.i)?.(message.r);
      this.#waiting.delete(message.i);
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code) => {
        for (const answer of this.#waiting.values()) answer(undefined);
        this.#waiting.clear();
        resolve(code);
      });
    });
  }

  /** `undefined` where it is refused, or nobody listens. */
  static open(origin: string, token?: string, options: ClientOptions = {}): Promise<Page | undefined> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/`, token ?? 'forhal', {
        origin,
        ...options,
      });
      const page = new Page(socket);
      socket.once('open', () => resolve(page));
      socket.on('error', () => resolve(undefined));
    });
  }

  /** `undefined` where the connection ended before the answer. */
  call(method: MethodName, input: object): Promise<PageAnswer | undefined> {
    const i = String(++this.#calls);
    return new Promise((resolve) => {
      if (this.#socket.readyState !== WebSocket.OPEN) {
        resolve(undefined);
        return;
      }
      this.#waiting.set(i, resolve);
      const text = JSON.stringify({ t: 'q', i, m: method, a: [input] });
      this.frames.push(text);
      this.#socket.send(text);
    });
  }

  login(role: StaffRole, pin: string = pins[role]): Promise<PageAnswer | undefined> {
    return this.call('access.login', { role, pin });
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}

export async function opened(page: Promise<Page | undefined>): Promise<Page> {
  const open = await page;
  if (open === undefined) throw new Error('the connection was refused');
  return open;
}
