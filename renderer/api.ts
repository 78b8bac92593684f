import { createBirpc } from 'birpc';
import type { z } from 'zod';
import { apiError, eventNames, events, methods } from '../main/api/contract.js';
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

/** `refused`: the kiosk is there, but the page's address has no token, or one of an earlier start. */
export type Connection = 'connecting' | 'open' | 'lost' | 'refused';

/** `unreachable`: no connection, no answer within the deadline, or an answer of another shape. */
export type CallError = ApiError | { readonly kind: 'unreachable' };
export type CallResult<Name extends MethodName> =
  { readonly ok: true; readonly value: Output<Name> } | { readonly ok: false; readonly error: CallError };

/** The one way from a screen to main, over whichever transport the page was given. */
export interface Api {
  /** Never rejects; answers within 10 s, or within `slowMs` where a device has to be waited for. */
  call<Name extends MethodName>(name: Name, input: Input<Name>): Promise<CallResult<Name>>;
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void;
  /** Told at once, and at each change. Returns the function that stops listening. */
  onConnection(listener: (connection: Connection) => void): () => void;
}

/** What a page without a token offers: a desk's browser, or a board. */
const guestProtocol = 'forhal';
const deadlineMs = 10_000;
const minuteMs = 60_000;
/** These answer when a device is done; main's own deadlines end them before, also where its host is just starting. A display's codes come twice a minute. */
const slowMs: { readonly [Name in MethodName]?: number } = {
  'bench.testDisplay': 60 * minuteMs,
  'bench.calibrate': 60 * minuteMs,
  'bench.checkKey': 5 * minuteMs,
  'bench.selfTest': 5 * minuteMs,
  'bench.query': 2 * minuteMs,
};
const firstRetryMs = 500;
const longestRetryMs = 5_000;
const servedWithinMs = 3_000;

type Remote = Record<string, (input: unknown) => unknown>;
type Local = Record<string, (data: unknown) => void>;

function reads<Value>(schema: z.ZodType<Value>): (value: unknown) => Value | undefined {
  return (value) => schema.safeParse(value).data;
}

function readOutput<Name extends MethodName>(name: Name, value: unknown): Output<Name> | undefined {
  const output: z.ZodType = methods[name].output;
  // The schema of this very method has just made it so.
  return output.safeParse(value).data as Output<Name> | undefined;
}

function readEvent<Name extends EventName>(name: Name, value: unknown): EventData<Name> | undefined {
  const data: z.ZodType = events[name];
  return data.safeParse(value).data as EventData<Name> | undefined;
}

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

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

class Client implements Api {
  // One listener is kept under each name that it was given for, so that it only hears what it can read.
  readonly #listeners = new Map<EventName, Set<(data: never) => void>>(
    eventNames.map((name) => [name, new Set()]),
  );
  readonly #connectionListeners = new Set<(connection: Connection) => void>();
  #connection: Connection = 'connecting';
  #rpc: ReturnType<typeof rpcOver> | undefined;

  /** Takes a new line into use; the calls still waiting on the old one end as unreachable. */
  open(line: Bridge): void {
    const local: Record<string, (data: unknown) => void> = {};
    for (const name of eventNames) local[name] = (data) => this.#emit(name, data);
    this.#rpc = rpcOver(line, local);
    this.#become('open');
  }

  lose(how: 'lost' | 'refused' = 'lost'): void {
    this.#rpc?.$close();
    this.#rpc = undefined;
    this.#become(how);
  }

  async call<Name extends MethodName>(name: Name, input: Input<Name>): Promise<CallResult<Name>> {
    const unreachable = { ok: false, error: { kind: 'unreachable' } } as const;
    if (this.#rpc === undefined) return unreachable;
    let answer: unknown;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<undefined>((pass) => {
      timer = setTimeout(() => pass(undefined), slowMs[name] ?? deadlineMs);
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
      const value = readOutput(name, answer['value']);
      return value === undefined ? unreachable : { ok: true, value };
    }
    const error = readError(answer['error']);
    return error === undefined ? unreachable : { ok: false, error };
  }

  on<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void {
    const listeners = this.#listeners.get(name);
    listeners?.add(listener);
    return () => listeners?.delete(listener);
  }

  onConnection(listener: (connection: Connection) => void): () => void {
    this.#connectionListeners.add(listener);
    listener(this.#connection);
    return () => this.#connectionListeners.delete(listener);
  }

  #emit(name: EventName, raw: unknown): void {
    const data = readEvent(name, raw);
    if (data === undefined) return;
    for (const listener of this.#listeners.get(name) ?? []) listener(data as never);
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

/** Whether the kiosk gives out its page: a browser tells no page why its socket was refused. */
async function isServed(): Promise<boolean> {
  try {
    const { ok } = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(servedWithinMs) });
    return ok;
  } catch {
    return false;
  }
}

function connectBySocket(client: Client, needsToken: boolean): void {
  // The token goes as the subprotocol: a browser lets a page set no other header, and addresses end up in logs.
  const token = tokenOf(window.location);
  const address = `${window.location.protocol === 'https:' ? 'wss' : 'ws'}://${window.location.host}/`;
  let retryMs = firstRetryMs;
  if (needsToken && token === '') {
    client.lose('refused');
    return;
  }

  const connect = (): void => {
    let opened = false;
    const socket = new WebSocket(address, [token === '' ? guestProtocol : token]);
    socket.addEventListener('open', () => {
      opened = true;
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
      const again = (): void => {
        setTimeout(connect, retryMs);
        retryMs = Math.min(retryMs * 2, longestRetryMs);
      };
      if (opened || !needsToken) {
        client.lose();
        again();
        return;
      }
      void isServed().then((served) => {
        client.lose(served ? 'refused' : 'lost');
        again();
      });
    });
  };
  connect();
}

/**
 * Connects the page to main: over Electron's preload where there is one, otherwise over a WebSocket to its own server.
 * `needsToken`: the kiosk's own page, which can do nothing as a guest.
 */
export function createApi({ needsToken = false } = {}): Api {
  const client = new Client();
  if (window.forhal === undefined) connectBySocket(client, needsToken);
  else client.open(window.forhal);
  return client;
}
