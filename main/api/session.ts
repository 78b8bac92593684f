import { createBirpc } from 'birpc';
import { z } from 'zod';
import { events, type EventData, type EventName, type Role } from './contract.js';
import { Allowance } from '../allowance.js';
import type { Router, Screen } from './router.js';

/** Largest message that a screen may send, bytes of UTF-8. A visitor's largest, a start with its key fields, has about 300. */
const visitorMessageBytes = 16 * 1024;
/** Staff import a day's appointments in one. */
export const maximumMessageBytes = 512 * 1024;

/** A screen may send so many messages at once, and as many again over `refillMs`. */
const burst = 60;
const refillMs = 10_000;

/** What a screen sends: a call of birpc with one argument. It never answers, since main only sends it events. */
const callMessage = z.strictObject({
  t: z.literal('q'),
  i: z.string().min(1).max(64),
  m: z.string().min(1).max(64),
  a: z.array(z.unknown()).length(1),
  o: z.boolean().optional(),
});

export type Refusal = 'malformed' | 'oversized' | 'too-many';

export interface SessionOptions {
  /** As `Screen` has them. */
  readonly baseRole: Screen['baseRole'];
  readonly place: Screen['place'];
  readonly window: boolean;
  readonly router: Router;
  /** Where screens are told of and forgotten. */
  readonly screens: Screens;
  /** Sends JSON text to the page. */
  readonly post: (text: string) => void;
  /** Monotonic, ms. */
  readonly now: () => number;
}

export interface Screens {
  opened(screen: Screen): void;
  closed(screen: Screen): void;
  /** Who uses it now. */
  roleOf(screen: Screen): Role;
}

export interface Session {
  /** Takes JSON text from the page; tells why when it is refused, after which the transport should hang up. */
  receive(text: string): Refusal | undefined;
  close(): void;
}

/** One page's connection over any transport that carries text: birpc with JSON. */
export function openSession({
  baseRole,
  place,
  window,
  router,
  screens,
  post,
  now,
}: SessionOptions): Session {
  let deliver: (message: unknown) => void = () => undefined;
  let open = true;
  const allowance = new Allowance(burst, refillMs, now);

  const rpc = createBirpc<Record<string, (data: unknown) => void>, object, false>(
    {},
    {
      proxify: false,
      post: (text: string) => {
        if (open) post(text);
      },
      on: (listener) => {
        deliver = listener;
      },
      serialize: (message: unknown) => JSON.stringify(message),
      // The router knows every name; it answers an unknown one itself.
      resolver: (method) => (input: unknown) => router.call(method, input, screen),
    },
  );
  const screen: Screen = {
    baseRole,
    place,
    get role() {
      return screens.roleOf(screen);
    },
    window,
    send: <Name extends EventName>(name: Name, data: EventData<Name>) => {
      if (open) void rpc.$callEvent(name, events[name].parse(data));
    },
  };
  screens.opened(screen);

  return {
    receive: (text) => {
      if (!allowance.take()) return 'too-many';
      const isStaff = screen.role === 'staff' || screen.role === 'technician';
      if (Buffer.byteLength(text) > (isStaff ? maximumMessageBytes : visitorMessageBytes)) return 'oversized';
      const message = callMessage.safeParse(parseJson(text));
      if (!message.success) return 'malformed';
      deliver(message.data);
      return undefined;
    },
    close: () => {
      if (!open) return;
      open = false;
      rpc.$close();
      screens.closed(screen);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
