import { createServer, type Server, type Socket } from 'node:net';
import type { SimulatedPrinter } from './simulated-printer.js';

/** The simulated printer on a TCP port, as printers have 9100; through `socat` also on a pseudo-terminal. */
export class PrinterServer {
  readonly #printer: SimulatedPrinter;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(printer: SimulatedPrinter) {
    this.#printer = printer;
  }

  /** Port 0: one that is free. */
  async listen(port = 0): Promise<number> {
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    return address === null || typeof address === 'string' ? port : address.port;
  }

  /** The cable is pulled. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) await new Promise((closed) => server.close(closed));
  }

  #accept(socket: Socket): void {
    if (this.#printer.fault === 'unplugged') {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    const disconnect = this.#printer.connect(
      (bytes) => void socket.write(bytes),
      () => socket.destroy(),
    );
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#printer.receive(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      disconnect();
    });
  }
}
