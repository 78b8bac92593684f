import { decodeResponse, encodeCommand, type Command, type Response } from '../shared/apdu.js';
import type { CardFault } from '../shared/card-channel.js';
import { err, ok, type Result } from '../shared/result.js';

/** Why a command brought no response that can be used. A status word that tells of an error is a response. */
export type CommandFault =
  | CardFault
  | { readonly kind: 'cancelled' }
  /** Under secure messaging the chip answered in clear with an error: it has left the session, the counter is lost. */
  | { readonly kind: 'session-over'; readonly status: number }
  /** The answer is no response APDU, or breaks secure messaging (no MAC, a wrong one, a success in clear). */
  | { readonly kind: 'broken-response' };

/** Carries one command at a time to the chip, in clear or under secure messaging. */
export interface CommandChannel {
  /** Most bytes of data that a response to a short-length command carries. */
  readonly shortCapacity: number;
  send(command: Command): Promise<Result<Response, CommandFault>>;
}

export interface ByteChannel {
  transmit(command: Uint8Array): Promise<Result<Uint8Array, CommandFault>>;
}

/** Commands in clear. Extended length is used for those commands that need it. */
export function openClearChannel(channel: ByteChannel): CommandChannel {
  return {
    shortCapacity: 256,
    async send(command) {
      const answer = await channel.transmit(encodeCommand(command));
      if (!answer.ok) return answer;
      const response = decodeResponse(answer.value);
      return response === undefined ? err({ kind: 'broken-response' }) : ok(response);
    },
  };
}
