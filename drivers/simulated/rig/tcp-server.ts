import { createServer, type Server, type Socket } from 'node:net';
import type { SimulatedRig } from './simulated-rig.js';

/** The simulated rig on a TCP port; through `socat` it is on a pseudo-terminal, for the real serial port addon. */
export class RigServer {
  readonly #rig: SimulatedRig;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(rig: SimulatedRig) {
    this.#rig = rig;
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
    if (this.#rig.fault === 'unplugged') {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    const stopHearing = this.#rig.onSend((bytes) => void socket.write(bytes));
    const stopWatching = this.#rig.onUnplugged(() => socket.destroy());
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#rig.receive(bytes));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      stopHearing();
      stopWatching();
    });
  }
}
