import { createServer, type Socket } from 'node:net';

/** A socket file that the virtual machine connects to: when it starts, and with a new reader. */
export class Listener {
  readonly #waiting: ((socket: Socket) => void)[] = [];
  readonly #server = createServer((socket) => {
    // A machine that is killed resets its lines.
    socket.on('error', () => undefined);
    this.#waiting.shift()?.(socket);
  });

  static async at(path: string): Promise<Listener> {
    const listener = new Listener();
    await new Promise<void>((listening, failed) => {
      listener.#server.once('error', failed);
      listener.#server.listen(path, listening);
    });
    return listener;
  }

  /** The next line that the machine opens. */
  next(): Promise<Socket> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#server.close();
  }
}
