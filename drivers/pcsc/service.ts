import { connect } from 'node:net';
import type { Clock } from '../shared/clock.js';

/** Where the PC/SC daemon listens, as libpcsclite finds it. */
export function serviceSocket(environment: Readonly<NodeJS.ProcessEnv>): string {
  return environment['PCSCLITE_CSOCK_NAME'] ?? '/run/pcscd/pcscd.comm';
}

/**
 * Whether the PC/SC daemon takes connections. Where the system starts it on demand (Debian's pcscd.socket), asking
 * starts it.
 */
export function serviceAnswers(socketPath: string, clock: Clock, deadlineMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    const settle = (answers: boolean): void => {
      cancel();
      socket.destroy();
      resolve(answers);
    };
    const cancel = clock.after(deadlineMs, () => settle(false));
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
  });
}
