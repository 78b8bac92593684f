import { createServer, type Server, type Socket } from 'node:net';
import type { CabledDevice } from './cable.js';

/** A simulated device on a TCP port; through `socat` also on a pseudo-terminal, for the real serial port addon. */
export class DeviceServer {
  readonly #device: CabledDevice;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(device: CabledDevice) {
    this.#device = device;
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
    if (this.#device.fault === 'unplugged') {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    const disconnect = this.#device.connect(
      (bytes) => void socket.write(bytes),
      () => socket.destroy(),
    );
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#device.receive(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      disconnect();
    });
  }
}
