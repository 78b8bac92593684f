import type { z } from 'zod';
import {
  methodNames,
  methods,
  type Answer,
  type ApiError,
  type EventData,
  type EventName,
  type Input,
  type MethodName,
  type Role,
} from './contract.js';

/** One page that is connected: who sits there, and the way to send it events. It is also the owner of what it starts. */
export interface Screen {
  /** Who uses it when nobody has logged in. */
  readonly baseRole: 'guest' | 'visitor';
  /** Who uses it now: logging in and out changes it. */
  readonly role: Role;
  /** Where it is, for the locks against guessing: the address of a guest. */
  readonly place: string;
  /** Whether it is the kiosk's own window, the one that the shell keeps alive. */
  readonly window: boolean;
  send<Name extends EventName>(name: Name, data: EventData<Name>): void;
}

type Handler<Name extends MethodName> = (
  input: Input<Name>,
  screen: Screen,
) => Answer<Name> | Promise<Answer<Name>>;

/** What answers each method of the contract. */
export type Handlers = { readonly [Name in MethodName]: Handler<Name> };

/** An answer as it goes over a transport. */
export type RoutedAnswer =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ApiError };

export interface Router {
  /** Never rejects: whatever goes wrong is an error with a kind. */
  call(method: string, input: unknown, screen: Screen): Promise<RoutedAnswer>;
}

/** Where something is wrong with the program itself; nothing of the input is told. */
export interface RouterFaults {
  handlerFailed(method: MethodName, error: unknown): void;
}

/** Whether a screen may call a method now, beyond what its role allows: all may, unless told otherwise. */
export type Gate = (screen: Screen, method: MethodName) => boolean;

type Endpoint = (input: unknown, screen: Screen) => Promise<RoutedAnswer>;

/** Validates what goes in and what comes out, and asks the caller's role, for every method of the contract. */
export function createRouter(handlers: Handlers, faults: RouterFaults, gate: Gate = () => true): Router {
  function endpoint<Name extends MethodName>(name: Name, handler: Handler<Name>): Endpoint {
    const method: { readonly roles: readonly Role[]; readonly input: z.ZodType; readonly output: z.ZodType } =
      methods[name];
    return async (input, screen) => {
      if (!method.roles.includes(screen.role) || !gate(screen, name)) return refuse('not-allowed');
      const parsed = method.input.safeParse(input);
      if (!parsed.success) return refuse('bad-input');
      try {
        // The schema of this very method has just made it so.
        const answer = await handler(parsed.data as Input<Name>, screen);
        return answer.ok ? { ok: true, value: method.output.parse(answer.value) } : answer;
      } catch (error) {
        faults.handlerFailed(name, error);
        return refuse('internal');
      }
    };
  }

  // A Map, because on a plain object `constructor` and `__proto__` would be methods too.
  const table = new Map<string, Endpoint>();
  for (const name of methodNames) table.set(name, endpoint(name, handlers[name] as Handler<MethodName>));

  return {
    call: async (method, input, screen) => {
      const found = table.get(method);
      return found === undefined ? refuse('unknown-method') : found(input, screen);
    },
  };
}

/** The answer of a method that went well. */
export function done<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

/** The answer of a method that did not. */
export function refuse(kind: ApiError['kind']): { readonly ok: false; readonly error: ApiError } {
  return { ok: false, error: { kind } };
}
