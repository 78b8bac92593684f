import { createBirpc } from 'birpc';
import type { z } from 'zod';
import {
  decodeHostMessage,
  type HostEvents,
  type HostMethod,
  hostMethods,
  type HostMethods,
} from './protocol.js';

/** What a family of devices does for main. */
export type FamilyMethods = {
  readonly [Name in Exclude<HostMethod, 'ping'>]: (
    input: z.output<HostMethods[Name]['input']>,
  ) => Promise<z.input<HostMethods[Name]['output']>>;
};

/** Sends an event to main. */
export type Emit = <Name extends keyof HostEvents>(name: Name, data: z.input<HostEvents[Name]>) => void;

/** One end of a line to main. */
export interface Line {
  post(message: string): void;
  onMessage(callback: (message: unknown) => void): void;
}

/** What main sent is not what the method takes. */
class InputRefused extends Error {}

/** A method whose input is validated before it is called. */
function checked<Input, Output>(
  shape: z.ZodType<Input>,
  method: (input: Input) => Promise<Output>,
): (input: unknown) => Promise<Output> {
  return async (input) => {
    const parsed = shape.safeParse(input);
    if (!parsed.success) throw new InputRefused();
    return method(parsed.data);
  };
}

/**
 * Answers main's calls over `line`, a malformed input with an error. `createFamily` gets the way to send events.
 * `onBug` is called when a method throws: what a person or a device can cause never does.
 */
export function serveHost(line: Line, createFamily: (emit: Emit) => FamilyMethods, onBug: () => void): void {
  const methods = new Map<string, (input: unknown) => Promise<unknown>>();
  const rpc = createBirpc<Record<string, (data: unknown) => void>, object, false>(
    {},
    {
      post: (message: unknown) => line.post(JSON.stringify(message)),
      on: (deliver) =>
        line.onMessage((text) => {
          const message = decodeHostMessage(text);
          if (message === undefined) onBug();
          else deliver(message);
        }),
      resolver: (name) => methods.get(name),
      onFunctionError: (error) => {
        // Answered with an error; what was refused is not told, since it could be personal.
        if (error instanceof InputRefused) return false;
        onBug();
        return true;
      },
      proxify: false,
      timeout: -1,
    },
  );
  const family = createFamily((name, data) => void rpc.$callEvent(name, data));
  methods.set('ping', () => Promise.resolve(null));
  methods.set('check', checked(hostMethods.check.input, family.check));
  methods.set('cancelCheck', checked(hostMethods.cancelCheck.input, family.cancelCheck));
  methods.set('placeDemoDocument', checked(hostMethods.placeDemoDocument.input, family.placeDemoDocument));
  methods.set('removeDemoDocument', checked(hostMethods.removeDemoDocument.input, family.removeDemoDocument));
}
