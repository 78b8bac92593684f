import { createBirpc } from 'birpc';
import { z } from 'zod';
import { events, type EventData, type EventName, type Role } from './contract.js';
import type { Router, Screen } from './router.js';

/** Largest message that a screen may send, bytes of UTF-8. The largest there is, a start with its key fields, has about 300. */
export const maximumMessageBytes = 16 * 1024;

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
  readonly role: Role;
  /** As `Screen` has it. */
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
}

export interface Session {
  /** Takes JSON text from the page; tells why when it is refused, after which the transport should hang up. */
  receive(text: string): Refusal | undefined;
  close(): void;
}

/** One page's connection over any transport that carries text: birpc with JSON. */
export function openSession({ role, window, router, screens, post, now }: SessionOptions): Session {
  let deliver: (message: unknown) => void = () => undefined;
  let open = true;
  let credit = burst;
  let countedAt = now();

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
    role,
    window,
    send: <Name extends EventName>(name: Name, data: EventData<Name>) => {
      if (open) void rpc.$callEvent(name, events[name].parse(data));
    },
  };
  screens.opened(screen);

  return {
    receive: (text) => {
      const at = now();
      credit = Math.min(burst, credit + ((at - countedAt) * burst) / refillMs);
      countedAt = at;
      if (credit < 1) return 'too-many';
      credit -= 1;
      if (Buffer.byteLength(text) > maximumMessageBytes) return 'oversized';
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
