import { createBirpc } from 'birpc';
import type { z } from 'zod';
import { apiError, events, methods } from '../main/api/contract.js';
import type { ApiError, EventData, EventName, Input, MethodName, Output } from '../main/api/contract.js';

/** Text out and text in: what Electron's preload gives the page, and what a socket is made to be. */
export interface Bridge {
  post(text: string): void;
  on(callback: (text: string) => void): void;
}

declare global {
  interface Window {
    readonly forhal?: Bridge;
  }
}

export type Connection = 'connecting' | 'open' | 'lost';

/** `unreachable`: no connection, no answer within the deadline, or an answer of another shape. */
export type CallError = ApiError | { readonly kind: 'unreachable' };
export type CallResult<Name extends MethodName> =
  { readonly ok: true; readonly value: Output<Name> } | { readonly ok: false; readonly error: CallError };

/** The one way from a screen to main, over whichever transport the page was given. */
export interface Api {
  /** Never rejects; answers within 10 s. */
  call<Name extends MethodName>(name: Name, input: Input<Name>): Promise<CallResult<Name>>;
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void;
  /** Told at once, and at each change. Returns the function that stops listening. */
  onConnection(listener: (connection: Connection) => void): () => void;
}

const deadlineMs = 10_000;
const firstRetryMs = 500;
const longestRetryMs = 5_000;

type Listeners = { readonly [Name in EventName]: Set<(data: EventData<Name>) => void> };
type Remote = Record<string, (input: unknown) => unknown>;
type Local = Record<EventName, (data: unknown) => void>;

type Read<Value> = (value: unknown) => Value | undefined;

function reads<Value>(schema: z.ZodType<Value>): Read<Value> {
  return (value) => {
    const outcome = schema.safeParse(value);
    return outcome.success ? outcome.data : undefined;
  };
}

const readOutput: { readonly [Name in MethodName]: Read<Output<Name>> } = {
  'kiosk.state': reads(methods['kiosk.state'].output),
  'kiosk.heartbeat': reads(methods['kiosk.heartbeat'].output),
  'chipCheck.start': reads(methods['chipCheck.start'].output),
  'chipCheck.clear': reads(methods['chipCheck.clear'].output),
  'demo.specimens': reads(methods['demo.specimens'].output),
  'demo.place': reads(methods['demo.place'].output),
  'demo.remove': reads(methods['demo.remove'].output),
};
const readEvent: { readonly [Name in EventName]: Read<EventData<Name>> } = {
  'kiosk.state': reads(events['kiosk.state']),
  'chipCheck.progress': reads(events['chipCheck.progress']),
  'chipCheck.verdict': reads(events['chipCheck.verdict']),
};
const readError = reads(apiError);

function rpcOver(line: Bridge, local: Local) {
  return createBirpc<Remote, Local>(local, {
    post: (text: string) => line.post(text),
    on: (receive: (text: string) => void) => line.on(receive),
    serialize: (message) => JSON.stringify(message),
    deserialize: (text: string): unknown => JSON.parse(text),
    timeout: -1,
    onGeneralError: () => true,
    onFunctionError: () => true,
  });
}

function emit<Data>(read: Read<Data>, listeners: ReadonlySet<(data: Data) => void>, raw: unknown): void {
  const data = read(raw);
  if (data === undefined) return;
  for (const listener of listeners) listener(data);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

class Client implements Api {
  readonly #listeners: Listeners = {
    'kiosk.state': new Set(),
    'chipCheck.progress': new Set(),
    'chipCheck.verdict': new Set(),
  };
  readonly #connectionListeners = new Set<(connection: Connection) => void>();
  #connection: Connection = 'connecting';
  #rpc: ReturnType<typeof rpcOver> | undefined;

  /** Takes a new line into use; the calls still waiting on the old one end as unreachable. */
  open(line: Bridge): void {
    this.#rpc = rpcOver(line, {
      'kiosk.state': (data) => emit(readEvent['kiosk.state'], this.#listeners['kiosk.state'], data),
      'chipCheck.progress': (data) =>
        emit(readEvent['chipCheck.progress'], this.#listeners['chipCheck.progress'], data),
      'chipCheck.verdict': (data) =>
        emit(readEvent['chipCheck.verdict'], this.#listeners['chipCheck.verdict'], data),
    });
    this.#become('open');
  }

  lose(): void {
    this.#rpc?.$close();
    this.#rpc = undefined;
    this.#become('lost');
  }

  async call<Name extends MethodName>(name: Name, input: Input<Name>): Promise<CallResult<Name>> {
    const unreachable = { ok: false, error: { kind: 'unreachable' } } as const;
    if (this.#rpc === undefined) return unreachable;
    let answer: unknown;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<undefined>((pass) => {
      timer = setTimeout(() => pass(undefined), deadlineMs);
    });
    try {
      answer = await Promise.race([this.#rpc.$call(name, input), deadline]);
    } catch {
      return unreachable;
    } finally {
      clearTimeout(timer);
    }
    if (!isRecord(answer)) return unreachable;
    if (answer['ok'] === true) {
      const value = readOutput[name](answer['value']);
      return value === undefined ? unreachable : { ok: true, value };
    }
    const error = readError(answer['error']);
    return error === undefined ? unreachable : { ok: false, error };
  }

  on<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void {
    const listeners: Set<(data: EventData<Name>) => void> = this.#listeners[name];
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#connectionListeners.add(listener);
    listener(this.#connection);
    return () => this.#connectionListeners.delete(listener);
  }

  #become(connection: Connection): void {
    this.#connection = connection;
    for (const listener of this.#connectionListeners) listener(connection);
  }
}

/** The token that main put into the address's fragment. */
function tokenOf(location: Location): string {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
}

function connectBySocket(client: Client): void {
  // The token goes as the subprotocol: a browser lets a page set no other header, and addresses end up in logs.
  const token = tokenOf(window.location);
  const address = `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}/`;
  let retryMs = firstRetryMs;

  const connect = (): void => {
    const socket = new WebSocket(address, token === '' ? [] : [token]);
    socket.addEventListener('open', () => {
      retryMs = firstRetryMs;
      client.open({
        post: (text) => socket.send(text),
        on: (receive) => {
          socket.addEventListener('message', (event: MessageEvent<unknown>) => {
            if (typeof event.data === 'string') receive(event.data);
          });
        },
      });
    });
    socket.addEventListener('close', () => {
      client.lose();
      setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    });
  };
  connect();
}

/** Connects the page to main: over Electron's preload where there is one, otherwise over a WebSocket to its own server. */
export function createApi(): Api {
  const client = new Client();
  if (window.forhal === undefined) connectBySocket(client);
  else client.open(window.forhal);
  return client;
}
