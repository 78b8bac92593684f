import { createBirpc } from 'birpc';
import type { z } from 'zod';
import { decodeHostMessage } from '../../drivers/protocol.js';
import type { Clock } from '../clock.js';
import type { HostProcess } from './host-launcher.js';

/** Takes what a host sent with an event; `false` when it does not have the event's shape. */
export type EventReceiver = (data: unknown) => boolean;

/** Receives an event of this shape and no other: unknown fields are refused, so that nothing personal rides along. */
export function receive<Data>(shape: z.ZodType<Data>, handle: (data: Data) => void): EventReceiver {
  return (data) => {
    const parsed = shape.safeParse(data);
    if (parsed.success) handle(parsed.data);
    return parsed.success;
  };
}

/** How a call to a host ended. */
export type CallEnd<Output> =
  | { readonly kind: 'answer'; readonly value: Output }
  /** There was no process that could have been called: nothing was done. */
  | { readonly kind: 'no-host' }
  /** The process ended before it answered. */
  | { readonly kind: 'host-lost' }
  | { readonly kind: 'timed-out' }
  /** What came back is not an answer to this method. */
  | { readonly kind: 'malformed' };

export interface HostMethodShape<Output> {
  readonly name: string;
  readonly output: z.ZodType<Output>;
}

/** The line to one host process, from its start to its exit. */
export class HostConnection {
  readonly #rpc;
  readonly #clock: Clock;

  constructor(
    process: HostProcess,
    events: ReadonlyMap<string, EventReceiver>,
    onRefused: () => void,
    clock: Clock,
  ) {
    this.#clock = clock;
    this.#rpc = createBirpc<Record<string, (input: unknown) => unknown>, object, false>(
      {},
      {
        post: (message: unknown) => process.post(JSON.stringify(message)),
        on: (deliver) =>
          process.onMessage((text) => {
            const message = decodeHostMessage(text);
            if (message === undefined) onRefused();
            else deliver(message);
          }),
        resolver: (name) => (data: unknown) => {
          const taken = events.get(name)?.(data);
          if (taken !== true) onRefused();
        },
        proxify: false,
        // Each call has a deadline of its own below.
        timeout: -1,
      },
    );
    process.onExit(() => this.#rpc.$close());
  }

  /** Never rejects. A call that timed out leaves the host as it is; what that means is the caller's to say. */
  call<Output>(
    { name, output }: HostMethodShape<Output>,
    input: unknown,
    deadlineMs: number,
  ): Promise<CallEnd<Output>> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(deadlineMs, () => resolve({ kind: 'timed-out' }));
      this.#rpc.$call(name, input).then(
        (answer) => {
          cancel();
          const parsed = output.safeParse(answer);
          resolve(parsed.success ? { kind: 'answer', value: parsed.data } : { kind: 'malformed' });
        },
        () => {
          cancel();
          resolve({ kind: 'host-lost' });
        },
      );
    });
  }
}
