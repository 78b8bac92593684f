import type { CardChannel } from '../shared/card-channel.js';
import { err } from '../shared/result.js';
import type { ByteChannel } from './command-channel.js';
import type { CheckCost } from './types.js';

export interface MeteredChannel extends ByteChannel {
  /** What has been spent from the first command to now. */
  cost(): CheckCost;
}

/**
 * Counts commands, bytes and the wait for the card, and sends nothing more once `signal` is aborted.
 * @param now a monotonic clock, ms
 */
export function meterChannel(channel: CardChannel, signal: AbortSignal, now: () => number): MeteredChannel {
  let commands = 0;
  let bytesSent = 0;
  let bytesReceived = 0;
  let transportMs = 0;
  let startedAt: number | undefined;
  return {
    async transmit(command) {
      if (signal.aborted) return err({ kind: 'cancelled' });
      const sentAt = now();
      startedAt ??= sentAt;
      commands += 1;
      bytesSent += command.length;
      const answer = await channel.transmit(command);
      transportMs += now() - sentAt;
      if (answer.ok) bytesReceived += answer.value.length;
      return answer;
    },
    cost: () => ({
      commands,
      bytesSent,
      bytesReceived,
      elapsedMs: startedAt === undefined ? 0 : now() - startedAt,
      transportMs,
    }),
  };
}
