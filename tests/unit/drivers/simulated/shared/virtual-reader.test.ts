import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '../../../../../drivers/shared/bytes.js';
import { SimulatedChip } from '../../../../../drivers/simulated/chip/chip.js';
import type { ChipFault } from '../../../../../drivers/simulated/chip/types.js';
import { insertCard, type InsertedCard } from '../../../../../drivers/simulated/shared/virtual-reader.js';
import { contents, selectApplication } from '../chip/terminal.js';

const powerOff = '00';
const powerOn = '01';
const reset = '02';
const answerToReset = '04';

/** The reader's side of the virtual reader: sends messages, and collects the bytes that come back. */
class VirtualReader {
  readonly #server: Server = createServer();
  #socket: Socket | undefined;
  #received: Uint8Array = new Uint8Array();
  closed: Promise<unknown> = Promise.resolve();

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  }

  async insert(
    port: number,
    fault: ChipFault = { kind: 'none' },
    document = contents(),
  ): Promise<InsertedCard> {
    const accepted = once(this.#server, 'connection') as Promise<[Socket]>;
    const inserted = await insertCard(new SimulatedChip(document, fault), { port });
    if (!inserted.ok) throw new Error(inserted.error.kind);
    const [socket] = await accepted;
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Uint8Array) => (this.#received = concat(this.#received, bytes)));
    this.#socket = socket;
    this.closed = once(socket, 'close');
    return inserted.value;
  }

  write(...bytes: readonly Uint8Array[]): void {
    this.#socket?.write(concat(...bytes));
  }

  send(...messages: readonly string[]): void {
    this.write(...messages.map(framed));
  }

  /** The next message that comes back. */
  async receive(): Promise<string> {
    for (;;) {
      const [high, low] = this.#received;
      if (high !== undefined && low !== undefined) {
        const end = 2 + ((high << 8) | low);
        if (this.#received.length >= end) {
          const message = toHex(this.#received.subarray(2, end));
          this.#received = this.#received.slice(end);
          return message;
        }
      }
      await once(this.#socket!, 'data');
    }
  }

  get idle(): boolean {
    return this.#received.length === 0;
  }

  close(): void {
    this.#socket?.destroy();
    this.#server.close();
  }
}

function framed(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

describe('a chip in the virtual reader', () => {
  let reader: VirtualReader;
  let port: number;

  beforeEach(async () => {
    reader = new VirtualReader();
    port = await reader.listen();
  });
  afterEach(() => reader.close());

  it('gives its ATR and answers commands', async () => {
    await reader.insert(port);
    reader.send(powerOn, answerToReset);
    expect(await reader.receive()).toBe('3B8580018073942180C2');
    reader.send(selectApplication);
    expect(await reader.receive()).toBe('9000');
  });

  it.each([reset, powerOff, powerOn])('forgets what was selected at control message %s', async (control) => {
    await reader.insert(port);
    reader.send(selectApplication, '00B0810000', control, '00B0810000');
    expect(await reader.receive()).toBe('9000');
    expect(await reader.receive()).toBe('6982');
    expect(await reader.receive()).toBe('6A82');
  });

  it('understands messages that come byte by byte, and several that come at once', async () => {
    await reader.insert(port);
    const stream = concat(framed(answerToReset), framed(selectApplication), framed('0084000008'));
    for (const byte of stream) {
      reader.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await reader.receive()).toMatch(/^3B/);
    expect(await reader.receive()).toBe('9000');
    expect(await reader.receive()).toMatch(/^.{16}9000$/);
    reader.write(stream, stream);
    for (let i = 0; i < 2; i++) {
      expect(await reader.receive()).toMatch(/^3B/);
      expect(await reader.receive()).toBe('9000');
      expect(await reader.receive()).toMatch(/^.{16}9000$/);
    }
  });

  it('survives empty messages, unknown control messages and garbage', async () => {
    await reader.insert(port);
    reader.send('', 'FF', '0102', 'FF000000', selectApplication);
    expect(await reader.receive()).toBe('6700');
    expect(await reader.receive()).toBe('6E00');
    expect(await reader.receive()).toBe('9000');
  });

  it('leaves in the middle of the command at which it is torn away', async () => {
    const { done } = await reader.insert(port, { kind: 'torn', atCommand: 1 });
    reader.send(selectApplication);
    expect(await reader.receive()).toBe('9000');
    reader.send(selectApplication);
    await reader.closed;
    await done;
    expect(reader.idle).toBe(true);
  });

  it('says nothing when it is dead', async () => {
    const inserted = await reader.insert(port, { kind: 'dead' });
    reader.send(powerOn, answerToReset, selectApplication);
    expect(await reader.receive()).toMatch(/^3B/);
    await inserted.remove();
    await reader.closed;
    expect(reader.idle).toBe(true);
  });

  it('comes out when asked, and once more without harm', async () => {
    const inserted = await reader.insert(port);
    await inserted.remove();
    await inserted.remove();
    await reader.closed;
  });

  it('is out when the reader goes away', async () => {
    const { done } = await reader.insert(port);
    reader.close();
    await done;
  });

  it('is not inserted where there is no virtual reader', async () => {
    reader.close();
    expect(await insertCard(new SimulatedChip(contents()), { port })).toEqual({
      ok: false,
      error: { kind: 'no-virtual-reader' },
    });
  });
});
