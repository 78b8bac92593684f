import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { concat } from '../../shared/bytes.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { SimulatedCard } from './card.js';

/**
 * Messages of one byte steer the card instead of reaching it: this one asks for the ATR; power off (0), power on (1)
 * and reset (2) all take the card to its beginning.
 */
const answerToResetRequest = 4;
const lengthBytes = 2;

export interface InsertedCard {
  /** Takes the card out of the virtual reader. */
  remove(): Promise<void>;
  /** Settles once the card is out, whoever did that. */
  readonly done: Promise<void>;
}

/** Splits a stream into messages, wherever it was cut. */
class Messages {
  #pending: Uint8Array = new Uint8Array();

  push(bytes: Uint8Array): readonly Uint8Array[] {
    this.#pending = concat(this.#pending, bytes);
    const messages: Uint8Array[] = [];
    for (;;) {
      const [high, low] = this.#pending;
      if (high === undefined || low === undefined) return messages;
      const end = lengthBytes + ((high << 8) | low);
      if (this.#pending.length < end) return messages;
      messages.push(this.#pending.slice(lengthBytes, end));
      this.#pending = this.#pending.subarray(end);
    }
  }
}

function message(bytes: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

function serve(socket: Socket, card: SimulatedCard, removal: AbortSignal): void {
  const messages = new Messages();
  let queue = Promise.resolve();

  const answer = async (command: Uint8Array): Promise<void> => {
    if (removal.aborted) return;
    if (command.length <= 1) {
      if (command[0] === answerToResetRequest) socket.write(message(card.atr));
      else card.reset();
      return;
    }
    const reply = await card.transmit(command, removal);
    switch (reply.kind) {
      case 'response':
        socket.write(message(reply.bytes));
        return;
      case 'removed':
        socket.destroy();
        return;
      case 'silent':
        return;
    }
  };

  socket.on('data', (bytes: Uint8Array) => {
    for (const command of messages.push(bytes)) queue = queue.then(() => answer(command));
  });
}

/**
 * Puts a card into a virtual reader of vsmartcard's vpcd, over TCP: the real PC/SC service then finds a card there.
 * A card that is torn away ends the connection in the middle of a command.
 */
export async function insertCard(
  card: SimulatedCard,
  { host = '127.0.0.1', port }: { readonly host?: string; readonly port: number },
): Promise<Result<InsertedCard, { kind: 'no-virtual-reader' }>> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, 'connect');
  } catch {
    socket.destroy();
    return err({ kind: 'no-virtual-reader' });
  }
  card.place();
  const removal = new AbortController();
  const done = new Promise<void>((resolve) => {
    socket.once('close', () => {
      removal.abort();
      resolve();
    });
  });
  // The reader going away is an end like any other: `close` follows.
  socket.on('error', () => socket.destroy());
  serve(socket, card, removal.signal);
  return ok({
    done,
    remove: () => {
      socket.destroy();
      return done;
    },
  });
}
