import { createBirpc } from 'birpc';
import type { z } from 'zod';
import {
  decodeHostMessage,
  type familyMethods,
  type HostEvents,
  type HostFamily,
  type HostMethod,
  hostMethods,
  type HostMethods,
} from './protocol.js';

/** What a family of devices does for main. */
export type FamilyMethods<Family extends HostFamily> = {
  readonly [Name in (typeof familyMethods)[Family][number]]: (
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

/**
 * Answers main's calls over `line`, a malformed input with an error. `createFamily` gets the way to send events.
 * `onBug` is called when a method throws: what a person or a device can cause never does.
 */
export function serveHost<Family extends HostFamily>(
  line: Line,
  createFamily: (emit: Emit) => FamilyMethods<Family>,
  onBug: () => void,
): void {
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
  const served = createFamily((name, data) => void rpc.$callEvent(name, data));
  methods.set('ping', () => Promise.resolve(null));
  // Each method is called with what its own schema has just made of the input.
  for (const [name, method] of Object.entries(served) as [HostMethod, (input: never) => Promise<unknown>][]) {
    methods.set(name, (input) => {
      const parsed = hostMethods[name].input.safeParse(input);
      return parsed.success ? method(parsed.data as never) : Promise.reject(new InputRefused());
    });
  }
}
